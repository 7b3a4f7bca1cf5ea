"""The verdict on each point, from what an answer's clauses say for and against it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.critics.evidence import Evidence, PointEvidence
from bot.critics.likeness import joined
from bot.critics.matching import Match
from bot.critics.quotes import quote
from bot.critics.rubric import Prepared
from bot.critics.targets import Target, each_bit
from bot.critics.words import Folded
from bot.domain.critique import MisconceptionFound, PointState, PointVerdict

THRESHOLDS = ((4, 0.63, 0.47), (2, 0.52, 0.4), (0, 0.34, 0.25))
"""Wordings of a point, and the matches from which on it is covered and partly covered.

Set where more than nine of ten credits were right on answers labelled by hand. A point with few
wordings is a moderator's own: nobody repeats its one sentence, so less of it is asked for.
"""
LEAST = 0.4
"""Match of words from which on meaning moves it up: with fewer, it is another point's meaning."""
PROSE = 6
"""Words outside code that an answer needs for its code to cover a point in full."""
OWN_SHARE = 0.5
"""Share of the weight of a half credit's words that must not say another point already."""
SHARED = 2
"""Half credits that the same words may earn."""

_NOT_FOUND = PointState.NOT_FOUND
_Verdict = tuple[PointState, Match]
_CORRECTIONS = frozenset(("no", "wait", "actually", "correction", "sorry", "oops", "scratch"))


