"""Whoever writes down what was spoken: words come back, or a reason, in time and without a leak."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from bot.critics.base import CriticUnavailable
from bot.critics.llm.voice import VoiceListener
from bot.settings import LlmSettings
from tests.llm.voice import VoiceServer

SOUND = b"boil the water"


@pytest.fixture
async def server() -> AsyncIterator[VoiceServer]:
    """Return a server that listens."""
    async with VoiceServer() as running:
        yield running


@pytest.fixture
async def listener(server: VoiceServer) -> AsyncIterator[VoiceListener]:
    """Return what asks it."""
    settings = LlmSettings(
        base_url=server.base,
        transcription_model="ears-1",
        api_key=SecretStr("sk-a-secret"),
        total_s=2,
    )
    made = VoiceListener(settings)
    await made._connected()  # loading the library is not what is measured here
    yield made
    await made.close()


async def test_what_was_said_comes_back_as_words(
    listener: VoiceListener, server: VoiceServer
) -> None:
    assert await listener.transcribe(SOUND, "voice.ogg", "audio/ogg") == "boil the water"
    assert server.heard == [("ears-1", "voice.ogg", SOUND)]


@pytest.mark.parametrize(
    "fault",
    [
        (500, b""),
        (401, b'{"error": {"message": "bad key boil the water"}}'),
        (429, b'{"error": {"message": "slow down"}}'),
        (200, b"<html>boil the water</html>"),
        (200, b'{"text": 7}'),
        (200, b"{}"),
        (200, b"[]"),
        (200, b"{" + b" " * 400_000 + b"}"),
        (302, b""),
        (0, b""),
    ],
)
async def test_each_failure_is_a_reason_in_time_and_no_word_is_logged(
    listener: VoiceListener, server: VoiceServer, fault: tuple[int, bytes]
) -> None:
    server.faults = [fault]
    began = asyncio.get_running_loop().time()
    with capture_logs() as logs, pytest.raises(CriticUnavailable) as failure:
        await listener.transcribe(SOUND, "voice.ogg", "audio/ogg")
    assert asyncio.get_running_loop().time() - began < 2.5
    assert len(server.heard) == 1, "a failure is not tried again behind somebody's back"
    said = f"{logs}{failure.value}{failure.value.__cause__}"
    assert "boil" not in said
    assert "secret" not in said
    assert [entry["event"] for entry in logs] == ["voice not written down"]


async def test_a_server_of_ones_own_needs_no_key(server: VoiceServer) -> None:
    listener = VoiceListener(LlmSettings(base_url=server.base, transcription_model="ears-1"))
    assert await listener.transcribe(SOUND, "a.mp3", "audio/mpeg") == "boil the water"
    await listener.close()
