"""Brings a database to the schema of this program, or says why it cannot."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import Connection, func, inspect, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.bundled import migrations_folder
from bot.errors import Unavailable
from bot.store import jobschema
from bot.store.uow import Database, explain

log = structlog.get_logger(__name__)

LOCK = 0x6472696C6C
"""What processes that migrate the same PostgreSQL at once wait for; any number of ours will do."""


def head() -> str:
    """Return the newest revision this program knows: migrations are numbered files."""
    names = [path.name for path in (migrations_folder() / "versions").glob("[0-9]*.py")]
    return max(names)[:4]


async def revision(database: Database) -> str | None:
    """Return the revision a database is at, None if it is empty."""
    async with database.engine.connect() as connection:
        return await connection.run_sync(_revision)


async def prepare(database: Database) -> None:
    """Bring a SQLite database to this program's schema at start, after copying its file.

    On PostgreSQL that is a step of its own (`drillmate migrate`), so there it only checks.

    Raises:
        Unavailable: The database cannot be opened or written, is newer than this program, or (on
            PostgreSQL) is older.
    """
    at = await current(database)
    if at == head() and await _has_queue(database):
        return
    if not database.is_sqlite:
        message = f"The database is at revision {at or 'none'}, this program needs {head()}."
        if at == head():
            message = "The database's job queue is older than this program needs."
        raise Unavailable(message, "Run `drillmate migrate` once, then start again.")
    await migrate(database)


async def migrate(database: Database) -> str | None:
    """Upgrade a database to this program's schema; return the path of the copy, if one was made.

    Raises:
        Unavailable: The database cannot be opened or written, or is newer than this program.
    """
    at = await current(database)
    if at == head() and await _has_queue(database):
        return None
    copy = _copy(database, at) if at is not None and database.file else None
    try:
        async with database.engine.connect() as connection:
            if database.is_sqlite:
                # Batch mode drops and remakes tables: with keys on, that would delete what hangs
                # on them. It must be said before the transaction begins.
                await _keys(connection, "OFF")
            else:
                await _wait_in_line(connection)
            await connection.run_sync(_upgrade)
            if database.is_sqlite:
                await connection.run_sync(_check_keys)
            await connection.commit()
            if database.is_sqlite:
                await _keys(connection, "ON")
            else:
                await _bring_queue(connection)
    except Unavailable:
        raise
    except Exception as error:
        raise explain(error, place(database)) from error
    log.info("migrated", before=at, now=head(), copy=str(copy) if copy else None)
    return str(copy) if copy else None


def place(database: Database) -> str:
    """Return how to call a database in a sentence, without its password."""
    if database.file is not None:
        return str(database.file)
    return database.url.render_as_string(hide_password=True)


async def current(database: Database) -> str | None:
    """Return the revision a database is at, None for a new one.

    Raises:
        Unavailable: It cannot be opened, or is newer than this program.
    """
    if database.file is not None:
        try:
            database.file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise explain(error, place(database)) from error
    try:
        found = await revision(database)
    except Exception as error:
        raise explain(error, place(database)) from error
    if found is not None and found > head():
        message = (
            f"The database {place(database)} was made by a newer Drillmate "
            f"(revision {found}; this one knows {head()})."
        )
        raise Unavailable(message, "Install that version or a later one. Nothing was changed.")
    return found


async def _wait_in_line(connection: AsyncConnection) -> None:
    """Begin a transaction that no other process migrates during; on SQLite every write is one.

    Whoever comes second finds the work done.
    """
    await connection.execute(select(func.pg_advisory_xact_lock(LOCK)))


async def _bring_queue(connection: AsyncConnection) -> None:
    """Bring the queue's tables to the installed package's version, script by script."""
    while True:
        await _wait_in_line(connection)
        applied = await connection.run_sync(jobschema.advance)
        await connection.commit()
        if applied is None:
            return
        log.info("queue migrated", applied=applied)


async def _has_queue(database: Database) -> bool:
    """Return whether the queue's tables are those of the installed package; SQLite needs none.

    Raises:
        Unavailable: They are newer.
    """
    if database.is_sqlite:
        return True
    async with database.engine.connect() as connection:
        return await connection.run_sync(jobschema.missing) == []


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def _upgrade(connection: Connection) -> None:
    # Imported here: a start that migrates nothing need not load it.
    from alembic import command

    command.upgrade(_config(connection), "head")


async def _keys(connection: AsyncConnection, state: str) -> None:
    raw = await connection.get_raw_connection()
    assert raw.driver_connection is not None
    await raw.driver_connection.execute(f"PRAGMA foreign_keys={state}")


def _check_keys(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        tables = ", ".join(sorted({str(row[0]) for row in broken}))
        raise Unavailable(f"The migration would have left rows of {tables} without their owner.")


def _config(connection: Connection) -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations_folder()).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _copy(database: Database, current: str) -> Path:
    assert database.file is not None
    target = database.file.with_name(f"{database.file.name}.before-{head()}-was-{current}")
    with sqlite3.connect(database.file) as source, sqlite3.connect(target) as copy:
        source.backup(copy)
    copy.close()
    source.close()
    return target
