"""Messages of ours that a person can reply to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select

from bot.chat.context import ChatKind, ChatRef, MessageRef
from bot.store.chats import stored_chat
from bot.store.records import Post
from bot.store.repository import Repository
from bot.store.tables import ChatRow, PostRow


class Posts(Repository):
    """One row a message that takes replies."""

    async def keep(
        self, chat_id: int, message_id: str, about_chat_id: int, reply: str, now: datetime
    ) -> None:
        """Keep which action takes a reply to a message, and for which chat."""
        values = {"about_chat_id": about_chat_id, "reply": reply, "posted_at": now}
        insert = self._insert(PostRow).values(chat_id=chat_id, message_id=message_id, **values)
        await self._session.execute(
            insert.on_conflict_do_update(index_elements=["chat_id", "message_id"], set_=values)
        )

    async def last_in_direct_chats(
        self, platform: str, since: datetime, *, limit: int
    ) -> list[MessageRef]:
        """Return the last message of each direct chat with one since an instant, newest first."""
        latest = (
            select(PostRow.chat_id, func.max(PostRow.posted_at).label("at"))
            .where(PostRow.posted_at >= since)
            .group_by(PostRow.chat_id)
            .subquery()
        )
        query = (
            select(ChatRow.platform_chat_id, func.max(PostRow.message_id))
            .join(latest, latest.c.chat_id == ChatRow.id)
            .join(PostRow, (PostRow.chat_id == ChatRow.id) & (PostRow.posted_at == latest.c.at))
            .where(
                ChatRow.platform == platform,
                ChatRow.kind == ChatKind.DM.value,
                ChatRow.left_at.is_(None),
            )
            .group_by(ChatRow.platform_chat_id, latest.c.at)
            .order_by(latest.c.at.desc())
            .limit(limit)
        )
        return [
            MessageRef(ChatRef(platform, chat), message)
            for chat, message in await self._session.execute(query)
        ]

    async def find(self, chat_id: int, message_id: str) -> Post | None:
        """Return what is known of a message."""
        query = (
            select(PostRow.reply, ChatRow)
            .join(ChatRow, ChatRow.id == PostRow.about_chat_id)
            .where(PostRow.chat_id == chat_id, PostRow.message_id == message_id)
        )
        found = (await self._session.execute(query)).one_or_none()
        return None if found is None else Post(stored_chat(found[1]), found[0])

    async def newest(self, chat_id: int, since: datetime) -> Post | None:
        """Return the newest message of a chat that is not older than `since`."""
        query = (
            select(PostRow.reply, ChatRow)
            .join(ChatRow, ChatRow.id == PostRow.about_chat_id)
            .where(PostRow.chat_id == chat_id, PostRow.posted_at >= since)
            .order_by(
                PostRow.posted_at.desc(),
                func.length(PostRow.message_id).desc(),
                PostRow.message_id.desc(),
            )
            .limit(1)
        )
        found = (await self._session.execute(query)).one_or_none()
        return None if found is None else Post(stored_chat(found[1]), found[0])

    async def forget(self, before: datetime) -> int:
        """Forget the messages posted before an instant; return how many."""
        return await self._changed(delete(PostRow).where(PostRow.posted_at < before))
