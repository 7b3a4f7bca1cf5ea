"""The follow-up leads to what was missed."""

from __future__ import annotations

from bot.critics.following import in_turn
from bot.domain.critique import Critique, PointState, PointVerdict, Status
from bot.domain.question import FollowUp, KeyPoint, Question, Rubric

QUESTION = Question(
    "tea",
    "How do you make tea?",
    "core-python",
    1,
    Rubric(
        points=(
            KeyPoint("boil", "Boil the water in a kettle.", 40, ("heat water in the kettle",)),
            KeyPoint("pot", "Warm the pot before the leaves go in.", 40, ("a warm pot",)),
            KeyPoint("milk", "Milk goes in last.", 20),
        ),
        follow_ups=(
            FollowUp("Why is milk poured last?", listen_for=("Milk goes in last, to see colour.",)),
            FollowUp("What does a cold pot do to the leaves?", listen_for=("A warm pot keeps.",)),
        ),
    ),
)


def judged(**states: PointState) -> Critique:
    points = tuple(
        PointVerdict(point.id, states.get(point.id, PointState.COVERED))
        for point in QUESTION.rubric.points
    )
    return Critique(0, Status.GRADED, points)


def prompts(critique: Critique | None) -> list[tuple[str, str]]:
    return [(each.prompt[:8], missed) for each, missed in in_turn(QUESTION, critique)]


def test_what_was_missed_is_asked_first_and_named() -> None:
    assert prompts(judged(pot=PointState.NOT_FOUND)) == [
        ("What doe", "Warm the pot before the leaves go in."),
        ("Why is m", ""),
    ]


def test_the_heavier_gap_comes_first() -> None:
    both = judged(pot=PointState.NOT_FOUND, milk=PointState.NOT_FOUND)
    assert prompts(both)[0][0] == "What doe"
    half = judged(pot=PointState.PARTLY, milk=PointState.CONTRADICTED)
    assert [missed != "" for _, missed in prompts(half)] == [True, False]


def test_without_a_gap_or_a_critique_the_order_is_the_authors() -> None:
    for critique in (None, judged(), judged(boil=PointState.NOT_FOUND)):
        assert prompts(critique) == [("Why is m", ""), ("What doe", "")]
