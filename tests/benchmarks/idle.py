"""The idle tick with 100 and with 100,000 subscriptions, none of them due: it should be flat."""

from __future__ import annotations

import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from bot.clock import MovableClock
from bot.settings import DatabaseSettings, Settings
from bot.store.tables import ChatRow, SubscriptionRow
from bot.store.uow import Database
from bot.testing import World
from tests.benchmarks.figure import Figure

NOW = datetime(2026, 3, 23, 8, 0, tzinfo=UTC)
ROUNDS = 300


async def main() -> list[Figure]:
    """Measure."""
    few, many = await _tick_s(100), await _tick_s(100_000)
    return [
        Figure("idle tick, 100 subscriptions", f"{few * 1000:.2f} ms"),
        Figure(
            "idle tick, 100,000 subscriptions",
            f"{many * 1000:.2f} ms",
            f"ratio to 100: {many / few:.2f}",
        ),
    ]


async def _tick_s(subscriptions: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'idle.db'}"
        settings = Settings(database=DatabaseSettings(url=url))
        async with World(settings, MovableClock(NOW)) as world:
            await _fill(url, subscriptions)
            await world.settle()
            times = []
            for _ in range(ROUNDS):
                began = time.perf_counter()
                await world.settle()
                times.append(time.perf_counter() - began)
            return statistics.median(times)


async def _fill(url: str, subscriptions: int) -> None:
    database = Database(url)
    chats = [
        {
            "platform": "memory",
            "platform_chat_id": f"dm:{number}",
            "kind": "dm",
            "title": "",
            "zone": "UTC",
            "created_at": NOW,
        }
        for number in range(subscriptions)
    ]
    wishes = [
        {
            "chat_id": number + 1,
            "name": "daily",
            "minute": number % 1440,
            "days": frozenset(range(7)),
            "around": False,
            "zone": "UTC",
            "next_due_at": NOW + timedelta(minutes=1 + number % 1440),
            "created_at": NOW,
        }
        for number in range(subscriptions)
    ]
    async with database.engine.begin() as connection:
        await connection.execute(sa.insert(ChatRow), chats)
        await connection.execute(sa.insert(SubscriptionRow), wishes)
    await database.close()
