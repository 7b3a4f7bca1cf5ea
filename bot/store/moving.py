"""A chat that its platform gave another id: everything of it goes along."""

from __future__ import annotations

from sqlalchemy import delete, literal, select, update
from sqlalchemy.orm import InstrumentedAttribute

from bot.chat.context import ChatRef
from bot.store.repository import Repository
from bot.store.tables import (
    AuditRow,
    Base,
    ChatAliasRow,
    ChatMemberRow,
    ChatRow,
    DialogRow,
    PostRow,
    QuestionRow,
    ServingRow,
    SubscriptionRow,
    TotalRow,
)

GONE = "old:"
"""Stands before the id of a message that stayed behind: the new chat numbers from the start."""


class Moving(Repository):
    """Rewrites the id by which a platform calls a chat."""

    async def move(self, old: ChatRef, new_id: str) -> bool:
        """Let the chat `old` be called `new_id`; False if there is nothing to do.

        If somebody was quicker and the new id is known as a chat of its own, that one becomes part
        of the old one. Buttons in messages that stayed behind still find their chat.
        """
        kept = await self._id_of(old.platform, old.id)
        if kept is None:
            return False
        # Both chats tell of the move, maybe at once: whoever comes second finds it done.
        row = select(ChatRow.platform_chat_id).where(ChatRow.id == kept).with_for_update()
        if await self._session.scalar(row) != old.id:
            return False
        await self._session.execute(
            update(ServingRow)
            .where(ServingRow.chat_id == kept, ServingRow.platform_message_id.is_not(None))
            .values(
                platform_message_id=literal(GONE) + ServingRow.platform_message_id,
                answers_shown=ServingRow.answers,
            )
        )
        await self._session.execute(delete(PostRow).where(PostRow.chat_id == kept))
        young = await self._id_of(old.platform, new_id)
        if young is not None:
            await self._merge(young, kept)
        await self._session.execute(
            update(ChatRow).where(ChatRow.id == kept).values(platform_chat_id=new_id, left_at=None)
        )
        alias = self._insert(ChatAliasRow).values(
            platform=old.platform, platform_chat_id=old.id, chat_id=kept
        )
        await self._session.execute(alias.on_conflict_do_nothing())
        self._session.expire_all()
        return True

    async def _id_of(self, platform: str, chat_id: str) -> int | None:
        return await self._session.scalar(
            select(ChatRow.id).where(
                ChatRow.platform == platform, ChatRow.platform_chat_id == chat_id
            )
        )

    async def _merge(self, young: int, kept: int) -> None:
        for column in (
            QuestionRow.chat_id,
            ServingRow.chat_id,
            AuditRow.chat_id,
            PostRow.chat_id,
            PostRow.about_chat_id,
            ChatAliasRow.chat_id,
        ):
            await self._session.execute(
                update(column.class_).where(column == young).values({column.key: kept})
            )
        await self._join(ChatMemberRow, ChatMemberRow.user_id, young, kept)
        await self._join(DialogRow, DialogRow.user_id, young, kept)
        await self._join(SubscriptionRow, SubscriptionRow.name, young, kept)
        rows = await self._session.scalars(select(TotalRow).where(TotalRow.chat_id == young))
        for row in rows.all():
            mine = await self._session.get(TotalRow, (kept, row.period, row.user_id))
            if mine is None:
                mine = TotalRow(
                    chat_id=kept, period=row.period, user_id=row.user_id, points=0, answers=0
                )
                self._session.add(mine)
            mine.points += row.points
            mine.answers += row.answers
        await self._session.flush()
        await self._session.execute(delete(ChatRow).where(ChatRow.id == young))

    async def _join(
        self,
        table: type[Base],
        by: InstrumentedAttribute[int] | InstrumentedAttribute[str],
        young: int,
        kept: int,
    ) -> None:
        """Move the rows that the kept chat has no counterpart of; the others go with their chat."""
        chat_id: InstrumentedAttribute[int] = table.chat_id  # type: ignore[attr-defined]
        there = set(await self._session.scalars(select(by).where(chat_id == kept)))
        await self._session.execute(
            update(table).where(chat_id == young, by.not_in(there)).values(chat_id=kept)
        )
