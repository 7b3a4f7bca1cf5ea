"""A spoken answer on Discord: fetched, written down, shown, graded."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from bot.clock import MovableClock
from bot.settings import LlmSettings, Settings
from tests.adapters.discord.stage import Stage
from tests.adapters.discord.test_guild import daily, good
from tests.discord import DiscordApi, Guild, Person
from tests.llm.voice import VoiceServer


@pytest.fixture
async def server() -> AsyncIterator[VoiceServer]:
    """Return a server that listens."""
    async with VoiceServer() as running:
        yield running


@pytest.fixture
async def stage(
    api: DiscordApi, plain: Settings, clock: MovableClock, server: VoiceServer
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


async def test_a_voice_message_in_private_is_heard_shown_and_graded(
    stage: Stage, guild: Guild, ana: Person, server: VoiceServer
) -> None:
    await ana.runs("settings", guild.general, second="on").shows("Acme reads your answers")
    ana.says("/practice")
    asked = await ana.dm.sees("Reply to this message")
    ana.speaks(good(asked).encode())
    heard = await ana.dm.sees("This is what I heard")
    assert good(asked) in heard.text
    await ana.presses("Grade it", on=heard).shows("100 / 100")
    assert [sound for _, _, sound in server.heard] == [good(asked).encode()]


async def test_in_a_server_only_its_speaker_sees_what_was_heard(
    stage: Stage, clock: MovableClock, guild: Guild, maya: Person, ana: Person, ben: Person
) -> None:
    question = await daily(stage, clock, guild, maya)
    await ana.runs("settings", guild.general, second="on").shows("Acme reads your answers")
    ana.speaks(good(question).encode(), guild.general, reply_to=question)
    note = await guild.general.sees("Only you can see what is said of it")
    assert "heard" not in note.text
    heard = await ana.presses("Show me", on=note).shows("This is what I heard")
    assert heard.ephemeral_to is ana
    await ben.presses("Show me", on=note).shows("not there any more")
    pressed = await ana.presses("Correct it", on=heard).answered()
    assert pressed.modal is not None
    critique = await ana.submits(pressed.modal, text=good(question)).shows("100 / 100")
    assert critique.ephemeral_to is ana
