from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.days import day_ends_at, exists, local_day

BERLIN = ZoneInfo("Europe/Berlin")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Pacific/Apia", date(2011, 12, 30)),
        ("Pacific/Fakaofo", date(2011, 12, 30)),
        ("Pacific/Kiritimati", date(1994, 12, 31)),
        ("Pacific/Kanton", date(1994, 12, 31)),
        ("Pacific/Kwajalein", date(1993, 8, 21)),
        ("Asia/Manila", date(1844, 12, 31)),
    ],
)
def test_a_date_that_a_zone_jumped_over_does_not_exist_and_its_neighbours_do(
    zone: str, day: date
) -> None:
    place = ZoneInfo(zone)
    assert not exists(day, place)
    assert exists(day - timedelta(days=1), place)
    assert exists(day + timedelta(days=1), place)
    assert exists(day, BERLIN)


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("America/Santiago", date(2026, 9, 6)),  # 00:00 to 01:00 left out
        ("America/Nuuk", date(2026, 3, 28)),  # 23:00 to 24:00 left out
        ("Antarctica/Troll", date(2026, 3, 29)),  # two hours left out
        ("America/Juneau", date(1867, 10, 18)),  # had twice
    ],
)
def test_a_date_that_is_short_or_doubled_exists(zone: str, day: date) -> None:
    assert exists(day, ZoneInfo(zone))


@pytest.mark.parametrize(
    ("at", "starts_at", "day"),
    [
        ("2026-06-10T21:59:59", 0, date(2026, 6, 10)),
        ("2026-06-10T22:00:00", 0, date(2026, 6, 11)),
        ("2026-06-11T01:59:59", 4, date(2026, 6, 10)),
        ("2026-06-11T02:00:00", 4, date(2026, 6, 11)),
        ("2026-06-11T20:59:59", 23, date(2026, 6, 10)),
        ("2026-06-11T21:00:00", 23, date(2026, 6, 11)),
    ],
)
def test_it_is_still_yesterday_until_the_hour_that_the_person_chose(
    at: str, starts_at: int, day: date
) -> None:
    assert local_day(utc(at), BERLIN, starts_at) == day


def test_the_night_after_a_date_that_never_was_belongs_to_the_date_before_it() -> None:
    apia = ZoneInfo("Pacific/Apia")
    night = datetime(2011, 12, 31, 2, tzinfo=apia)
    assert local_day(night, apia, 3) == date(2011, 12, 29)
    assert local_day(night, apia) == date(2011, 12, 31)
    assert day_ends_at(night, apia, 3) == night + timedelta(hours=1)


@pytest.mark.parametrize(
    ("zone", "at", "starts_at", "end"),
    [
        ("Europe/Berlin", "2026-06-10T10:00:00", 0, "2026-06-10T22:00:00"),
        ("Europe/Berlin", "2026-06-10T22:00:00", 0, "2026-06-11T22:00:00"),
        ("Europe/Berlin", "2026-06-10T10:00:00", 4, "2026-06-11T02:00:00"),
        # 25 hours long, and 23.
        ("Europe/Berlin", "2026-10-24T22:00:00", 0, "2026-10-25T23:00:00"),
        ("Europe/Berlin", "2026-03-28T23:00:00", 0, "2026-03-29T22:00:00"),
        # The hour at which the day starts is left out, or comes twice.
        ("Europe/Berlin", "2026-03-28T12:00:00", 2, "2026-03-29T01:00:00"),
        ("Europe/Berlin", "2026-10-24T12:00:00", 2, "2026-10-25T00:00:00"),
        # Clocks go from 02:45 to 03:45, so 03:00 is over at 03:45 at once.
        ("Pacific/Chatham", "2026-09-26T00:00:00", 3, "2026-09-26T14:00:00"),
        # Midnight is left out.
        ("America/Santiago", "2026-09-05T12:00:00", 0, "2026-09-06T04:00:00"),
        # 23:00 to 24:00 is left out: the 28th, from 23:00 on, starts with the 29th.
        ("America/Nuuk", "2026-03-28T12:00:00", 23, "2026-03-29T01:00:00"),
        # 24:00 is 23:00 again: the day has an hour more.
        ("America/Santiago", "2026-04-04T12:00:00", 0, "2026-04-05T04:00:00"),
        # A date left out.
        ("Pacific/Apia", "2011-12-29T20:00:00", 0, "2011-12-30T10:00:00"),
        ("Asia/Kathmandu", "2026-06-10T03:15:00", 0, "2026-06-10T18:15:00"),
    ],
)
def test_a_day_ends_when_the_next_one_starts(zone: str, at: str, starts_at: int, end: str) -> None:
    assert day_ends_at(utc(at), ZoneInfo(zone), starts_at) == utc(end)


def test_where_midnight_comes_twice_the_first_one_is_promised_and_the_second_ends_the_rest() -> (
    None
):
    # Until 2011 St. John's set its clocks back at 00:01, so half a minute past midnight was
    # followed by 23:01 of the day before.
    newfoundland = ZoneInfo("America/St_Johns")
    evening = utc("2010-11-07T00:00:00")
    assert day_ends_at(evening, newfoundland) == utc("2010-11-07T02:30:00")
    back_again = utc("2010-11-07T02:45:00")
    assert local_day(back_again, newfoundland) == date(2010, 11, 6)
    assert day_ends_at(back_again, newfoundland) == utc("2010-11-07T03:30:00")
    between = utc("2010-11-07T02:30:30")
    assert local_day(between, newfoundland) == date(2010, 11, 7)
    assert day_ends_at(between, newfoundland) == utc("2010-11-08T03:30:00")
