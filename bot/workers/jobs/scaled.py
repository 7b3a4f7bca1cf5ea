"""The scale-out engine: a procrastinate worker, beside any number of others on one PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, time
from typing import Any

import structlog
from procrastinate import (
    App,
    BaseRetryStrategy,
    JobContext,
    PsycopgConnector,
    RetryDecision,
    exceptions,
)
from procrastinate.jobs import Job, Status

from bot.services import Services
from bot.store.jobs import ORDINARY, SLOW, queueing_lock
from bot.store.uow import CONNECT_S, Database
from bot.tasks import Task
from bot.workers.jobs.pace import KEPT_H, Pace, WorkerDied, wait_after

log = structlog.get_logger(__name__)

DAY_S = 86_400
"""Seconds for which a daily task that was slept through is made up for."""
RETURN_S = 2.0
"""Seconds until a worker that lost its database comes back."""
CONNECTIONS = 3
"""Connections of the queue's own, besides the one that listens: no job holds one while it runs."""
UPKEEP = "upkeep"
"""The queue of what keeps the queue in order; these jobs are not counted."""
FORGET_AT = "45 3 * * *"
"""When what was given up long ago is forgotten, as a cron line (UTC)."""


class Scaled:
    """Runs jobs from procrastinate's queue; a dead worker's jobs are put back by the living."""

    def __init__(
        self, database: Database, services: Services, tasks: Mapping[str, Task], pace: Pace
    ) -> None:
        self._address = database.url.set(drivername="postgresql").render_as_string(
            hide_password=False
        )
        self._services = services
        self._tasks = tasks
        self._pace = pace

    async def run(self) -> None:
        """Run jobs until cancelled; those under way are finished then, if it takes not too long."""
        # Each with an app of its own: what stops or loses one worker does not touch the other.
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep_working(slow=False), name="jobs")
            group.create_task(self._keep_working(slow=True), name="slow jobs")

    async def _keep_working(self, *, slow: bool) -> None:
        while True:
            try:
                await self._work(slow=slow)
            except Exception as error:
                log.warning("jobs interrupted", reason=type(error).__name__, again_s=RETURN_S)
            # A worker that is told to stop while the database is away ends with that error.
            current = asyncio.current_task()
            if current is not None and current.cancelling():
                raise asyncio.CancelledError
            await asyncio.sleep(RETURN_S)

    async def _work(self, *, slow: bool) -> None:
        """Run jobs of one kind until cancelled, or until the database is lost."""
        app = self._app(slow=slow)
        async with app.open_async():
            await app.run_worker_async(
                queues=[SLOW] if slow else [ORDINARY, UPKEEP],
                name="drillmate",
                concurrency=self._pace.slow_at_once if slow else self._pace.at_once,
                fetch_job_polling_interval=self._pace.look_s,
                shutdown_graceful_timeout=self._pace.finish_s,
                update_heartbeat_interval=self._pace.sign_s,
                stalled_worker_timeout=self._pace.alive_s,
                delete_jobs="successful",
                listen_notify=True,
                install_signal_handlers=False,
            )

    def _app(self, *, slow: bool) -> App:
        connector = PsycopgConnector(
            conninfo=self._address,
            kwargs={"connect_timeout": CONNECT_S},
            min_size=1,
            max_size=CONNECTIONS,
        )
        app = App(connector=connector, periodic_defaults={"max_delay": DAY_S})
        for task in self._tasks.values():
            if task.slow is not slow:
                continue
            made = app.task(
                name=task.name,
                queue=SLOW if task.slow else ORDINARY,
                retry=_Again(task),
                pass_context=True,
            )(self._function(task))
            if task.daily_at is not None:
                app.periodic(cron=_daily(task.daily_at))(made)
        if not slow:
            self._add_upkeep(app)
        return app

    def _function(self, task: Task) -> Callable[..., Awaitable[None]]:
        """Return a task as procrastinate calls it."""

        async def run(context: JobContext, key: str = "", timestamp: int | None = None) -> None:
            if timestamp is not None:
                key = _day(timestamp)
            try:
                await task.run(self._services, key)
            except Exception:
                waiting = await context.app.job_manager.list_jobs_async(
                    status=Status.TODO.value,
                    task=task.name,
                    queueing_lock=queueing_lock(task.name, key),
                )
                if list(waiting):
                    # It was promised anew while it ran, and two that wait would clash.
                    log.exception("job failed", task=task.name, key=key)
                    return
                raise

        return run

    def _add_upkeep(self, app: App) -> None:
        """Add what keeps the queue itself in order; deferred by all workers, run once."""

        @app.periodic(cron=_every(self._pace.rescue_s))
        @app.task(name="rescue", queueing_lock="rescue", queue=UPKEEP)
        async def rescue(timestamp: int) -> None:
            stalled = await app.job_manager.get_stalled_jobs(
                seconds_since_heartbeat=self._pace.alive_s
            )
            for job in stalled:
                await self._rescue(app, job)

        @app.periodic(cron=FORGET_AT)
        @app.task(name="forget", queueing_lock="forget", queue=UPKEEP)
        async def forget(timestamp: int) -> None:
            await app.job_manager.delete_old_jobs(
                nb_hours=KEPT_H, include_failed=True, include_cancelled=True, include_aborted=True
            )

    async def _rescue(self, app: App, job: Job) -> None:
        """Have a dead worker's job run again, unless it has killed too many."""
        task, key, tries = self._tasks.get(job.task_name), _key(job), job.attempts + 1
        try:
            if task is not None and task.retry.wait_s(tries) is None:
                wait_after(task, key, tries, WorkerDied())
                await app.job_manager.finish_job(job, Status.FAILED, delete_job=False)
                return
            log.warning("job rescued", task=job.task_name, key=key, tries=tries)
            await app.job_manager.retry_job(job)
        except exceptions.UniqueViolation:  # it was promised anew: the one that waits will do
            await app.job_manager.finish_job(job, Status.ABORTED, delete_job=True)
        except exceptions.ConnectorException:  # somebody else was faster
            log.info("job not rescued", task=job.task_name, key=key)


class _Again(BaseRetryStrategy):
    """Our rule of trying again, in procrastinate's words."""

    def __init__(self, task: Task) -> None:
        self._task = task

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, asyncio.CancelledError):  # it was us who stopped
            return RetryDecision(retry_in={"seconds": 0})
        wait = wait_after(self._task, _key(job), job.attempts + 1, exception)
        if wait is None:
            return None
        return RetryDecision(retry_in={"milliseconds": round(wait * 1000)})


def _key(job: Job) -> str:
    if "timestamp" in job.task_kwargs:
        return _day(job.task_kwargs["timestamp"])
    return str(job.task_kwargs.get("key", ""))


def _day(timestamp: Any) -> str:
    return datetime.fromtimestamp(int(timestamp), UTC).date().isoformat()


def _daily(at: time) -> str:
    return f"{at.minute} {at.hour} * * *"


def _every(seconds: int) -> str:
    """Return a cron line; its sixth field, if there, counts seconds."""
    return "* * * * *" if seconds >= 60 else f"* * * * * */{seconds}"
