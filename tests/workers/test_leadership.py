"""One process sends for a bot at a time; another takes over when its connection is gone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
import sqlalchemy as sa

from bot.store.lock import ProcessLock
from bot.store.uow import Database
from bot.workers import leadership
from bot.workers.leadership import Leadership


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make all waits shorter, in their proportions."""
    for name in ("LOOK_S", "SURE_S", "GRACE_S"):
        monkeypatch.setattr(leadership, name, getattr(leadership, name) / 5)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.01)


def nothing() -> Callable[[], Awaitable[None]]:
    async def begins() -> None:
        pass

    return begins


def test_who_had_the_lock_is_no_longer_sure_of_it_when_the_next_one_begins() -> None:
    assert leadership.SURE_S + leadership.LOOK_S <= leadership.GRACE_S


@pytest.mark.parametrize("address", ["postgres"], indirect=True)
async def test_of_two_processes_one_sends_and_the_other_takes_over(
    database: Database, quick: None
) -> None:
    other = Database(database.url.render_as_string(hide_password=False))
    began: list[str] = []

    def begins(name: str) -> Callable[[], Awaitable[None]]:
        async def begin() -> None:
            began.append(name)

        return begin

    first = Leadership("telegram", ProcessLock(database, "bot"), begins("first"))
    second = Leadership("telegram", ProcessLock(other, "bot"), begins("second"))
    one = asyncio.get_running_loop().create_task(first.run())
    await until(first.leads)
    two = asyncio.get_running_loop().create_task(second.run())
    await asyncio.sleep(leadership.GRACE_S * 2)
    assert first.leads()
    assert not second.leads()
    async with database.engine.begin() as connection:  # as a failover does
        await connection.execute(
            sa.text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")
        )
    await until(lambda: not first.leads())
    await until(lambda: first.leads() or second.leads())
    assert first.leads() != second.leads()
    (one if first.leads() else two).cancel()
    survivor = second if first.leads() else first
    await until(survivor.leads)
    assert began[0] == "first"
    one.cancel()
    two.cancel()
    await asyncio.wait({one, two})
    await other.close()


@pytest.mark.parametrize("address", ["postgres"], indirect=True)
async def test_bots_of_different_tokens_do_not_wait_for_each_other(database: Database) -> None:
    mine, theirs = ProcessLock(database, "bot 1"), ProcessLock(database, "bot 2")
    assert await mine.take()
    assert await theirs.take()
    again = ProcessLock(database, "bot 1")
    assert not await again.take()
    await mine.give_back()
    assert await again.take()
    assert not await mine.is_held()
    for each in (theirs, again):
        await each.give_back()


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
async def test_on_sqlite_the_one_process_sends_at_once(database: Database) -> None:
    lock = ProcessLock(database, "bot")
    assert await lock.take()
    assert await lock.is_held()


async def test_a_lock_that_cannot_be_had_is_no_error() -> None:
    database = Database("postgresql://nobody@127.0.0.1:1/none")
    lock = ProcessLock(database, "bot")
    assert not await lock.take()
    assert not await lock.is_held()
    leading = Leadership("telegram", lock, nothing())
    task = asyncio.get_running_loop().create_task(leading.run())
    await asyncio.sleep(0.05)
    assert not leading.leads()
    task.cancel()
    await asyncio.wait({task})
    await database.close()