class Verdicts:
    """The verdicts on one answer."""

    def __init__(
        self,
        answer: str,
        folded: Folded,
        ready: Prepared,
        evidence: Evidence,
    ) -> None:
        self._answer = answer
        self._folded = folded
        self._ready = ready
        self._evidence = evidence
        self._prose = sum(
            len(each.clause.tokens) for each in evidence.reads if not each.clause.code
        )
        self._stems = frozenset().union(
            *(each.clause.stems for each in evidence.reads if each.clause.live)
        )
        self.contradicts_itself = False

    def points(self) -> tuple[PointVerdict, ...]:
        """Return the verdict on every point, in the rubric's order."""
        judged = [
            self._verdict(place, evidence) for place, evidence in enumerate(self._evidence.points)
        ]
        judged = self._without_leftovers(judged)
        points = self._ready.question.rubric.points
        return tuple(
            PointVerdict(point.id, state, "" if state is _NOT_FOUND else self._quote(where))
            for point, (state, where) in zip(points, judged, strict=True)
        )

    def _without_leftovers(self, judged: Sequence[_Verdict]) -> list[_Verdict]:
        """Return the verdicts without half credits for words that already say something else.

        What a clause says in full, right or wrong, explains its words; a half credit needs others.
        """
        full = [
            (where, -1 if state is PointState.CONTRADICTED else self._hits(place, where))
            for place, (state, where) in enumerate(judged)
            if state in (PointState.COVERED, PointState.CONTRADICTED)
        ]
        full += [(where, where.hits) for _, where in self._evidence.misconceptions]
        found = list(judged)
        kept: list[Match] = []
        partly = [place for place, (state, _) in enumerate(judged) if state is PointState.PARTLY]
        for place in sorted(partly, key=lambda place: -judged[place][1].score):
            where = judged[place][1]
            explained = 0
            for other, hits in full:
                explained |= hits if _overlap(where, other) else 0
            weights = self._ready.vocabulary.weights
            weight = sum(weights[bit] for bit in each_bit(where.hits))
            own = sum(weights[bit] for bit in each_bit(where.hits & ~explained))
            if own < OWN_SHARE * weight or sum(_overlap(where, each) for each in kept) >= SHARED:
                found[place] = (_NOT_FOUND, where)
            else:
                kept.append(where)
        return found

    def _hits(self, place: int, where: Match) -> int:
        """Return the bits by which a point is settled; a fact leaves those of all its wordings."""
        if where.hits:
            return where.hits
        stretch = joined(self._evidence.reads[where.first : where.last + 1])
        return (stretch.said | stretch.denied) & self._ready.points[place].pool

    def misconceptions(self) -> tuple[tuple[MisconceptionFound, ...], int]:
        """Return the misconceptions found, and how many of them contradict no point."""
        known = self._ready.question.rubric.misconceptions
        found = self._evidence.misconceptions
        free = sum(known[number].contradicts is None for number, _ in found)
        return tuple(MisconceptionFound(known[n].id, self._quote(m)) for n, m in found), free

    def _verdict(self, place: int, evidence: PointEvidence) -> _Verdict:
        state, where = self._credit(place, evidence)
        against = _against(evidence)
        if against is None:
            return state, where
        if state is _NOT_FOUND:
            return PointState.CONTRADICTED, against
        self.contradicts_itself = True
        if evidence.wrong and not evidence.right:  # a fact outweighs likeness of words
            return PointState.CONTRADICTED, against
        if against.last >= where.last:  # the last word counts
            return PointState.CONTRADICTED, against
        if not self._corrected_between(against.last, where.last):
            state = PointState.PARTLY  # saying both earns no more than half
        return state, where

    def _credit(self, place: int, evidence: PointEvidence) -> _Verdict:
        """Return what a point has earned, before anything that speaks against it."""
        target = self._ready.points[place]
        none = _NOT_FOUND, evidence.match
        if any(self._stems.isdisjoint(group) for group in target.must):
            return none
        covered, partly = thresholds(target)
        if evidence.right:
            last, _ = evidence.right[-1]
            return PointState.COVERED, Match(1.0, last, last)
        match = self._moved(place, evidence.match)
        if match.score < partly:
            return _NOT_FOUND, match
        reads = self._evidence.reads[match.first : match.last + 1]
        bare = all(each.clause.code for each in reads) and self._prose < PROSE
        full = match.score >= covered and not bare and not self._rather_wrong(place, match)
        return (PointState.COVERED if full else PointState.PARTLY), match

    def _moved(self, place: int, match: Match) -> Match:
        """Return a match of words, moved by what is nearest in meaning."""
        if self._evidence.near is None:
            return match
        near = self._evidence.near[place]
        if near.shift > 0 and match.score < LEAST:
            return match
        score = match.score + near.shift
        if near.likeness > match.score:
            stretch = joined(self._evidence.reads[near.first : near.last + 1])
            hits = (stretch.said | stretch.denied) & self._ready.points[place].pool
            return Match(score, near.first, near.last, hits)
        return replace(match, score=score)

    def _rather_wrong(self, place: int, match: Match) -> bool:
        meaning = self._evidence.meaning
        return meaning is not None and meaning.rather_wrong(place, match.first, match.last)

    def _corrected_between(self, first: int, last: int) -> bool:
        """Whether the person takes back clause `first` on the way to clause `last`."""
        return any(
            not each.clause.words.isdisjoint(_CORRECTIONS)
            for each in self._evidence.reads[first + 1 : last + 1]
        )

    def _quote(self, where: Match) -> str:
        reads = self._evidence.reads[where.first : where.last + 1]
        bit = self._ready.vocabulary.bit
        clauses = [each.clause.tokens for each in reads]
        hits = [[token for token in words if bit(token) & where.hits] for words in clauses]
        return quote(self._answer, self._folded.origin, clauses, hits)


def _overlap(left: Match, right: Match) -> bool:
    return left.first <= right.last and right.first <= left.last


def thresholds(target: Target) -> tuple[float, float]:
    """Return the matches from which on `target` is covered, and partly covered."""
    return next(
        (covered, partly) for least, covered, partly in THRESHOLDS if len(target.wordings) >= least
    )


def _against(evidence: PointEvidence) -> Match | None:
    """Return the last stretch that states the opposite of a point."""
    places = [Match(1.0, place, place) for place in evidence.wrong]
    if evidence.denied_by:
        places.append(evidence.denied_by)
    return max(places, key=lambda each: each.last, default=None)
