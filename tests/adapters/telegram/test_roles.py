"""A process that listens and one that only sends, with one token: Telegram bears one listener."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.clock import MovableClock
from bot.settings import Settings
from tests.adapters.telegram.stage import Stage
from tests.adapters.telegram.test_groups import NINE
from tests.adapters.telegram.test_real_world import daily, questions
from tests.telegram import BotApi, Person


@pytest.fixture
async def stage(api: BotApi, plain: Settings, clock: MovableClock) -> AsyncIterator[Stage]:
    """Return the process that listens."""
    async with Stage(api, plain.model_copy(update={"role": "gateway"}), clock) as running:
        yield running


async def test_who_sends_sends_and_leaves_the_listening_to_the_other(
    stage: Stage, api: BotApi, plain: Settings, clock: MovableClock, ana: Person
) -> None:
    await daily(stage, ana)
    before = sum(call.method == "getUpdates" for call in api.calls)
    async with Stage(api, plain.model_copy(update={"role": "sender"}), clock) as sender:
        clock.set(NINE)
        await sender.sends()
        assert len(questions(ana.dm)) == 1
        ana.says("/streak")
        await ana.sees("No streak yet")
        await stage.settles()
    assert sum("No streak yet" in message.text for message in ana.dm.messages) == 1
    assert all(call.status != 409 for call in api.calls)
    assert sum(call.method == "getUpdates" for call in api.calls) > before
