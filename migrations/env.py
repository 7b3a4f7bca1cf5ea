"""Where Alembic meets our tables: on the program's own connection, or on a URL for development."""

from __future__ import annotations

import asyncio
import os
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

from bot.store.jobschema import is_ours
from bot.store.tables import Base
from bot.store.types import JsonOf, UtcDateTime, Weekdays
from bot.store.uow import Database


def render(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write our column types as what they are in the database: a migration outlives our code."""
    match kind, item:
        case "type", UtcDateTime():
            return "sa.DateTime(timezone=True)"
        case "type", Weekdays():
            return "sa.SmallInteger()"
        case "type", JsonOf():
            return "sa.JSON()"
    return False


def run(connection: Connection) -> None:
    """Run the migrations on an open connection."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=render,
        include_name=is_ours,
    )
    with context.begin_transaction():
        context.run_migrations()


async def run_on_url() -> None:
    """Run them on DRILLMATE_DATABASE__URL: `alembic revision`, `alembic check`."""
    database = Database(os.environ.get("DRILLMATE_DATABASE__URL", "sqlite:///drillmate.db"))
    async with database.engine.begin() as connection:
        await connection.run_sync(run)
    await database.close()


if (handed := context.config.attributes.get("connection")) is not None:
    run(handed)
else:
    asyncio.run(run_on_url())
