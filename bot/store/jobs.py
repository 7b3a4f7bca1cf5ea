"""Jobs: promises to do something slow later, kept in the transaction that gives a reason for them.

On SQLite they are rows of our own. On PostgreSQL they are procrastinate's, deferred on the very
connection of the unit of work, and the table `jobs` stays empty.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, case, delete, func, or_, select, text, tuple_, update

from bot.errors import Away
from bot.store.repository import Repository
from bot.store.tables import JobRow

if TYPE_CHECKING:
    from procrastinate import App


ORDINARY, SLOW = "default", "slow"
"""Queues of procrastinate: "default" is its own name."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A job that somebody works on.

    Attributes:
        task: Which function.
        key: What it is about.
        tries: How often it was begun, with this time.
        asked: How often it was promised until then.
    """

    task: str
    key: str
    tries: int
    asked: int


class Jobs(Repository):
    """One job waits for a task and a key, however often it is promised."""

    async def defer(self, task: str, key: str, at: datetime, *, slow: bool = False) -> None:
        """Promise a job, not to be begun before `at`; one that waits already stays as it is.

        Promised while it runs, it runs once more: what it has read may be older than the promise.
        A `slow` one is of a task that says so.
        """
        if self._is_sqlite:
            insert = self._insert(JobRow).values(task=task, key=key, not_before=at)
            given_up = JobRow.failed_at.is_not(None)
            again = {
                "not_before": at,
                "asked": JobRow.asked + 1,
                "tries": case((given_up, 0), else_=JobRow.tries),
                "failed_at": None,
            }
            await self._session.execute(
                insert.on_conflict_do_update(
                    index_elements=["task", "key"],
                    set_=again,
                    where=or_(JobRow.lease_until.is_not(None), given_up),
                )
            )
        else:
            await self._defer_on_queue(task, key, at, SLOW if slow else ORDINARY)

    async def done(self, task: str, key: str) -> None:
        """Say that what a job was to do has been done by other means.

        On PostgreSQL it runs all the same, and finds nothing to do.
        """
        if self._is_sqlite:
            await self._session.execute(_quiet(delete(JobRow).where(*_is(task, key))))

    async def count(self) -> tuple[int, int]:
        """Return how many jobs are to be done, and how many were given up."""
        if self._is_sqlite:
            failed = func.count(JobRow.failed_at)
            query: Any = select(func.count() - failed, failed).select_from(JobRow)
        else:
            query = text(
                "SELECT count(*) FILTER (WHERE status IN ('todo', 'doing')), "
                "count(*) FILTER (WHERE status = 'failed') "
                "FROM procrastinate_jobs WHERE queue_name <> 'upkeep'"
            )
        open_, given_up = (await self._session.execute(query)).one()
        return open_, given_up

    async def ready(self, now: datetime) -> set[str]:
        """Return the tasks that have a job to be begun; reads an index of what is open."""
        # By its bare name SQLite would read the primary key, which has those given up too.
        query = select(JobRow.task.concat("")).where(*_ready(now)).distinct()
        return set(await self._session.scalars(query))

    async def lease(
        self, now: datetime, *, tasks: Iterable[str], for_s: float, limit: int
    ) -> list[Lease]:
        """Take jobs that nobody works on, for `for_s` seconds, those that wait longest first.

        One whose lease ran out (its worker died) is taken again.
        """
        query = select(JobRow).where(*_ready(now), JobRow.task.in_(sorted(tasks)))
        query = query.order_by(JobRow.not_before).limit(limit)
        rows = list(await self._session.scalars(query))
        for row in rows:
            row.lease_until = now + timedelta(seconds=for_s)
            row.tries += 1
        await self._session.flush()
        return [Lease(row.task, row.key, row.tries, row.asked) for row in rows]

    async def renew(self, leases: list[Lease], until: datetime) -> None:
        """Hold on to jobs that are still worked on."""
        held = tuple_(JobRow.task, JobRow.key, JobRow.tries)
        those = [(each.task, each.key, each.tries) for each in leases]
        renewal = update(JobRow).where(held.in_(those), JobRow.lease_until.is_not(None))
        await self._session.execute(_quiet(renewal.values(lease_until=until)))

    async def finish(self, lease: Lease) -> None:
        """Say that a job is done; if it was promised anew meanwhile, it waits again.

        Whoever lost the lease meanwhile changes nothing.
        """
        done = delete(JobRow).where(*_held(lease), JobRow.asked == lease.asked)
        if not await self._changed(_quiet(done)):
            await self._put_back(lease, tries=0)

    async def fail(self, lease: Lease, error: str, now: datetime, again: datetime | None) -> None:
        """Say that a job failed: it is tried again, or kept as given up if `again` is None."""
        unchanged = update(JobRow).where(*_held(lease), JobRow.asked == lease.asked)
        if again is None:
            kept = unchanged.values(lease_until=None, error=error, failed_at=now)
        else:
            kept = unchanged.values(lease_until=None, error=error, not_before=again)
        if not await self._changed(_quiet(kept)):
            await self._put_back(lease, tries=0, error=error)

    async def give_back(self, lease: Lease) -> None:
        """Leave a job that was begun and not finished to the next; the try does not count."""
        await self._put_back(lease, tries=lease.tries - 1)

    async def forget(self, before: datetime) -> int:
        """Forget what was given up before an instant; return how many."""
        return await self._changed(_quiet(delete(JobRow).where(JobRow.failed_at < before)))

    @property
    def _is_sqlite(self) -> bool:
        return self._session.get_bind().dialect.name == "sqlite"

    async def _put_back(self, lease: Lease, **values: Any) -> None:
        back = update(JobRow).where(*_held(lease)).values(lease_until=None, **values)
        await self._session.execute(_quiet(back))

    async def _defer_on_queue(self, task: str, key: str, at: datetime, queue: str) -> None:
        # Imported here: on SQLite nobody waits for it.
        from procrastinate import exceptions

        connection = await self._session.connection()
        raw = await connection.get_raw_connection()
        promise = _queue().configure_task(
            task,
            queue=queue,
            queueing_lock=queueing_lock(task, key),
            schedule_at=at,
            connection=raw.driver_connection,
        )
        try:
            # One that waits already is an error there, which would spoil the whole transaction.
            async with connection.begin_nested():
                await promise.defer_async(key=key)
        except exceptions.AlreadyEnqueued:
            pass
        except exceptions.ConnectorException as error:
            raise Away from error


def queueing_lock(task: str, key: str) -> str:
    """Return what no two jobs that wait in procrastinate's queue have in common."""
    return f"{task}:{key}"


@cache
def _queue() -> App:
    """Return what knows how to defer; it is never opened, for it has no connection of its own."""
    from procrastinate import App, PsycopgConnector

    return App(connector=PsycopgConnector())


def _is(task: str, key: str) -> tuple[ColumnElement[bool], ...]:
    return (JobRow.task == task, JobRow.key == key)


def _held(lease: Lease) -> tuple[ColumnElement[bool], ...]:
    """Return what is true of a job as long as nobody else has taken it."""
    mine = JobRow.tries == lease.tries
    return (*_is(lease.task, lease.key), mine, JobRow.lease_until.is_not(None))


def _ready(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        JobRow.failed_at.is_(None),
        JobRow.not_before <= now,
        or_(JobRow.lease_until.is_(None), JobRow.lease_until <= now),
    )


def _quiet(statement: Any) -> Any:
    """Return a write that does not look for the rows it changes in the session: none are kept."""
    return statement.execution_options(synchronize_session=False)
