"""Promises of jobs: part of their transaction on both databases, and one for a task and a key."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.errors import Away
from bot.store import migrate
from bot.store.jobs import Lease
from bot.store.uow import Database
from tests.rows import count, rows

NOW = datetime(2026, 3, 23, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(seconds=30)


async def test_a_promise_is_undone_with_its_transaction(database: Database) -> None:
    async with database.write() as unit:
        await unit.users.add("console", "ana", "Ana", NOW)
        await unit.jobs.defer("judge", "1", LATER)
    assert await _counts(database) == (0, 0)
    assert await count(database, "users") == 0


async def test_a_promise_lasts_with_its_transaction(database: Database) -> None:
    async with database.write() as unit:
        await unit.jobs.defer("judge", "1", LATER)
        await unit.users.add("console", "ana", "Ana", NOW)
        await unit.commit()
    assert await _counts(database) == (1, 0)
    assert await count(database, "users") == 1


async def test_promised_twice_is_one_job_and_spoils_nothing_before_or_after(
    database: Database,
) -> None:
    async with database.write() as unit:
        await unit.jobs.defer("judge", "1", LATER)
        await unit.commit()
    async with database.write() as unit:
        await unit.users.add("console", "ana", "Ana", NOW)
        await unit.jobs.defer("judge", "1", NOW)
        await unit.jobs.defer("judge", "1", NOW)
        await unit.jobs.defer("judge", "2", NOW)
        await unit.jobs.defer("other", "1", NOW)
        await unit.kv.put("a", "b")
        await unit.commit()
    assert await _counts(database) == (3, 0)
    assert await count(database, "users") == 1
    assert await rows(database, "SELECT value FROM kv WHERE key = 'a'") == [("b",)]


@pytest.mark.postgres
@pytest.mark.parametrize("address", ["postgres"], indirect=True)
async def test_a_job_of_the_queue_is_not_due_before_its_time(database: Database) -> None:
    async with database.write() as unit:
        await unit.jobs.defer("judge", "7", LATER)
        await unit.commit()
    found = await rows(database, "SELECT task_name, args, scheduled_at FROM procrastinate_jobs")
    assert found == [("judge", {"key": "7"}, LATER)]


@pytest.mark.postgres
@pytest.mark.parametrize("address", ["postgres"], indirect=True)
async def test_a_connection_that_breaks_while_a_job_is_promised_is_the_database_away(
    database: Database,
) -> None:
    other = Database(database.url.render_as_string(hide_password=False))

    async def lose() -> None:
        async with database.write() as unit:
            await unit.users.add("console", "ana", "Ana", NOW)
            await rows(
                other,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()",
            )
            await unit.jobs.defer("judge", "7", LATER)

    with pytest.raises(Away):
        await lose()
    await other.close()
    assert await _counts(database) == (0, 0)


# What follows is the embedded engine's side: SQLite only.


@pytest.fixture
async def single(tmp_path: Path) -> AsyncIterator[Database]:
    """Return a migrated SQLite database in which job 1 waits."""
    made = Database(f"sqlite:///{tmp_path / 'd.db'}")
    await migrate.migrate(made)
    async with made.write() as unit:
        await unit.jobs.defer("judge", "1", NOW)
        await unit.commit()
    yield made
    await made.close()


async def test_a_job_is_taken_once_when_it_is_due_and_again_when_its_lease_ran_out(
    single: Database,
) -> None:
    assert await _take(single, NOW - timedelta(seconds=1)) == []
    assert await _take(single, NOW) == [Lease("judge", "1", tries=1, asked=1)]
    assert await _take(single, NOW + timedelta(seconds=59)) == []
    assert await _take(single, NOW + timedelta(seconds=60)) == [Lease("judge", "1", 2, 1)]


async def test_a_lease_that_is_renewed_does_not_run_out(single: Database) -> None:
    taken = await _take(single, NOW)
    async with single.write() as unit:
        await unit.jobs.renew(taken, NOW + timedelta(seconds=100))
        await unit.commit()
    assert await _take(single, NOW + timedelta(seconds=99)) == []
    assert len(await _take(single, NOW + timedelta(seconds=100))) == 1


async def test_whoever_lost_the_lease_changes_nothing(single: Database) -> None:
    [lost] = await _take(single, NOW)
    [held] = await _take(single, NOW + timedelta(seconds=60))
    async with single.write() as unit:
        await unit.jobs.renew([lost], NOW + timedelta(seconds=500))
        await unit.jobs.fail(lost, "Late", NOW, None)
        await unit.jobs.give_back(lost)
        await unit.jobs.finish(lost)
        await unit.commit()
    assert await _counts(single) == (1, 0)
    assert await _take(single, NOW + timedelta(seconds=119)) == []
    async with single.write() as unit:
        await unit.jobs.finish(held)
        await unit.commit()
    assert await _counts(single) == (0, 0)


@pytest.mark.parametrize("failed", [False, True])
async def test_a_job_promised_anew_while_it_runs_runs_once_more(
    single: Database, *, failed: bool
) -> None:
    [lease] = await _take(single, NOW)
    async with single.write() as unit:
        await unit.jobs.defer("judge", "1", LATER)
        await unit.commit()
    async with single.write() as unit:
        if failed:
            await unit.jobs.fail(lease, "Broken", NOW, None)
        else:
            await unit.jobs.finish(lease)
        await unit.commit()
    assert await _take(single, NOW) == []
    assert await _take(single, LATER) == [Lease("judge", "1", tries=1, asked=2)]


async def test_one_that_failed_is_taken_again_at_its_time(single: Database) -> None:
    [lease] = await _take(single, NOW)
    async with single.write() as unit:
        await unit.jobs.fail(lease, "Broken", NOW, LATER)
        await unit.commit()
    assert await _take(single, NOW) == []
    assert await _take(single, LATER) == [Lease("judge", "1", tries=2, asked=1)]


async def test_one_that_is_given_up_is_kept_until_it_is_promised_anew_or_forgotten(
    single: Database,
) -> None:
    [lease] = await _take(single, NOW)
    async with single.write() as unit:
        await unit.jobs.fail(lease, "Broken", NOW, None)
        await unit.commit()
    assert await _counts(single) == (0, 1)
    assert await _take(single, NOW + timedelta(days=1)) == []
    async with single.write() as unit:
        assert await unit.jobs.forget(NOW) == 0
        await unit.jobs.defer("judge", "1", LATER)
        await unit.commit()
    assert await _counts(single) == (1, 0)
    [lease] = await _take(single, LATER)
    assert lease.tries == 1
    async with single.write() as unit:
        await unit.jobs.fail(lease, "Broken", NOW, None)
        assert await unit.jobs.forget(NOW + timedelta(seconds=1)) == 1
        await unit.commit()
    assert await count(single, "jobs") == 0


async def test_what_is_done_by_other_means_need_not_run(single: Database) -> None:
    async with single.write() as unit:
        await unit.jobs.done("judge", "1")
        await unit.commit()
    assert await _counts(single) == (0, 0)


async def test_an_idle_look_is_one_read_of_an_index(single: Database) -> None:
    asked: list[tuple[str, Any]] = []

    def note(_c: Any, _k: Any, statement: str, values: Any, *_: Any) -> None:
        asked.append((statement, values))

    sa.event.listen(single.engine.sync_engine, "before_cursor_execute", note)
    async with single.read() as unit:
        await unit.jobs.ready(NOW)
    [(statement, values)] = [each for each in asked if each[0] != "BEGIN"]
    async with single.engine.connect() as connection:
        plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        assert "USING INDEX ix_jobs_open (not_before<?)" in str(plan.fetchall())


async def _take(database: Database, now: datetime) -> list[Lease]:
    async with database.write() as unit:
        ready = await unit.jobs.ready(now)
        taken = await unit.jobs.lease(now, tasks=ready, for_s=60, limit=10)
        await unit.commit()
        assert bool(taken) or not await unit.jobs.ready(now)
    return taken


async def _counts(database: Database) -> tuple[int, int]:
    async with database.read() as unit:
        return await unit.jobs.count()
