"""A lock that one process at a time has, for as long as its connection lives.

PostgreSQL gives it back by itself when the connection breaks: a process that dies needs nobody to
clean up after it.
"""

from __future__ import annotations

import asyncio
import hashlib

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from bot.store.uow import CONNECT_S, Database

ANSWER_S = 1.0
"""Seconds after which a server that does not answer counts as gone."""


class ProcessLock:
    """On SQLite it is always ours: there one process is the rule."""

    def __init__(self, database: Database, name: str) -> None:
        """Prepare to take the lock `name`, which may be secret: only its hash is sent."""
        self._engine: AsyncEngine | None = None
        if not database.is_sqlite:
            # A connection of its own, outside the pool: the lock lives as long as it does.
            self._engine = create_async_engine(
                database.url,
                poolclass=NullPool,
                isolation_level="AUTOCOMMIT",
                hide_parameters=True,
                connect_args={"connect_timeout": CONNECT_S},
            )
        digest = hashlib.sha256(f"drillmate:{name}".encode()).digest()
        self._key = int.from_bytes(digest[:8], signed=True)
        self._connection: AsyncConnection | None = None

    async def take(self) -> bool:
        """Take it; False if another process has it, or the database does not answer."""
        if self._engine is None:
            return True
        try:
            async with asyncio.timeout(CONNECT_S + ANSWER_S):
                connection = await self._engine.connect()
                query = text("SELECT pg_try_advisory_lock(:key)")
                if await connection.scalar(query, {"key": self._key}):
                    self._connection = connection
                    return True
                await connection.close()
        except (SQLAlchemyError, OSError, TimeoutError):
            pass
        return False

    async def is_held(self) -> bool:
        """Return whether it is still ours; False if that cannot be known."""
        if self._engine is None:
            return True
        if self._connection is None:
            return False
        try:
            async with asyncio.timeout(ANSWER_S):
                await self._connection.execute(text("SELECT 1"))
        except (SQLAlchemyError, OSError, TimeoutError):
            await self.give_back()
            return False
        return True

    async def give_back(self) -> None:
        """Let another process have it."""
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                async with asyncio.timeout(ANSWER_S):
                    await connection.invalidate()
                    await connection.close()
            except (SQLAlchemyError, OSError, TimeoutError):
                pass
        if self._engine is not None:
            await self._engine.dispose()
