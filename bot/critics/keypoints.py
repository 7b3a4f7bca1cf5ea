"""The offline critic: judges an answer from the rubric alone, at once, the same every time.

normalise -> clauses -> facts, paraphrases and their meaning -> a verdict per key point. It
understands nothing: what it does not find is "not found", and "contradicted" needs a plain wrong
statement.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from bot.critics import precheck
from bot.critics.calibration import calibrated
from bot.critics.clauses import Clause, split
from bot.critics.embedding import embedding, installed
from bot.critics.evidence import gather
from bot.critics.nearness import Nearness
from bot.critics.rubric import Prepared
from bot.critics.verdicts import Verdicts
from bot.critics.words import content, fold
from bot.domain.critique import Critique, PointState, PointVerdict, Status, score
from bot.domain.question import Question

PREPARED = 128
"""Rubrics kept ready; one takes about 220 kB and 40 ms to prepare."""
OFFTOPIC_WORDS = 6
"""Content words from which on an answer that hits nothing is called off the topic."""
OFFTOPIC_SHARE = 0.2
"""Share of them that the rubric may know all the same."""


class KeypointsCritic:
    """The critic that needs nothing but the rubric."""

    name = "keypoints"
    version = "4"

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
        evidence = gather(clauses, ready, folded.text, self._nearness(question))
        judged = Verdicts(graded, folded, ready, evidence)
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


def _off_topic(clauses: Sequence[Clause], ready: Prepared, points: Sequence[PointVerdict]) -> bool:
    """Whether an answer hits no point and has next to no word of the rubric."""
    if any(point.state is not PointState.NOT_FOUND for point in points):
        return False
    said = [t.stem for clause in clauses for t in clause.tokens if content(t.word)]
    known = sum(each in ready.vocabulary.bits for each in said)
    return len(said) >= OFFTOPIC_WORDS and known <= OFFTOPIC_SHARE * len(said)
