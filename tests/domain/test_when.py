from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.cadence import EVERY_DAY, Cadence
from bot.domain.when import (
    TimeOfDay,
    describe,
    parse_days,
    parse_hour,
    parse_time,
)
from bot.domain.zones import parse_zone
from bot.errors import Invalid

ANYTHING = st.text(max_size=80) | st.text(
    st.sampled_from("019:.~- apmhnotuewdsrifUTC+/_,\x00\n"), max_size=20
)


@pytest.mark.parametrize(
    ("text", "minute"),
    [
        ("9", 540),
        ("09", 540),
        ("9am", 540),
        ("9 AM", 540),
        ("9 a.m.", 540),
        ("9:30", 570),
        ("09.30", 570),
        ("9h30", 570),
        ("9 30", 570),
        ("930", 570),
        ("0930", 570),
        ("９：３０", 570),
        ("at 9", 540),
        ("9 o'clock", 540),
        ("9 o’clock", 540),
        ("21:00", 1260),
        ("21h", 1260),
        ("9:30 pm", 1290),
        ("9.30p", 1290),
        ("0", 0),
        ("00:00", 0),
        ("midnight", 0),
        ("12am", 0),
        ("12:30 am", 30),
        ("noon", 720),
        ("12 pm", 720),
        ("23:59", 1439),
        ("  9  ", 540),
        ("9\u200e", 540),
    ],
)
def test_a_time_is_understood_as_people_type_it(text: str, minute: int) -> None:
    assert parse_time(text) == TimeOfDay(minute)


@pytest.mark.parametrize(
    "text",
    ["~09:00", "~ 9", "around 9", "Around 9 am", "about 09:00", "at around 9", "ca. 9", "≈9"],
)
def test_a_time_may_be_meant_roughly(text: str) -> None:
    assert parse_time(text) == TimeOfDay(540, around=True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "nine",
        "9:3",
        "9:60",
        "24:00",
        "25",
        "13pm",
        "0 am",
        "-9",
        "12345",
        "9-10",
        "9,30",
        "~",
        "1e1",
    ],
)
def test_what_is_no_time_is_refused_with_a_way_out(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_time(text)
    assert refused.value.field == "time"
    assert refused.value.hint


@given(st.integers(0, 1439))
def test_a_time_reads_back_as_it_is_described(minute: int) -> None:
    words = describe(Cadence(minute, EVERY_DAY)).removeprefix("every day ")
    assert parse_time(words) == TimeOfDay(minute)
    words = describe(Cadence(minute, EVERY_DAY, around=True)).removeprefix("every day ")
    assert parse_time(words) == TimeOfDay(minute, around=True)


@pytest.mark.parametrize(
    ("text", "hour"), [("4", 4), ("4 am", 4), ("04:00", 4), ("midnight", 0), ("0", 0), ("23", 23)]
)
def test_the_hour_at_which_a_day_starts_is_a_full_hour(text: str, hour: int) -> None:
    assert parse_hour(text) == hour


@pytest.mark.parametrize("text", ["3:30", "~4", "24", "late", ""])
def test_what_is_no_full_hour_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_hour(text)
    assert refused.value.field == "day_starts_at"


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("daily", "0123456"),
        ("every day", "0123456"),
        ("all", "0123456"),
        ("weekdays", "01234"),
        ("every weekday", "01234"),
        ("working days", "01234"),
        ("weekends", "56"),
        ("mon-fri", "01234"),
        ("Mon – Fri", "01234"),
        ("monday to friday", "01234"),
        ("Mon,Wed,Fri", "024"),
        ("mon wed and fri", "024"),
        ("Mo/We/Fr", "024"),
        ("tue-thu", "123"),
        ("sat sun", "56"),
        ("fri-mon", "4560"),
        ("sun-sat", "0123456"),
        ("wed-wed", "2"),
        ("weekdays, sat", "012345"),
        ("tues & thurs.", "13"),
        ("on Mondays", "0"),
        ("mon-tue, thu-fri", "0134"),
        ("mon, mon", "0"),
    ],
)
def test_days_are_understood_as_people_type_them(text: str, days: str) -> None:
    assert parse_days(text) == frozenset(map(int, days))


