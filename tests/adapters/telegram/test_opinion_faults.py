"""Everything a model's server does wrong, met by people on Telegram, all at once."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Iterator, MutableMapping
from dataclasses import replace
from typing import Any

import pytest
import structlog
from pydantic import SecretStr

from bot.clock import MovableClock
from bot.settings import LlmSettings, Settings
from tests.adapters.telegram.stage import Stage
from tests.answers import PARTIAL
from tests.critics.llm.test_faults import ENDS
from tests.llm import Fault, LlmServer
from tests.llm.judges import inventing
from tests.telegram import BotApi, Message, Person

SECRET = "Zanzibar"
TOTAL_S = 2.0
AT_ONCE = 4
"""Of the people whose server fails; so many questions are put at once by default."""


@pytest.fixture
async def llm() -> AsyncIterator[LlmServer]:
    """Return a server whose model finds everything, in words that nobody has said."""
    async with LlmServer(judge=inventing) as running:
        yield running


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """Collect what is logged above DEBUG."""
    lines: list[str] = []

    def keep(
        _logger: object, method: str, event: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        lines.append(f"{method} {dict(event)}")
        raise structlog.DropEvent

    structlog.configure(
        processors=[structlog.processors.format_exc_info, keep],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )
    yield lines
    structlog.reset_defaults()


@pytest.fixture
async def stage(
    api: BotApi, plain: Settings, clock: MovableClock, llm: LlmServer
) -> AsyncIterator[Stage]:
    """Return the running program, with a language model that is never given up."""
    settings = LlmSettings(
        base_url=llm.base,
        model="judge-1",
        provider="Acme",
        api_key=SecretStr("sk-a-secret"),
        total_s=TOTAL_S,
        breaker_failures=1_000,
    )
    async with Stage(api, plain.model_copy(update={"llm": settings}), clock) as running:
        yield running


async def answered(person: Person, words: str) -> tuple[Message, float]:
    """Answer a question; return the first verdict, and the seconds until it was there."""
    person.says("/settings second=on")
    await person.sees("Acme reads your answers too")
    person.says("/practice")
    asked = await person.sees("Reply to this message")
    right = next(answer for slug, answer in PARTIAL.items() if slug in asked.text)
    began = asyncio.get_running_loop().time()
    person.says(f"{right} {words}")
    verdict = await person.sees("/ 100", after=asked)
    return verdict, asyncio.get_running_loop().time() - began


def score(message: Message) -> int:
    found = re.search(r"(\d+) / 100", message.searched)
    assert found, message.searched
    return int(found[1])


async def test_whatever_the_server_does_there_is_a_verdict_at_once_and_it_stays(
    stage: Stage, api: BotApi, llm: LlmServer, logged: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    faults = {f"{SECRET}{number}x": fault for number, (fault, _, _) in enumerate(ENDS.values())}
    for mark, fault in faults.items():
        llm.faults.plan(replace(fault, only_with=mark))
    loop = asyncio.get_running_loop()
    scores: dict[Message, int] = {}
    for mark in faults:
        verdict, waited_s = await answered(api.person(f"Person {mark[len(SECRET) :]}"), mark)
        assert waited_s < 1, mark
        assert "⏳ Acme reads it too" in verdict.searched, mark
        scores[verdict] = score(verdict)

    async with asyncio.timeout(TOTAL_S * len(faults) / AT_ONCE + 10):
        while not all(any(mark in str(call.body) for call in llm.calls) for mark in faults):
            await asyncio.sleep(0.02)
    last = loop.time()
    while llm.open:
        await asyncio.sleep(0.02)
        assert loop.time() - last <= TOTAL_S + 0.5
    verdict, waited_s = await answered(api.person("Last"), "Nothing is wrong now.")
    assert waited_s < 1
    async with asyncio.timeout(TOTAL_S + 0.5):
        while "graded offline and by Acme" not in verdict.searched:
            await asyncio.sleep(0.02)

    for message, before in scores.items():
        assert 0 < score(message) == before < 100
    assert 0 < score(verdict) < 100, "what nobody has said earns nothing"
    lines = [line for line in logged if "llm opinion" in line]
    assert len(lines) > len(faults)
    assert sum("no llm opinion" in line for line in lines) >= len(faults)
    everything = "\n".join([*logged, caplog.text])
    assert SECRET not in everything
    assert "sk-a-secret" not in everything


async def test_nobody_waits_behind_answers_that_wait_for_a_slow_server(
    stage: Stage, api: BotApi, llm: LlmServer
) -> None:
    llm.faults.plan(Fault.HANG)
    people = [api.person(f"Waiting {number}") for number in range(20)]
    verdicts = [await answered(person, "And that is all.") for person in people]
    assert max(waited_s for _, waited_s in verdicts) < 1
    waiting = await stage.rows("SELECT count(*) FROM opinions WHERE state = 'waiting'")
    assert waiting == [(20,)]
