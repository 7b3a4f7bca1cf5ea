"""What was said of an answer, point by point, and the score that follows from it.

The program computes the score from the points' weights; no critic returns a number that counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.question import Rubric


class PointState(StrEnum):
    """What became of one key point."""

    COVERED = "covered"
    PARTLY = "partly"
    NOT_FOUND = "not_found"
    CONTRADICTED = "contradicted"


class Status(StrEnum):
    """What kind of thing the answer was."""

    GRADED = "graded"
    EMPTY = "empty"
    NOT_AN_ATTEMPT = "not_an_attempt"
    TRUNCATED = "truncated"
    """Graded, but only up to the length limit; the person is told so."""

    @property
    def is_attempt(self) -> bool:
        """Whether it counts: for the score, the streak, the board."""
        return self in (Status.GRADED, Status.TRUNCATED)


@dataclass(frozen=True, slots=True)
class PointVerdict:
    """One key point's state, with the person's own words as evidence.

    Attributes:
        id: The key point's id.
        state: What became of it.
        quote: The words of the answer that show it; empty when not found.
    """

    id: str
    state: PointState
    quote: str = ""


@dataclass(frozen=True, slots=True)
class MisconceptionFound:
    """A misconception the answer states, with the words that state it."""

    id: str
    quote: str


@dataclass(frozen=True, slots=True)
class Critique:
    """What a critic said of an answer.

    Attributes:
        score: 0 to 100, computed by `score`.
        status: What kind of thing the answer was.
        points: Every key point of the rubric, in its order.
        misconceptions: Those found, in the order of the answer.
        flags: Signs worth showing or keeping: "copy_question", "stuffing", "injection", "offtopic",
            "obfuscated", "contradiction", "low_confidence".
        critic: Name of the critic.
        version: Version of the critic.
    """

    score: int
    status: Status
    points: tuple[PointVerdict, ...]
    misconceptions: tuple[MisconceptionFound, ...] = ()
    flags: tuple[str, ...] = ()
    critic: str = ""
    version: str = ""


CREDIT = {
    PointState.COVERED: 1.0,
    PointState.PARTLY: 0.5,
    PointState.NOT_FOUND: 0.0,
    PointState.CONTRADICTED: 0.0,
}
"""Share of its weight that a point earns."""

LOW = "low_confidence"
"""Flag of a critique whose critics are far from each other."""

BY_PEOPLE = ("you", "moderator")
"""Critics who are people: whoever wrote the answer, and a group's moderators."""

MISCONCEPTION_COST = 10
"""Points off for a misconception that contradicts no key point; one that does costs that point."""


def score(rubric: Rubric, points: Iterable[PointVerdict], free_misconceptions: int = 0) -> int:
    """Return the score, 0 to 100, that the points' states earn.

    Args:
        rubric: Has the weights.
        points: The states; a point that is missing counts as not found.
        free_misconceptions: Number of misconceptions found that contradict no key point.
    """
    total = sum(point.weight for point in rubric.points)
    if not total:
        return 0
    states = {point.id: point.state for point in points}
    earned = sum(
        point.weight * CREDIT[states.get(point.id, PointState.NOT_FOUND)] for point in rubric.points
    )
    return max(0, round(100 * earned / total) - MISCONCEPTION_COST * free_misconceptions)
