"""kill -9 at random points of a scripted week: nothing lost, nothing wrong, each answer once."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import MovableClock
from bot.settings import BankSettings, DatabaseSettings, Settings
from bot.store.uow import Database
from bot.testing import World
from tests.e2e.terminal import SMALL_BANK, Terminal
from tests.rows import rows

START = datetime(2026, 3, 26, 12, 0, tzinfo=UTC)
DAYS = 5
PEOPLE = ("Ana", "Ben")
KILLS = 5


def script() -> list[tuple[datetime, tuple[str, ...]]]:
    """Return the entries of the week, each with the time at which it is typed."""
    entries = [
        (START, ("!in prep", "!mod Maya", "/schedule set 09:00 Berlin", "1")),
        (START, ("!in prep", "!as Ana", "/start")),
        (START, ("!in prep", "!as Ben", "/start")),
    ]
    for day in range(1, DAYS + 1):
        now = START + timedelta(days=day)
        entries.append((now, (f"!clock {now.isoformat()}",)))
        for name in PEOPLE:
            answer = f"Boil the water and rinse the rice, says {name} on day {day}"
            entries.append((now, ("!in prep", f"!as {name}", answer)))
            entries.append((now, ("!in prep", f"!as {name}", "/practice")))
            entries.append((now, ("!in prep", f"!as {name}", f"{answer}, practising")))
    return entries


@pytest.mark.parametrize("seed", range(4))
async def test_a_week_with_five_power_cuts_ends_like_one_without(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    entries = script()
    cuts = set(chance.sample(range(len(entries)), KILLS))
    file = tmp_path / "week.db"
    clock, terminal = START, Terminal(file, START.isoformat())
    for number, (now, lines) in enumerate(entries):
        terminal.sends(*lines)
        if number in cuts:
            time.sleep(chance.uniform(0, 0.08))  # the moment of the cut is what is tested
            terminal.dies()
            terminal = Terminal(file, clock.isoformat())
            terminal.sends(*lines)  # whoever saw no reply does it again
        terminal.finishes()
        clock = now
    assert terminal.leaves() in (0, 1)  # 1: a repeated line was refused, as it should be
    await _check(file)


async def _check(file: Path) -> None:
    database = Database(f"sqlite:///{file}")
    states = await rows(database, "SELECT day, state FROM deliveries ORDER BY day")
    assert [state for _, state in states] == ["sent"] * DAYS, "no scheduled question is lost"
    assert len({day for day, _ in states}) == DAYS
    scheduled = "SELECT id FROM servings WHERE delivery_id IS NOT NULL"
    assert len(await rows(database, scheduled)) == DAYS, "each delivery is one question"
    [(unjudged,)] = await rows(database, "SELECT count(*) FROM attempts WHERE scores IS NULL")
    assert unjudged == 0
    for name in PEOPLE:
        for day in range(1, DAYS + 1):
            said = f"%says {name} on day {day}%"
            query = f"SELECT count(*) FROM attempts WHERE answer LIKE '{said}'"
            [(kept,)] = await rows(database, query)
            assert kept >= 2, "no answer is lost"
    twice = (
        "SELECT serving_id, user_id FROM attempts WHERE scores "
        "GROUP BY serving_id, user_id HAVING count(*) > 1"
    )
    assert await rows(database, twice) == [], "each answer counts once"
    scored = await rows(
        database,
        f"SELECT user_id, count(*) FROM attempts WHERE scores AND serving_id IN ({scheduled}) "
        "GROUP BY user_id",
    )
    assert [number for _, number in scored] == [DAYS, DAYS]
    await database.close()
    settings = Settings(
        database=DatabaseSettings(url=f"sqlite:///{file}"), bank=BankSettings(folder=SMALL_BANK)
    )
    async with World(settings, MovableClock(START + timedelta(days=DAYS))) as world:
        world.adapter.name = "console"
        for name in PEOPLE:
            person = world.person(name, group="prep")
            assert f"{DAYS} days" in (await person.says("/streak")).title
        [chat_id] = await world.app.services.leaderboards.chats()
        assert await world.app.services.leaderboards.differences(chat_id) == []
