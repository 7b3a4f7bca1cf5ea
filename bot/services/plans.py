"""Keeps track of which weekdays are scheduled for a person, so that streaks can judge each date."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.cadence import EVERY_DAY
from bot.domain.days import ONE_DAY, local_day
from bot.store.records import Subscription
from bot.store.uow import UnitOfWork


async def replan(
    unit: UnitOfWork, user_id: int, now: datetime, *, next_due_at: datetime | None = None
) -> None:
    """Note the weekdays that what runs for a person now schedules, if that is a change.

    It holds from tomorrow. Today keeps what it was if it has been answered; otherwise a day taken
    away today cannot be missed, and a day added counts only if a question is still to come.
    Without any schedule a streak means every day; with all of it paused nothing can be missed.

    Args:
        unit: The unit of work in which the schedule was changed.
        user_id: The person.
        now: The instant of the change.
        next_due_at: When the changed schedule has its next question.
    """
    user = await unit.users.get(user_id)
    running, paused = await unit.subscriptions.of_person(user_id)
    days = frozenset[int]().union(*(each.cadence.days for each in running))
    new = days if running or paused else EVERY_DAY
    today = local_day(now, ZoneInfo(user.zone), user.day_starts_at)
    plan = await unit.streaks.plan(user_id)
    old = next((each.days for each in reversed(plan) if each.day <= today), EVERY_DAY)
    last = plan[-1].days if plan else EVERY_DAY
    if new == last and new == old:
        return
    # The person's today, which need not be the schedule's.
    due = next_due_at and local_day(next_due_at, ZoneInfo(user.zone), user.day_starts_at)
    unanswered = new if due == today else old & new
    answered = await unit.streaks.has(user_id, today)
    await unit.streaks.plan_from(user_id, today, old if answered else unanswered)
    await unit.streaks.plan_from(user_id, today + ONE_DAY, new)


async def people_of(unit: UnitOfWork, subscription: Subscription) -> list[int]:
    """Return whose days a subscription schedules: one person's, or a group's members'."""
    if subscription.user_id is not None:
        return [subscription.user_id]
    return await unit.chats.member_ids(subscription.chat_id)
