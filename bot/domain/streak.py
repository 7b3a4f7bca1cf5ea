"""Streaks: how many scheduled days in a row a person has answered.

Worked out from the answers each time, never counted up, so nothing can be lost or counted twice.
A date is judged by the plan that was in force on it, so a later change of plan rewrites nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from bot.domain.days import ONE_DAY, exists

EVERY_WEEKDAY = frozenset(range(7))
EAST_LIMIT = timedelta(hours=36)
"""Real time in which a flight east may jump over a date."""


@dataclass(frozen=True, slots=True)
class Day:
    """A local day on which the person answered.

    Attributes:
        day: The local date, fixed when the answer was given.
        at: Instant of the first answer that counts, aware.
        zone: Key of the zone the person was in.
    """

    day: date
    at: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class PlanFrom:
    """The weekdays that are scheduled for a person from `day` on, until the next plan.

    No weekdays at all means paused: nothing can be missed.
    """

    day: date
    days: frozenset[int]


@dataclass(frozen=True, slots=True)
class Streak:
    """What a person is told about their streak.

    Attributes:
        current: Scheduled days answered in a row, up to now; 0 once one was missed.
        longest: The most there ever were in a row.
        answered_today: Whether today has an answer.
        open_today: Whether today is scheduled and still waits for one.
        scheduled_today: Whether today is scheduled; otherwise it neither adds nor breaks.
        last_day: The last local date with an answer.
        previous: Length of the run that ended before the current one, 0 if none did.
    """

    current: int
    longest: int
    answered_today: bool
    open_today: bool
    last_day: date | None
    previous: int = 0
    scheduled_today: bool = True


def streak(
    answered: Sequence[Day],
    plan: Sequence[PlanFrom],
    today: date,
    zone: ZoneInfo,
    *,
    frozen: Collection[date] = frozenset(),
    now: datetime | None = None,
) -> Streak:
    """Return the streak as it stands on `today`, in time linear in the days since the first answer.

    An answer on a day that is not scheduled neither adds nor breaks: a person who has only such
    answers has a current streak of 0 that the next scheduled day makes 1. Today, and any later
    date that was already answered further east, is open and cannot have been missed.

    Args:
        answered: Days with an answer, in any order; of two with one date the earlier counts.
        plan: Plans, in any order; before the first, and without any, every day is scheduled. Of
            two from one date the later in the sequence counts.
        today: The person's local date now.
        zone: The person's zone now.
        frozen: Dates forgiven by a freeze: they cannot be missed, and do not add.
        now: The instant of asking, for a person who has just flown east over a date: the streak
            shows as long as an answer now would keep it. Without it, the start of `today` is
            taken, so that it shows until the end of the day.
    """
    days = _one_per_date(answered)
    asked = Day(today, now or datetime.combine(today, time.min, zone).astimezone(UTC), zone.key)
    calendar = _Calendar(plan, today, {*frozen, *_jumped(days.values(), asked)})
    current = longest = previous = 0
    before: Day | None = None
    for day in days.values():
        if before is not None and calendar.missed(before, day):
            current, previous = 0, current or previous
        current += calendar.scheduled(day.day)
        longest = max(longest, current)
        before = day
    if before is not None and calendar.missed(before, asked):
        current, previous = 0, current or previous
    answered_today = today in days
    return Streak(
        current=current,
        longest=longest,
        answered_today=answered_today,
        open_today=not answered_today and calendar.scheduled(today),
        last_day=before.day if before else None,
        previous=previous,
        scheduled_today=calendar.scheduled(today),
    )


def _one_per_date(answered: Sequence[Day]) -> dict[date, Day]:
    """Return the earliest answer of each date, dates rising."""
    first: dict[date, Day] = {}
    for day in sorted(answered, key=lambda one: (one.day, one.at)):
        first.setdefault(day.day, day)
    return first


class _Calendar:
    """Which dates were scheduled and which were missed, for dates asked in rising order."""

    def __init__(self, plan: Sequence[PlanFrom], today: date, forgiven: set[date]) -> None:
        self._plans = sorted(plan, key=lambda one: one.day)  # stable: the last of a date wins
        self._today = today
        self._forgiven = forgiven
        self._position = 0

    def scheduled(self, day: date) -> bool:
        """Whether the plan in force on `day` has its weekday."""
        plans = self._plans
        # Dates rise but for the look at today, which may lie before an answer further east.
        while self._position and plans[self._position - 1].day > day:
            self._position -= 1
        while self._position < len(plans) and plans[self._position].day <= day:
            self._position += 1
        in_force = plans[self._position - 1].days if self._position else EVERY_WEEKDAY
        return day.weekday() in in_force

    def missed(self, before: Day, after: Day) -> bool:
        """Whether a date between two answers was due, could have been answered, and is over."""
        day = before.day + ONE_DAY
        end = min(after.day, self._today)
        while day < end:
            if (
                self.scheduled(day)
                and day not in self._forgiven
                and exists(day, ZoneInfo(after.zone))
            ):
                return True
            day += ONE_DAY
        return False


def _jumped(answered: Iterable[Day], asked: Day) -> Iterator[date]:
    """Yield the dates that the person flew over between two answers, or since the last one.

    Two answers in the order of time, not of dates: who flies back west fills an earlier date.
    """
    in_time = sorted(answered, key=lambda one: one.at)
    for before, after in pairwise([*in_time, asked]):
        if (
            after.day - before.day > ONE_DAY
            and after.at - before.at < EAST_LIMIT
            and before.zone != after.zone
            and _offset(after) > _offset(before)
        ):
            day = before.day + ONE_DAY
            while day < after.day:
                yield day
                day += ONE_DAY


def _offset(day: Day) -> timedelta:
    """Return the UTC offset where and when the answer was given."""
    offset = day.at.astimezone(ZoneInfo(day.zone)).utcoffset()
    assert offset is not None
    return offset
