"""The metronome, on the machine's own clock: what comes due is sent by itself."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

from bot.app import serve, start
from bot.chat.context import ChatRef, MessageRef
from bot.chat.view import Card
from bot.clock import MovableClock
from bot.settings import BankSettings, DatabaseSettings, Settings
from bot.testing import MemoryAdapter, World
from tests.conftest import BANK


class Listening(MemoryAdapter):
    """A platform that ends once something was sent to it."""

    def __init__(self) -> None:
        super().__init__()
        self.arrived = asyncio.Event()

    async def run(self, dispatch: object) -> None:
        """Serve until the first message."""
        async with asyncio.timeout(20):
            await self.arrived.wait()

    async def send(
        self,
        chat: ChatRef,
        card: Card,
        *,
        key: str,
        under: MessageRef | None = None,
        retry: bool = False,
    ) -> MessageRef:
        """Keep a card, and end."""
        self.arrived.set()
        return await super().send(chat, card, key=key, under=under)


async def test_what_comes_due_is_sent_by_the_beat_and_all_ends_with_the_platforms(
    tmp_path: Path, clock: MovableClock
) -> None:
    settings = Settings(
        database=DatabaseSettings(url=f"sqlite:///{tmp_path / 'd.db'}"),
        bank=BankSettings(folder=BANK),
    )
    async with World(settings, clock) as world:
        ana = world.person("Ana")
        await ana.says("/schedule set 09:00 UTC")
        await ana.presses("Save")
    running = MovableClock(running=True)
    running.set(clock.now() + timedelta(hours=1) - timedelta(milliseconds=200))
    platform = Listening()
    async with start(settings, running) as app:
        await serve(app, app.sender(platform), platform)
    assert [key for _, _, key in platform.sent] == ["d1"]


class Slow(MemoryAdapter):
    """A platform that takes its time to send."""

    def __init__(self) -> None:
        super().__init__()
        self.began = asyncio.Event()

    async def run(self, dispatch: object) -> None:
        """Serve until it is stopped."""
        await asyncio.Event().wait()

    async def send(
        self,
        chat: ChatRef,
        card: Card,
        *,
        key: str,
        under: MessageRef | None = None,
        retry: bool = False,
    ) -> MessageRef:
        """Keep a card, after a while."""
        self.began.set()
        await asyncio.sleep(0.2)
        return await super().send(chat, card, key=key, under=under)


async def test_who_is_asked_to_stop_finishes_the_send_and_leaves_the_others_to_the_next(
    tmp_path: Path, clock: MovableClock
) -> None:
    settings = Settings(
        database=DatabaseSettings(url=f"sqlite:///{tmp_path / 'd.db'}"),
        bank=BankSettings(folder=BANK),
    )
    async with World(settings, clock) as world:
        for name in ("Ana", "Ben", "Chi"):
            person = world.person(name)
            await person.says("/schedule set 09:00 UTC")
            await person.presses("Save")
        clock.advance(timedelta(hours=2))
    platform = Slow()
    async with start(settings, clock) as app:
        serving = asyncio.get_running_loop().create_task(serve(app, app.sender(platform), platform))
        await platform.began.wait()
        serving.cancel()
        await asyncio.wait({serving})
        assert serving.cancelled()
    assert len(platform.sent) == 1
    async with World(settings, clock) as world:
        await world.settle()
        assert len(world.adapter.sent) == 2
