"""What the load test knows of a platform: whom the questions go to, and who wants something."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from tests.benchmarks.load.rows import Target


@dataclass
class Wait:
    """Somebody who did something and waits for the reply.

    Attributes:
        kind: What they did: "press", "message".
        at: When, in seconds of the loop's clock.
        place: Where the reply will be.
        replied_at: When it was at the server; None if it never was.
    """

    kind: str
    at: float
    place: int
    replied_at: float | None = None


class Seen(NamedTuple):
    """A request that the server has answered.

    Attributes:
        at: When it came, in seconds of the loop's clock.
        place: Where it put a new message; 0 for all others.
        counted: Whether it counted towards the limit of the whole bot.
        refused: Whether it was one too many.
    """

    at: float
    place: int
    counted: bool
    refused: bool


class Scene(Protocol):
    """One platform with its masses."""

    @property
    def targets(self) -> Sequence[Target]:
        """Where a question is to come."""
        ...

    @property
    def rates(self) -> Mapping[str, float]:
        """What people do besides, and how often a second."""
        ...

    @property
    def waits(self) -> list[Wait]:
        """All that they did."""
        ...

    async def prepares(self) -> None:
        """Let those who will want something get what they need for it: a card with buttons."""
        ...

    def acts(self, kind: str) -> None:
        """Let the next person do something."""
        ...

    def requests(self) -> Iterator[Seen]:
        """Yield all requests so far."""
        ...

    def shown(self, place: int) -> int:
        """Return how many messages of the bot stand in a place."""
        ...

    def replied(self) -> None:
        """Find out when those who wait got their replies."""
        ...


def match(waits: Sequence[Wait], seen: Iterator[Seen]) -> None:
    """Give each wait the first new message in its place between it and the next wait there.

    Args:
        waits: In the order in which they began.
        seen: In the order in which they came.
    """
    times: dict[int, list[float]] = defaultdict(list)
    for one in seen:
        if one.place:
            times[one.place].append(one.at)
    ends: dict[int, float] = {}
    for wait in reversed(waits):
        end = ends.get(wait.place, math.inf)
        wait.replied_at = next((at for at in times[wait.place] if wait.at <= at < end), None)
        ends[wait.place] = wait.at


def silent(scene: Scene, among: Sequence[Target]) -> list[Target]:
    """Return those of some targets that have got nothing yet."""
    return [target for target in among if not scene.shown(target.place)]