@pytest.mark.parametrize(
    "text",
    [
        "",
        ",",
        "-",
        "mon-",
        "-fri",
        "m",
        "t",
        "every",
        "every other day",
        "mon-wed-fri",
        "1-5",
        "weekdays except wed",
        "never",
    ],
)
def test_what_are_no_days_is_refused_with_a_way_out(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_days(text)
    assert refused.value.field == "days"
    assert "Mon-Fri" in refused.value.hint


def test_a_slip_of_the_finger_gets_the_day_that_was_meant() -> None:
    with pytest.raises(Invalid) as refused:
        parse_days("mon, wensday")
    assert refused.value.message == '"wensday" is not a day I know.'
    assert refused.value.hint.startswith("Did you mean Wed?")


@pytest.mark.parametrize(
    ("cadence", "words"),
    [
        (Cadence(540, EVERY_DAY), "every day at 09:00"),
        (Cadence(540, frozenset(range(5)), around=True), "Mon-Fri around 09:00"),
        (Cadence(1110, frozenset({1, 3})), "Tue, Thu at 18:30"),
        (Cadence(0, frozenset({0})), "Mon at 00:00"),
        (Cadence(540, frozenset({5, 6})), "Sat, Sun at 09:00"),
        (Cadence(540, frozenset({6, 0})), "Mon, Sun at 09:00"),
        (Cadence(540, frozenset({4, 5, 6, 0})), "Fri-Mon at 09:00"),
        (Cadence(540, frozenset({0, 1, 2, 4, 6})), "Fri, Sun-Wed at 09:00"),
        (Cadence(540, frozenset({0, 1, 3, 4, 5})), "Mon, Tue, Thu-Sat at 09:00"),
    ],
)
def test_a_cadence_is_described_in_words(cadence: Cadence, words: str) -> None:
    assert describe(cadence) == words


@given(st.frozensets(st.integers(0, 6), min_size=1))
def test_days_read_back_as_they_are_described(days: frozenset[int]) -> None:
    assert parse_days(describe(Cadence(540, days)).removesuffix(" at 09:00")) == days


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("  BERLIN ", "Europe/Berlin"),
        ("Berlin, Germany", "Europe/Berlin"),
        ("Germany", "Europe/Berlin"),
        ("New York", "America/New_York"),
        ("new_york", "America/New_York"),
        ("New York, USA", "America/New_York"),
        ("America/Los Angeles", "America/Los_Angeles"),
        ("São Paulo", "America/Sao_Paulo"),
        ("Zürich", "Europe/Zurich"),
        ("St. Petersburg", "Europe/Moscow"),
        ("Bangalore", "Asia/Kolkata"),
        ("india", "Asia/Kolkata"),
        ("buenos aires", "America/Argentina/Buenos_Aires"),
        ("uk", "Europe/London"),
        ("eastern", "America/New_York"),
        # Places keep their own key, old names become today's.
        ("Oslo", "Europe/Oslo"),
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("Europe/Kiev", "Europe/Kyiv"),
        ("US/Pacific", "America/Los_Angeles"),
        ("Japan", "Asia/Tokyo"),
        ("Istanbul", "Europe/Istanbul"),
        ("UTC", "UTC"),
        ("z", "UTC"),
        ("Etc/UTC", "UTC"),
        ("Etc/GMT+12", "Etc/GMT+12"),
    ],
)
def test_a_zone_is_found_by_key_city_or_country(text: str, key: str) -> None:
    assert parse_zone(text) == key


def test_every_zone_is_found_by_its_key_and_runs_on_the_clock_that_was_asked_for() -> None:
    offsets = {"CET", "MET", "EET", "WET", "EST", "MST", "HST", "GMT", "GMT+0", "GMT-0"}
    # Portugal is a key and also a country, of which the Azores have a clock of their own.
    for key in sorted(available_timezones() - {"Factory", "localtime", "Portugal"} - offsets):
        found = parse_zone(key)
        assert parse_zone(found) == found
        for month in (1, 4, 7, 10):
            noon = datetime(2030, month, 1, 12, tzinfo=UTC)
            asked = noon.astimezone(ZoneInfo(key)).utcoffset()
            assert noon.astimezone(ZoneInfo(found)).utcoffset() == asked, key


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("IST", ["Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"]),
        ("cet", ["Europe/Berlin", "Europe/Paris", "Europe/Warsaw"]),
        ("EST", ["America/New_York"]),
        ("PST", ["America/Los_Angeles"]),
        ("gmt", ["Europe/London"]),
        ("UTC+2", ["Berlin"]),
        ("+05:30", ["Berlin"]),
        ("GMT -3", ["Berlin"]),
    ],
)
def test_an_offset_is_explained_and_places_are_offered(text: str, places: list[str]) -> None:
    with pytest.raises(Invalid) as refused:
        parse_zone(text)
    assert "daylight saving" in refused.value.message
    assert all(place in refused.value.hint for place in places)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        (
            "usa",
            "Type the one you follow, "
            "like America/New_York, America/Chicago or America/Los_Angeles.",
        ),
        ("Spain", "Type the one you follow, like Europe/Madrid or Atlantic/Canary."),
        ("georgia", "Type the one you follow, like Asia/Tbilisi or America/New_York."),
    ],
)
def test_a_name_with_more_than_one_clock_gets_a_choice(text: str, hint: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_zone(text)
    assert refused.value.hint == hint


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("Berlni", "Did you mean Europe/Berlin?"),
        ("Europe/Berln", "Did you mean Europe/Berlin?"),
        ("Berlin Germany", "Did you mean Europe/Berlin?"),
        ("San Francisco, CA", "Did you mean America/Los_Angeles?"),
        ("new yrok", "Did you mean America/New_York"),
        ("posix/Europe/Berlin", "Did you mean Europe/Berlin?"),
        ("../../etc/passwd", "Type a large city"),
        ("Factory", "Type a large city"),
        ("localtime", "Type a large city"),
        ("xyzzy", "Type a large city"),
        ("x", "Type a large city"),
    ],
)
def test_an_unknown_zone_gets_the_nearest_names(text: str, near: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_zone(text)
    assert refused.value.hint.startswith(near)
    assert refused.value.hint.count("/") <= 3
    assert refused.value.field == "zone"


def refusal(parse: Callable[[str], object], text: str) -> Invalid | None:
    try:
        parse(text)
    except Invalid as refused:
        return refused
    return None


@given(ANYTHING)
def test_whatever_is_typed_is_understood_or_refused_in_a_short_sentence(text: str) -> None:
    for parse in (parse_time, parse_hour, parse_days, parse_zone):
        refused = refusal(parse, text)
        if refused is not None:
            assert refused.hint
            assert refused.field
            assert len(refused.message) < 120
            assert refused.message.isprintable()
            assert refused.message.encode()


@pytest.mark.parametrize("text", ["9" * 100_000, "\ud800", "mon\x00", "a\nb", "\x1b[31m", "ﷺ" * 64])
def test_what_is_no_text_or_too_much_of_it_is_not_repeated(text: str) -> None:
    for parse in (parse_time, parse_hour, parse_days, parse_zone):
        with pytest.raises(Invalid) as refused:
            parse(text)
        assert len(refused.value.message) < 120
        assert "\x1b" not in refused.value.message
