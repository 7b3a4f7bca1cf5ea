"""What the critic makes of answers that nobody wrote its rubrics for (tests/data/critique)."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest

from bot.critics.embedding import installed
from bot.critics.keypoints import KeypointsCritic
from bot.domain.critique import PointState
from tests.critics.blind import DATA, agreement, labels, measured, questions, rows, together

CONTRADICTED = PointState.CONTRADICTED


def test_the_agreement_of_the_labellers_is_the_one_written_down() -> None:
    written = json.loads((DATA / "agreement.json").read_text("utf-8"))

    assert asdict(agreement()) == written
    assert written["kappa"] >= 0.8


@pytest.mark.parametrize("who", ["a", "b"])
def test_labels_name_answers_points_and_misconceptions_that_are_there(who: str) -> None:
    lines = (DATA / "answers.jsonl").read_text("utf-8").splitlines()
    answers = {json.loads(line)["id"] for line in lines}

    found = labels(who)

    assert found.keys() <= answers
    for identity, label in found.items():
        rubric = questions()[identity.split("/")[0]].rubric
        assert label.covered | label.partly | label.wrong <= {each.id for each in rubric.points}
        assert label.misconceptions <= {each.id for each in rubric.misconceptions}


@pytest.mark.parametrize(
    ("left", "right", "both"),
    [
        ("covered", "covered", "covered"),
        ("covered", "partly", "partly"),
        ("nothing", "covered", "partly"),
        ("partly", "nothing", "nothing"),
        ("wrong", "wrong", "wrong"),
        ("wrong", "covered", None),
    ],
)
def test_of_two_verdicts_the_more_cautious_is_taken(
    left: str, right: str, both: str | None
) -> None:
    assert together(left, right) == both


@pytest.mark.parametrize(
    ("meaning", "precision", "recall", "error"), [(True, 0.9, 0.85, 14), (False, 0.85, 0.85, 14)]
)
def test_the_development_half_is_graded_as_well_as_it_was(
    meaning: bool, precision: float, recall: float, error: float
) -> None:
    if meaning and not installed():
        pytest.skip("no embeddings installed")

    found = measured(rows(test=False), KeypointsCritic(meaning))

    assert found.precision >= precision
    assert found.recall >= recall
    assert found.error <= error
    assert found.accused <= 0.03 * found.clean


def test_hardly_anybody_is_accused_of_a_right_statement_that_looks_wrong() -> None:
    critic = KeypointsCritic()
    lines = (DATA / "right.jsonl").read_text("utf-8").splitlines()
    accused = []
    for row in map(json.loads, lines):
        critique = critic.judge(questions()[row["question"]], row["says"])
        if critique.misconceptions or any(p.state is CONTRADICTED for p in critique.points):
            accused.append(row["says"])

    assert len(accused) <= 0.03 * len(lines), accused
