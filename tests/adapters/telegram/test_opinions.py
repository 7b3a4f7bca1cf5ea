"""A second opinion on Telegram: the critique is there at once and changes where it stands."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from pydantic import SecretStr

from bot.clock import MovableClock
from bot.settings import LlmSettings, Settings
from tests.adapters.telegram.stage import Stage
from tests.adapters.telegram.test_groups import good
from tests.llm import Fault, LlmServer
from tests.telegram import BotApi, Chat, Message, Person


@pytest.fixture
async def llm() -> AsyncIterator[LlmServer]:
    """Return a language model's server."""
    async with LlmServer() as running:
        yield running


@pytest.fixture
async def stage(
    api: BotApi, plain: Settings, clock: MovableClock, llm: LlmServer
) -> AsyncIterator[Stage]:
    """Return the running program, with a language model."""
    settings = LlmSettings(
        base_url=llm.base,
        model="judge-1",
        provider="Acme",
        api_key=SecretStr("sk-a-secret"),
        total_s=5,
    )
    async with Stage(api, plain.model_copy(update={"llm": settings}), clock) as running:
        yield running


async def agreed(person: Person) -> None:
    """Let the provider read a person's answers."""
    person.says("/settings second=on")
    await person.sees("Acme reads your answers too")


async def until(message: Message, text: str) -> None:
    async with asyncio.timeout(10):
        while text not in message.searched:
            await asyncio.sleep(0.02)


async def test_a_critique_changes_in_place_when_the_second_opinion_is_there(
    stage: Stage, ana: Person, llm: LlmServer
) -> None:
    ana.says("/practice")
    asked = await ana.sees("Reply to this message")
    ana.says(good(asked))
    first = await ana.sees("100 / 100")
    assert llm.calls == []
    ana.presses("Ask Acme too", on=first)
    consent = await ana.sees("May Acme read your answers?")
    ana.presses("Yes, ask them too", on=consent)
    critique = await ana.sees("⏳ Acme reads it too")
    count = len(ana.dm.messages)
    await until(critique, "graded offline and by Acme")
    assert len(ana.dm.messages) == count, "nothing new was posted"
    assert "100 / 100" in critique.searched
    ana.presses("Model answer", on=critique)
    await ana.sees("Model answer", after=critique)
    [call] = llm.calls
    assert "Ana" not in str(call.body)
    assert str(ana.id) not in str(call.body)


async def test_in_a_group_it_changes_in_the_private_chat(
    stage: Stage, group: Chat, ana: Person, llm: LlmServer
) -> None:
    ana.says("/start")
    await ana.sees("Drillmate")
    await agreed(ana)
    ana.says("/practice", group)
    asked = await ana.sees("Reply to this message")
    ana.says(good(asked), reply_to=asked)
    critique = await ana.sees("⏳ Acme reads it too", after=asked)
    await until(critique, "graded offline and by Acme")
    ana.presses("Not fair?", on=critique)
    await ana.sees("What was graded wrongly?", after=critique)


async def test_a_server_that_hangs_leaves_the_first_verdict_and_says_so_in_the_end(
    stage: Stage, clock: MovableClock, ana: Person, llm: LlmServer
) -> None:
    await agreed(ana)
    llm.faults.plan(Fault.HANG)
    ana.says("/practice")
    asked = await ana.sees("Reply to this message")
    began = asyncio.get_running_loop().time()
    ana.says(good(asked))
    critique = await ana.sees("100 / 100")
    assert asyncio.get_running_loop().time() - began < 1
    assert "⏳" in critique.searched
    async with asyncio.timeout(10):
        while not llm.calls:
            await asyncio.sleep(0.02)
    clock.advance(timedelta(minutes=31))
    await until(critique, "Acme had no answer in time")
    assert "100 / 100" in critique.searched
