"""A server with a model behind it, and a critic that asks it."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Iterator, MutableMapping
from typing import Any

import pytest
import structlog

import bot.critics.llm.client  # noqa: F401  # loading it takes longer than a test's opinion may
from bot.critics.llm.critic import LlmCritic
from bot.critics.llm.manner import REMEMBERED
from bot.settings import LlmSettings
from tests.llm import LlmServer
from tests.llm.judges import Asked, Verdicts, verdicts

ANSWER = "Zanzibar: a stack is last in, first out, and undo histories use a stack."
"""With a word that no log may show."""
KEY = "sk-secret-key-of-nobody"


def honest(asked: Asked) -> Verdicts:
    """Return what is true of ANSWER."""
    return verdicts(
        {
            "lifo": ("covered", "a stack is last in, first out"),
            "undo": ("covered", "undo histories use a stack"),
        },
        asked,
    )


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    REMEMBERED.clear()
    yield
    REMEMBERED.clear()


@pytest.fixture
async def server() -> AsyncIterator[LlmServer]:
    """Return a server; whoever used it must have let go of it, and left nothing behind."""
    async with LlmServer(judge=honest) as running:
        yield running
        async with asyncio.timeout(5):
            while running.connections or running.open:
                await asyncio.sleep(0)
    async with asyncio.timeout(5):
        while asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.sleep(0)
    gc.collect()  # an open socket warns when it is collected, and warnings are errors


@pytest.fixture
async def settings(server: LlmServer) -> LlmSettings:
    return LlmSettings(base_url=server.base, model="m-1", api_key=KEY, total_s=1)


@pytest.fixture
async def critic(settings: LlmSettings) -> AsyncIterator[LlmCritic]:
    asking = LlmCritic(settings)
    yield asking
    await asking.close()


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    """Collect everything that anybody logs, at any level, and look through it at the end."""
    caplog.set_level(logging.DEBUG)
    lines: list[str] = []

    def keep(
        _logger: object, method: str, event: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        lines.append(f"{method} {dict(event)}")
        raise structlog.DropEvent

    structlog.configure(processors=[structlog.processors.format_exc_info, keep])
    yield lines
    everything = "\n".join([*lines, caplog.text])
    for secret in ("Zanzibar", KEY, "last in", "incorrect api key", "sk-xx"):
        assert secret.lower() not in everything.lower()
