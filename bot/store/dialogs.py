"""Forms on their way."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from bot.chat.dialog import Dialog
from bot.store.repository import Repository
from bot.store.tables import DialogRow


class DialogRepository(Repository):
    """At most one form for a person in a chat."""

    async def get(self, chat_id: int, user_id: int, now: datetime) -> Dialog | None:
        """Return the form on its way, unless it has expired."""
        query = select(DialogRow.dialog).where(
            DialogRow.chat_id == chat_id,
            DialogRow.user_id == user_id,
            DialogRow.expires_at > now,
        )
        return (await self._session.scalars(query)).one_or_none()

    async def put(self, chat_id: int, user_id: int, dialog: Dialog, expires_at: datetime) -> None:
        """Keep it, in place of any other."""
        values = {"dialog": dialog, "expires_at": expires_at}
        insert = self._insert(DialogRow).values(chat_id=chat_id, user_id=user_id, **values)
        await self._session.execute(
            insert.on_conflict_do_update(index_elements=["chat_id", "user_id"], set_=values)
        )

    async def drop(self, chat_id: int, user_id: int, now: datetime) -> bool:
        """Forget it; return whether there was one that had not expired."""
        statement = delete(DialogRow).where(
            DialogRow.chat_id == chat_id, DialogRow.user_id == user_id
        )
        alive = await self.get(chat_id, user_id, now) is not None
        await self._session.execute(statement)
        return alive
