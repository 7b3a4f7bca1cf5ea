"""A running server with people in it, and a bot on the real library."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import discord
import pytest
import yarl

from bot.clock import MovableClock
from tests.discord import DiscordApi
from tests.discord.town import Bot, Town


@pytest.fixture
async def town(clock: MovableClock, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Town]:
    async with DiscordApi(now=clock.now) as api, aiohttp.ClientSession() as http:
        monkeypatch.setattr(discord.http.Route, "BASE", api.base)
        monkeypatch.setattr(
            discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(api.gateway)
        )
        api.limits.scale = 0.02  # windows of 5 s are 0.1 s
        ana, ben, maya = (api.person(name) for name in ("Ana", "Ben", "Maya"))
        guild = api.guild("prep", maya, [ana, ben], bot=True)
        bot = Bot(api.pulse)
        running = asyncio.ensure_future(bot.start(api.token))
        assert isinstance(running, asyncio.Task)
        await api.pulse.until(lambda: True if running.done() or api.identifies else None, 5)
        await bot.wait_until_ready()
        await bot.tree.sync()
        yield Town(api, bot, http, ana, ben, maya, guild, running)
        await bot.close()
        await running
