"""Giving an answer another verdict than its first: its score, its points and the boards follow.

The streak does not: a day on which somebody answered was a day on which they answered.
"""

from __future__ import annotations

from bot.chat.context import ChatKind
from bot.domain.critique import Critique
from bot.services.leaderboards import periods
from bot.store.records import Attempt, Serving
from bot.store.uow import UnitOfWork

PRACTICE_A_DAY = 3
"""Practice answers a day that bring points in a group: a board of quality, not of hours spent."""


async def rescore(unit: UnitOfWork, attempt_id: int, critique: Critique) -> Attempt:
    """Keep another verdict on an answer that was judged, and all that follows from it.

    Whether the answer counts stays as it was: what it is worth changes, not what it is.
    """
    attempt = await unit.attempts.get(attempt_id)
    serving = await unit.servings.get(attempt.serving_id)
    assert serving is not None, "an attempt's serving exists as long as it does"
    await unit.servings.lock(serving.id)
    attempt = await unit.attempts.get(attempt_id)
    scores = bool(attempt.scores)
    points = 0
    if scores and not await is_capped(unit, serving, attempt, before=attempt.id):
        points = critique.score
    await unit.attempts.judge(attempt_id, critique, scores=scores, points=points)
    if points != attempt.points:
        keys = periods(attempt.board_day)
        more = points - attempt.points
        await unit.boards.add(serving.chat_id, attempt.user_id, keys, more, answers=0)
    return await unit.attempts.get(attempt_id)


async def is_capped(
    unit: UnitOfWork, serving: Serving, attempt: Attempt, before: int | None = None
) -> bool:
    """Return whether the daily number of practice answers keeps an answer from bringing points.

    With `before`, only answers kept before the attempt of that id are counted.
    """
    if serving.user_id is None:
        return False
    chat = await unit.chats.get(serving.chat_id)
    if chat.kind is not ChatKind.GROUP:
        return False
    count = await unit.attempts.practice_answers(attempt.user_id, chat.id, attempt.day, before)
    return count >= PRACTICE_A_DAY
