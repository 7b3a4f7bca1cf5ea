"""A model's scores on people's scale: a rising curve through answers that both have graded."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from bot.critics.base import CriticUnavailable
from bot.critics.keypoints import KeypointsCritic
from bot.critics.llm.merge import merged
from bot.domain.question import Question
from bot.errors import Invalid

if TYPE_CHECKING:
    from bot.critics.llm.critic import LlmCritic

LEAST = 20
"""Graded answers from which on a curve says more than chance."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """A curve that never falls.

    Attributes:
        model: Whose scores it is for; empty: anybody's.
        version: The critic's version when it was fitted.
        knots: Score by the points, and people's score for it; between two, a straight line.
    """

    model: str
    version: str
    knots: tuple[tuple[float, float], ...]

    def fits(self, model: str, version: str) -> bool:
        """Whether the curve is for such opinions: others may be lenient elsewhere."""
        return self.model in ("", model) and self.version in ("", version)

    def apply(self, score: int) -> int:
        """Return `score` on people's scale, 0 to 100; without knots, unchanged."""
        if not self.knots:
            return score
        right = bisect_right(self.knots, (score, float("inf")))
        if right == 0:
            return round(self.knots[0][1])
        if right == len(self.knots):
            return round(self.knots[-1][1])
        (x0, y0), (x1, y1) = self.knots[right - 1 : right + 1]
        return round(y0 + (y1 - y0) * (score - x0) / (x1 - x0))


def fit(pairs: Iterable[tuple[float, float]], model: str = "", version: str = "") -> Calibration:
    """Return the rising curve nearest to `pairs` of (score by the points, people's score).

    Isotonic regression by pooling adjacent violators: neighbours that fall are averaged until none
    do. It has no parameter to choose, and cannot turn a better answer into a worse score.

    Raises:
        ValueError: A score is not 0 to 100.
    """
    ordered = sorted(pairs)
    if any(not (0 <= raw <= 100 and 0 <= human <= 100) for raw, human in ordered):
        raise ValueError("scores are 0 to 100")
    blocks: list[_Block] = []
    for raw, same in groupby(ordered, key=lambda pair: pair[0]):
        humans = [human for _, human in same]
        blocks.append(_Block(raw, raw, sum(humans), len(humans)))
        while len(blocks) > 1 and blocks[-2].mean > blocks[-1].mean:
            last, before = blocks.pop(), blocks.pop()
            pooled = before.total + last.total
            blocks.append(_Block(before.first, last.last, pooled, before.count + last.count))
    knots: list[tuple[float, float]] = []
    for block in blocks:
        ends = (block.first, block.last) if block.last > block.first else (block.first,)
        knots += [(float(end), round(block.mean, 2)) for end in ends]
    return Calibration(model, version, tuple(knots))


@dataclass(frozen=True, slots=True)
class _Block:
    first: float
    last: float
    total: float
    count: int

    @property
    def mean(self) -> float:
        return self.total / self.count


def save(calibration: Calibration, path: Path) -> None:
    """Write a curve as JSON."""
    path.write_text(json.dumps(asdict(calibration), indent=1) + "\n", encoding="utf-8")


def load(path: Path) -> Calibration:
    """Return the curve in a file.

    Raises:
        Invalid: It cannot be read, or is no rising curve.
    """
    try:
        found = TypeAdapter(Calibration).validate_json(path.read_bytes())
    except (OSError, ValidationError):
        raise Invalid(f"{path} is no calibration that can be read.") from None
    heights = [height for _, height in found.knots]
    places = [place for place, _ in found.knots]
    rises = heights == sorted(heights) and places == sorted(set(places))
    if not rises or any(not 0 <= each <= 100 for each in heights + places):
        raise Invalid(f"{path} is no rising curve of scores from 0 to 100.")
    return found


async def calibrate(
    lines: Iterable[str], critic: LlmCritic, questions: Mapping[str, Question]
) -> Calibration:
    """Return the curve for the critic's model from answers that people have graded.

    Answers on which the model has no opinion are left out.

    Args:
        lines: JSON objects with "question" (a slug), "answer" and "score" (people's, 0 to 100).
        critic: Who is asked, for every line.
        questions: The questions by slug.

    Raises:
        Invalid: A line is not of that form, or too few have an opinion.
    """
    pairs: list[tuple[float, float]] = []
    model = ""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        question, answer, human = _graded(number, line, questions)
        try:
            opinion = await critic.opinion(question, answer)
        except CriticUnavailable:
            continue
        model = opinion.model
        offline = KEYPOINTS.judge(question, answer)
        pairs.append((merged(question, answer, offline, opinion).score, human))
    if len(pairs) < LEAST:
        raise Invalid(f"{len(pairs)} graded answers have an opinion; it takes {LEAST}.")
    return fit(pairs, model, critic.version)


KEYPOINTS = KeypointsCritic()


def _graded(
    number: int, line: str, questions: Mapping[str, Question]
) -> tuple[Question, str, float]:
    try:
        row = json.loads(line)
        question, answer, human = questions[row["question"]], row["answer"], row["score"]
        fits = isinstance(answer, str) and 0 <= human <= 100
    except (ValueError, TypeError, KeyError):
        fits = False
    if not fits:
        needs = 'It takes a known "question", an "answer" and a "score" of 0 to 100.'
        raise Invalid(f"Line {number} is no graded answer.", needs)
    return question, answer, float(human)
