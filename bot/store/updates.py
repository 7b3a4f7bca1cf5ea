"""What platforms told us and is still to be dealt with."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update

from bot.store.repository import Repository
from bot.store.tables import UpdateRow


class Updates(Repository):
    """One row an update; its payload is gone as soon as it is dealt with."""

    async def add(self, platform: str, key: str, payload: str, number: int, now: datetime) -> bool:
        """Keep an update; False if it came before."""
        insert = self._insert(UpdateRow).values(
            platform=platform, key=key, payload=payload, number=number, received_at=now
        )
        statement = insert.on_conflict_do_nothing().returning(UpdateRow.key)
        return await self._session.scalar(statement) is not None

    async def done(self, platform: str, keys: list[str]) -> None:
        """Empty what is dealt with; that it came is remembered for a while."""
        await self._session.execute(
            update(UpdateRow)
            .where(UpdateRow.platform == platform, UpdateRow.key.in_(keys))
            .values(payload=None)
        )

    async def waiting(self, platform: str) -> list[tuple[str, str]]:
        """Return key and payload of what is not dealt with, in the order in which it came."""
        query = (
            select(UpdateRow.key, UpdateRow.payload)
            .where(UpdateRow.platform == platform, UpdateRow.payload.is_not(None))
            .order_by(UpdateRow.number)
        )
        rows = await self._session.execute(query)
        return [(key, payload or "") for key, payload in rows]

    async def forget(self, before: datetime) -> int:
        """Forget what came before an instant and is dealt with; return how many."""
        return await self._changed(
            delete(UpdateRow).where(UpdateRow.received_at < before, UpdateRow.payload.is_(None))
        )
