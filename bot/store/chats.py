"""Chats and who is known in them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from bot.chat.context import ChatKind, ChatRef, Place
from bot.store.records import StoredChat
from bot.store.repository import Repository
from bot.store.tables import ChatAliasRow, ChatMemberRow, ChatRow, IdentityRow, SubscriptionRow


class Chats(Repository):
    """Direct chats and groups."""

    async def get(self, chat_id: int) -> StoredChat:
        """Return a chat that is known to exist."""
        return stored_chat(await self._session.get_one(ChatRow, chat_id))

    async def by_id(self, chat_id: int) -> StoredChat | None:
        """Return a chat, if there is one of that id."""
        row = await self._session.get(ChatRow, chat_id)
        return None if row is None else stored_chat(row)

    async def find(self, ref: ChatRef) -> StoredChat | None:
        """Return the chat that a platform calls `ref`, or once did."""
        query = select(ChatRow).where(
            ChatRow.platform == ref.platform, ChatRow.platform_chat_id == ref.id
        )
        row = (await self._session.scalars(query)).one_or_none()
        if row is None:
            alias = await self._session.get(ChatAliasRow, (ref.platform, ref.id))
            row = None if alias is None else await self._session.get(ChatRow, alias.chat_id)
        return None if row is None else stored_chat(row)

    async def ensure(self, place: Place, now: datetime) -> StoredChat:
        """Return the chat at `place`, made if it is new, renamed if its title changed."""
        alias = (place.ref.platform, place.ref.id)
        if (moved := await self._session.get(ChatAliasRow, alias)) is not None:
            return await self.get(moved.chat_id)
        insert = self._insert(ChatRow).values(
            platform=place.ref.platform,
            platform_chat_id=place.ref.id,
            kind=place.kind.value,
            title=place.title,
            created_at=now,
        )
        await self._session.execute(
            insert.on_conflict_do_update(
                index_elements=["platform", "platform_chat_id"],
                set_={"title": place.title},
            )
        )
        self._session.expire_all()
        found = await self.find(place.ref)
        assert found is not None
        return found

    async def set_zone(self, chat_id: int, zone: str) -> None:
        """Set the zone in which the chat's days begin."""
        await self._session.execute(update(ChatRow).where(ChatRow.id == chat_id).values(zone=zone))

    async def set_reports_thread(self, chat_id: int, thread: str | None) -> None:
        """Set where in the chat its moderators are told of reports."""
        await self._session.execute(
            update(ChatRow).where(ChatRow.id == chat_id).values(reports_thread=thread)
        )

    async def leave(self, chat_id: int, now: datetime) -> None:
        """Note that the chat cannot be reached any more."""
        await self._session.execute(
            update(ChatRow).where(ChatRow.id == chat_id).values(left_at=now)
        )

    async def back(self, chat_id: int) -> None:
        """Note that the chat can be reached again."""
        await self._session.execute(
            update(ChatRow).where(ChatRow.id == chat_id).values(left_at=None)
        )

    async def greet(self, chat_id: int, now: datetime) -> bool:
        """Note that the bot has introduced itself; False if it had before."""
        query = (
            update(ChatRow)
            .where(ChatRow.id == chat_id, ChatRow.greeted_at.is_(None))
            .values(greeted_at=now)
        )
        return await self._changed(query) > 0

    async def is_member(self, chat_id: int, user_id: int) -> bool:
        """Return whether a person is known in a chat."""
        return await self._session.get(ChatMemberRow, (chat_id, user_id)) is not None

    async def join(self, chat_id: int, user_id: int, now: datetime) -> None:
        """Note that a person is in a chat."""
        insert = self._insert(ChatMemberRow).values(chat_id=chat_id, user_id=user_id, joined_at=now)
        await self._session.execute(insert.on_conflict_do_nothing())

    async def groups_of(self, user_id: int) -> list[StoredChat]:
        """Return the groups a person is known in, oldest first."""
        query = (
            select(ChatRow)
            .join(ChatMemberRow, ChatMemberRow.chat_id == ChatRow.id)
            .where(
                ChatMemberRow.user_id == user_id,
                ChatRow.kind == ChatKind.GROUP.value,
                ChatRow.left_at.is_(None),
            )
            .order_by(ChatRow.id)
        )
        return [stored_chat(row) for row in await self._session.scalars(query)]

    async def direct_chat(self, platform: str, subscription_id: int) -> ChatRef | None:
        """Return the direct chat, if we have one, with who had set up a subscription."""
        query = (
            select(ChatRow.platform_chat_id)
            .join(ChatMemberRow, ChatMemberRow.chat_id == ChatRow.id)
            .join(SubscriptionRow, SubscriptionRow.created_by == ChatMemberRow.user_id)
            .where(
                SubscriptionRow.id == subscription_id,
                ChatRow.platform == platform,
                ChatRow.kind == ChatKind.DM.value,
                ChatRow.left_at.is_(None),
            )
            .limit(1)
        )
        found = await self._session.scalar(query)
        return None if found is None else ChatRef(platform, found)

    async def set_up_by(self, platform: str, subscription_id: int) -> str:
        """Return a platform's id of who had set up a subscription; empty if they are gone."""
        query = (
            select(IdentityRow.platform_user_id)
            .join(SubscriptionRow, SubscriptionRow.created_by == IdentityRow.user_id)
            .where(SubscriptionRow.id == subscription_id, IdentityRow.platform == platform)
            .limit(1)
        )
        return await self._session.scalar(query) or ""

    async def member_ids(self, chat_id: int) -> list[int]:
        """Return who is known in a chat."""
        query = select(ChatMemberRow.user_id).where(ChatMemberRow.chat_id == chat_id)
        return list(await self._session.scalars(query))


def stored_chat(row: ChatRow) -> StoredChat:
    """Return a chat's row as a value."""
    return StoredChat(
        row.id,
        ChatRef(row.platform, row.platform_chat_id),
        ChatKind(row.kind),
        row.title,
        row.zone,
        row.left_at is not None,
        row.reports_thread,
    )
