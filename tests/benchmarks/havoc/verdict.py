"""What came of it all: what is lost, what is there twice, and which kill is to blame."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

SENDING = ("sender", "all", "postgres")
"""Kills that may leave a send in doubt: of whoever sends, and of what it notes its sends in."""


@dataclass(frozen=True, slots=True)
class Kill:
    """One kill; `led`: it hit whoever was sending, as far as that one had said."""

    kind: str
    at: datetime
    led: bool = False


@dataclass
class Verdict:
    """All counts.

    Attributes:
        bound: How many twins there may be: one for each send that a kill may have left in doubt.
        strict: The same, but of kills of senders only those that hit the one that was sending.
        worst: Twins of the worst kill; each is given to the kill that is nearest to its first copy.
        refused: How often the platform said that it was too much.
        unsettled: Deliveries by state, less those that were sent.
        wrong: What is wrong with the visitors' answers.
        unseen: Answers whose critique nobody saw.
        ended: Who ended without having been killed.
        in_vain: How often a process was started while the database was away, and ended.
        stuck: Who did not stop when asked, or badly.
    """

    platform: str
    database: str
    due: int
    allowed: int
    seed: int
    kills: dict[str, int]
    led: int
    lost: int
    twins: int
    bound: int
    strict: int
    worst: int
    twins_by_kind: dict[str, int]
    refused: int
    duration_s: float
    unsettled: dict[str, int]
    visits: int
    answered: int
    unseen: int
    seen_twice: int
    wrong: list[str]
    ended: list[tuple[str, int, list[str]]]
    stuck: list[tuple[str, int | None]]
    in_vain: int
    errors: dict[str, int]
    warnings: dict[str, int] = field(default_factory=dict)

    @property
    def is_good(self) -> bool:
        """Whether nothing is lost, and no more is there twice than may be."""
        return not self.lost and not self.wrong and self.twins <= self.bound

    def as_json(self) -> dict[str, Any]:
        """Return all of it."""
        return {**asdict(self), "good": self.is_good}

    def __str__(self) -> str:
        """Return a line a figure."""
        return "\n".join(f"{name:>14}  {value}" for name, value in self.as_json().items())


@dataclass(frozen=True, slots=True)
class Blame:
    """Twins of which kind of kill, and the most of one kill."""

    kinds: dict[str, int]
    worst: int


def blame(copies: Iterable[list[datetime]], kills: list[Kill]) -> Blame:
    """Give each extra copy of a question to the kill that is nearest to its first copy.

    Args:
        copies: For each place when its questions came, in order.
        kills: All kills; those that leave no send in doubt are nobody's fault.
    """
    doubtful = [kill for kill in kills if kill.kind in SENDING]
    counts: Counter[Kill | None] = Counter()
    for first, *more in filter(None, copies):
        for at in more:
            before = [kill for kill in doubtful if kill.at <= at]
            near = min(before, key=lambda kill: abs(kill.at - first), default=None)
            counts[near] += 1
    kinds: Counter[str] = Counter()
    for kill, count in counts.items():
        kinds["none" if kill is None else kill.kind] += count
    return Blame(dict(kinds), max(counts.values(), default=0))


def bounds(kills: list[Kill], in_flight: int) -> tuple[int, int]:
    """Return `bound` and `strict` of a verdict."""
    doubtful = [kill for kill in kills if kill.kind in SENDING]
    return len(doubtful) * in_flight, sum(kill.led for kill in doubtful) * in_flight


def unsettled(states: Mapping[str, int]) -> dict[str, int]:
    """Return how many deliveries are in other states than sent."""
    return {state: count for state, count in states.items() if state != "sent"}
