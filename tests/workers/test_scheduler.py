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

    async def send(self, chat: ChatRef, card: Card, *, key: str) -> MessageRef:
        """Keep a card, and end."""
        self.arrived.set()
        return await super().send(chat, card, key=key)


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
