"""Forms on their way, kept across restarts."""

from __future__ import annotations

from datetime import timedelta

from bot.chat.dialog import Dialog
from bot.clock import Clock
from bot.store.uow import Database

LIFETIME = timedelta(days=1)
"""After a day nobody remembers what was asked, and plain text means an answer again."""


class KeptDialogs:
    """At most one form for a person in a chat."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def get(self, chat_id: int, user_id: int) -> Dialog | None:
        """Return the form on its way, unless it has expired."""
        async with self._database.read() as unit:
            return await unit.dialogs.get(chat_id, user_id, self._clock.now())

    async def put(self, chat_id: int, user_id: int, dialog: Dialog) -> None:
        """Keep it, in place of any other."""
        async with self._database.write() as unit:
            await unit.dialogs.put(chat_id, user_id, dialog, self._clock.now() + LIFETIME)
            await unit.commit()

    async def drop(self, chat_id: int, user_id: int) -> bool:
        """Forget it; return whether there was one."""
        async with self._database.write() as unit:
            dropped = await unit.dialogs.drop(chat_id, user_id, self._clock.now())
            await unit.commit()
            return dropped
