"""Migrations: up, down and up again on both databases, and what start-up does with a file."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection

from bot.bundled import migrations_folder
from bot.errors import Unavailable
from bot.store import migrate
from bot.store.jobschema import NOTE, is_ours, packaged
from bot.store.tables import Base
from bot.store.uow import Database
from tests.databases import _on_server as on_server
from tests.databases import _with_name as with_name
from tests.rows import rows


@pytest.fixture
def empty(postgres: str) -> str:
    """Return the address of a new database with nothing in it."""
    on_server(postgres, "CREATE DATABASE empty")
    return with_name(postgres, "empty")


async def test_the_migrated_schema_is_the_one_that_the_tables_declare(database: Database) -> None:
    def differences(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"include_name": is_ours})
        return list(compare_metadata(context, Base.metadata))

    async with database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_every_migration_goes_down_and_up_again_and_keeps_what_is_there(
    database: Database,
) -> None:
    async with database.engine.begin() as connection:
        await connection.run_sync(_alembic, "downgrade", "base")
    async with database.engine.connect() as connection:
        left = await connection.run_sync(lambda sync: sa.inspect(sync).get_table_names())
    assert left == ["alembic_version"]
    await migrate.migrate(database)
    assert await migrate.revision(database) == migrate.head()


async def test_an_up_to_date_database_is_left_alone(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'd.db'}")
    await migrate.prepare(database)
    await migrate.prepare(database)
    await database.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["d.db"]


async def test_an_older_file_is_copied_before_it_is_migrated(tmp_path: Path) -> None:
    file = tmp_path / "d.db"
    database = Database(f"sqlite:///{file}")
    await migrate.prepare(database)
    async with database.engine.begin() as connection:
        await connection.execute(sa.text("INSERT INTO kv VALUES ('a', 'kept')"))
        await connection.execute(sa.text("UPDATE alembic_version SET version_num = '0000'"))
    # The oldest revision has nothing before it, so the upgrade cannot run; the copy comes first.
    with pytest.raises(Unavailable):
        await migrate.migrate(database)
    await database.close()
    [copy] = tmp_path.glob("d.db.before-*")
    with sqlite3.connect(copy) as opened:
        assert opened.execute("SELECT value FROM kv WHERE key = 'a'").fetchall() == [("kept",)]
    opened.close()


async def test_a_database_of_a_newer_version_is_refused_and_untouched(database: Database) -> None:
    async with database.engine.begin() as connection:
        await connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Unavailable) as refused:
        await migrate.prepare(database)
    assert "made by a newer Drillmate" in refused.value.message
    assert "Nothing was changed" in refused.value.hint
    assert await rows(database, "SELECT version_num FROM alembic_version") == [("9999",)]


@pytest.mark.postgres
async def test_on_postgres_migrating_is_a_step_of_its_own(postgres: str) -> None:
    database = Database(postgres)
    with pytest.raises(Unavailable) as refused:
        await migrate.prepare(database)
    await database.close()
    assert "drillmate migrate" in refused.value.hint


@pytest.mark.postgres
async def test_many_processes_that_migrate_an_empty_database_at_once_all_succeed(
    empty: str,
) -> None:
    databases = [Database(empty) for _ in range(5)]
    await asyncio.gather(*(migrate.migrate(each) for each in databases))
    for each in databases:
        await migrate.prepare(each)
        assert await rows(each, "SELECT count(*) FROM jobs, procrastinate_jobs") == [(0,)]
        await each.close()


@pytest.mark.postgres
@pytest.mark.parametrize("address", ["postgres"], indirect=True)
@pytest.mark.parametrize("since", ["00.00.00", "02.05.00", "03.02.00"])
async def test_the_queue_of_an_older_package_grows_into_the_one_that_a_new_database_gets(
    database: Database, since: str
) -> None:
    wanted = await _queue(database)
    async with database.engine.begin() as connection:
        await connection.run_sync(_alembic, "downgrade", "0004")
        await connection.run_sync(_alembic, "upgrade", "head")
    assert await _queue(database) == []
    async with database.engine.begin() as connection:
        had = [name for name in packaged() if name < f"{since}_99"]
        for name in had:
            await connection.exec_driver_sql(
                (resources.files("procrastinate.sql") / "migrations" / name).read_text("utf-8"),
                execution_options={"no_parameters": True},
            )
        values = f"('{NOTE}', '{had[-1]}')"
        await connection.execute(sa.text(f"INSERT INTO kv VALUES {values}"))
    with pytest.raises(Unavailable) as refused:
        await migrate.prepare(database)
    assert "drillmate migrate" in refused.value.hint
    await migrate.migrate(database)
    await migrate.prepare(database)
    assert await _queue(database) == wanted


@pytest.mark.postgres
@pytest.mark.parametrize("address", ["postgres"], indirect=True)
async def test_the_queue_of_a_newer_package_is_refused(database: Database) -> None:
    async with database.engine.begin() as connection:
        await connection.execute(
            sa.text(f"UPDATE kv SET value = '99.00.00_01_x.sql' WHERE key = '{NOTE}'")
        )
    for attempt in (migrate.prepare, migrate.migrate):
        with pytest.raises(Unavailable) as refused:
            await attempt(database)
        assert "newer procrastinate" in refused.value.message


async def test_a_password_is_never_in_the_sentence() -> None:
    database = Database("postgresql://ana:hunter2@127.0.0.1:1/none")
    with pytest.raises(Unavailable) as refused:
        await migrate.prepare(database)
    await database.close()
    assert "hunter2" not in f"{refused.value.message} {refused.value.hint}"
    assert "does not answer" in refused.value.message


async def test_remaking_a_table_deletes_nothing_that_hangs_on_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(f"sqlite:///{tmp_path / 'd.db'}")
    await migrate.prepare(database)
    async with database.write() as unit:
        await unit.users.add("console", "ana", "Ana", datetime(2026, 3, 23, tzinfo=UTC))
        await unit.commit()

    def remake(connection: Connection) -> None:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("users", recreate="always") as batch:
            batch.add_column(sa.Column("nickname", sa.String(), nullable=True))

    monkeypatch.setattr(migrate, "_upgrade", remake)
    monkeypatch.setattr(migrate, "head", lambda: "9000")
    await migrate.migrate(database)
    assert await rows(database, "SELECT count(*) FROM identities") == [(1,)]
    assert await rows(database, "PRAGMA foreign_keys") == [(1,)]
    await database.close()


async def _queue(database: Database) -> list[Any]:
    """Return what the queue is made of: columns, functions, values, indexes."""
    return await rows(
        database,
        "SELECT 'column', table_name, column_name || data_type || is_nullable "
        "FROM information_schema.columns WHERE table_name LIKE 'procrastinate%' "
        "UNION SELECT 'function', proname, pg_get_function_identity_arguments(oid) FROM pg_proc "
        "WHERE proname LIKE 'procrastinate%' "
        "UNION SELECT 'value', typname, enumlabel FROM pg_enum JOIN pg_type "
        "ON pg_type.oid = enumtypid "
        "UNION SELECT 'index', tablename, indexname FROM pg_indexes "
        "WHERE tablename LIKE 'procrastinate%' ORDER BY 1, 2, 3",
    )


def _alembic(connection: Connection, name: str, target: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    config.attributes["connection"] = connection
    getattr(command, name)(config, target)
