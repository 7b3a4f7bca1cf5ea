"""Graded answers as they are read from a file, and examples drawn from them for a rubric."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

GOOD = (0.9, 0.8)
"""Scores from which on an answer serves as a paraphrase; the lower one only where the higher has
not enough."""
BAD = (0.5, 0.59)
"""Scores up to which an answer serves as a wrong example, in the same way: 3 of 5 is no longer
wrong."""


@dataclass(frozen=True, slots=True)
class Graded:
    """An answer that somebody has graded.

    Attributes:
        qid: Its question, by name.
        question: Its question, as asked.
        reference: The right answer that came with the question.
        answer: The answer.
        score: What people gave it, 0 to 1.
    """

    qid: str
    question: str
    reference: str
    answer: str
    score: float


@dataclass(frozen=True, slots=True)
class Examples:
    """What the rubric of one question has, and the answers that are left to be graded.

    Attributes:
        right: The reference and the paraphrases.
        wrong: The wrong examples.
        rest: The answers that are neither.
    """

    right: tuple[str, ...]
    wrong: tuple[str, ...]
    rest: tuple[Graded, ...]


def read_answers(path: Path) -> list[Graded]:
    """Return the answers in `path`, a JSON object a line.

    Raises:
        ValueError: A line lacks something, or there is no second question to learn from.
    """
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            qid, question = str(row["qid"]), str(row["question"])
            reference, answer = str(row["reference"]), str(row["answer"])
            score = float(row["score"])
        except (ValueError, TypeError, KeyError) as error:
            raise ValueError(f"{path.name}, line {number}: {error!r}") from error
        if not 0 <= score <= 1:
            raise ValueError(f"{path.name}, line {number}: a score is 0 to 1, not {score}")
        found.append(Graded(qid, question, reference, answer, score))
    if len({each.qid for each in found}) < 2:
        raise ValueError(f"{path.name}: answers to at least two questions are needed")
    return found


def draw(answers: Sequence[Graded], paraphrases: int, wrong: int, seed: int) -> list[Examples]:
    """Return the examples of each question, the same for the same `seed`.

    A question of which too few answers are good or bad enough gets fewer examples.
    """
    found = []
    for qid in dict.fromkeys(each.qid for each in answers):
        mine = [each for each in answers if each.qid == qid]
        random.Random(f"{seed} {qid}").shuffle(mine)
        good = [each for each in mine if each.score >= GOOD[1]]
        bad = [each for each in mine if each.score <= BAD[1]]
        good = sorted(good, key=lambda each: each.score < GOOD[0])[:paraphrases]
        bad = sorted(bad, key=lambda each: each.score > BAD[0])[:wrong]
        taken = {id(each) for each in (*good, *bad)}
        found.append(
            Examples(
                (mine[0].reference, *(each.answer for each in good)),
                tuple(each.answer for each in bad),
                tuple(each for each in mine if id(each) not in taken),
            )
        )
    return found
