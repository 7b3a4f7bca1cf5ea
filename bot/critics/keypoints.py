"""The offline critic: judges an answer from the rubric alone, at once, the same every time.

normalise -> clauses -> facts and paraphrases -> a verdict per key point. It knows words, not
meaning: what it does not find is "not found", and "contradicted" needs a plain wrong statement.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

from bot.critics import precheck
from bot.critics.calibration import calibrated
from bot.critics.clauses import Clause, split
from bot.critics.embedding import embedding, installed
from bot.critics.evidence import Evidence, PointEvidence, gather
from bot.critics.matching import Match
from bot.critics.nearness import Nearness
from bot.critics.quotes import quote
from bot.critics.rubric import Prepared
from bot.critics.targets import Target, each_bit
from bot.critics.words import Folded, content, fold
from bot.domain.critique import (
    Critique,
    MisconceptionFound,
    PointState,
    PointVerdict,
    Status,
    score,
)
from bot.domain.question import Question

THRESHOLDS = ((4, 0.63, 0.47), (2, 0.52, 0.4), (0, 0.34, 0.25))
"""Wordings of a point, and the matches from which on it is covered and partly covered.

Set where more than nine of ten credits were right on answers labelled by hand. A point with few
wordings is a moderator's own: nobody repeats its one sentence, so less of it is asked for.
"""
PREPARED = 128
"""Rubrics kept ready; one takes about 220 kB and 40 ms to prepare."""
NEARLY = 0.4
"""Match from which on a point is covered if the words mean it as well (nearness.py).

Measured: of paraphrases that were taken out of their rubric, a quarter more were found, and of all
credits no larger share went wrong.
"""
OFFTOPIC_WORDS = 6
"""Content words from which on an answer that hits nothing is called off the topic."""
OFFTOPIC_SHARE = 0.2
"""Share of them that the rubric may know all the same."""

OWN_SHARE = 0.5
"""Share of the weight of a half credit's words that must not say another point already."""
SHARED = 2
"""Half credits that the same words may earn."""

_NOT_FOUND = PointState.NOT_FOUND
_Verdict = tuple[PointState, Match]
_CORRECTIONS = frozenset(("no", "wait", "actually", "correction", "sorry", "oops", "scratch"))


class KeypointsCritic:
    """The critic that needs nothing but the rubric."""

    name = "keypoints"
    version = "3"

    def __init__(self, meaning: bool = True) -> None:
        """Start with no rubric prepared.

        Args:
            meaning: Whether nearness of meaning counts too, if what tells it is installed.
        """
        self._prepared = lru_cache(maxsize=PREPARED)(calibrated)
        self._nearness = lru_cache(maxsize=PREPARED)(self._near)
        self._meaning = meaning and installed()
        if self._meaning:
            self.version += "+meaning"

    async def critique(self, question: Question, answer: str) -> Critique:
        """Return what the rubric says of `answer`; it is always available."""
        return self.judge(question, answer)

    def judge(self, question: Question, answer: str) -> Critique:
        """Return what the rubric says of `answer`; no string makes it fail."""
        start = precheck.visible_from(answer)
        if start is None:
            return self._nothing(question, Status.EMPTY)
        graded, truncated = precheck.cut(answer, start)
        folded = fold(graded)
        flags = ["obfuscated"] if folded.obfuscated or precheck.spaced_out(folded) else []
        if not precheck.attempted(folded):
            return self._nothing(question, Status.NOT_AN_ATTEMPT, flags)
        ready = self._prepared(question)
        clauses = split(folded, graded, ready.subjects, ready.vocabulary.respell)
        if precheck.mute_instructions(clauses, folded):
            flags.append("injection")
        if precheck.mute_question(clauses, question.prompt):
            flags.append("copy_question")
        if precheck.mute_word_lists(clauses, folded):
            flags.append("stuffing")
        judged = _Judged(graded, folded, ready, gather(clauses, ready), self._nearness)
        points = judged.points()
        if judged.contradicts_itself:
            flags.append("contradiction")
        if not flags and _off_topic(clauses, ready, points):
            flags.append("offtopic")
        found, free = judged.misconceptions()
        return Critique(
            score=score(question.rubric, points, free),
            status=Status.TRUNCATED if truncated else Status.GRADED,
            points=points,
            misconceptions=found,
            flags=tuple(flags),
            critic=self.name,
            version=self.version,
        )

    def _near(self, question: Question) -> Nearness | None:
        vectors = embedding() if self._meaning else None
        return Nearness(self._prepared(question), vectors) if vectors else None

    def _nothing(self, question: Question, status: Status, flags: Sequence[str] = ()) -> Critique:
        points = tuple(
            PointVerdict(point.id, PointState.NOT_FOUND) for point in question.rubric.points
        )
        return Critique(0, status, points, (), tuple(flags), self.name, self.version)


class _Judged:
    """The verdicts on one answer."""

    def __init__(
        self,
        answer: str,
        folded: Folded,
        ready: Prepared,
        evidence: Evidence,
        nearness: Callable[[Question], Nearness | None],
    ) -> None:
        self._answer = answer
        self._folded = folded
        self._ready = ready
        self._evidence = evidence
        self._nearness = nearness
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
        said = 0
        for each in self._evidence.reads[where.first : where.last + 1]:
            said |= each.said | each.denied
        return said & self._ready.points[place].pool

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
        if evidence.match.score < min(partly, NEARLY):
            return none
        reads = self._evidence.reads[evidence.match.first : evidence.match.last + 1]
        only_code = all(each.clause.code for each in reads)
        enough = evidence.match.score >= covered and not only_code
        if enough or self._means(place, evidence.match):
            return PointState.COVERED, evidence.match
        return (PointState.PARTLY, evidence.match) if evidence.match.score >= partly else none

    def _means(self, place: int, where: Match) -> bool:
        """Whether what nearly matches a point in words means it as well."""
        reads = self._evidence.reads[where.first : where.last + 1]
        if where.score < NEARLY or any(each.clause.code for each in reads):
            return False
        nearness = self._nearness(self._ready.question)
        if nearness is None:
            return False
        first, last = reads[0].clause.tokens[0], reads[-1].clause.tokens[-1]
        return nearness.means(place, self._folded.text[first.start : last.end], reads)

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


def _off_topic(clauses: Sequence[Clause], ready: Prepared, points: Sequence[PointVerdict]) -> bool:
    """Whether an answer hits no point and has next to no word of the rubric."""
    if any(point.state is not PointState.NOT_FOUND for point in points):
        return False
    said = [t.stem for clause in clauses for t in clause.tokens if content(t.word)]
    known = sum(each in ready.vocabulary.bits for each in said)
    return len(said) >= OFFTOPIC_WORDS and known <= OFFTOPIC_SHARE * len(said)
