"""Another verdict on an answer, point by point, by a person; the program computes the score.

A verdict in progress is a word of digits, one for each point and then one for each misconception
that contradicts no point, so that it fits into a button and nothing need be kept.
"""

from __future__ import annotations

from dataclasses import replace

from bot.domain.critique import (
    Critique,
    MisconceptionFound,
    PointState,
    PointVerdict,
    Status,
    score,
)
from bot.domain.question import Misconception, Rubric

STATES = (
    PointState.NOT_FOUND,
    PointState.PARTLY,
    PointState.COVERED,
    PointState.CONTRADICTED,
)
"""What the digits of points stand for; pressing one leads to the next."""


def free(rubric: Rubric) -> tuple[Misconception, ...]:
    """Return the misconceptions that contradict no point: what costs points by itself."""
    return tuple(each for each in rubric.misconceptions if each.contradicts is None)


def digits_of(rubric: Rubric, critique: Critique) -> str:
    """Return a verdict as digits."""
    states = {verdict.id: verdict.state for verdict in critique.points}
    points = [
        str(STATES.index(states.get(point.id, PointState.NOT_FOUND))) for point in rubric.points
    ]
    found = {each.id for each in critique.misconceptions}
    return "".join([*points, *(str(int(each.id in found)) for each in free(rubric))])


def is_valid(rubric: Rubric, digits: str) -> bool:
    """Return whether digits say something about every point, and nothing else."""
    count = len(rubric.points)
    return (
        len(digits) == count + len(free(rubric))
        and all(each in "0123" for each in digits[:count])
        and all(each in "01" for each in digits[count:])
    )


def pressed(rubric: Rubric, digits: str, place: int) -> str:
    """Return the digits after the one at `place` was pressed."""
    most = len(STATES) if place < len(rubric.points) else 2
    following = (int(digits[place]) + 1) % most
    return f"{digits[:place]}{following}{digits[place + 1 :]}"


def regraded(rubric: Rubric, before: Critique, digits: str, by: str) -> Critique:
    """Return the verdict that digits say.

    Args:
        rubric: Of the question.
        before: The verdict until now; its quotes stay where its states do.
        digits: Valid ones.
        by: Which person decides, one of BY_PEOPLE.
    """
    known = {verdict.id: verdict for verdict in before.points}
    points = []
    for point, digit in zip(rubric.points, digits, strict=False):
        state, old = STATES[int(digit)], known.get(point.id)
        same = old is not None and old.state is state
        points.append(old if same and old is not None else PointVerdict(point.id, state))
    said = digits[len(rubric.points) :]
    wrong = {each.id for each, digit in zip(free(rubric), said, strict=True) if digit == "1"}
    wrong |= {
        each.id
        for each in rubric.misconceptions
        for point in points
        if each.contradicts == point.id and point.state is PointState.CONTRADICTED
    } & {found.id for found in before.misconceptions}
    quotes = {each.id: each.quote for each in before.misconceptions}
    misconceptions = tuple(
        MisconceptionFound(each.id, quotes.get(each.id, ""))
        for each in rubric.misconceptions
        if each.id in wrong
    )
    costs = sum(digit == "1" for digit in said)
    status = before.status if before.status.is_attempt else Status.GRADED
    return replace(
        before,
        score=score(rubric, points, costs),
        status=status,
        points=tuple(points),
        misconceptions=misconceptions,
        flags=(),
        critic=by,
        version="1",
    )
