"""The embedded engine: jobs from our own table, in the one process that there is."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from datetime import timedelta

import structlog

from bot.errors import Away
from bot.services import Services
from bot.store.jobs import Lease
from bot.store.uow import Database
from bot.tasks import Task
from bot.workers.jobs.pace import KEPT_H, Pace, WorkerDied, wait_after

log = structlog.get_logger(__name__)


class Embedded:
    """Claims jobs by lease and runs them, some at a time; an idle look is one read of an index."""

    def __init__(
        self, database: Database, services: Services, tasks: Mapping[str, Task], pace: Pace
    ) -> None:
        self._database = database
        self._services = services
        self._tasks = tasks
        self._pace = pace
        self._running: dict[asyncio.Task[None], Lease] = {}
        self._room = asyncio.Event()
        self._days: dict[str, str] = {}

    async def run(self) -> None:
        """Run jobs until cancelled; those under way are finished then, if it takes not too long."""
        async with asyncio.TaskGroup() as group:
            holding = group.create_task(self._hold_on(), name="leases")
            try:
                while True:
                    self._room.clear()
                    if not await self._fenced_look(group):
                        await self._wait_a_moment()
            finally:
                if self._running:
                    await asyncio.wait(self._running, timeout=self._pace.finish_s)
                holding.cancel()
                for under_way in self._running:
                    under_way.cancel()

    async def _wait_a_moment(self) -> None:
        """Wait until the next look: until a job is over, at most."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._pace.look_s):
                await self._room.wait()

    async def _fenced_look(self, group: asyncio.TaskGroup) -> bool:
        try:
            return await self._look(group)
        except Away:
            log.warning("database out of reach", work="jobs")
        except Exception:  # the next look tries again; the database holds what is to be done
            log.exception("look for jobs failed")
        return False

    async def _look(self, group: asyncio.TaskGroup) -> bool:
        """Begin what is due; return whether there may be more."""
        await self._defer_daily()
        now = self._services.clock.now()
        async with self._database.read() as unit:
            ready = await unit.jobs.ready(now)
        leases: list[Lease] = []
        for slow in (False, True):
            tasks = {name for name in ready if self._is_slow(name) is slow}
            if tasks and (room := self._room_for(slow=slow)) > 0:
                async with self._database.write() as unit:
                    leases += await unit.jobs.lease(
                        now, tasks=tasks, for_s=self._pace.alive_s, limit=room
                    )
                    await unit.commit()
        for lease in leases:
            begun = group.create_task(self._work(lease), name=f"{lease.task}:{lease.key}")
            self._running[begun] = lease
            begun.add_done_callback(self._over)
        return bool(leases)

    def _is_slow(self, name: str) -> bool:
        task = self._tasks.get(name)
        return task is not None and task.slow

    def _room_for(self, *, slow: bool) -> int:
        """Return how many more jobs of a kind may be begun."""
        busy = sum(self._is_slow(lease.task) is slow for lease in self._running.values())
        return (self._pace.slow_at_once if slow else self._pace.at_once) - busy

    def _over(self, ended: asyncio.Task[None]) -> None:
        del self._running[ended]
        self._room.set()

    async def _work(self, lease: Lease) -> None:
        """Run a job and note what became of it; never raises, or the others would end with it."""
        try:
            failure = await self._do(lease)
        except asyncio.CancelledError:
            await self._note(lease, None, given_back=True)
            raise
        await self._note(lease, failure)

    async def _do(self, lease: Lease) -> Exception | None:
        task = self._tasks.get(lease.task)
        if task is None:
            return LookupError(lease.task)
        if lease.tries > task.retry.tries:  # a job that kills its process must not do so for ever
            return WorkerDied(lease.task)
        try:
            await task.run(self._services, lease.key)
        except Exception as error:
            return error
        return None

    async def _note(
        self, lease: Lease, failure: Exception | None, *, given_back: bool = False
    ) -> None:
        now = self._services.clock.now()
        try:
            async with self._database.write() as unit:
                if given_back:
                    await unit.jobs.give_back(lease)
                elif failure is None:
                    await unit.jobs.finish(lease)
                else:
                    task = self._tasks.get(lease.task)
                    wait = wait_after(task, lease.key, lease.tries, failure)
                    again = None if wait is None else now + timedelta(seconds=wait)
                    await unit.jobs.fail(lease, type(failure).__name__, now, again)
                await unit.commit()
        except Exception:  # it runs again when its lease ends, and finds what is left to do
            log.exception("job not noted", task=lease.task, key=lease.key)

    async def _hold_on(self) -> None:
        """Keep the leases of what is under way: some jobs take longer than a worker is trusted."""
        while True:
            await asyncio.sleep(self._pace.sign_s)
            if not self._running:
                continue
            until = self._services.clock.now() + timedelta(seconds=self._pace.alive_s)
            try:
                async with self._database.write() as unit:
                    await unit.jobs.renew(list(self._running.values()), until)
                    await unit.commit()
            except Exception:
                log.exception("leases not renewed")

    async def _defer_daily(self) -> None:
        """Promise the tasks of the day, once a day; one that was slept through is made up for."""
        now = self._services.clock.now()
        for task in self._tasks.values():
            if task.daily_at is None:
                continue
            due = task.last_due(now)
            day = due.date().isoformat()
            if self._days.get(task.name) == day:
                continue
            note = f"daily.{task.name}"
            async with self._database.write() as unit:
                if await unit.kv.get(note) != day:
                    await unit.kv.put(note, day)
                    await unit.jobs.defer(task.name, day, due)
                    await unit.jobs.forget(now - timedelta(hours=KEPT_H))
                await unit.commit()
            self._days[task.name] = day
