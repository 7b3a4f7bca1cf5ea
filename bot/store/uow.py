"""The database, and units of work on it: what happens inside one happens whole or not at all."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event, func, make_url, select
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool, StaticPool

from bot.errors import Away, Invalid, Unavailable
from bot.store.agenda import Agenda
from bot.store.attempts import Attempts
from bot.store.audit import Audit
from bot.store.boards import Boards
from bot.store.chats import Chats
from bot.store.deliveries import Deliveries
from bot.store.dialogs import DialogRepository
from bot.store.jobs import Jobs
from bot.store.keyvalues import KeyValues
from bot.store.moving import Moving
from bot.store.opinions import Opinions
from bot.store.posts import Posts
from bot.store.questions import Questions
from bot.store.reports import Reports
from bot.store.servings import Servings
from bot.store.streaks import StreakDays
from bot.store.subscriptions import Subscriptions
from bot.store.transcripts import Transcripts
from bot.store.updates import Updates
from bot.store.users import Users

BUSY_TIMEOUT_MS = 5000
"""How long SQLite waits for another process's write before it gives up."""
CLOSE_S = 5.0
"""Seconds that what was cut off is given to let go of its connection."""
CONNECT_S = 5
"""Seconds that PostgreSQL is given to take a connection."""
_KEEPALIVES = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
"""A machine that is gone without a word is noticed after 25 s, not after two hours."""


class Clash(Exception):
    """Somebody else changed the same at the same time; nothing of this unit of work happened."""


class UnitOfWork:
    """One transaction and the repositories on it. Leaving it without `commit` undoes all."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self.agenda = Agenda(session)
        self.attempts = Attempts(session)
        self.audit = Audit(session)
        self.boards = Boards(session)
        self.chats = Chats(session)
        self.deliveries = Deliveries(session)
        self.dialogs = DialogRepository(session)
        self.jobs = Jobs(session)
        self.kv = KeyValues(session)
        self.moving = Moving(session)
        self.opinions = Opinions(session)
        self.posts = Posts(session)
        self.questions = Questions(session)
        self.reports = Reports(session)
        self.servings = Servings(session)
        self.streaks = StreakDays(session)
        self.subscriptions = Subscriptions(session)
        self.transcripts = Transcripts(session)
        self.updates = Updates(session)
        self.users = Users(session)

    async def alone(self, what: str) -> None:
        """Wait until no other process does `what`, and keep it from all until the end.

        On SQLite every write is alone.
        """
        if self._session.get_bind().dialect.name != "sqlite":
            key = func.hashtext(f"drillmate:{what}")
            await self._session.execute(select(func.pg_advisory_xact_lock(key)))

    async def commit(self) -> None:
        """Make it last."""
        await self._session.commit()


class Database:
    """An engine with our settings for its dialect."""

    def __init__(self, url: str) -> None:
        """Prepare to connect; nothing is opened yet.

        Args:
            url: "sqlite:///FILE", "sqlite://" (in memory) or "postgresql://...".

        Raises:
            Invalid: Not the address of a database we know.
        """
        self.url = normalise(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        name = self.url.database or ""
        in_memory = self.is_sqlite and name in ("", ":memory:")
        # A "file:" address has settings of its own and is left to SQLite.
        is_path = self.is_sqlite and not in_memory and not name.startswith("file:")
        self.file = Path(name) if is_path else None
        options: dict[str, Any] = {}
        if in_memory:
            options["poolclass"] = StaticPool  # in memory there is only the one connection
        elif not self.is_sqlite:
            # A server that was restarted has broken all that the pool holds.
            options["pool_pre_ping"] = True
            options["connect_args"] = {"connect_timeout": CONNECT_S, **_KEEPALIVES}
        self.engine = create_async_engine(self.url, hide_parameters=True, **options)
        self._reader = self.engine.execution_options(drillmate_readonly=True)
        # SQLite has one writer at a time; waiting in line here beats its busy timeout.
        self._writing = asyncio.Lock() if self.is_sqlite else None
        if self.is_sqlite:
            event.listen(self.engine.sync_engine, "connect", _on_connect)
            event.listen(self.engine.sync_engine, "begin", _on_begin)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[UnitOfWork]:
        """Open a unit of work that may change things; nothing lasts without `commit`."""
        if self._writing is None:
            async with self._session(readonly=False) as unit:
                yield unit
            return
        async with self._writing, self._session(readonly=False) as unit:
            yield unit

    @asynccontextmanager
    async def read(self) -> AsyncIterator[UnitOfWork]:
        """Open a unit of work that only looks; it waits for no writer."""
        async with self._session(readonly=True) as unit:
            yield unit

    @asynccontextmanager
    async def _session(self, *, readonly: bool) -> AsyncIterator[UnitOfWork]:
        engine = self._reader if readonly else self.engine
        try:
            async with AsyncSession(engine, expire_on_commit=False) as session:
                yield UnitOfWork(session)
        except IntegrityError as error:
            raise Clash(str(error.orig)) from error
        except (OperationalError, InterfaceError, OSError) as error:
            # Broken or refused connections, a server that goes down or is not yet up, deadlocks,
            # full disks: all that time may heal.
            raise Away from error

    async def close(self) -> None:
        """Give all connections back."""
        # A unit of work that was cut off gives its connection back in a task of its own, which
        # would wait for ever for a connection that has been closed under it.
        pool = self.engine.pool
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_S):
                while isinstance(pool, QueuePool) and pool.checkedout():  # noqa: ASYNC110 - it tells nobody
                    await asyncio.sleep(0.005)
        await self.engine.dispose()


def normalise(url: str) -> URL:
    """Return `url` with the asynchronous driver we use for its database.

    Raises:
        Invalid: It is not an address, or of a database we do not know.
    """
    hint = "Use sqlite:///path/to/file.db or postgresql://user:password@host/name."
    try:
        parsed = make_url(url)
    except Exception as error:
        raise Invalid("The database address cannot be read.", hint, field="database") from error
    match parsed.get_backend_name():
        case "sqlite":
            return parsed.set(drivername="sqlite+aiosqlite")
        case "postgresql" | "postgres":
            return parsed.set(drivername="postgresql+psycopg")
        case other:
            message = f'"{other}" is not a database that Drillmate speaks.'
            raise Invalid(message, hint, field="database")


def explain(error: Exception, where: str) -> Unavailable:
    """Return in a sentence why the database at `where` cannot be used."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    text = str(cause).strip().partition("\n")[0]
    if "readonly" in text or "read-only" in text or "permission denied" in text.casefold():
        hint = "Make the file and its folder writable, or name another with --database."
        return Unavailable(f"The database {where} cannot be written: {text}.", hint)
    if isinstance(cause, sqlite3.DatabaseError) and "not a database" in text:
        hint = "Name another file with --database, or restore a copy of it."
        return Unavailable(f"{where} is not a database that Drillmate can read.", hint)
    if "unable to open" in text or isinstance(cause, OSError):
        hint = "Check that its folder exists and is writable, or name another with --database."
        return Unavailable(f"The database {where} cannot be opened: {text}.", hint)
    hint = "Check that it runs and that the address is right. Nothing was changed."
    return Unavailable(f"The database {where} does not answer: {text}.", hint)


def _on_connect(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver must not begin transactions behind our back
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _on_begin(connection: Any) -> None:
    # Deferred transactions that turn into writes fail with "database is locked" under contention;
    # those that begin as writes wait in line instead.
    readonly = connection.get_execution_options().get("drillmate_readonly", False)
    connection.exec_driver_sql("BEGIN" if readonly else "BEGIN IMMEDIATE")
