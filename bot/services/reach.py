"""Chats that can no longer be reached, and those that come back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.chat.context import ChatRef
from bot.services.dues import next_of
from bot.services.plans import people_of, replan
from bot.store.records import StoredChat
from bot.store.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Loss:
    """A group that cannot be reached, and who had set its schedule.

    Attributes:
        title: The group's name.
        platform: Where it is.
        owner: Their direct chat; None if we know of none.
        person: The platform's id of them.
    """

    title: str
    platform: str
    owner: ChatRef | None
    person: str


async def lose(unit: UnitOfWork, chat_id: int, now: datetime) -> Loss | None:
    """Send nothing to a chat until it comes back; what cannot come cannot be missed.

    Returns:
        Who is to be told, if somebody had set the schedule of a group.
    """
    chat = await unit.chats.get(chat_id)
    await unit.chats.leave(chat_id, now)
    subscription = await unit.subscriptions.of_chat(chat_id)
    if subscription is None or subscription.ended:
        return None
    await unit.subscriptions.schedule(subscription.id, None, None)
    for user_id in await people_of(unit, subscription):
        await replan(unit, user_id, now)
    if subscription.user_id is not None or subscription.paused:
        return None
    platform = chat.ref.platform
    owner = await unit.chats.direct_chat(platform, subscription.id)
    person = await unit.chats.set_up_by(platform, subscription.id)
    return Loss(chat.title, platform, owner, person)


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


async def follow(unit: UnitOfWork, chat: StoredChat, now: datetime) -> None:
    """Go on with a chat that has just got a new id; who was met there first has its schedule too.

    Args:
        unit: The unit of work in which it moved.
        chat: The chat as it was before.
        now: The instant of the move.
    """
    await regain(unit, chat, now)
    subscription = await unit.subscriptions.of_chat(chat.id)
    if subscription is not None:
        for user_id in await people_of(unit, subscription):
            await replan(unit, user_id, now, next_due_at=subscription.next_due_at)
