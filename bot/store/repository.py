"""What every repository has: the session, and inserts that know what to do on a conflict."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CursorResult
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.base import Executable

from bot.store.tables import Base


class Repository:
    """Typed queries in, frozen values out."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    def _insert(self, table: type[Base]) -> sqlite.Insert | postgresql.Insert:
        """Return an insert with the dialect's ON CONFLICT, which both databases spell alike."""
        dialect = self._session.get_bind().dialect.name
        return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)

    async def _changed(self, statement: Executable) -> int:
        """Run a write and return how many rows it touched."""
        result: CursorResult[Any] = await self._session.execute(statement)  # type: ignore[assignment]
        return result.rowcount
