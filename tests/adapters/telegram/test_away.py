"""The database is away for longer than anybody wants to wait: what people did waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from bot.adapters.telegram import arrivals
from bot.chat import dispatch
from bot.store.uow import Database
from tests.adapters.telegram.stage import Stage
from tests.adapters.telegram.test_groups import good
from tests.telegram import Message, Person


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the dispatcher give up at once, and the next try come soon."""
    monkeypatch.setattr(dispatch, "PATIENCE_S", 0.0)
    monkeypatch.setattr(arrivals, "AGAIN_S", 0.01)


@pytest.fixture
async def asked(stage: Stage, ana: Person) -> Message:
    ana.says("/practice")
    card = await ana.sees("Reply to this message")
    await stage.settles()
    return card


@asynccontextmanager
async def without(stage: Stage, table: str) -> AsyncIterator[None]:
    """Let a table be out of reach: the program sees what it sees while a database is started."""
    await hide(stage, table)
    yield
    await restore(stage, table)


async def hide(stage: Stage, table: str) -> None:
    await _execute(stage, f"ALTER TABLE {table} RENAME TO {table}_away")


async def restore(stage: Stage, table: str) -> None:
    await _execute(stage, f"ALTER TABLE {table}_away RENAME TO {table}")


async def _execute(stage: Stage, statement: str) -> None:
    database = Database(stage.settings.database_url)
    async with database.engine.begin() as connection:
        await connection.execute(sa.text(statement))
    await database.close()


async def told(logs: list[MutableMapping[str, Any]], event: str, count: int) -> None:
    """Wait until something was logged so often."""
    async with asyncio.timeout(10):
        while sum(each["event"] == event for each in logs) < count:
            await asyncio.sleep(0.005)


async def test_an_answer_waits_for_the_database_however_long_that_takes(
    stage: Stage, ana: Person, asked: Message
) -> None:
    with capture_logs() as logs:
        async with without(stage, "identities"):
            ana.says(good(asked))
            await told(logs, "update waits", 2 * arrivals.TRIES)
        await ana.sees("100 / 100")
        await stage.settles()
    assert await stage.rows("SELECT score FROM attempts") == [(100,)]
    assert [each for each in logs if each["log_level"] == "error"] == []
    assert "out of reach" not in "".join(message.text for message in ana.dm.messages)


async def test_a_press_waits_for_the_database_and_gets_its_hint_once(
    stage: Stage, ana: Person, asked: Message
) -> None:
    with capture_logs() as logs:
        async with without(stage, "servings"):
            press = ana.presses("Hint", on=asked)
            await told(logs, "update waits", 2 * arrivals.TRIES)
            assert press.answer is None
        await ana.sees("Hint 1")
        await stage.settles()
    assert sum("Hint 1" in message.text for message in ana.dm.messages) == 1


async def test_what_somebody_does_meanwhile_keeps_its_order(
    stage: Stage, ana: Person, asked: Message
) -> None:
    with capture_logs() as logs:
        async with without(stage, "identities"):
            ana.says(good(asked))
            ana.says("/practice")
            await told(logs, "update waits", 2 * arrivals.TRIES)
        judged = await ana.sees("100 / 100")
        await ana.sees("Reply to this message", after=judged)


async def test_what_waits_when_the_program_stops_is_dealt_with_at_the_next_start(
    stage: Stage, ana: Person, asked: Message
) -> None:
    with capture_logs() as logs:
        async with without(stage, "identities"):
            ana.says(good(asked))
            await told(logs, "update waits", 1)
            await stage.stops()
    assert [each["event"] for each in logs if each["log_level"] == "error"] == []
    await stage.starts()
    await ana.sees("100 / 100")


async def test_an_update_that_cannot_be_kept_is_not_confirmed(
    stage: Stage, ana: Person, asked: Message
) -> None:
    with capture_logs() as logs:
        async with without(stage, "updates"):
            ana.says(good(asked))
            await told(logs, "update not kept", 3)
            assert stage.api.unconfirmed == 1
        await ana.sees("100 / 100")
    assert "exc_info" not in {key for each in logs for key in each}


async def test_that_an_update_is_dealt_with_is_noted_when_the_database_is_back(
    stage: Stage, ana: Person, asked: Message
) -> None:
    await hide(stage, "identities")
    with capture_logs() as logs:
        ana.says(good(asked))
        await told(logs, "update waits", 1)
    await hide(stage, "updates")  # now it can be dealt with, but not noted that it was
    await restore(stage, "identities")
    await ana.sees("100 / 100")
    await restore(stage, "updates")
    await stage.settles()
    await stage.stops()
    await stage.starts()
    await stage.settles()
    assert sum("100 / 100" in message.text for message in ana.dm.messages) == 1
