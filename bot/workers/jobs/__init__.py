"""Jobs that are slow: the same tasks on two engines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from bot.services import Services
from bot.store.uow import Database
from bot.tasks import Task, registry
from bot.workers.jobs.pace import Pace

__all__ = ["Engine", "Pace", "engine"]


class Engine(Protocol):
    """Runs jobs."""

    async def run(self) -> None:
        """Run jobs until cancelled."""
        ...


def engine(
    database: Database,
    services: Services,
    *,
    tasks: Mapping[str, Task] | None = None,
    pace: Pace | None = None,
) -> Engine:
    """Return what runs the jobs of a database.

    Args:
        database: On SQLite one process runs them; on PostgreSQL any number may.
        services: What tasks work with.
        tasks: Which there are; None: all that `bot.tasks` declares.
        pace: How fast.
    """
    those = registry() if tasks is None else tasks
    if database.is_sqlite:
        from bot.workers.jobs.embedded import Embedded

        return Embedded(database, services, those, pace or Pace())
    # Imported here: on SQLite nobody waits for its libraries.
    from bot.workers.jobs.scaled import Scaled

    return Scaled(database, services, those, pace or Pace())
