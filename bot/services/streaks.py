"""A person's streak and figures, computed from what they did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.chat.context import Actor, Chat
from bot.clock import Clock
from bot.domain.days import day_ends_at, local_day
from bot.domain.streak import Streak, streak
from bot.store.records import Subscription, User
from bot.store.uow import Database, UnitOfWork


@dataclass(frozen=True, slots=True)
class StreakNow:
    """A streak, and when the person's day ends.

    Attributes:
        streak: The streak today.
        day_ends_at: When today ends for the person.
        zone: The zone their days are counted in.
    """

    streak: Streak
    day_ends_at: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class Figures:
    """What a person has done, on one page.

    Attributes:
        mean: Mean score of the answers that counted; None without any.
        running: What is scheduled for them, their own and their groups'.
        open: Whether a question waits for them in this chat.
    """

    user: User
    now: StreakNow
    answers: int
    mean: float | None
    points: int
    running: tuple[Subscription, ...]
    open: bool


class Streaks:
    """Streaks are never counted up; they are read off the days that count."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def of(self, actor: Actor) -> StreakNow:
        """Return a person's streak now."""
        async with self._database.read() as unit:
            return await streak_now(unit, actor.user_id, self._clock.now())

    async def figures(self, actor: Actor, chat: Chat) -> Figures:
        """Return all of a person's figures."""
        async with self._database.read() as unit:
            answers, mean = await unit.attempts.figures(actor.user_id)
            running, _ = await unit.subscriptions.of_person(actor.user_id)
            waiting = await unit.servings.latest_open(chat.id, actor.user_id)
            return Figures(
                await unit.users.get(actor.user_id),
                await streak_now(unit, actor.user_id, self._clock.now()),
                answers,
                mean,
                await unit.boards.points_of(actor.user_id),
                tuple(running),
                waiting is not None,
            )


async def streak_now(unit: UnitOfWork, user_id: int, now: datetime) -> StreakNow:
    """Return a person's streak at an instant."""
    user = await unit.users.get(user_id)
    zone = ZoneInfo(user.zone)
    today = local_day(now, zone, user.day_starts_at)
    days = await unit.streaks.days(user_id)
    found = streak(days, await unit.streaks.plan(user_id), today, zone, now=now)
    return StreakNow(found, day_ends_at(now, zone, user.day_starts_at), user.zone)
