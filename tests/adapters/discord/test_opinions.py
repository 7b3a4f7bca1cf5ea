"""A second opinion on Discord: what only one person sees changes where it stands."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from pydantic import SecretStr

from bot.clock import MovableClock
from bot.settings import LlmSettings, Settings
from tests.adapters.discord.stage import Stage
from tests.adapters.discord.test_guild import daily, good
from tests.discord import DiscordApi, Guild, Message, Person
from tests.llm import Fault, LlmServer


@pytest.fixture
async def llm() -> AsyncIterator[LlmServer]:
    """Return a language model's server."""
    async with LlmServer() as running:
        yield running


@pytest.fixture
async def stage(
    api: DiscordApi, plain: Settings, clock: MovableClock, llm: LlmServer
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


async def until(message: Message, text: str) -> None:
    async with asyncio.timeout(15):
        while text not in message.text:
            await asyncio.sleep(0.02)


async def answers(question: Message, person: Person) -> Message:
    pressed = await person.presses("Answer", on=question).answered()
    assert pressed.modal is not None
    return await person.submits(pressed.modal, text=good(question)).shows("/ 100")


async def test_what_only_its_owner_sees_changes_in_place(
    stage: Stage, clock: MovableClock, guild: Guild, maya: Person, ana: Person, ben: Person
) -> None:
    question = await daily(stage, clock, guild, maya)
    critique = await answers(question, ana)
    consent = await ana.presses("Ask Acme too", on=critique).shows("May Acme read")
    waiting = await ana.presses("Yes, ask them too", on=consent).shows("Acme reads it too")
    assert waiting.ephemeral_to is ana
    await until(waiting, "graded offline and by Acme")
    assert not ben.sees_message(waiting)
    shown = await ana.presses("Not fair?", on=waiting).answered()
    assert shown.modal is not None
    kept = await stage.rows("SELECT address, address_until, told_at IS NULL FROM opinions")
    assert kept == [(None, None, 0)], "the token is not kept longer than it is needed"


async def test_what_can_be_changed_no_more_is_followed_by_a_direct_message(
    stage: Stage,
    clock: MovableClock,
    guild: Guild,
    maya: Person,
    ana: Person,
    llm: LlmServer,
) -> None:
    question = await daily(stage, clock, guild, maya)
    await ana.runs("settings", guild.general, second="on").shows("Acme reads your answers")
    llm.faults.plan(Fault.HANG, 1)
    critique = await answers(question, ana)
    assert "Acme reads it too" in critique.text
    async with asyncio.timeout(15):
        while await stage.rows("SELECT error FROM jobs WHERE task = 'opinion'") != [("NotNow",)]:
            await asyncio.sleep(0.05)
    clock.advance(timedelta(minutes=16))
    late = await ana.dm.sees("graded offline and by Acme", timeout=20)
    assert late.buttons == []
    assert "graded offline and by Acme" not in critique.text


async def test_the_token_is_in_no_log(
    stage: Stage,
    clock: MovableClock,
    guild: Guild,
    maya: Person,
    ana: Person,
    api: DiscordApi,
    capsys: pytest.CaptureFixture[str],
) -> None:
    question = await daily(stage, clock, guild, maya)
    await ana.runs("settings", guild.general, second="on").shows("Acme reads your answers")
    critique = await answers(question, ana)
    await until(critique, "graded offline and by Acme")
    tokens = {each.token for each in api.interactions.values()}
    out = "".join(capsys.readouterr())
    assert tokens
    assert not any(token in out for token in tokens)
    assert "sk-a-secret" not in out
