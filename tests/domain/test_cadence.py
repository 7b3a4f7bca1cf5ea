import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.domain.cadence import (
    EVERY_DAY,
    Cadence,
    Due,
    latest_due,
    next_due,
    shift_for,
    upcoming,
)

CASES = json.loads(Path(__file__).with_name("time_cases.json").read_text("utf-8"))
BERLIN = ZoneInfo("Europe/Berlin")
NINE = Cadence(9 * 60, EVERY_DAY)
WEEKDAYS = frozenset(range(5))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC)


def cadence(time: str, days: frozenset[int] = EVERY_DAY, *, around: bool = False) -> Cadence:
    hour, minute = time.split(":")
    return Cadence(int(hour) * 60 + int(minute), days, around)


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_the_checked_cases_come_due_when_they_say(case: dict[str, Any]) -> None:
    rule = cadence(case["rule"]["time"], frozenset(case["rule"]["days"]))
    last = case.get("last_local_date")
    due = next_due(
        rule,
        ZoneInfo(case["zone"]),
        utc(case["after_utc"]),
        last_day=date.fromisoformat(last) if last else None,
    )
    assert due.at == utc(case["expect_next_utc"]), case["why"]
    assert due.day.weekday() in rule.days


@pytest.mark.parametrize(
    ("zone", "time", "after", "at", "day"),
    [
        # 23:00 to 24:00 is left out: 23:30 of Saturday rings at 00:30 of Sunday.
        ("America/Nuuk", "23:30", "2026-03-28T12:00:00", "2026-03-29T01:30:00", "2026-03-28"),
        ("America/Nuuk", "23:30", "2026-03-29T01:10:00", "2026-03-29T01:30:00", "2026-03-28"),
        ("America/Nuuk", "23:30", "2026-03-29T01:30:00", "2026-03-30T00:30:00", "2026-03-29"),
        # The date line moved over Kwajalein, Samoa and Manila.
        ("Pacific/Kwajalein", "09:00", "1993-08-20T21:00:00", "1993-08-21T21:00:00", "1993-08-22"),
        ("Pacific/Apia", "00:00", "2011-12-29T10:00:00", "2011-12-30T10:00:00", "2011-12-31"),
        ("Pacific/Apia", "23:59", "2011-12-29T12:00:00", "2011-12-30T09:59:00", "2011-12-29"),
        ("Pacific/Apia", "23:59", "2011-12-30T09:59:00", "2011-12-31T09:59:00", "2011-12-31"),
        ("Asia/Manila", "12:00", "1844-12-31T03:56:08", "1845-01-01T03:56:08", "1845-01-01"),
        # Alaska had 18 October 1867 twice.
        ("America/Juneau", "12:00", "1867-10-17T20:57:41", "1867-10-18T20:57:41", "1867-10-19"),
        # Morocco is at +1 but for Ramadan.
        ("Africa/Casablanca", "02:30", "2026-03-21T12:00:00", "2026-03-22T02:30:00", "2026-03-22"),
        ("Africa/Casablanca", "09:00", "2026-02-15T12:00:00", "2026-02-16T09:00:00", "2026-02-16"),
    ],
)
def test_odd_zones_come_due_once_a_date_and_say_which_date(
    zone: str, time: str, after: str, at: str, day: str
) -> None:
    due = next_due(cadence(time), ZoneInfo(zone), utc(after))
    assert due == Due(utc(at), date.fromisoformat(day))


def test_a_question_that_was_moved_over_midnight_leaves_the_next_date_its_own() -> None:
    nuuk = ZoneInfo("America/Nuuk")
    moved, following = upcoming(cadence("23:30"), nuuk, utc("2026-03-28T12:00:00"), 2)
    assert moved.at.astimezone(nuuk).date() == following.day
    assert moved.day == following.day - timedelta(days=1)


def test_a_date_served_before_its_time_was_moved_over_midnight_is_not_served_again() -> None:
    nuuk, after = ZoneInfo("America/Nuuk"), utc("2026-03-29T01:10:00")
    due = next_due(cadence("23:30"), nuuk, after, last_day=date(2026, 3, 28))
    assert due.day == date(2026, 3, 29)


def test_a_date_already_served_is_not_served_again_after_moving_far_west() -> None:
    midway = ZoneInfo("Pacific/Midway")
    served = next_due(NINE, ZoneInfo("Pacific/Kiritimati"), utc("2026-06-09T12:00:00"))
    due = next_due(NINE, midway, served.at, last_day=served.day)
    assert due.day == served.day + timedelta(days=1)


def test_a_last_day_long_ago_changes_nothing() -> None:
    after = utc("2026-06-10T12:00:00")
    assert next_due(NINE, BERLIN, after, last_day=date(2020, 1, 1)) == next_due(NINE, BERLIN, after)


def test_upcoming_lists_the_weekdays_in_order() -> None:
    rule = cadence("18:30", frozenset({1, 3}))
    dues = upcoming(rule, BERLIN, utc("2026-06-10T12:00:00"), 4)
    assert [due.day.isoformat() for due in dues] == [
        "2026-06-11",
        "2026-06-16",
        "2026-06-18",
        "2026-06-23",
    ]
    assert upcoming(rule, BERLIN, utc("2026-06-10T12:00:00"), 0) == []


