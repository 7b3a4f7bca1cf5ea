"""What an answer means, by the vectors of its stretches: which are nearest to which wordings.

Vectors see other words for the same, and are blind to what turns a statement round: "tuples are
mutable" is nearer to "tuples are immutable" than most paraphrases are. So nearness alone decides
nothing. It moves a match of words up or down, and accuses where words do not suffice; both only
where denials, opposites and subjects agree, too.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import reduce
from typing import TYPE_CHECKING, NamedTuple

from bot.critics.embedding import Embedding
from bot.critics.likeness import joined, recall
from bot.critics.matching import NONE, Match, about, plainly
from bot.critics.polarity import narrowing
from bot.critics.reading import Read
from bot.critics.rubric import Prepared
from bot.critics.targets import POOLING, Target, Wording
from bot.critics.vocabulary import OPPOSITES
from bot.critics.words import fold

if TYPE_CHECKING:
    from bot.critics.embedding import Vectors

_SENTENCES = re.compile(r"(?<=[.!?;:])\s+")
_CLAUSES = re.compile(r"(?<=[.!?;:,])\s+")

MEANING = 0.6
"""Part of a likeness of meaning that moves a match of words up or down."""
NEUTRAL = 0.4
"""Likeness of meaning that moves it neither way: less says that other words are meant."""
RATHER = 0.08
"""By how much a stretch that covers a point may be nearer to a misconception: above, it is partly
covered. Of such credits as many are wrong as right."""
ACCUSED = 0.75
"""Likeness from which on a stretch means a misconception."""
CLEARLY = 0.1
"""By how much it must be more than that to any right statement of the rubric."""
LEAST_SAID = 0.4
"""Match of words that an accusation needs all the same."""
ACCUSED_CLAUSES = 2
"""Clauses that may state a misconception together."""
QUANTIFIERS = frozenset(
    "all always any anything anywhere automatically each ever every everything everywhere just"
    " must never no nothing only whatever whole".split()
)
"""Words that make a statement wider than it may be true."""
LONGEST = 3
"""Clauses of a stretch."""
LONGEST_WORDS = 45
"""Words of a stretch: a longer one is a little of everything."""
TRIED = 8
"""Stretches looked at for a point, the nearest first, until one does not say the opposite."""


class Near(NamedTuple):
    """What the meaning of an answer does to the match of its words with a point.

    Attributes:
        shift: How much it moves the match, up or down.
        likeness: Cosine of the stretch first..last with the nearest wording; 0 if there is none
            that may move the match up.
    """

    shift: float = 0.0
    likeness: float = 0.0
    first: int = 0
    last: int = 0


class Nearness:
    """The vectors of one rubric's wordings."""

    def __init__(self, ready: Prepared, embedding: Embedding) -> None:
        """Work them out, in 10 ms for a usual rubric."""
        self.ready = ready
        self.embedding = embedding
        self.points = [self._of(target) for target in ready.points]
        self.misconceptions = [self._of(target) for target in ready.misconceptions]
        rubric = ready.question.rubric
        true = [rubric.model_answer, *(each.correction for each in rubric.misconceptions)]
        texts = [
            each
            for text in true
            for parts in (_SENTENCES, _CLAUSES)
            for each in parts.split(fold(text).text)
        ]
        self.right = [*self.points, embedding.vectors(texts)]

    def _of(self, target: Target) -> Vectors:
        return self.embedding.vectors([wording.text for wording in target.wordings])


