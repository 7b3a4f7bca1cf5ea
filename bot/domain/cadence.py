"""When a subscription is due: a wall-clock time on chosen weekdays, as instants.

The truth is the zone, the minute and the days; an instant is only worked out from them. A time
that a clock change leaves out keeps the offset from before it, as RFC 5545 section 3.3.5 says
(02:30 becomes 03:30), a time that comes twice is meant the first time, and a date that never
happened in the zone has no due time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import islice
from zoneinfo import ZoneInfo

from bot.domain.days import ONE_DAY, exists

EVERY_DAY = frozenset(range(7))
MINUTES_A_DAY = 24 * 60
_EARLIEST_SHIFT, _LATEST_SHIFT = -5, 10
"""Minutes that "around 09:00" may move: 08:55 to 09:10."""


@dataclass(frozen=True, slots=True)
class Cadence:
    """How often and at what local time a question is asked for.

    Attributes:
        minute: Minute of the local day, 0..1439.
        days: Weekdays, 0 is Monday; at least one.
        around: Whether the time may move by some minutes, so that not all are due at once.
    """

    minute: int
    days: frozenset[int]
    around: bool = False

    def __post_init__(self) -> None:
        """Refuse what could never be due.

        Raises:
            ValueError: The minute is outside the day, or the days are none or no weekdays.
        """
        if not 0 <= self.minute < MINUTES_A_DAY:
            raise ValueError(f"minute of the day: {self.minute}")
        if not self.days or not self.days <= EVERY_DAY:
            raise ValueError(f"weekdays: {sorted(self.days)}")


@dataclass(frozen=True, slots=True, order=True)
class Due:
    """One occurrence of a cadence.

    Attributes:
        at: The instant, UTC.
        day: The local date it is the question of. Where a clock change moves a late time over
            midnight (Nuuk, 23:30 in spring), it stays the date before.
    """

    at: datetime
    day: date


@dataclass(frozen=True, slots=True)
class Missed:
    """What came due while nobody looked.

    Attributes:
        newest: The occurrence to catch up with; None if nothing came due.
        skipped: Those before it, oldest first: the newest of them, as many as were asked for.
        more: Whether still older ones were left out of `skipped`.
    """

    newest: Due | None
    skipped: tuple[Due, ...] = ()
    more: bool = False


def next_due(
    cadence: Cadence,
    zone: ZoneInfo,
    after: datetime,
    *,
    last_day: date | None = None,
    shift_min: int = 0,
) -> Due:
    """Return the first occurrence strictly after `after`.

    Args:
        cadence: Time and weekdays.
        zone: The zone in which they are meant.
        after: The later of now and the last due instant, aware; a clock that is set back then
            repeats nothing.
        last_day: The last local date served: nothing is due on it or before it again, even if
            the time or the zone were changed meanwhile.
        shift_min: Minutes by which a cadence with `around` moves, see `shift_for`; it stays
            within the local date. A cadence without `around` is never moved.
    """
    # A late time can roll over midnight in a gap, so the date before may still be due.
    day = after.astimezone(zone).date() - ONE_DAY
    if last_day is not None and last_day >= day:
        day = last_day + ONE_DAY
    wall = _wall(cadence, shift_min)
    while True:
        if day.weekday() in cadence.days:
            at = _instant(day, wall, zone)
            if at is not None and at > after:
                return Due(at, day)
        day += ONE_DAY


def upcoming(
    cadence: Cadence,
    zone: ZoneInfo,
    after: datetime,
    count: int,
    *,
    last_day: date | None = None,
    shift_min: int = 0,
) -> list[Due]:
    """Return the next `count` occurrences, soonest first; arguments as in `next_due`."""
    dues: list[Due] = []
    while len(dues) < count:
        due = next_due(cadence, zone, after, last_day=last_day, shift_min=shift_min)
        dues.append(due)
        after, last_day = due.at, due.day
    return dues


def latest_due(
    cadence: Cadence,
    zone: ZoneInfo,
    after: datetime,
    until: datetime,
    *,
    last_day: date | None = None,
    shift_min: int = 0,
    keep: int = 31,
) -> Missed:
    """Return the newest occurrence in (after, until] and up to `keep` of those before it.

    It walks back from `until`, so a sleep of years costs no more than one of `keep` weeks.
    """
    backwards = _backwards(cadence, zone, after, until, last_day, shift_min)
    found = list(islice(backwards, keep + 2))
    if not found:
        return Missed(None)
    return Missed(found[0], tuple(reversed(found[1 : keep + 1])), more=len(found) == keep + 2)


def shift_for(key: str) -> int:
    """Return the minutes, -5..10, by which "around" moves for `key`: always the same.

    Ten thousand people who want "around 09:00" then spread over sixteen minutes by themselves.
    """
    spread = _LATEST_SHIFT - _EARLIEST_SHIFT + 1
    # 256 is a multiple of 16, so one byte is fair.
    return hashlib.sha256(key.encode()).digest()[0] % spread + _EARLIEST_SHIFT


def _wall(cadence: Cadence, shift_min: int) -> time:
    """Return the wall-clock time, moved if the cadence allows it, within the day."""
    shifted = cadence.minute + (shift_min if cadence.around else 0)
    return time(*divmod(min(max(shifted, 0), MINUTES_A_DAY - 1), 60))


def _instant(day: date, wall: time, zone: ZoneInfo) -> datetime | None:
    """Return when clocks first show `wall` on `day`, UTC; None if the date does not exist."""
    local = datetime.combine(day, wall, zone)  # fold 0: the offset before a change (PEP 495)
    at = local.astimezone(UTC)
    if at.astimezone(zone) == local or exists(day, zone):
        return at
    return None


def _backwards(
    cadence: Cadence,
    zone: ZoneInfo,
    after: datetime,
    until: datetime,
    last_day: date | None,
    shift_min: int,
) -> Iterator[Due]:
    """Yield the occurrences in (after, until], newest first."""
    wall = _wall(cadence, shift_min)
    # Clocks set back over midnight show yesterday again, after a time of today has come.
    day = until.astimezone(zone).date() + ONE_DAY
    first = after.astimezone(zone).date() - ONE_DAY
    if last_day is not None:
        first = max(first, last_day + ONE_DAY)
    while day >= first:
        if day.weekday() in cadence.days:
            at = _instant(day, wall, zone)
            if at is not None and after < at <= until:
                yield Due(at, day)
        day -= ONE_DAY
