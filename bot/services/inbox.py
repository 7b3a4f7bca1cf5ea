"""The inbox: what platforms tell us is kept before they are told that we have it.

So a crash loses nothing that a platform has handed over, and what is handed over twice is dealt
with once.
"""

from __future__ import annotations

from datetime import timedelta

from bot.clock import Clock
from bot.store.uow import Database

MEMORY = timedelta(days=2)
"""How long it is remembered that something came; Telegram keeps updates for one day."""


class Inbox:
    """Updates between their arrival and the moment they are dealt with."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def take(self, platform: str, key: str, payload: str, number: int) -> bool:
        """Keep an update; False if it came before.

        Args:
            platform: Who tells it.
            key: Its id there.
            payload: All of it.
            number: Its place in the order of updates.
        """
        async with self._database.write() as unit:
            new = await unit.updates.add(platform, key, payload, number, self._clock.now())
            await unit.commit()
            return new

    async def done(self, platform: str, keys: list[str]) -> None:
        """Forget the contents of updates that are dealt with."""
        async with self._database.write() as unit:
            await unit.updates.done(platform, keys)
            await unit.commit()

    async def waiting(self, platform: str) -> list[tuple[str, str]]:
        """Return key and payload of what a crash left, in order."""
        async with self._database.read() as unit:
            return await unit.updates.waiting(platform)

    async def sweep(self) -> int:
        """Forget that old updates came; return how many."""
        async with self._database.write() as unit:
            gone = await unit.updates.forget(self._clock.now() - MEMORY)
            await unit.commit()
            return gone
