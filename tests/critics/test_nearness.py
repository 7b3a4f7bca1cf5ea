"""What nearness of meaning adds to the critic, and what it must never pass."""

from __future__ import annotations

import pytest

from bot.critics.embedding import installed
from bot.critics.keypoints import KeypointsCritic
from bot.domain.critique import PointState
from bot.domain.question import Question
from tests.critics.rubrics import STACKS, VERBS
from tests.critics.test_answers import ROWS, question

pytestmark = pytest.mark.skipif(not installed(), reason="no embeddings installed")
WITH, WITHOUT = KeypointsCritic(meaning=True), KeypointsCritic(meaning=False)


def states(critic: KeypointsCritic, asked: Question, answer: str) -> dict[str, PointState]:
    return {point.id: point.state for point in critic.judge(asked, answer).points}


@pytest.mark.parametrize(
    ("asked", "answer", "point"),
    [
        (STACKS, "a stack hands you the newest thing", "lifo"),
        (STACKS, "recursion is kept on a stack", "undo"),
        (VERBS, "PUT overwrites everything in the object", "put"),
    ],
)
def test_nearly_the_words_and_the_same_meaning_cover_a_point(
    asked: Question, answer: str, point: str
) -> None:
    assert states(WITHOUT, asked, answer)[point] is not PointState.COVERED
    assert states(WITH, asked, answer)[point] is PointState.COVERED


@pytest.mark.parametrize(
    ("asked", "answer", "point"),
    [
        (STACKS, "a stack never hands you the newest thing", "lifo"),
        (STACKS, "a stack hands you the first thing", "lifo"),
        (STACKS, "a queue hands you the newest thing", "fifo"),
        (STACKS, "recursion is not kept on a stack", "undo"),
        (STACKS, "recursion needs no stack", "undo"),
        (VERBS, "PUT overwrites part of the object", "put"),
        (VERBS, "PUT does not overwrite everything in the object", "put"),
        (VERBS, "PUT only overwrites everything in the object once", "put"),
    ],
)
def test_what_turns_a_statement_round_is_not_passed(
    asked: Question, answer: str, point: str
) -> None:
    assert states(WITH, asked, answer)[point] is not PointState.COVERED


def test_both_critics_are_told_apart() -> None:
    assert WITH.version != WITHOUT.version
    assert WITH.judge(STACKS, "LIFO").version == WITH.version


def test_with_meaning_fewer_credits_are_wrong_and_hardly_fewer_points_found() -> None:
    found = {}
    for critic in (WITHOUT, WITH):
        right = credited = said = 0
        for row in ROWS:
            verdict = states(critic, question(row["question"]), row["answer"])
            covered = {point for point, state in verdict.items() if state is PointState.COVERED}
            said += len(row["covered"])
            right += len(covered & set(row["covered"]))
            credited += len(covered - set(row["partly"]))
        found[critic] = right / said, right / credited

    assert found[WITH][0] >= found[WITHOUT][0] - 0.05
    assert found[WITH][1] >= found[WITHOUT][1] + 0.03


def test_a_misconception_in_other_words_is_met() -> None:
    asked = question("args-kwargs")
    answer = "args gives a list of arguments"

    assert "args_list" in [each.id for each in WITH.judge(asked, answer).misconceptions]
    assert states(WITH, asked, answer)["args_tuple"] is PointState.CONTRADICTED


def test_what_is_nearer_to_a_misconception_than_to_a_point_covers_it_at_most_partly() -> None:
    asked = question("docker")
    answer = "Each container is basically a small virtual machine with its own stripped-down OS."

    assert states(WITHOUT, asked, answer)["isolation"] is PointState.COVERED
    assert states(WITH, asked, answer)["isolation"] is not PointState.COVERED


def test_an_answer_of_nothing_but_code_is_not_moved() -> None:
    answer = "```python\nstack.append(1)\nstack.pop()\n```"

    assert states(WITH, STACKS, answer) == states(WITHOUT, STACKS, answer)
