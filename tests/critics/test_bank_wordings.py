"""What must hold for every wording of the bank, given alone as an answer.

The floors lie a little under what was measured, so that they tell of a step back and still leave
room for a question that is being written.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

from bot.bank.walk import read_bank
from bot.critics.calibration import right_words
from bot.critics.keypoints import KeypointsCritic
from bot.critics.rubric import wordings
from bot.domain.critique import Critique, PointState
from bot.domain.question import Question

CRITIC = KeypointsCritic()
EARNS = (PointState.COVERED, PointState.PARTLY)


class Said(NamedTuple):
    """A wording judged as an answer.

    Attributes:
        slug: Its question.
        text: The wording.
        point: The point it says, or contradicts; None for none.
        misconception: The misconception it is; empty if it is right.
        critique: What the critic says of it.
    """

    slug: str
    text: str
    point: str | None
    misconception: str
    critique: Critique

    @property
    def state(self) -> PointState | None:
        return next((p.state for p in self.critique.points if p.id == self.point), None)

    @property
    def accused(self) -> bool:
        states = {point.state for point in self.critique.points}
        return bool(self.critique.misconceptions) or PointState.CONTRADICTED in states


@cache
def bank() -> list[Question]:
    return list(read_bank(Path(__file__).parents[2] / "questions").questions)


@cache
def right() -> list[Said]:
    return [
        Said(each.slug, text, point.id, "", CRITIC.judge(each, text))
        for each in bank()
        for point in each.rubric.points
        for text in wordings(point)
    ]


@cache
def wrong() -> list[Said]:
    return [
        Said(each.slug, text, mistake.contradicts, mistake.id, CRITIC.judge(each, text))
        for each in bank()
        for mistake in each.rubric.misconceptions
        for text in mistake.said
    ]


def few(found: list[Said], of: list[Said], share: float) -> None:
    """Fail with the first of `found` if they are more than `share` of all."""
    assert len(found) <= share * len(of), [(said.slug, said.text) for said in found[:10]]


def test_a_wording_earns_its_own_point() -> None:
    few([said for said in right() if said.state not in EARNS], right(), 0.01)


def test_a_wording_of_a_point_is_accused_of_nothing() -> None:
    few([said for said in right() if said.accused], right(), 0.001)


def test_corrections_and_model_answers_are_accused_of_nothing() -> None:
    judged = [
        Said(each.slug, text, None, "", CRITIC.judge(each, text))
        for each in bank()
        for text in right_words(each)[sum(len(wordings(p)) for p in each.rubric.points) :]
    ]

    few([said for said in judged if said.accused], judged, 0.005)


def test_a_misconception_never_covers_the_point_it_contradicts() -> None:
    few([said for said in wrong() if said.state is PointState.COVERED], wrong(), 0.003)


def test_most_misconceptions_are_met_in_their_own_words() -> None:
    missed = [
        said
        for said in wrong()
        if said.misconception not in {found.id for found in said.critique.misconceptions}
    ]

    few(missed, wrong(), 0.14)
