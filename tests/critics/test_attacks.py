"""Attacks and false alarms, each with what it may earn; all on one small rubric."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.critics.keypoints import KeypointsCritic
from bot.domain.critique import Critique, PointState
from tests.critics.rubrics import STACKS

CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "attacks.json").read_text(encoding="utf-8")
)
CRITIC = KeypointsCritic()


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_an_answer_earns_what_it_says_and_nothing_else(case: dict[str, Any]) -> None:
    expect = case["expect"]

    critique = CRITIC.judge(STACKS, case["answer"])

    assert critique.status == expect.get("status", critique.status)
    assert expect.get("score_min", 0) <= critique.score <= expect.get("score_max", 100)
    assert set(expect.get("covered", ())) <= points(critique, PointState.COVERED)
    assert not set(expect.get("not_covered", ())) & points(critique, PointState.COVERED)
    assert set(expect.get("wrong", ())) <= points(critique, PointState.CONTRADICTED)
    assert set(expect.get("flags", ())) <= set(critique.flags)


def points(critique: Critique, state: PointState) -> set[str]:
    return {point.id for point in critique.points if point.state is state}
