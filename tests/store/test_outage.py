"""PostgreSQL that is restarted under us: broken connections are noticed, and work goes on."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from bot.errors import Away
from bot.store.uow import Database
from tests.rows import count

NOW = datetime(2026, 3, 23, 8, 0, tzinfo=UTC)
BREAK = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)

pytestmark = pytest.mark.parametrize("address", ["postgres"], indirect=True)


async def breaks(address: str) -> None:
    """End all connections but our own, as a failover does."""
    other = Database(address)
    async with other.engine.begin() as connection:
        await connection.execute(sa.text(BREAK))
    await other.close()


async def test_after_a_restart_the_next_unit_of_work_finds_a_whole_connection(
    database: Database, address: str
) -> None:
    assert await count(database, "users") == 0  # a connection is in the pool now
    await breaks(address)
    async with database.write() as unit:
        await unit.users.add("console", "ana", "Ana", NOW)
        await unit.commit()
    assert await count(database, "users") == 1


async def test_a_restart_in_the_middle_undoes_that_unit_of_work_and_says_so(
    database: Database, address: str
) -> None:
    async def interrupted() -> None:
        async with database.write() as unit:
            await unit.users.add("console", "ana", "Ana", NOW)
            await breaks(address)
            await unit.commit()

    with pytest.raises(Away):
        await interrupted()
    assert await count(database, "users") == 0


async def test_a_server_that_is_not_there_is_away(address: str) -> None:
    nowhere = Database("postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(Away):
        async with nowhere.read() as unit:
            await unit.users.find("console", "ana")
    await nowhere.close()
