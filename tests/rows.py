"""Looks at tables directly, to see that what was said was also kept."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from bot.store.uow import Database


async def rows(database: Database, query: str) -> list[tuple[Any, ...]]:
    """Return the rows of a query."""
    async with database.engine.connect() as connection:
        return [tuple(row) for row in await connection.execute(sa.text(query))]


async def count(database: Database, table: str) -> int:
    """Return how many rows a table has."""
    [(number,)] = await rows(database, f"SELECT count(*) FROM {table}")
    return int(number)
