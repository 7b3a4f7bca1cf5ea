"""The idle tick with 100 to 1,000,000 subscriptions, none of them due: it should be flat."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from bot.clock import MovableClock
from bot.settings import DatabaseSettings, Settings
from bot.store.uow import Database
from bot.testing import World
from tests.benchmarks.database import KINDS, fresh, migrated
from tests.benchmarks.figure import Figure

NOW = datetime(2026, 3, 23, 8, 0, tzinfo=UTC)
ROUNDS = 300
FEW = 1_000
SIZES = (100, FEW, 100_000, 1_000_000)


@dataclass(frozen=True, slots=True)
class Idle:
    """What doing nothing takes.

    Attributes:
        tick_s: Seconds of a look at what is due; the median.
        before_mb: Memory of the process when the program had started, with nothing subscribed.
        after_mb: Memory after the looks.
    """

    tick_s: float
    before_mb: float
    after_mb: float


async def main() -> list[Figure]:
    """Measure."""
    return [figure for kind in KINDS for figure in await _figures(kind)]


async def _figures(kind: str) -> list[Figure]:
    measured = {size: await _idle(kind, size) for size in SIZES}
    few, many = measured[FEW], measured[SIZES[-1]]
    made = []
    for size, idle in measured.items():
        ratio = f"ratio to {FEW:,}: {idle.tick_s / few.tick_s:.2f}" if size > FEW else ""
        name = f"idle tick, {size:,} subscriptions, {kind}"
        made.append(Figure(name, f"{idle.tick_s * 1000:.2f} ms", ratio))
    grown = f"before {many.before_mb:.0f} MB"
    made.append(Figure(f"memory, {SIZES[-1]:,} idle, {kind}", f"{many.after_mb:.0f} MB", grown))
    return made


async def _idle(kind: str, subscriptions: int) -> Idle:
    with fresh(kind) as url:
        await migrated(url)
        settings = Settings(database=DatabaseSettings(url=url))
        async with World(settings, MovableClock(NOW)) as world:
            await world.settle()
            before = _resident_mb()
            await _fill(url, subscriptions)
            await world.settle()
            times = []
            for _ in range(ROUNDS):
                began = time.perf_counter()
                await world.settle()
                times.append(time.perf_counter() - began)
            return Idle(statistics.median(times), before, _resident_mb())


async def _fill(url: str, subscriptions: int) -> None:
    """Let the database itself make the rows: a million take seconds, not minutes."""
    database = Database(url)
    numbers = (
        "WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers "
        "WHERE n + 1 < :most) "
        if database.is_sqlite
        else "WITH numbers AS (SELECT n FROM generate_series(0, :most - 1) AS n) "
    )
    due = (
        "strftime('%Y-%m-%d %H:%M:%f000', :now, '+' || (1 + n % 1440) || ' minutes')"
        if database.is_sqlite
        else "CAST(:now AS timestamptz) + make_interval(mins => CAST(1 + n % 1440 AS integer))"
    )
    chats = (
        "INSERT INTO chats (platform, platform_chat_id, kind, title, zone, created_at) "
        f"{numbers} SELECT 'memory', 'dm:' || n, 'dm', '', 'UTC', :now FROM numbers"
    )
    wishes = (
        "INSERT INTO subscriptions (chat_id, name, thread, ping, wrap_after_h, minute, days, "
        "around, zone, next_due_at, created_at) "
        f"{numbers} SELECT n + 1, 'daily', '', '', 168, n % 1440, 127, false, 'UTC', {due}, :now "
        "FROM numbers"
    )
    now = "2026-03-23 08:00:00.000000" if database.is_sqlite else NOW
    async with database.engine.begin() as connection:
        for statement in (chats, wishes):
            await connection.execute(sa.text(statement), {"most": subscriptions, "now": now})
    if not database.is_sqlite:
        async with database.engine.connect() as connection:
            # It does so by itself after a while, and plans by what it then knows.
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            await connection.execute(sa.text("ANALYZE"))
    assert await _soonest(database) == NOW + timedelta(minutes=1), "as the program reads it"
    await database.close()


async def _soonest(database: Database) -> datetime | None:
    async with database.read() as unit:
        return await unit.subscriptions.next_due_at()


def _resident_mb() -> float:
    """Return what this process holds in memory now."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0
