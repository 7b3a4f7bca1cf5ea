"""What a second critic thinks of an answer: its evidence, before any of it counts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.critique import MisconceptionFound, PointVerdict


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a second critic said of an answer, in the shape of a critique but without a score.

    Attributes:
        points: What it thinks of key points, with the words that made it think so.
        misconceptions: Those it believes to have found.
        tokens: What asking for it took, as its provider counts.
        model: Who said it.
    """

    points: tuple[PointVerdict, ...]
    misconceptions: tuple[MisconceptionFound, ...] = ()
    tokens: int = 0
    model: str = ""


class OpinionState(StrEnum):
    """How far a second opinion has come."""

    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"
    """Nobody had one in time; the first verdict stands."""
