"""The database is away when somebody writes: Discord tells of a message once, so we keep at it."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from bot.adapters.discord import deeds
from bot.store.uow import Database
from tests.adapters.discord.stage import Stage
from tests.adapters.discord.test_guild import good
from tests.discord import Guild, Person


async def execute(stage: Stage, statement: str) -> None:
    database = Database(stage.settings.database_url)
    async with database.engine.begin() as connection:
        await connection.execute(sa.text(statement))
    await database.close()


async def told(logs: list[MutableMapping[str, Any]], event: str) -> None:
    async with asyncio.timeout(10):
        while not any(each["event"] == event for each in logs):
            await asyncio.sleep(0.005)


async def test_a_message_that_cannot_be_kept_is_answered_when_the_database_is_back(
    stage: Stage, guild: Guild, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deeds, "AGAIN_S", 0.01)
    ana.says("/practice")
    asked = await ana.dm.sees("Reply to this message")
    await execute(stage, "ALTER TABLE updates RENAME TO updates_away")
    with capture_logs() as logs:
        ana.says(good(asked))
        await told(logs, "message waits")
    await execute(stage, "ALTER TABLE updates_away RENAME TO updates")
    await ana.dm.sees("100 / 100")
    assert [each for each in logs if each["log_level"] == "error"] == []
