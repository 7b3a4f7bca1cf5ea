"""Two verdicts made one: what of a model's opinion counts, and for how much.

- Offline credits stay, except that a well founded objection takes one step off.
- A model's credit needs a quote of the answer, in a clause that may earn something, with words that
  have to do with the point; one clause says at most two points.
- Where a rule found the opposite of a point, the model cannot give it back.
- An answer that seems to speak to its judge gets nothing from the model.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.critics.llm import asking
from bot.critics.llm.support import Answer, Span, Support
from bot.critics.llm.suspicion import suspicious
from bot.critics.targets import each_bit
from bot.domain.critique import (
    CREDIT,
    LOW,
    Critique,
    MisconceptionFound,
    PointState,
    PointVerdict,
    score,
)
from bot.domain.opinion import Opinion
from bot.domain.question import Misconception, Question

if TYPE_CHECKING:
    from bot.critics.llm.calibration import Calibration

FULL = 0.6
"""Support from which on a model's credit counts in full.

Less lets an honest model add more, and one that finds everything everywhere, too: at 0.45 the first
brings recall from .83 to .94 (here .90), the second 3.2 undeserved points an answer (here 1.2).
"""
HALF = 0.45
"""Support from which on it counts by half."""
OBJECTION = 0.5
"""Support that an objection needs: calling right words wrong costs trust."""
OWN_SHARE = 0.5
"""Share of the supporting words' weight that must not say another point there already."""
SHARED = 2
"""Points that one clause may say."""
FAR = 40
"""Points of the score from which on two verdicts are far from each other (CRITIQUE)."""

_COVERED, _PARTLY = PointState.COVERED, PointState.PARTLY
_NOT_FOUND, _CONTRADICTED = PointState.NOT_FOUND, PointState.CONTRADICTED
_ONE_LESS = {_COVERED: _PARTLY, _PARTLY: _NOT_FOUND, _NOT_FOUND: _CONTRADICTED}


def merged(
    question: Question,
    answer: str,
    offline: Critique,
    opinion: Opinion,
    calibration: Calibration | None = None,
) -> Critique:
    """Return the verdict that follows from the offline one and a model's opinion.

    Args:
        question: What was asked.
        answer: The person's words, whole.
        offline: What the offline critic said of them.
        opinion: What the model said of them.
        calibration: The model's scores on people's scale; one for another model is not used.
    """
    version = asking.critic_version(opinion.model)
    both = replace(offline, critic=f"{offline.critic}+llm", version=f"{offline.version}+{version}")
    if not offline.status.is_attempt:
        return both
    merge = _Merge(question, offline, opinion, Answer(question, answer))
    merge.object()
    suspect = suspicious(question, offline, merge.answer)
    if not suspect:
        merge.credit()
    points = tuple(merge.points.values())
    contradicts = {each.id: each.contradicts for each in question.rubric.misconceptions}
    free = sum(contradicts.get(each.id) is None for each in merge.misconceptions)
    total = score(question.rubric, points, free)
    if calibration is not None and calibration.fits(opinion.model, version) and total:
        total = calibration.apply(total)  # what says nothing stays at nothing
        total = min(total, offline.score) if suspect else total
    flags = [each for each in offline.flags if each != LOW]
    if merge.doubted or abs(total - offline.score) > FAR:
        flags.append(LOW)
    return replace(
        both,
        score=total,
        points=points,
        misconceptions=tuple(merge.misconceptions),
        flags=tuple(flags),
    )


