"""A spoken answer on Telegram: fetched, written down, shown, graded."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from bot.clock import MovableClock
from bot.settings import LlmSettings, Settings
from tests.adapters.telegram.stage import Stage
from tests.adapters.telegram.test_groups import good
from tests.llm.voice import VoiceServer
from tests.telegram import BotApi, Chat, Person


@pytest.fixture
async def server() -> AsyncIterator[VoiceServer]:
    """Return a server that listens."""
    async with VoiceServer() as running:
        yield running


@pytest.fixture
async def stage(
    api: BotApi, plain: Settings, clock: MovableClock, server: VoiceServer
) -> AsyncIterator[Stage]:
    """Return the running program, with somebody who listens."""
    settings = LlmSettings(
        base_url=server.base,
        transcription_model="ears-1",
        provider="Acme",
        api_key=SecretStr("sk-a-secret"),
    )
    async with Stage(api, plain.model_copy(update={"llm": settings}), clock) as running:
        yield running


async def test_a_voice_message_is_heard_shown_and_graded(
    stage: Stage, ana: Person, server: VoiceServer
) -> None:
    ana.says("/practice")
    asked = await ana.sees("Reply to this message")
    ana.speaks(good(asked).encode())
    consent = await ana.sees("May Acme listen?")
    assert server.heard == []
    ana.presses("Yes, let them", on=consent)
    await ana.sees("Send your recording again")
    ana.speaks(good(asked).encode())
    heard = await ana.sees("This is what I heard")
    assert good(asked) in heard.searched
    ana.presses("Grade it", on=heard)
    await ana.sees("100 / 100")
    [(model, name, sound)] = server.heard
    assert (model, name) == ("ears-1", "voice.ogg")
    assert sound == good(asked).encode()


async def test_in_a_group_what_was_heard_is_private(
    stage: Stage, group: Chat, ana: Person, ben: Person
) -> None:
    ana.says("/start")
    await ana.sees("Drillmate")
    ana.says("/settings second=on")
    await ana.sees("Acme reads your answers too")
    ana.says("/practice", group)
    asked = await ana.sees("Reply to this message")
    ana.speaks(b"chatter about lunch", group)
    ana.speaks(good(asked).encode(), reply_to=asked)
    heard = await ana.sees("This is what I heard", after=asked)
    assert heard.chat is ana.dm
    assert not any("heard" in message.searched for message in group.messages)
    assert not any("lunch" in message.searched for message in ana.dm.messages)


async def test_what_telegram_does_not_hand_out_is_said(
    stage: Stage, ana: Person, api: BotApi
) -> None:
    ana.says("/settings second=on")
    await ana.sees("Acme reads your answers too")
    ana.says("/practice")
    await ana.sees("Reply to this message")
    before = dict(api.files)
    sent = ana.speaks(b"hello")
    del sent
    for name in api.files.keys() - before.keys():
        del api.files[name]
    await ana.sees("did not give me that recording")
