"""Why the offline critic says what it says, for those who write rubrics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.critics import precheck
from bot.critics.calibration import calibrated
from bot.critics.clauses import split
from bot.critics.embedding import embedding
from bot.critics.evidence import ACCUSE, Evidence, accusation, gather
from bot.critics.keypoints import KeypointsCritic
from bot.critics.matching import best
from bot.critics.nearness import Nearness
from bot.critics.reading import Read
from bot.critics.rubric import Prepared, wordings
from bot.critics.targets import Target, each_bit
from bot.critics.verdicts import thresholds
from bot.critics.words import fold, spoken
from bot.domain.critique import Critique
from bot.domain.question import Question


@dataclass(frozen=True, slots=True)
class Reason:
    """How near an answer comes to a point or a misconception.

    Attributes:
        id: Of the point or misconception.
        nearest: The wording that is nearest to the answer.
        match: How near, 0 to 1; all wordings together.
        partly: Match from which on a point is partly covered; of a misconception equal to `full`.
        full: Match from which on it is covered, or the misconception found.
        lacks: Words of the nearest wording that the answer has not, by weight, the heaviest first.
        meant: By how much the meaning of the answer moves a point's match; 0 where it is unknown.
    """

    id: str
    nearest: str
    match: float
    partly: float
    full: float
    lacks: tuple[str, ...]
    meant: float = 0.0


@dataclass(frozen=True, slots=True)
class Explained:
    """A verdict with its reasons, in the rubric's order."""

    critique: Critique
    points: tuple[Reason, ...]
    misconceptions: tuple[Reason, ...]


def explained(question: Question, answer: str) -> Explained:
    """Return what the critic says of an answer, and how near it was to saying something else."""
    ready = calibrated(question)
    evidence = _evidence(question, answer, ready)
    reads = evidence.reads
    rubric = question.rubric
    moved = [each.shift for each in evidence.near or ()] or [0.0] * len(rubric.points)
    points = []
    for place, (point, target) in enumerate(zip(rubric.points, ready.points, strict=True)):
        full, partly = thresholds(target)
        match = best(reads, target, ready.subject_bits).score
        reason = _reason(point.id, wordings(point), target, reads, ready, match, partly, full)
        points.append(replace(reason, meant=moved[place]))
    wrong = []
    for each, target in zip(rubric.misconceptions, ready.misconceptions, strict=True):
        match = accusation(reads, target, ready).score
        wrong.append(_reason(each.id, each.said, target, reads, ready, match, ACCUSE, ACCUSE))
    critique = KeypointsCritic().judge(question, answer)
    return Explained(critique, tuple(points), tuple(wrong))


def _evidence(question: Question, answer: str, ready: Prepared) -> Evidence:
    """Return what the critic finds in an answer; nothing, if there is no answer."""
    start = precheck.visible_from(answer)
    if start is None:
        return Evidence([], [], [])
    graded, _ = precheck.cut(answer, start)
    folded = fold(graded)
    clauses = split(folded, graded, ready.subjects, ready.vocabulary.respell)
    precheck.mute_instructions(clauses, folded)
    precheck.mute_question(clauses, question.prompt)
    precheck.mute_word_lists(clauses, folded)
    vectors = embedding()
    nearness = Nearness(ready, vectors) if vectors else None
    return gather(clauses, ready, folded.text, nearness)


def _reason(
    identity: str,
    texts: Sequence[str],
    target: Target,
    reads: Sequence[Read],
    ready: Prepared,
    match: float,
    partly: float,
    full: float,
) -> Reason:
    # Calibration takes away wordings of misconceptions that right words would match.
    known = dict(zip((each for each in target.sequences), texts, strict=False))
    said = 0
    for each in reads:
        said |= each.said | each.denied
    alone = [
        (best(reads, replace(target, wordings=(each,)), ready.subject_bits).score, each)
        for each in target.wordings
    ]
    if not alone:
        return Reason(identity, "", match, partly, full, ())
    _, wording = max(alone, key=lambda pair: pair[0])
    nearest = known.get(wording.sequence, texts[0])
    words = {ready.vocabulary.bit(token): token.word for token in spoken(nearest)}
    missing = list(each_bit((wording.said | wording.denied) & ~said))
    missing.sort(key=lambda bit: -ready.vocabulary.weights[bit])
    lacks = tuple(words[bit] for bit in missing if bit in words)
    return Reason(identity, nearest, match, partly, full, lacks)
