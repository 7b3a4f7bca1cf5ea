"""Which of a rubric's wordings a stretch of an answer means, by its vector.

Vectors see other words for the same, and are blind to what turns a statement round: "tuples are
mutable" is nearer to "tuples are immutable" than most paraphrases are. So nearness decides nothing.
It only tips a match of words that is nearly enough, and only where denials agree too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.critics.embedding import Embedding
from bot.critics.polarity import narrowing
from bot.critics.reading import Read
from bot.critics.rubric import Prepared, wordings
from bot.critics.targets import Target, Wording
from bot.critics.vocabulary import OPPOSITES
from bot.critics.words import fold

if TYPE_CHECKING:
    from bot.critics.embedding import Vectors

NEAR = 0.6
"""Cosine with a wording from which on a stretch means it."""
NEARER = 0.1
"""By how much a point must be nearer than any misconception."""


class Nearness:
    """The vectors of one rubric's wordings."""

    def __init__(self, ready: Prepared, embedding: Embedding) -> None:
        """Work them out, in 2 ms for a usual rubric."""
        rubric = ready.question.rubric
        self._targets = ready.points
        self._embedding = embedding
        self._points = [self._vectors(wordings(point)) for point in rubric.points]
        self._wrong = self._vectors([text for each in rubric.misconceptions for text in each.said])

    def means(self, place: int, text: str, reads: Sequence[Read]) -> bool:
        """Whether a stretch of an answer means the point at `place`, and no other.

        Args:
            place: Number of the point.
            text: The stretch, folded.
            reads: Its clauses.
        """
        (vector,) = self._embedding.vectors([text])
        near = [float((point @ vector).max()) for point in self._points]
        if near[place] < NEAR or near[place] < max(near):
            return False
        if len(self._wrong) and near[place] < float((self._wrong @ vector).max()) + NEARER:
            return False
        nearest = int((self._points[place] @ vector).argmax())
        target = self._targets[place]
        return _same_turns(target.wordings[nearest], reads) and not _opposed(target, nearest, reads)

    def _vectors(self, texts: Sequence[str]) -> Vectors:
        return self._embedding.vectors([fold(text).text for text in texts])


def _same_turns(wording: Wording, reads: Sequence[Read]) -> bool:
    """Whether nothing denies, narrows or turns `reads` that does not do the same to `wording`."""
    turns = frozenset().union(*(each.turns for each in reads))
    denials = sum(each.negations for each in reads)
    return (
        narrowing(wording.turns) <= turns <= wording.turns
        and denials % 2 == wording.negations % 2  # two cancel each other
        and not any(each.denied & wording.said for each in reads)
    )


def _opposed(target: Target, nearest: int, reads: Sequence[Read]) -> bool:
    """Whether `reads` have a word whose opposite the point has, in whatever wording."""
    every = frozenset(stem for sequence in target.sequences for stem in sequence)
    near = frozenset(target.sequences[nearest])
    return any(
        (stem not in known and not known.isdisjoint(OPPOSITES[stem]))
        for each in reads
        for stem in each.sequence
        if stem in OPPOSITES
        for known in (near, every)
    )
