"""A running server with people in it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from telegram import (
    Bot,
)

from bot.clock import MovableClock
from tests.telegram import BotApi
from tests.telegram.town import Town


@pytest.fixture
async def town(clock: MovableClock, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Town]:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    async with BotApi(now=clock.now) as api:
        ana, ben = api.person("Ana", "de", "ana_b"), api.person("Ben", username="ben_c")
        maya = api.person("Maya")
        group = api.group("prep", maya, [ana, ben])
        ana.says("/start")
        maya.adds_bot(group)
        api.updates.drop()
        bot = Bot(api.token, base_url=f"{api.base}/bot", base_file_url=f"{api.base}/file/bot")
        async with bot, httpx.AsyncClient() as http:
            yield Town(api, bot, http, ana, ben, maya, group)