class TestAround:
    def test_it_moves_by_minutes_in_the_promised_range_and_spreads_evenly(self) -> None:
        shifts = Counter(shift_for(f"subscription:{number}") for number in range(16_000))
        assert set(shifts) == set(range(-5, 11))
        assert all(850 < count < 1150 for count in shifts.values())

    def test_it_is_the_same_for_the_same_key_in_every_process(self) -> None:
        assert [shift_for("a"), shift_for("b"), shift_for("")] == [5, 9, -2]

    def test_only_a_cadence_that_allows_it_is_moved(self) -> None:
        after = utc("2026-06-10T12:00:00")
        exact = next_due(NINE, BERLIN, after, shift_min=7)
        rough = next_due(cadence("09:00", around=True), BERLIN, after, shift_min=7)
        assert rough.at - exact.at == timedelta(minutes=7)
        assert rough.day == exact.day

    @pytest.mark.parametrize(
        ("time", "shift_min", "local"), [("00:02", -5, "00:00"), ("23:55", 10, "23:59")]
    )
    def test_it_never_leaves_its_date(self, time: str, shift_min: int, local: str) -> None:
        rule = cadence(time, WEEKDAYS, around=True)
        due = next_due(rule, BERLIN, utc("2026-06-12T12:00:00"), shift_min=shift_min)
        wall = due.at.astimezone(BERLIN)
        assert f"{wall:%H:%M}" == local
        assert wall.date() == due.day
        assert due.day.weekday() in WEEKDAYS


class TestCatchingUp:
    def test_nothing_came_due(self) -> None:
        missed = latest_due(NINE, BERLIN, utc("2026-06-10T07:00:00"), utc("2026-06-11T06:59:59"))
        assert missed.newest is None
        assert missed.skipped == ()
        assert not missed.more

    def test_what_is_due_at_this_very_instant_counts_and_what_was_last_due_does_not(self) -> None:
        missed = latest_due(NINE, BERLIN, utc("2026-06-10T07:00:00"), utc("2026-06-11T07:00:00"))
        assert missed.newest == Due(utc("2026-06-11T07:00:00"), date(2026, 6, 11))
        assert missed.skipped == ()

    def test_after_three_days_asleep_one_is_to_be_sent_and_two_are_skipped(self) -> None:
        missed = latest_due(NINE, BERLIN, utc("2026-06-10T07:00:00"), utc("2026-06-13T10:00:00"))
        assert missed.newest is not None
        assert missed.newest.day == date(2026, 6, 13)
        assert [due.day.day for due in missed.skipped] == [11, 12]
        assert not missed.more

    def test_after_years_asleep_only_so_many_are_listed(self) -> None:
        missed = latest_due(NINE, BERLIN, utc("1926-06-10T07:00:00"), utc("2026-06-13T10:00:00"))
        assert missed.newest is not None
        assert missed.newest.day == date(2026, 6, 13)
        assert [due.day for due in missed.skipped] == [
            date(2026, 6, 13) - timedelta(days=back) for back in range(31, 0, -1)
        ]
        assert missed.more

    @pytest.mark.parametrize(("asleep", "more"), [(4, False), (5, True)])
    def test_it_says_whether_more_were_left_out(self, asleep: int, more: bool) -> None:
        until = utc("2026-06-13T10:00:00")
        missed = latest_due(NINE, BERLIN, until - timedelta(days=asleep), until, keep=3)
        assert len(missed.skipped) == 3
        assert missed.more is more

    def test_a_date_that_was_served_is_not_caught_up_with(self) -> None:
        missed = latest_due(
            NINE,
            BERLIN,
            utc("2026-06-10T07:00:00"),
            utc("2026-06-13T10:00:00"),
            last_day=date(2026, 6, 12),
        )
        assert missed.newest is not None
        assert missed.newest.day == date(2026, 6, 13)
        assert missed.skipped == ()

    def test_a_question_moved_over_midnight_is_caught_up_with(self) -> None:
        nuuk = ZoneInfo("America/Nuuk")
        after, until = utc("2026-03-29T01:10:00"), utc("2026-03-29T02:00:00")
        missed = latest_due(cadence("23:30"), nuuk, after, until)
        assert missed.newest == Due(utc("2026-03-29T01:30:00"), date(2026, 3, 28))

    def test_a_question_of_tomorrow_counts_where_the_clock_went_back_over_midnight(self) -> None:
        # At 00:01 of 7 November St. John's set its clocks back to 23:01 of the 6th.
        newfoundland = ZoneInfo("America/St_Johns")
        after, until = utc("2010-11-07T02:00:00"), utc("2010-11-07T02:45:00")
        assert until.astimezone(newfoundland).date() == date(2010, 11, 6)
        missed = latest_due(cadence("00:00"), newfoundland, after, until)
        assert missed.newest == Due(utc("2010-11-07T02:30:00"), date(2010, 11, 7))

    def test_a_date_that_never_was_is_not_among_the_skipped(self) -> None:
        apia = ZoneInfo("Pacific/Apia")
        missed = latest_due(NINE, apia, utc("2011-12-28T12:00:00"), utc("2012-01-01T12:00:00"))
        assert [due.day.isoformat() for due in missed.skipped] == [
            "2011-12-28",
            "2011-12-29",
            "2011-12-31",
        ]


@pytest.mark.parametrize(
    ("minute", "days"),
    [(-1, EVERY_DAY), (1440, EVERY_DAY), (540, frozenset()), (540, frozenset({7}))],
)
def test_a_cadence_that_could_never_be_due_cannot_be_made(
    minute: int, days: frozenset[int]
) -> None:
    with pytest.raises(ValueError, match=r"minute of the day|weekdays"):
        Cadence(minute, days)
