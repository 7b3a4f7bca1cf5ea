"""Local days: which date an instant belongs to for a person, when that day ends, which dates exist.

A person's day is a date in their zone, begun at the hour they chose. Dates are not all 24 hours
long, and a few never happened somewhere: Samoa went from 29 to 31 December 2011.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
"""Short names as people read them; the position is `date.weekday()`."""

ONE_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


def exists(day: date, zone: ZoneInfo) -> bool:
    """Whether clocks in `zone` ever showed `day`.

    A date that a zone jumped over maps, from both its ends, to an instant of another date.
    """
    return any(
        datetime.combine(day, end, zone).astimezone(UTC).astimezone(zone).date() == day
        for end in (time.min, time.max)
    )


def local_day(at: datetime, zone: ZoneInfo, day_starts_at: int = 0) -> date:
    """Return the date that an answer given at `at` counts for.

    Args:
        at: The instant, aware.
        zone: The person's zone at that instant.
        day_starts_at: Hour 0..23 of the wall clock before which it is still the day before.
    """
    wall = at.astimezone(zone)
    day = wall.date()
    if wall.hour < day_starts_at:
        day -= ONE_DAY
        while not exists(day, zone):
            day -= ONE_DAY
    return day


def day_ends_at(at: datetime, zone: ZoneInfo, day_starts_at: int = 0) -> datetime:
    """Return the first instant (UTC) after `at` that counts for a later day than `at` does.

    Where clocks are set back over the start of a day, the day before comes back for a while; it
    is the earlier end that is promised to a person who still has to answer.
    """
    following = local_day(at, zone, day_starts_at)
    while True:
        following += ONE_DAY
        if not exists(following, zone):
            continue
        wall = datetime.combine(following, time(day_starts_at), zone)
        once, again = (wall.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
        starts = (_gap_end(wall, again, once),) if again < once else (once, again)
        for start in starts:
            if start > at:
                return start


def _gap_end(wall: datetime, before: datetime, after: datetime) -> datetime:
    """Return the first instant in (before, after] at which clocks show `wall` or later.

    `zoneinfo` does not tell its transitions, and a gap need not begin at a full hour (Chatham:
    02:45), so it is found by halving.
    """
    zone = wall.tzinfo
    while after - before > _SECOND:
        middle = before + (after - before) // (2 * _SECOND) * _SECOND
        if middle.astimezone(zone) >= wall:
            after = middle
        else:
            before = middle
    return after
