"""Judging answers: what scores, what it brings, and what became of it.

The verdict, the streak day, the board's totals and the tally are one transaction; what a crash
leaves unjudged is judged at the next start, so each answer counts, and counts once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import structlog

from bot.clock import Clock
from bot.critics.base import Critic
from bot.domain.critique import Critique
from bot.domain.question import Question
from bot.services.leaderboards import periods
from bot.services.opinions import Opinions, Standing
from bot.services.rescoring import is_capped
from bot.services.streaks import StreakNow, streak_now
from bot.services.views import ServingView, view
from bot.store.records import Attempt, Serving, Turn
from bot.store.uow import Database, UnitOfWork

log = structlog.get_logger(__name__)

JOB = "judge"
"""The job that judges an answer which nobody has judged; its key is the attempt's id."""


class Unscored(StrEnum):
    """Why an answer did not score."""

    NO = ""
    NOT_AN_ATTEMPT = "not_an_attempt"
    ANSWERED = "answered"
    REVEALED = "revealed"
    WRAPPED = "wrapped"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of an answer.

    Attributes:
        served: The question as it was asked.
        critique: What the critic says.
        unscored: Why it does not count; empty when it does.
        streak: The person's streak after it.
        first_today: Whether it is what made today count.
        capped: Whether it brought no points because of the daily number of practice answers.
        hints: Hints taken before it.
        second: How it stands with the second critic.
        provider: Who that is; empty: nobody.
    """

    served: ServingView
    attempt: Attempt
    critique: Critique
    unscored: Unscored
    streak: StreakNow
    first_today: bool
    capped: bool
    hints: int
    second: Standing = Standing.NONE
    provider: str = ""

    @property
    def question(self) -> Question:
        """The question in the wording that was served."""
        return self.served.question


class Judge:
    """Has answers judged, and keeps what follows from it."""

    def __init__(
        self, database: Database, clock: Clock, critic: Critic, opinions: Opinions
    ) -> None:
        self._database = database
        self._clock = clock
        self._critic = critic
        self._opinions = opinions

    async def recover(self) -> int:
        """Judge the answers that a crash left without a verdict; return how many."""
        async with self._database.read() as unit:
            left = await unit.attempts.unjudged()
        judged = 0
        for attempt in left:
            try:
                await self.judge(attempt)
            except (
                Exception
            ):  # one that cannot be judged now must not keep the program from starting
                log.exception("not judged", attempt=attempt.id)
            else:
                judged += 1
        return judged

    async def settle(self, attempt_id: int) -> None:
        """Judge an answer that has no verdict; one that has, or is gone, is left alone."""
        async with self._database.read() as unit:
            attempt = await unit.attempts.find(attempt_id)
        if attempt is not None and attempt.scores is None:
            await self.judge(attempt)

    async def judge(self, attempt: Attempt) -> Result:
        """Return what became of an answer; one that was judged before is only told again."""
        async with self._database.read() as unit:
            serving = await unit.servings.get(attempt.serving_id)
            assert serving is not None
            shown = await view(unit, serving)
        critique = await self._critic.critique(shown.question, attempt.answer)
        async with self._database.write() as unit:
            # One verdict after the other: two answers at once must not both be the first.
            await unit.servings.lock(serving.id)
            serving = await unit.servings.get(serving.id)
            assert serving is not None
            now_kept = await unit.attempts.get(attempt.id)
            turn = await unit.servings.turn(serving, attempt.user_id, attempt.submitted_at)
            first = await unit.attempts.scoring(serving.id, attempt.user_id)
            if now_kept.scores is not None:  # told twice: say the same again, count nothing
                result = await _told_again(unit, shown, now_kept, first, turn, self._clock)
                second = await self._opinions.standing(unit, now_kept, result.critique)
                await unit.commit()
                return replace(result, second=second, provider=self._opinions.provider)
            unscored = _unscored(critique, first, turn, serving, attempt)
            scores = unscored is Unscored.NO
            points, capped = await _points(unit, serving, attempt, critique, scores=scores)
            first_today = scores and not await unit.streaks.has(attempt.user_id, attempt.day)
            await unit.attempts.judge(attempt.id, critique, scores=scores, points=points)
            if scores:
                await unit.streaks.add(
                    attempt.user_id, attempt.day, attempt.submitted_at, attempt.zone
                )
                keys = periods(attempt.board_day)
                await unit.boards.add(serving.chat_id, attempt.user_id, keys, points)
                if serving.user_id is None:  # only a group's message shows a tally
                    await unit.servings.count_answer(serving.id)
            now = max(self._clock.now(), attempt.submitted_at)
            streak = await streak_now(unit, attempt.user_id, now)
            kept = await unit.attempts.get(attempt.id)
            second = await self._opinions.follow(unit, kept, shown.question, critique)
            await unit.jobs.done(JOB, str(attempt.id))
            await unit.commit()
        return Result(
            shown,
            kept,
            critique,
            unscored,
            streak,
            first_today,
            capped,
            turn.hints,
            second,
            self._opinions.provider,
        )


async def _points(
    unit: UnitOfWork, serving: Serving, attempt: Attempt, critique: Critique, *, scores: bool
) -> tuple[int, bool]:
    """Return the points an answer brings, and whether the daily number held them back."""
    if not scores:
        return 0, False
    capped = await is_capped(unit, serving, attempt)
    return (0 if capped else critique.score), capped


def _unscored(
    critique: Critique, first: Attempt | None, turn: Turn, serving: Serving, attempt: Attempt
) -> Unscored:
    if not critique.status.is_attempt:
        return Unscored.NOT_AN_ATTEMPT
    if first is not None:
        return Unscored.ANSWERED
    if turn.revealed:
        return Unscored.REVEALED
    if serving.wrapped_at is not None and serving.wrapped_at <= attempt.submitted_at:
        return Unscored.WRAPPED
    return Unscored.NO


async def _told_again(
    unit: UnitOfWork,
    shown: ServingView,
    kept: Attempt,
    first: Attempt | None,
    turn: Turn,
    clock: Clock,
) -> Result:
    assert kept.critique is not None
    before = first if first is not None and first.id != kept.id else None
    unscored = (
        Unscored.NO if kept.scores else _unscored(kept.critique, before, turn, shown.serving, kept)
    )
    now = max(clock.now(), kept.submitted_at)
    streak = await streak_now(unit, kept.user_id, now)
    return Result(shown, kept, kept.critique, unscored, streak, False, False, turn.hints)
