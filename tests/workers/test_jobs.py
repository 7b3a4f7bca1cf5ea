"""Jobs on both engines: each runs, once, again if it fails, and whatever dies meanwhile."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import time, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.clock import MovableClock, SystemClock
from bot.critics.keypoints import KeypointsCritic
from bot.services import Services, build
from bot.store.uow import Database
from bot.tasks import Retry, Task, registry
from bot.testing import World
from bot.workers.jobs import Pace, engine
from tests.rows import rows

QUICK = Pace(look_s=0.05, alive_s=1, rescue_s=1, finish_s=10)
AT_ONCE = Retry(tries=3, first_s=0.01)
CLOCK = SystemClock()
UNJUDGED = "SELECT count(*) FROM attempts WHERE scores IS NULL"


class Work:
    """A task that tells what it was called with, and does each time what it is given to do."""

    def __init__(self, *doings: Callable[[], Awaitable[None]], until: int = 1) -> None:
        self._doings = list(doings)
        self._until = until
        self.keys: list[str] = []
        self.begun = asyncio.Event()
        self.enough = asyncio.Event()

    async def __call__(self, services: Services, key: str) -> None:
        """Be run."""
        self.keys.append(key)
        self.begun.set()
        if len(self.keys) >= self._until:
            self.enough.set()
        if self._doings:
            await self._doings.pop(0)()


async def breaks() -> None:
    raise ZeroDivisionError


async def never_ends() -> None:
    await asyncio.Event().wait()


@asynccontextmanager
async def running(
    database: Database, tasks: Mapping[str, Task] | None, pace: Pace = QUICK
) -> AsyncIterator[None]:
    """Run an engine meanwhile, and leave when it has finished what it was at."""
    services = _services(database)
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        task = group.create_task(engine(database, services, tasks=tasks, pace=pace).run())
        try:
            yield
        finally:
            task.cancel()


async def test_a_job_runs_and_is_over(database: Database) -> None:
    work = Work()
    await _defer(database, "1")
    async with running(database, _tasks(work)):
        await work.enough.wait()
    assert work.keys == ["1"]
    assert await _counts(database) == (0, 0)


async def test_a_job_that_is_promised_to_a_running_engine_is_found(database: Database) -> None:
    first, later = Work(), Work()
    await _defer(database, "1", "first")
    async with running(database, _tasks(first=first, later=later)):
        await first.enough.wait()
        await _defer(database, "2", "later")
        await later.enough.wait()
    assert later.keys == ["2"]


async def test_a_job_is_not_begun_before_its_time(database: Database) -> None:
    now, later = Work(), Work()
    await _defer(database, "1", "later", in_s=3600)
    await _defer(database, "2", "now")
    async with running(database, _tasks(now=now, later=later)):
        await now.enough.wait()
    assert later.keys == []
    assert await _counts(database) == (1, 0)


async def test_a_job_that_fails_is_tried_again(database: Database) -> None:
    work = Work(breaks, until=2)
    await _defer(database, "1")
    async with running(database, _tasks(work)):
        await work.enough.wait()
    assert work.keys == ["1", "1"]
    assert await _counts(database) == (0, 0)


async def test_a_job_is_given_up_after_its_last_try_and_kept_and_an_operator_is_told(
    database: Database,
) -> None:
    work = Work(breaks, breaks, breaks, until=AT_ONCE.tries)
    await _defer(database, "1")
    with capture_logs() as told:
        async with running(database, _tasks(work)):
            await work.enough.wait()
    errors = [each for each in told if each["log_level"] == "error"]
    assert [(each["event"], each["task"], each["key"], each["reason"]) for each in errors] == [
        ("job given up", "work", "1", "ZeroDivisionError")
    ]
    assert work.keys == ["1"] * AT_ONCE.tries
    assert await _counts(database) == (0, 1)


async def test_a_job_promised_anew_while_it_fails_is_run_for_that_promise(
    database: Database,
) -> None:
    async def promised_anew() -> None:
        await _defer(database, "1")
        raise ZeroDivisionError

    work = Work(promised_anew, until=2)
    await _defer(database, "1")
    async with running(database, _tasks(work)):
        await work.enough.wait()
    assert work.keys == ["1", "1"]
    assert await _counts(database) == (0, 0)


async def test_a_job_of_a_task_that_nobody_knows_is_kept_and_stops_no_other(
    database: Database,
) -> None:
    work = Work()
    await _defer(database, "1", "unheard-of")
    await _defer(database, "2")
    async with running(database, _tasks(work), Pace(at_once=1, look_s=0.05)):
        await work.enough.wait()
    assert work.keys == ["2"]
    assert await _counts(database) == (0, 1)


async def test_two_workers_run_each_job_once(database: Database) -> None:
    number = 40
    work = Work(until=number)
    for key in range(number):
        await _defer(database, str(key))
    other = Database(database.url.render_as_string(hide_password=False))
    tasks = _tasks(work)
    async with running(database, tasks), running(other, tasks):
        await work.enough.wait()
    await other.close()
    assert sorted(work.keys, key=int) == [str(key) for key in range(number)]
    assert await _counts(database) == (0, 0)


async def test_no_more_run_at_once_than_are_allowed(database: Database) -> None:
    at_once, most = 0, 0
    two = asyncio.Event()

    async def counted() -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        if at_once == 2:
            two.set()
        await two.wait()
        async with database.read() as unit:  # something that takes its time
            await unit.kv.get("x")
        at_once -= 1

    work = Work(*[counted] * 12, until=12)
    for key in range(12):
        await _defer(database, str(key))
    async with running(database, _tasks(work), Pace(at_once=2, look_s=0.05)):
        await work.enough.wait()
    assert most == 2


async def test_an_engine_that_is_stopped_finishes_what_it_is_at(database: Database) -> None:
    go_on = asyncio.Event()
    ended: list[str] = []

    async def slow() -> None:
        await go_on.wait()
        ended.append("slow")

    work = Work(slow)
    await _defer(database, "1")
    async with running(database, _tasks(work)):
        await work.begun.wait()
        asyncio.get_running_loop().call_later(0.1, go_on.set)
    assert ended == ["slow"]
    assert await _counts(database) == (0, 0)


async def test_what_takes_too_long_to_finish_is_left_to_the_next(database: Database) -> None:
    work = Work(never_ends, until=2)
    await _defer(database, "1")
    tasks = _tasks(work)
    async with running(database, tasks, Pace(look_s=0.05, finish_s=0.1)):
        await work.begun.wait()
    assert await _counts(database) == (1, 0)
    async with running(database, tasks):
        await work.enough.wait()
    assert work.keys == ["1", "1"]
    assert await _counts(database) == (0, 0)


async def test_a_job_that_takes_longer_than_a_worker_may_be_silent_runs_once(
    database: Database,
) -> None:
    lasting, watch = asyncio.Event(), Work()

    async def long() -> None:
        await lasting.wait()

    work = Work(long)
    await _defer(database, "1")
    tasks = _tasks(work, watch=watch)
    other = Database(database.url.render_as_string(hide_password=False))
    async with running(database, tasks), running(other, tasks):
        await work.begun.wait()
        # More than two silences later, by both engines' own clocks.
        await _defer(database, "2", "watch", in_s=2.5)
        await watch.enough.wait()
        lasting.set()
    await other.close()
    assert work.keys == ["1"]
    assert await _counts(database) == (0, 0)


async def test_a_killed_workers_job_runs_again(database: Database) -> None:
    await _defer(database, "1")
    _dies("job", database)
    assert await _counts(database) == (1, 0)
    work = Work()
    async with running(database, _tasks(work)):
        await work.enough.wait()
    assert work.keys == ["1"]
    assert await _counts(database) == (0, 0)


async def test_a_job_that_has_killed_too_many_workers_is_given_up(database: Database) -> None:
    await _defer(database, "1")
    _dies("job", database)
    work = Work()
    task = Task("work", work, Retry(tries=1))
    async with running(database, {"work": task}):
        await _until(lambda: _counts(database), (0, 1))
    assert work.keys == []


async def test_an_answer_kept_by_a_process_that_died_before_judging_it_is_judged(
    database: Database,
) -> None:
    _dies("answer", database)
    assert await rows(database, "SELECT scores FROM attempts") == [(None,)]
    async with running(database, registry()):
        await _until(lambda: rows(database, UNJUDGED), [(0,)])
    [(score,)] = await rows(database, "SELECT score FROM attempts")
    assert score is not None
    assert (await _counts(database))[1] == 0


async def test_a_job_for_an_answer_that_is_judged_or_gone_changes_nothing(
    world: World, database: Database
) -> None:
    ana = world.person("Ana")
    await ana.says("/practice")
    await ana.presses("Answer")
    await ana.says("Boil the water, rinse the rice, chop the onions, knead the dough.")
    tables = ("attempts", "totals", "streak_days", "servings")
    before = [await rows(database, f"SELECT * FROM {each}") for each in tables]
    [(attempt_id,)] = await rows(database, "SELECT id FROM attempts WHERE scores IS NOT NULL")
    for key in (attempt_id, attempt_id + 1):
        await registry()["judge"].run(world.app.services, str(key))
    assert [await rows(database, f"SELECT * FROM {each}") for each in tables] == before
    # Where promises can be taken back, this one was; procrastinate's runs and finds nothing.
    assert await _counts(database) == (0 if database.is_sqlite else 1, 0)


async def test_the_sweep_forgets_what_nobody_needs_any_more(
    world: World, database: Database, clock: MovableClock
) -> None:
    inbox = world.app.services.inbox
    for number in (1, 2):
        await inbox.take("telegram", str(number), "{}", number)
    await inbox.done("telegram", ["1"])
    clock.advance(timedelta(days=3))
    await registry()["sweep"].run(world.app.services, "2026-03-26")
    assert await rows(database, "SELECT key FROM updates") == [("2",)]


async def test_a_daily_task_runs_once_whoever_else_wants_it(database: Database) -> None:
    daily, plain = Work(), Work()
    tasks = {
        "daily": Task("daily", daily, daily_at=time(3, 30)),
        "work": Task("work", plain),
    }
    other = Database(database.url.render_as_string(hide_password=False))
    async with running(database, tasks), running(other, tasks):
        await daily.enough.wait()
    await _defer(database, "1", in_s=0.5)
    async with running(other, tasks):
        await plain.enough.wait()
    await other.close()
    assert daily.keys == [tasks["daily"].last_due(CLOCK.now()).date().isoformat()]


@pytest.mark.postgres
@pytest.mark.parametrize("address", ["postgres"], indirect=True)
async def test_a_worker_that_loses_its_database_comes_back(database: Database) -> None:
    first, later = Work(), Work()
    await _defer(database, "1", "first")
    async with running(database, _tasks(first=first, later=later)):
        await first.enough.wait()
        await rows(
            database,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        await _defer(database, "2", "later")
        await later.enough.wait()
    assert later.keys == ["2"]


@pytest.mark.parametrize(
    ("tries", "wait"), [(1, 10), (2, 20), (9, 2560), (10, 3600), (11, 3600), (12, None)]
)
def test_waits_double_up_to_the_longest_and_end(tries: int, wait: float | None) -> None:
    assert Retry().wait_s(tries) == wait


def test_tasks_are_found_and_named() -> None:
    assert set(registry()) == {"judge", "opinion", "sweep"}


def _tasks(work: Work | None = None, **others: Work) -> dict[str, Task]:
    all_ = others if work is None else {"work": work, **others}
    return {name: Task(name, each, AT_ONCE) for name, each in all_.items()}


def _services(database: Database) -> Services:
    return build(database, CLOCK, KeypointsCritic(), grace_s=60, lease_s=60)


def _dies(way: str, database: Database) -> None:
    """Run a process that is killed, and return when it is."""
    address = database.url.set(drivername=database.url.get_backend_name())
    command = [sys.executable, "-m", "tests.workers.dying", way]
    given = address.render_as_string(hide_password=False)
    ended = subprocess.run([*command, given], capture_output=True, timeout=60, check=False)
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()


async def _defer(database: Database, key: str, task: str = "work", in_s: float = 0) -> None:
    async with database.write() as unit:
        await unit.jobs.defer(task, key, CLOCK.now() + timedelta(seconds=in_s))
        await unit.commit()


async def _counts(database: Database) -> tuple[int, int]:
    async with database.read() as unit:
        return await unit.jobs.count()


async def _until(look: Callable[[], Awaitable[Any]], wanted: Any) -> None:
    """Return once a look at the database, which nobody tells us about, shows what is wanted."""
    while await look() != wanted:
        await asyncio.sleep(0.02)