class _Merge:
    """One merging under way."""

    def __init__(
        self, question: Question, offline: Critique, opinion: Opinion, answer: Answer
    ) -> None:
        self.answer = answer
        said = {point.id: point for point in offline.points}
        self.points = {
            point.id: said.get(point.id, PointVerdict(point.id, _NOT_FOUND))
            for point in question.rubric.points
        }
        self.misconceptions = list(offline.misconceptions)
        self.doubted = False
        self._question = question
        self._opinion = opinion
        self._place = {point.id: place for place, point in enumerate(question.rubric.points)}
        self._objected: set[str] = set()

    def object(self) -> None:
        """Take one step off what the model says the answer contradicts, where that is founded.

        What it merely does not find stays: offline credits are right nine times in ten and quote
        the words, and silence must not cost anybody points.
        """
        known = {each.id: number for number, each in self._numbered()}
        held = {each.id for each in self.misconceptions}
        for found in self._opinion.misconceptions:
            number = known.get(found.id)
            if number is None or found.id in held:
                continue
            span = self._objection(found.quote, [number], None)
            if span is None:
                continue
            denied = self._question.rubric.misconceptions[number].contradicts
            if denied is None or denied not in self.points or self._step_down(denied, span):
                held.add(found.id)
                self.misconceptions.append(MisconceptionFound(found.id, self.answer.words(span)))
        for point in self._opinion.points:
            place = self._place.get(point.id)
            if point.state is not _CONTRADICTED or place is None:
                continue
            numbers = [number for number, each in self._numbered() if each.contradicts == point.id]
            if numbers or self._question.rubric.points[place].facts:
                span = self._objection(point.quote, numbers, place)
                if span is not None:
                    self._step_down(point.id, span)

    def credit(self) -> None:
        """Give points what the model finds for them, the best founded first."""
        fed = Counter[int]()
        said: list[tuple[Span, int]] = []
        for each in self.points.values():
            span = self.answer.find(each.quote) if CREDIT[each.state] else None
            if span is not None:
                fed.update(range(span.first, span.last + 1))
                said.append((span, self._bits(self._place[each.id], span)))
        for point, span, support in sorted(self._founded(), key=lambda each: -each[2].weight):
            explained = 0
            for other, bits in said:
                explained |= bits if other.first <= span.last and span.first <= other.last else 0
            own = self._weight(support.bits & ~explained)
            clauses = range(span.first, span.last + 1)
            before = self.points[point.id]
            if before.state is _PARTLY:  # it has its own place in the count and its own words
                own = self._weight(support.bits)
            elif any(fed[clause] >= SHARED for clause in clauses):
                continue
            if own < OWN_SHARE * self._weight(support.bits):
                continue
            full = support.weight >= FULL and point.state is _COVERED
            state = _COVERED if full else _PARTLY
            if CREDIT[state] > CREDIT[before.state]:
                self.points[point.id] = PointVerdict(point.id, state, self.answer.words(span))
                fed.update(clauses)
                said.append((span, support.bits))

    def _founded(self) -> Iterable[tuple[PointVerdict, Span, Support]]:
        """Yield the model's credits that say more than the offline critic and have support."""
        for point in self._opinion.points:
            place = self._place.get(point.id)
            if place is None or CREDIT[point.state] <= CREDIT[self.points[point.id].state]:
                continue
            evidence = self.answer.evidence.points[place]
            denied = evidence.wrong or evidence.denied_by or point.id in self._objected
            if denied or self.points[point.id].state is _CONTRADICTED or self.answer.lacks(place):
                continue
            span = self.answer.find(point.quote)
            if span is not None:
                support = self.answer.support(place, span)
                if support.weight >= HALF:
                    yield point, span, support

    def _objection(self, quote: str, numbers: Iterable[int], place: int | None) -> Span | None:
        """Return where an objection's quote stands, if it has to do with what is objected to."""
        span = self.answer.find(quote)
        if span is None:
            return None
        ready = self.answer.ready
        targets = [ready.misconceptions[number] for number in numbers]
        targets += [ready.points[place]] if place is not None else []
        founded = any(self.answer.against(each, span).weight >= OBJECTION for each in targets)
        return span if founded else None

    def _step_down(self, point_id: str, span: Span) -> bool:
        """Take one step off a point; whether it is contradicted now."""
        if point_id in self._objected:
            return self.points[point_id].state is _CONTRADICTED
        before = self.points[point_id]
        evidence = self.answer.evidence.points[self._place[point_id]]
        if before.state is _CONTRADICTED:
            return True
        if any(span.first <= place <= span.last for place, _ in evidence.right):
            return False  # a fact that was read there outweighs an opinion
        self._objected.add(point_id)
        self.doubted = self.doubted or bool(CREDIT[before.state])
        state = _ONE_LESS[before.state]
        quote = {_NOT_FOUND: "", _CONTRADICTED: self.answer.words(span)}.get(state, before.quote)
        self.points[point_id] = PointVerdict(point_id, state, quote)
        return state is _CONTRADICTED

    def _bits(self, place: int, span: Span) -> int:
        """Return the words by which the offline critic credits a point in `span`."""
        match = self.answer.evidence.points[place].match
        if match.hits and match.first <= span.last and span.first <= match.last:
            return match.hits
        pool = self.answer.ready.points[place].pool
        reads = self.answer.evidence.reads[span.first : span.last + 1]
        said = 0
        for each in reads:
            said |= each.said | each.denied
        return said & pool

    def _weight(self, bits: int) -> float:
        weights = self.answer.ready.vocabulary.weights
        return sum(weights[bit] for bit in each_bit(bits))

    def _numbered(self) -> Iterable[tuple[int, Misconception]]:
        return enumerate(self._question.rubric.misconceptions)
