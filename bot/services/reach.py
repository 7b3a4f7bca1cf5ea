"""Chats that can no longer be reached, and those that come back."""

from __future__ import annotations

from datetime import datetime

from bot.services.dues import next_of
from bot.services.plans import people_of, replan
from bot.store.records import StoredChat
from bot.store.uow import UnitOfWork


async def lose(unit: UnitOfWork, chat_id: int, now: datetime) -> None:
    """Send nothing to a chat until it comes back; what cannot come cannot be missed."""
    await unit.chats.leave(chat_id, now)
    subscription = await unit.subscriptions.of_chat(chat_id)
    if subscription is None or subscription.ended:
        return
    await unit.subscriptions.schedule(subscription.id, None, None)
    for user_id in await people_of(unit, subscription):
        await replan(unit, user_id, now)


async def regain(unit: UnitOfWork, chat: StoredChat, now: datetime) -> None:
    """Go on with a chat that was lost; what a person paused stays paused."""
    if not chat.left:
        return
    await unit.chats.back(chat.id)
    subscription = await unit.subscriptions.of_chat(chat.id)
    if subscription is None or subscription.ended or subscription.paused:
        return
    due = next_of(subscription, now)
    await unit.subscriptions.schedule(subscription.id, due.at, due.day)
    for user_id in await people_of(unit, subscription):
        await replan(unit, user_id, now, next_due_at=due.at)
