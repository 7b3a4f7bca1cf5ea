"""Small facts about this installation."""

from __future__ import annotations

from sqlalchemy import select

from bot.store.repository import Repository
from bot.store.tables import KeyValueRow


class KeyValues(Repository):
    """Text by key."""

    async def get(self, key: str) -> str | None:
        """Return what is kept under a key."""
        row = await self._session.get(KeyValueRow, key)
        return None if row is None else row.value

    async def beginning(self, prefix: str) -> dict[str, str]:
        """Return all values whose keys begin with `prefix`."""
        query = select(KeyValueRow).where(KeyValueRow.key.startswith(prefix, autoescape=True))
        return {row.key: row.value for row in await self._session.scalars(query)}

    async def put(self, key: str, value: str) -> None:
        """Keep a value under a key."""
        insert = self._insert(KeyValueRow).values(key=key, value=value)
        await self._session.execute(
            insert.on_conflict_do_update(index_elements=["key"], set_={"value": value})
        )
