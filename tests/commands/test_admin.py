"""What whoever runs the bot sees of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.cards import admin
from bot.clock import MovableClock
from bot.services.broadcasts import PlatformStatus, Progress, Status
from bot.settings import BankSettings, DatabaseSettings, Settings
from bot.testing import World
from bot.workers.progress import Watch
from tests.answers import partial
from tests.conftest import BANK
from tests.second import Second

NOW = datetime(2026, 3, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return settings that name Ana as the operator."""
    url = f"sqlite:///{tmp_path / 'd.db'}"
    return Settings(
        database=DatabaseSettings(url=url),
        bank=BankSettings(folder=BANK),
        operators="memory:ana, discord:1",
    )


async def test_only_an_operator_sees_the_status(settings: Settings, clock: MovableClock) -> None:
    async with World(settings, clock) as world:
        ana, ben = world.person("Ana"), world.person("Ben")
        assert (await ana.says("/admin status")).title == "Status"
        assert "whoever runs this bot" in (await ben.says("/admin status")).title
        group = world.person("Ana", group="prep")
        await group.says("/admin status")
        assert group.last is not None
        assert group.last.private
        assert "/admin status" in (await ana.says("/help")).body
        assert "/admin status" not in (await ben.says("/help")).body


async def test_an_operator_is_no_moderator_of_other_peoples_groups(
    settings: Settings, clock: MovableClock
) -> None:
    async with World(settings, clock) as world:
        await world.person("Maya", group="prep").says("/start")
        told = await world.person("Ana", group="prep").says("/question add")
        assert "for moderators" in told.title


async def test_what_waits_is_told_with_how_long_it_will_take(
    settings: Settings, clock: MovableClock
) -> None:
    async with World(settings, clock) as world:
        people = [world.person(f"P{number}") for number in range(3)]
        for person in people:
            await person.says("/schedule set 09:00 UTC")
            await person.presses("Save")
        sender = world.app.sender(world.adapter)
        watch = Watch(world.app.services, world.adapter, sender.deliveries["memory"])
        clock.set(NOW + timedelta(days=1))
        await world.app.services.dues.materialise()
        clock.advance(timedelta(seconds=10))
        await watch.look()
        ana = world.person("Ana")
        card = await ana.says("/admin status")
        assert dict(card.fields)["Memory"].startswith("📨 3 wait, the first since 10 s")
        await sender.settle()
        clock.advance(timedelta(seconds=5))
        await watch.look()
        await watch.look()
        card = await ana.says("/admin status")
        assert dict(card.fields)["Memory"].startswith("✅ Nothing waits.")
        assert dict(card.fields)["Schedules"] == "3 run, the next is due in 23 h 59 min"
        clock.advance(timedelta(minutes=2))
        card = await ana.says("/admin status")
        assert "no sender has spoken" in dict(card.fields)["Memory"]


def test_a_broadcast_reads_at_a_glance() -> None:
    progress = Progress(NOW, 29, NOW - timedelta(seconds=100), 2900, 12, 7.0)
    since = NOW - timedelta(seconds=100)
    telegram = PlatformStatus("telegram", 7100, since, progress, sends=True)
    card = admin.status(Status((telegram,), 1_000_000, NOW, 3, 1, NOW))
    assert dict(card.fields) == {
        "Telegram": "📨 7,100 wait, the first since 1 min 40 s\n"
        "2,900 sent, 29.0 a second, about 4 min 5 s to go\n"
        "12 not sent: chats that are gone, or tried again\n"
        "⏸️ The platform asked for 7 s of silence",
        "Schedules": "1,000,000 run, the next is due now",
        "Slow jobs": "3 to do, ⚠️ 1 given up: see the log",
    }


async def test_an_operator_sees_what_second_opinions_take(
    settings: Settings, clock: MovableClock
) -> None:
    async with World(settings, clock, Second()) as world:
        ana = world.person("Ana")
        await ana.says("/settings second=on")
        asked = await ana.says("/practice")
        await ana.says(partial(asked))
        clock.advance(timedelta(minutes=2))
        fields = dict((await ana.says("/admin status")).fields)
        said = fields["Second opinions of Acme"]
        assert said.startswith("2,000 of 1,000,000 tokens today")
        assert "⏳ 1 wait, the first since 2 min" in said
