"""The tables of procrastinate, which come and grow with the package and not with our migrations.

A new database gets the package's whole schema. Which of the package's migrations that included is
noted in `kv`; those that a later version of it brings are applied in their order.
"""

from __future__ import annotations

from importlib import resources
from typing import Any

from sqlalchemy import Connection, inspect, select
from sqlalchemy.dialects import postgresql

from bot.errors import Unavailable
from bot.store.tables import KeyValueRow

NOTE = "procrastinate.migration"
"""Where the name of the newest migration that was applied is kept."""
PREFIX = "procrastinate_"
"""What all of its tables begin with."""


def is_ours(name: str | None, kind: str, _parents: Any = None) -> bool:
    """Return whether a thing in the database is declared in our tables; asked by Alembic."""
    return kind != "table" or not (name or "").startswith(PREFIX)


def packaged() -> list[str]:
    """Return the names of the package's migrations, which sort by version."""
    folder = resources.files("procrastinate.sql") / "migrations"
    return sorted(each.name for each in folder.iterdir() if each.name.endswith(".sql"))


def missing(connection: Connection) -> list[str] | None:
    """Return the migrations that are still to be applied; None if there are no tables yet.

    Raises:
        Unavailable: The tables are newer than the package.
    """
    noted = None
    if inspect(connection).has_table(KeyValueRow.__tablename__):
        noted = connection.scalar(select(KeyValueRow.value).where(KeyValueRow.key == NOTE))
    if noted is None:
        return None
    known = packaged()
    if noted > known[-1]:
        message = f"The queue's tables were made for a newer procrastinate ({noted})."
        raise Unavailable(message, "Install that version or a later one. Nothing was changed.")
    return [name for name in known if name > noted]


def advance(connection: Connection) -> str | None:
    """Apply the next script that is missing and note it; return its name, None if there is none.

    To be called with the migrations' lock held, and each in a transaction of its own: a value that
    one script adds to a type can be used by the next only after that.
    """
    names = missing(connection)
    if names == []:
        return None
    package = resources.files("procrastinate.sql")
    if names is None:
        script, name, newest = package / "schema.sql", "schema.sql", packaged()[-1]
    else:
        name = newest = names[0]
        script = package / "migrations" / name
    # Without parameters: a script has many statements, and percent signs that are only that.
    options = {"no_parameters": True}
    connection.exec_driver_sql(script.read_text("utf-8"), execution_options=options)
    note = postgresql.insert(KeyValueRow).values(key=NOTE, value=newest)
    connection.execute(note.on_conflict_do_update(index_elements=["key"], set_={"value": newest}))
    return name
