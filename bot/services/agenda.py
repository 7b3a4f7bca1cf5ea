"""What the workers have to do now."""

from __future__ import annotations

from bot.clock import Clock
from bot.store.agenda import ToDo
from bot.store.uow import Database

__all__ = ["AgendaBook", "ToDo"]


class AgendaBook:
    """Tells whether there is anything to do, in one read."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def look(self, platforms: frozenset[str]) -> ToDo:
        """Return what is to be done now on these platforms."""
        async with self._database.read() as unit:
            return await unit.agenda.look(self._clock.now(), platforms)
