"""What in an answer could carry a credit that the offline critic does not see.

A quote shows that words were said, not that they say a point. So each credit needs words that have
to do with the point itself, in a clause that may earn something and does not say the opposite.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz

from bot.critics import lexicon, precheck
from bot.critics.calibration import calibrated
from bot.critics.clauses import split
from bot.critics.evidence import Evidence, gather
from bot.critics.likeness import joined, recall
from bot.critics.matching import about, pooled, says
from bot.critics.quotes import MAX_QUOTE
from bot.critics.reading import Read
from bot.critics.rubric import Prepared
from bot.critics.targets import POOLING, Target, each_bit
from bot.critics.words import Folded, fold
from bot.domain.question import Question

ALIKE = 90
"""Likeness of a quote and the answer, of 100, from which on it is a quote (CRITIQUE)."""
LEAST_LETTERS = 4
"""Letters and digits of a quote."""
MAX_CLAUSES = 3
"""Clauses that a quote may span: whoever quotes all of an answer shows nothing."""
SPECIFIC = 0.35
"""Weight that a word has at least which is neither everyday nor the question's own."""
FEW_WORTH = 2 / 3
"""What the words of one of a few wordings are worth: one sentence has many that say nothing."""
PREPARED = 32

_SPACE = re.compile(r"\s+")
_LEFT_OUT = re.compile(r"\.{3,}|…")
_AROUND = " \t\n\"'.,;:"


class Span(NamedTuple):
    """Where a quote stands: clauses first..last, and its place in the graded text."""

    first: int
    last: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Support:
    """How much a quote has to do with a point: `weight` 0 to 1, by the words `bits`."""

    weight: float
    bits: int


NOTHING = Support(0.0, 0)

prepared = lru_cache(maxsize=PREPARED)(calibrated)


class Answer:
    """An answer, read as the offline critic reads it."""

    def __init__(self, question: Question, answer: str) -> None:
        """Read `answer`; whatever string it is."""
        start = precheck.visible_from(answer)
        self.graded = "" if start is None else precheck.cut(answer, start)[0]
        self.folded: Folded = fold(self.graded)
        self.ready: Prepared = prepared(question)
        clauses = split(
            self.folded, self.graded, self.ready.subjects, self.ready.vocabulary.respell
        )
        precheck.mute_instructions(clauses, self.folded)
        precheck.mute_question(clauses, question.prompt)
        precheck.mute_word_lists(clauses, self.folded)
        self.clauses = clauses
        self.evidence: Evidence = gather(clauses, self.ready)
        self._squeezed, self._origin = _squeezed(self.folded.text)
        self._reported = {
            clause.sentence for clause in clauses if not clause.words.isdisjoint(lexicon.REPORTING)
        }
        # Who turns one thing round in a sentence has turned the other half of it round, too.
        wrong = {n for each in self.evidence.points for n in each.wrong}
        for _, match in self.evidence.misconceptions:
            wrong.update(range(match.first, match.last + 1))
        self._wrong = {clauses[place].sentence for place in wrong}

    def find(self, quote: str) -> Span | None:
        """Return where `quote` stands in the answer; None if it is no quote of it."""
        parts = [_squeezed(fold(part).text)[0].strip(_AROUND) for part in _LEFT_OUT.split(quote)]
        wanted = max(parts, key=len)
        if sum(char.isalnum() for char in wanted) < LEAST_LETTERS:
            return None
        place = self._squeezed.find(wanted)
        if place >= 0:
            start, end = place, place + len(wanted)
        else:
            if len(wanted) > len(self._squeezed):
                return None
            found = fuzz.partial_ratio_alignment(wanted, self._squeezed, score_cutoff=ALIKE)
            if found is None or found.dest_end <= found.dest_start:
                return None
            start, end = found.dest_start, found.dest_end
        return self._span(self._origin[start], self._origin[end - 1] + 1)

    def text(self, first: int, last: int) -> str:
        """Return the person's own words from `first` to `last` of the folded text."""
        return self.graded[self.folded.origin[first] : self.folded.origin[last - 1] + 1]

    def words(self, span: Span) -> str:
        """Return the person's own words in `span`, cut to what a card shows."""
        text = self.graded[span.start : span.end].strip()
        if len(text) <= MAX_QUOTE:
            return text
        space = text.rfind(" ", MAX_QUOTE // 2, MAX_QUOTE)
        return text[: space if space > 0 else MAX_QUOTE]

    def support(self, place: int, span: Span) -> Support:
        """Return how much `span` has to do with point number `place`."""
        reads = self._fit(span, self.evidence.points[place].doubtful, self._wrong)
        target = self.ready.points[place]
        if not reads or not all(_is_about(each, target) for each in reads):
            return NOTHING
        return self._weigh(reads, target)

    def against(self, wordings: Target, span: Span) -> Support:
        """Return how much `span` has to do with a misconception, or with what denies a point."""
        return self._weigh(self._fit(span), wordings, denies=True)

    def lacks(self, place: int) -> bool:
        """Whether the answer has none of the words that point number `place` must have."""
        said = frozenset[str]().union(*(each.stems for each in self.clauses if each.live))
        return any(said.isdisjoint(group) for group in self.ready.points[place].must)

    def _fit(
        self, span: Span, spoilt: Collection[int] = (), wrong: Collection[int] = ()
    ) -> list[Read]:
        """Return the clauses of `span`, unless one of them may not earn anything."""
        if span.last - span.first >= MAX_CLAUSES:
            return []
        reads = self.evidence.reads[span.first : span.last + 1]
        for place, each in enumerate(reads, span.first):
            clause = each.clause
            if not clause.live or clause.asks or clause.code or place in spoilt:
                return []
            if clause.sentence in self._reported or clause.sentence in wrong:
                return []
        return list(reads)

    def _weigh(self, reads: Sequence[Read], target: Target, *, denies: bool = False) -> Support:
        if not reads or not target.wordings:
            return NOTHING
        stretch = joined(reads)
        names = [each.named for each in reads]
        if not denies and says(stretch, target, self.ready.subject_bits, names)[0] < 0:
            return NOTHING  # the opposite
        bits = (stretch.said | stretch.denied) & target.pool
        weights = self.ready.vocabulary.weights
        if not any(weights[bit] >= SPECIFIC for bit in each_bit(bits)):
            return NOTHING
        if len(target.wordings) < POOLING:  # words of a few wordings together are soon enough
            each_recall = [
                recall(stretch, each, self.ready.subject_bits)[0] for each in target.wordings
            ]
            return Support(FEW_WORTH * max(each_recall), bits)
        return Support(pooled(stretch._replace(said=bits, denied=0), target), bits)

    def _span(self, first: int, last: int) -> Span | None:
        """Return the clauses that folded text first..last touches, with its place."""
        touched = [
            number
            for number, clause in enumerate(self.clauses)
            if clause.tokens[0].start < last and clause.tokens[-1].end > first
        ]
        if not touched:
            return None
        start, end = self.folded.origin[first], self.folded.origin[last - 1] + 1
        return Span(touched[0], touched[-1], start, end)


def _is_about(each: Read, target: Target) -> bool:
    """Whether a clause can be about a point: stricter than for words that match it."""
    return about(each, target) and not (each.named and target.own and not each.named & target.own)


def _squeezed(text: str) -> tuple[str, list[int]]:
    """Return `text` with each run of white space as one space, and where each character was."""
    out: list[str] = []
    origin: list[int] = []
    for place, char in enumerate(text):
        if char.isspace():
            if out and out[-1] == " ":
                continue
            char = " "
        out.append(char)
        origin.append(place)
    return "".join(out), origin