class Meaning:
    """What one answer means."""

    def __init__(self, text: str, reads: Sequence[Read], nearness: Nearness) -> None:
        """Work out the vectors of its stretches.

        Args:
            text: The answer, folded.
            reads: Its clauses.
            nearness: Of its question.
        """
        import numpy as np

        self._reads = reads
        self._known = nearness
        self._stretches = list(_stretches(reads))
        self._numbers = {each: number for number, each in enumerate(self._stretches)}
        self._vectors = nearness.embedding.vectors(
            [
                text[reads[first].clause.tokens[0].start : reads[last].clause.tokens[-1].end]
                for first, last in self._stretches
            ]
        )
        self._likeness = [self._vectors @ each.T for each in nearness.points]
        wrong = [self._vectors @ each.T for each in nearness.misconceptions if len(each)]
        self._wrong = reduce(np.maximum, [each.max(axis=1) for each in wrong]) if wrong else None

    def accusations(self, innocent: AbstractSet[int]) -> list[tuple[int, Match]]:
        """Return the misconceptions that the answer means, and where.

        Args:
            innocent: Clauses that accuse nobody: what others say, and questions.
        """
        import numpy as np

        found: list[tuple[int, Match]] = []
        if not self._stretches:
            return found
        subject_bits = self._known.ready.subject_bits
        right = [(self._vectors @ each.T).max(axis=1) for each in self._known.right if len(each)]
        most = reduce(np.maximum, right)
        targets = zip(self._known.ready.misconceptions, self._known.misconceptions, strict=True)
        for number, (target, vectors) in enumerate(targets):
            if not len(vectors):
                continue
            likeness = self._vectors @ vectors.T
            best = likeness.max(axis=1)
            suspect = ((best >= ACCUSED) & (best >= most + CLEARLY)).nonzero()[0]
            for place in suspect[best[suspect].argsort()[::-1]].tolist():
                first, last = self._stretches[place]
                if last - first < ACCUSED_CLAUSES and innocent.isdisjoint(range(first, last + 1)):
                    nearest = int(likeness[place].argmax())
                    stretch = self._stretches[place]
                    match = _says_plainly(self._reads, stretch, target, nearest, subject_bits)
                    if match.score:
                        found.append((number, match))
                        break
        return found

    def rather_wrong(self, place: int, first: int, last: int) -> bool:
        """Whether clauses first..last are nearer to a misconception than to the point `place`."""
        if self._wrong is None or (first, last) not in self._numbers:
            return False
        number = self._numbers[first, last]
        return bool(self._wrong[number] > self._likeness[place][number].max() + RATHER)

    def nearest(self, spoilt: Sequence[Collection[int]]) -> list[Near]:
        """Return for each point what the meaning does to its match.

        Args:
            spoilt: For each point the clauses that speak against it.
        """
        import numpy as np

        if not self._stretches or not self._likeness:
            return [Near()] * len(self._likeness)
        reads, ready = self._reads, self._known.ready
        best = [each.max(axis=1) for each in self._likeness]
        top = reduce(np.maximum, best)
        found = []
        for place, target in enumerate(ready.points):
            mine = (best[place] >= top).nonzero()[0]
            ranked = mine[best[place][mine].argsort()[::-1][:TRIED]].tolist()
            most = float(best[place][ranked[0]]) if ranked else 0.0
            known = len(target.wordings) >= POOLING  # a few wordings say little of what is near
            near = Near(MEANING * min(most - NEUTRAL, 0.0) if known else 0.0)
            for number in ranked:
                first, last = self._stretches[number]
                like = float(best[place][number])
                if like <= NEUTRAL:
                    break
                nearest = int(self._likeness[place][number].argmax())
                fit = not any(first <= each <= last for each in spoilt[place])
                if fit and _agrees(target, nearest, reads[first : last + 1], ready.subject_bits):
                    near = Near(MEANING * (like - NEUTRAL), like, first, last)
                    break
            found.append(near)
        return found


def _says_plainly(
    reads: Sequence[Read], where: tuple[int, int], target: Target, nearest: int, subject_bits: int
) -> Match:
    """Return how far the words of a stretch say a wording; 0 if they may say something else.

    Vectors do not see which of two things is said of which: such a wording needs its words.
    """
    first, last = where
    part = reads[first : last + 1]
    stretch, wording = joined(part), target.wordings[nearest]
    plain = plainly(stretch, wording, [each.named for each in part], target)
    if not plain or len(wording.topic) > 1 or not _as_wide(wording, part):
        return NONE
    if _opposed(wording.sequence, wording.sequence, part):
        return NONE
    score, hits = recall(stretch, wording, subject_bits)
    return Match(score, first, last, hits) if score >= LEAST_SAID else NONE


def _as_wide(wording: Wording, reads: Sequence[Read]) -> bool:
    """Whether `reads` say "all" where `wording` does: often that alone makes it wrong."""
    return QUANTIFIERS.isdisjoint(wording.text.split()) or not all(
        QUANTIFIERS.isdisjoint(each.clause.words) for each in reads
    )


def _stretches(reads: Sequence[Read]) -> Iterator[tuple[int, int]]:
    """Yield the first and last clauses of what may say one thing."""
    for first in range(len(reads)):
        words = 0
        for last in range(first, min(first + LONGEST, len(reads))):
            each = reads[last].clause
            words += len(each.tokens)
            if not each.live or each.code or (last > first and words > LONGEST_WORDS):
                break
            yield first, last


def _agrees(target: Target, nearest: int, reads: Sequence[Read], subject_bits: int) -> bool:
    """Whether `reads` can say what the wording number `nearest` says, and not its opposite."""
    return (
        all(about(each, target) for each in reads)
        and _same_turns(target.wordings[nearest], reads)
        and not _opposed(target.sequences[nearest], _every(target), reads)
        and not _says_opposite(target, reads, subject_bits)
    )


def _says_opposite(target: Target, reads: Sequence[Read], subject_bits: int) -> bool:
    """Whether `reads` are rather a wording turned round than one said."""
    stretch = joined(reads)
    found = [recall(stretch, each, subject_bits)[0] for each in target.wordings]
    return max(found) < -min(found)


def _same_turns(wording: Wording, reads: Sequence[Read]) -> bool:
    """Whether `reads` are denied and narrowed as `wording` is; two denials cancel each other."""
    turns = frozenset().union(*(each.turns for each in reads))
    more = sum(each.negations for each in reads) - wording.negations
    return (
        (not more or not (more % 2 or any(each.denied for each in reads)))
        and narrowing(turns) <= wording.turns
        and not any(each.denied & wording.said & ~each.said for each in reads)
    )


def _opposed(near: Collection[str], every: Collection[str], reads: Sequence[Read]) -> bool:
    """Whether `reads` have a word that a wording has not, and that has the opposite of one."""
    return any(
        stem not in known and not OPPOSITES[stem].isdisjoint(known)
        for each in reads
        for stem in each.sequence
        if stem in OPPOSITES
        for known in (near, every)
    )


def _every(target: Target) -> frozenset[str]:
    return frozenset(stem for sequence in target.sequences for stem in sequence)
