"""A model's scores on people's scale."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.critics.llm.calibration import Calibration, calibrate, fit, load, save
from bot.critics.llm.critic import LlmCritic
from bot.errors import Invalid
from bot.settings import LlmSettings
from tests.critics.llm.conftest import ANSWER
from tests.critics.rubrics import STACKS
from tests.llm import Fault, LlmServer

SCORES = st.integers(0, 100)


def test_neighbours_that_fall_are_averaged() -> None:
    curve = fit([(10, 10), (20, 40), (30, 20), (40, 60)])

    assert curve.knots == ((10, 10), (20, 30), (30, 30), (40, 60))
    assert [curve.apply(score) for score in (0, 10, 15, 25, 35, 40, 100)] == [
        *(10, 10, 20, 30, 45, 60, 60)
    ]


def test_equal_scores_become_their_mean() -> None:
    assert fit([(50, 20), (50, 40)]).knots == ((50, 30),)


def test_without_knots_nothing_changes() -> None:
    assert Calibration("", "", ()).apply(37) == 37


@given(st.lists(st.tuples(SCORES, SCORES), min_size=1, max_size=40))
def test_a_curve_never_falls_and_is_no_worse_than_none(pairs: list[tuple[int, int]]) -> None:
    curve = fit(pairs)

    applied = [curve.apply(score) for score in range(101)]
    assert all(left <= right for left, right in pairwise(applied))
    assert all(0 <= each <= 100 for each in applied)
    squares = sum((curve.apply(raw) - human) ** 2 for raw, human in pairs)
    before = sum((raw - human) ** 2 for raw, human in pairs)
    assert squares <= before + len(pairs) * 51  # rounding


def test_scores_out_of_range_are_refused() -> None:
    with pytest.raises(ValueError, match="0 to 100"):
        fit([(50, 120)])


def test_a_curve_goes_to_a_file_and_back(tmp_path: Path) -> None:
    curve = fit([(10, 20), (90, 70)], "m-1", "1.1 m-1")
    save(curve, tmp_path / "curve.json")

    assert load(tmp_path / "curve.json") == curve
    assert json.loads((tmp_path / "curve.json").read_text())["model"] == "m-1"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"model": "m", "version": "1", "knots": [[0, 50], [10, 40]]}',
        '{"model": "m", "version": "1", "knots": [[10, 0], [10, 40]]}',
        '{"model": "m", "version": "1", "knots": [[0, 400]]}',
        '{"model": "m", "version": "1", "knots": [[0, NaN]]}',
    ],
)
def test_a_file_that_is_no_curve_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "curve.json").write_text(text)

    with pytest.raises(Invalid):
        load(tmp_path / "curve.json")
    with pytest.raises(Invalid):
        LlmCritic(LlmSettings(base_url="http://x/v1", model="m", calibration=tmp_path / "none"))


async def test_answers_that_people_graded_make_a_curve(
    server: LlmServer, critic: LlmCritic
) -> None:
    server.faults.plan(Fault.NO_MODEL, times=2)
    line = json.dumps({"question": "stack-vs-queue", "answer": ANSWER, "score": 80})

    curve = await calibrate([line, "", *[line] * 21], critic, {STACKS.slug: STACKS})

    assert curve == Calibration("m-1", "1.1 m-1", ((50, 80),))


@pytest.mark.parametrize(
    "line",
    [
        "no JSON",
        '{"question": "unknown", "answer": "x", "score": 5}',
        '{"question": "stack-vs-queue", "answer": 5, "score": 5}',
        '{"question": "stack-vs-queue", "answer": "x", "score": 500}',
        '{"question": "stack-vs-queue", "answer": "x"}',
    ],
)
async def test_a_line_that_is_no_graded_answer_is_named(critic: LlmCritic, line: str) -> None:
    with pytest.raises(Invalid, match="Line 2"):
        await calibrate(["", line], critic, {STACKS.slug: STACKS})


async def test_a_few_answers_make_no_curve(critic: LlmCritic) -> None:
    line = json.dumps({"question": "stack-vs-queue", "answer": ANSWER, "score": 80})

    with pytest.raises(Invalid, match="it takes 20"):
        await calibrate([line] * 3, critic, {STACKS.slug: STACKS})
