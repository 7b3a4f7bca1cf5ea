from __future__ import annotations

from dataclasses import replace

import pytest

from bot.critics.base import Critic
from bot.critics.calibration import calibrated, right_words
from bot.critics.keypoints import KeypointsCritic
from bot.domain.critique import Critique, PointState, Status
from bot.domain.question import Fact, KeyPoint, Misconception, Question, Rubric
from tests.critics.rubrics import BARE, STACKS, VERBS

CRITIC = KeypointsCritic()


def states(question: Question, answer: str) -> dict[str, PointState]:
    return {point.id: point.state for point in CRITIC.judge(question, answer).points}


async def test_it_is_a_critic_and_says_the_same_awaited() -> None:
    critic: Critic = CRITIC

    critique = await critic.critique(STACKS, "A stack is LIFO")

    assert critique == CRITIC.judge(STACKS, "A stack is LIFO")
    assert (critique.critic, critique.version) == (critic.name, critic.version)


def test_every_point_is_judged_in_the_rubrics_order() -> None:
    critique = CRITIC.judge(STACKS, "A queue is FIFO")

    assert [point.id for point in critique.points] == [p.id for p in STACKS.rubric.points]


def test_a_credit_quotes_the_persons_own_words() -> None:
    critique = CRITIC.judge(STACKS, "Trees are fun, and **a stack is LIFO**, you know")

    assert critique.points[0].state is PointState.COVERED
    assert critique.points[0].quote == "a stack is LIFO"


def test_a_misconception_is_quoted_and_contradicts_its_point() -> None:
    critique = CRITIC.judge(STACKS, "a queue gives you the newest item first")

    assert [found.id for found in critique.misconceptions] == ["queue_lifo"]
    assert critique.misconceptions[0].quote == "a queue gives you the newest item first"
    assert states(STACKS, "a queue gives you the newest item first")["fifo"] is (
        PointState.CONTRADICTED
    )


def test_a_misconception_of_no_point_costs_points() -> None:
    right = CRITIC.judge(STACKS, "A stack is LIFO.")
    wrong = CRITIC.judge(STACKS, "A stack is LIFO. A stack sorts its elements.")

    assert wrong.score == right.score - 10


@pytest.mark.parametrize(
    "answer",
    [
        "PUT does not replace the whole resource",
        "PUT replaces only a part of the resource",
        "it's not true that PUT overwrites the entire representation",
        "PATCH overwrites the entire representation",
    ],
)
def test_the_opposite_of_a_point_without_facts_is_not_covered(answer: str) -> None:
    assert states(VERBS, answer)["put"] is PointState.NOT_FOUND


@pytest.mark.parametrize(
    "answer",
    [
        "PUT replaces the resource, and not just some fields",
        "PUT swaps out the entire object, PATCH doesn't",
        "unlike PATCH, PUT overwrites the complete representation",
    ],
)
def test_negations_beside_a_point_do_not_cost_it(answer: str) -> None:
    assert states(VERBS, answer)["put"] is PointState.COVERED


def test_what_is_compared_must_stand_on_its_own_side() -> None:
    question = replace(
        VERBS,
        rubric=Rubric(
            points=(
                KeyPoint("order", "Authentication runs before authorization.", 100, ()),
                KeyPoint("cost", "Processes are slower to start than threads.", 100, ()),
            )
        ),
    )

    assert states(question, "authentication runs before authorization")["order"] is (
        PointState.COVERED
    )
    assert states(question, "authorization runs before authentication")["order"] is (
        PointState.NOT_FOUND
    )
    assert states(question, "authorization runs after authentication")["order"] is (
        PointState.COVERED
    )
    assert states(question, "threads are slower to start than processes")["cost"] is (
        PointState.NOT_FOUND
    )


def test_a_rubric_without_paraphrases_grades_too() -> None:
    answer = "PUT replaces the entire resource while PATCH modifies only some fields"

    assert set(states(BARE, answer).values()) == {PointState.COVERED}
    assert set(states(BARE, "they are two HTTP verbs for servers").values()) == {
        PointState.NOT_FOUND
    }
    assert states(BARE, "PUT doesn't replace the whole resource")["put"] is PointState.NOT_FOUND


def test_a_point_needs_a_word_of_each_must_group() -> None:
    assert states(STACKS, "undo and recursion need it")["undo"] is PointState.NOT_FOUND
    assert states(STACKS, "undo and recursion need a stack")["undo"] is PointState.COVERED


def test_code_alone_never_covers_a_point() -> None:
    code = "```\nqueue_is_fifo('a queue is FIFO')\n```"

    assert states(STACKS, code)["fifo"] is not PointState.COVERED
    assert states(STACKS, code + "\nSo a queue is FIFO")["fifo"] is PointState.COVERED


def test_a_long_answer_is_graded_up_to_the_limit_and_says_so() -> None:
    critique = CRITIC.judge(STACKS, "A stack is LIFO. " * 500)

    assert critique.status is Status.TRUNCATED
    assert critique.points[0].state is PointState.COVERED


def test_a_rubric_accuses_none_of_its_own_right_words() -> None:
    for text in right_words(STACKS):
        critique = CRITIC.judge(STACKS, text)
        assert not critique.misconceptions
        assert PointState.CONTRADICTED not in {point.state for point in critique.points}


def test_a_fact_that_accuses_a_paraphrase_is_muted() -> None:
    careless = Fact(("cache",), "stale", ("stale", "old"), False)
    said = "an old cache is thrown away"
    point = KeyPoint("fresh", "A cache is fresh.", 100, (said,), (careless,))
    question = replace(VERBS, rubric=Rubric(points=(point,)))

    assert calibrated(question).facts[0][0].muted
    assert states(question, said)["fresh"] is PointState.COVERED


def test_a_misconception_that_reads_like_the_truth_is_not_used() -> None:
    truth = "A proxy stores the reply to a safe request."
    said = ("a proxy stores the reply to every request", "a browser forgets replies")
    question = replace(
        VERBS,
        rubric=replace(VERBS.rubric, misconceptions=(Misconception("stores", said, truth),)),
    )

    assert len(calibrated(question).misconceptions[0].wordings) == 1
    assert not CRITIC.judge(question, truth).misconceptions


def test_a_rubric_without_points_earns_nothing_and_fails_nothing() -> None:
    critique: Critique = CRITIC.judge(replace(VERBS, rubric=Rubric(points=())), "PUT is a verb")

    assert (critique.score, critique.points) == (0, ())
