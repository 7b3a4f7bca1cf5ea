"""Leaderboards: the places of people by points, and the windows of time they are counted over."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.days import WEEKDAYS
from bot.errors import Invalid

WINDOWS = ("today", "week", "month", "all")
"""Names of the windows, in the order of their buttons."""

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """What one person has in one window."""

    user_id: int
    name: str
    points: int
    answers: int


@dataclass(frozen=True, slots=True)
class Place:
    """One line of a leaderboard; people with equal points have an equal `place`."""

    place: int
    user_id: int
    name: str
    points: int
    answers: int


@dataclass(frozen=True, slots=True)
class Window:
    """A span of local dates that points are added up over.

    Attributes:
        key: Name of the period under which totals are kept ("day:2026-11-23", "2026-W48",
            "2026-11", "all").
        first: First date of it; None for "all".
        last: Last date of it; None for "all".
        title: The period as people read it ("Mon 16 - Sun 22 Nov").
    """

    key: str
    first: date | None
    last: date | None
    title: str


def rank(rows: Iterable[Row]) -> list[Place]:
    """Return the places, most points first; ties share a place and the next one is skipped.

    Within a tie people stand by name and then by id, so that a board never reshuffles itself.
    """
    ordered = sorted(rows, key=lambda row: (-row.points, row.name.casefold(), row.user_id))
    places: list[Place] = []
    for position, row in enumerate(ordered, start=1):
        tied = bool(places) and places[-1].points == row.points
        place = places[-1].place if tied else position
        places.append(Place(place, row.user_id, row.name, row.points, row.answers))
    return places


def window(name: str, today: date) -> Window:
    """Return the window called `name` that `today` lies in. Weeks are ISO weeks, Monday first.

    Raises:
        Invalid: There is no window of that name.
    """
    match name:
        case "today":
            return Window(f"day:{today.isoformat()}", today, today, _on(today))
        case "week":
            year, week, weekday = today.isocalendar()
            first = today - timedelta(days=weekday - 1)
            last = first + timedelta(days=6)
            return Window(f"{year:04}-W{week:02}", first, last, _span(first, last))
        case "month":
            last = today.replace(day=monthrange(today.year, today.month)[1])
            title = f"{MONTHS[today.month - 1]} {today.year}"
            return Window(f"{today.year:04}-{today.month:02}", today.replace(day=1), last, title)
        case "all":
            return Window("all", None, None, "All time")
        case _:
            raise Invalid(
                "There is no leaderboard over that time.",
                f"Choose one of: {', '.join(WINDOWS)}.",
                field="window",
            )


def _span(first: date, last: date) -> str:
    """Return two dates as people read them, naming month and year once where they are shared."""
    if first.year != last.year:
        return f"{_on(first)} {first.year} - {_on(last)} {last.year}"
    if first.month != last.month:
        return f"{_on(first)} - {_on(last)}"
    return f"{WEEKDAYS[first.weekday()]} {first.day} - {_on(last)}"


def _on(day: date) -> str:
    """Return "Mon 23 Nov", in English whatever the machine's locale says."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1][:3]}"
