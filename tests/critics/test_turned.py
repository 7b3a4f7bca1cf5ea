"""What is turned round by rule - denied, called untrue, subjects exchanged - earns next to nothing.

The cases are made of the bank's own wordings: an answer that says one wording of each point, and
the same answer with every sentence turned round.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from bot.bank.format import parse
from bot.critics.keypoints import KeypointsCritic
from bot.critics.rubric import wordings
from bot.domain.critique import PointState
from bot.domain.question import Question
from tests.critics.turning import negated, swapped, untrue

QUESTIONS = Path(__file__).parents[2] / "questions"
CRITIC = KeypointsCritic()
DRAWS = 2
"""Answers that are made of each question's wordings, for each way of turning them round."""
FALLS = 40
"""Points that the score of an answer falls by (the brief's measure)."""
PAIRS = {
    "authentication-vs-authorization": [("authentication", "authorization")],
    "gil": [("threads", "processes")],
    "list-vs-tuple": [("list", "tuple")],
    "put-vs-patch": [("PUT", "PATCH")],
    "shallow-vs-deep-copy": [("shallow", "deep")],
    "str-vs-repr": [("__str__", "__repr__"), ("str", "repr")],
    "sync-vs-async-endpoints": [("sync", "async")],
    "uvicorn-vs-gunicorn": [("uvicorn", "gunicorn")],
}
"""Subjects that can be exchanged, by question."""


@cache
def questions() -> list[Question]:
    return [parse(path, path.read_text("utf-8")) for path in sorted(QUESTIONS.glob("*/*.toml"))]


def ways(asked: Question) -> dict[str, Callable[[str], str | None]]:
    found: dict[str, Callable[[str], str | None]] = {"denied": negated, "untrue": untrue}
    if pairs := PAIRS.get(asked.slug):
        found["swapped"] = lambda text: swapped(text, pairs)
    return found


def answers() -> list[tuple[Question, str, str]]:
    """Return answers as they are and turned round."""
    drawn = random.Random(20260323)
    found = []
    for asked in questions():
        for turn in ways(asked).values():
            for _ in range(DRAWS):
                right, wrong = [], []
                for point in asked.rubric.points:
                    texts = wordings(point)
                    drawn.shuffle(texts)
                    turned = ((text, turn(text)) for text in texts)
                    pair = next(((text, other) for text, other in turned if other), None)
                    if pair:
                        right.append(pair[0].rstrip(".") + ".")
                        wrong.append(pair[1].rstrip(".") + ".")
                found.append((asked, " ".join(right), " ".join(wrong)))
    return found


def test_an_answer_turned_round_falls_by_forty_points() -> None:
    fell = stayed = 0
    for asked, right, wrong in answers():
        before, after = CRITIC.judge(asked, right).score, CRITIC.judge(asked, wrong).score
        if before < FALLS + 5:  # nothing to fall by
            continue
        fell += after <= before - FALLS
        stayed += after > before - FALLS

    assert fell + stayed >= 180
    assert fell >= 0.95 * (fell + stayed)


@pytest.mark.parametrize(("way", "most"), [("denied", 0.06), ("untrue", 0.04), ("swapped", 0.24)])
def test_a_statement_turned_round_is_seldom_credited(way: str, most: float) -> None:
    """One sentence alone is the harder measure: there is no other to show which way it is meant."""
    turned, credited = 0, []
    for asked in questions():
        turn = ways(asked).get(way)
        for place, point in enumerate(asked.rubric.points):
            for text in wordings(point)[::3] if turn else ():
                other = turn(text) if turn else None
                if other is None:
                    continue
                turned += 1
                if CRITIC.judge(asked, other).points[place].state is PointState.COVERED:
                    credited.append(other)

    assert turned >= 100
    assert len(credited) <= most * turned, credited
