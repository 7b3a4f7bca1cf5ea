"""Chats as platforms report on them: lost, back, moved; and the messages we left there."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.chat.context import ChatRef, MessageRef, Place
from bot.clock import Clock
from bot.services.reach import Loss, follow, lose, regain
from bot.store.records import StoredChat
from bot.store.uow import Clash, Database

MEMORY = timedelta(days=90)
"""How long a message of ours takes replies."""
RECENT = timedelta(hours=6)
"""How long what was shown last is what plain text is about."""
TRIES = 3
"""How often a move is tried when something else changes the same chats."""


class Places:
    """Chats, and what stands in them."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def get(self, chat_id: int) -> Place | None:
        """Return the chat that we call `chat_id`; None if there is none."""
        async with self._database.read() as unit:
            found = await unit.chats.by_id(chat_id)
            return None if found is None else _place(found)

    async def knows(self, ref: ChatRef, user_id: str) -> bool:
        """Return whether a person has ever done something in a chat."""
        async with self._database.read() as unit:
            chat = await unit.chats.find(ref)
            found = await unit.users.find(ref.platform, user_id)
            if chat is None or found is None:
                return False
            return await unit.chats.is_member(chat.id, found[0].id)

    async def forget_form(self, here: ChatRef, user_id: str) -> None:
        """Forget the form that a person is filling in in `here`."""
        now = self._clock.now()
        async with self._database.write() as unit:
            chat = await unit.chats.find(here)
            found = await unit.users.find(here.platform, user_id)
            if chat is not None and found is not None:
                await unit.dialogs.drop(chat.id, found[0].id, now)
                await unit.commit()

    async def newest(self, here: ChatRef) -> tuple[Place, str] | None:
        """Return what the newest message of ours that takes replies is about, and the action."""
        async with self._database.read() as unit:
            chat = await unit.chats.find(here)
            since = self._clock.now() - RECENT
            post = None if chat is None else await unit.posts.newest(chat.id, since)
            return None if post is None else (_place(post.about), post.reply)

    async def awaited(self, here: ChatRef, user_id: str) -> Place | None:
        """Return the chat that the form concerns which a person is filling in in `here`.

        None if there is no form on its way.
        """
        async with self._database.read() as unit:
            chat = await unit.chats.find(here)
            found = await unit.users.find(here.platform, user_id)
            if chat is None or found is None:
                return None
            dialog = await unit.dialogs.get(chat.id, found[0].id, self._clock.now())
            if dialog is None:
                return None
            about = await unit.chats.by_id(dialog.chat) if dialog.chat else chat
            return None if about is None else _place(about)

    async def keep(self, message: MessageRef, about: int, reply: str) -> None:
        """Keep which action takes a reply to a message of ours, and for which chat (our id)."""
        async with self._database.write() as unit:
            chat = await unit.chats.find(message.chat)
            if chat is not None:
                now = self._clock.now()
                await unit.posts.keep(chat.id, message.id, about or chat.id, reply, now)
                await unit.commit()

    async def replied(self, message: MessageRef) -> tuple[Place, str] | None:
        """Return the chat that a message of ours concerns and the action for replies to it."""
        async with self._database.read() as unit:
            chat = await unit.chats.find(message.chat)
            post = None if chat is None else await unit.posts.find(chat.id, message.id)
            return None if post is None else (_place(post.about), post.reply)

    async def last_words(self, platform: str, since: datetime, *, limit: int) -> list[MessageRef]:
        """Return our last message that takes replies in each direct chat, newest first.

        Args:
            platform: Where.
            since: Chats in which we wrote none since then are left out.
            limit: At most so many.
        """
        async with self._database.read() as unit:
            return await unit.posts.last_in_direct_chats(platform, since, limit=limit)

    async def lost(self, ref: ChatRef) -> Loss | None:
        """Note that a chat cannot be reached: blocked, kicked, gone.

        Returns:
            Who is to be told, if somebody had set the schedule of a group.
        """
        async with self._database.write() as unit:
            chat = await unit.chats.find(ref)
            if chat is None or chat.left:
                return None
            loss = await lose(unit, chat.id, self._clock.now())
            await unit.commit()
            return loss

    async def back(self, place: Place) -> None:
        """Note that a chat can be reached."""
        now = self._clock.now()
        async with self._database.write() as unit:
            chat = await unit.chats.ensure(place, now)
            await regain(unit, chat, now)
            await unit.commit()

    async def greet(self, ref: ChatRef) -> bool:
        """Note that we introduce ourselves in a chat; False if we have done so before."""
        async with self._database.write() as unit:
            chat = await unit.chats.find(ref)
            first = chat is not None and await unit.chats.greet(chat.id, self._clock.now())
            await unit.commit()
            return first

    async def moved(self, old: ChatRef, new_id: str) -> bool:
        """Follow a chat to its new id; False if that is done already."""
        for tried in range(1, TRIES + 1):
            try:
                return await self._move(old, new_id)
            except Clash:  # somebody wrote in the new chat just now, or the other telling came
                if tried == TRIES:
                    raise
        return False

    async def _move(self, old: ChatRef, new_id: str) -> bool:
        async with self._database.write() as unit:
            chat = await unit.chats.find(old)
            moved = await unit.moving.move(old, new_id)
            if moved and chat is not None:
                await follow(unit, chat, self._clock.now())
            await unit.commit()
            return moved

    async def sweep(self) -> int:
        """Forget messages too old to be replied to; return how many."""
        async with self._database.write() as unit:
            gone = await unit.posts.forget(self._clock.now() - MEMORY)
            await unit.commit()
            return gone

    async def fact(self, name: str) -> str | None:
        """Return a small fact that a platform's adapter has kept."""
        async with self._database.read() as unit:
            return await unit.kv.get(name)

    async def note(self, name: str, value: str) -> None:
        """Keep a small fact for a platform's adapter."""
        async with self._database.write() as unit:
            await unit.kv.put(name, value)
            await unit.commit()


def _place(chat: StoredChat) -> Place:
    return Place(chat.ref, chat.kind, chat.title)
