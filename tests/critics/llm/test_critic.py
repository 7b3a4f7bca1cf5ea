"""Asking: what is sent, how often, in which manner, and what holds it back."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys

import pytest

from bot.critics.base import CriticUnavailable, SecondCritic
from bot.critics.llm.critic import LlmCritic
from bot.critics.llm.failures import Held, Unusable
from bot.settings import LlmSettings
from tests.critics.llm.conftest import ANSWER, KEY
from tests.critics.rubrics import STACKS, VERBS
from tests.llm import Fault, LlmServer
from tests.llm.faults import content


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def changed(settings: LlmSettings, **more: object) -> LlmSettings:
    return LlmSettings.model_validate({**settings.model_dump(), **more})


async def fails(critic: LlmCritic, answer: str = ANSWER) -> str:
    with pytest.raises(CriticUnavailable) as failure:
        await critic.opinion(STACKS, answer)
    return failure.value.reason


async def until_open(server: LlmServer, number: int) -> None:
    async with asyncio.timeout(5):
        while server.open != number:
            await asyncio.sleep(0)


def test_loading_the_critic_does_not_load_the_library() -> None:
    code = (
        "import sys; from bot.settings import LlmSettings; from bot.critics.llm.critic import *;"
        "LlmCritic(LlmSettings(base_url='http://localhost/v1', model='m'));"
        "sys.exit('openai' in sys.modules or 'httpx2' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


async def test_it_is_a_second_critic(critic: LlmCritic) -> None:
    second: SecondCritic = critic

    assert second.provider == "127.0.0.1"
    assert (critic.name, critic.version) == ("llm", "1.1 m-1")


async def test_a_request_has_what_is_constant_first_and_no_more_of_the_person_than_the_answer(
    server: LlmServer, critic: LlmCritic
) -> None:
    await critic.opinion(STACKS, ANSWER)
    await critic.opinion(STACKS, "Another one: a queue is fair.")
    await critic.opinion(VERBS, ANSWER)

    first, second, third = (call.body for call in server.calls)
    assert set(first) == {"model", "messages", "response_format", "temperature", "max_tokens"}
    assert [each["role"] for each in first["messages"]] == ["system", "user"]
    assert first["messages"][0] == second["messages"][0] == third["messages"][0]
    rubric, _, asked = first["messages"][1]["content"].partition("\n\n")
    assert second["messages"][1]["content"].startswith(rubric)
    start, answer, end = asked.split("\n")
    assert start == end
    assert re.fullmatch(r"ANSWER-[0-9a-f]{16}", start)
    assert start not in second["messages"][1]["content"]
    assert json.loads(answer) == ANSWER
    assert server.calls[0].headers["Authorization"] == f"Bearer {KEY}"


async def test_the_schema_is_plain_and_asks_for_no_score(
    server: LlmServer, critic: LlmCritic
) -> None:
    await critic.opinion(STACKS, ANSWER)

    form = server.calls[0].body["response_format"]
    assert form["json_schema"]["strict"] is True
    text = json.dumps(form)
    assert not re.search(r"\$ref|anyOf|oneOf|null|score|points_earned|grade", text)


async def test_no_identity_from_the_environment_goes_along(
    server: LlmServer, settings: LlmSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-somebody-else")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-of-somebody-else")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "project-of-somebody-else")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    critic = LlmCritic(changed(settings, api_key=""))

    await critic.opinion(STACKS, ANSWER)

    assert "somebody-else" not in str(server.calls[0].headers)
    await critic.close()


@pytest.mark.parametrize(
    ("faults", "forms"),
    [
        ([Fault.NO_SCHEMA], ["json_schema", "json_object", "json_object"]),
        ([Fault.NO_JSON], ["json_schema", "json_object", "text", "text"]),
    ],
    ids=["no schema", "no JSON"],
)
async def test_the_manner_that_a_server_takes_is_remembered_in_the_process(
    faults: list[Fault], forms: list[str], server: LlmServer, settings: LlmSettings
) -> None:
    for fault in faults:
        server.faults.plan(fault)

    for _ in range(2):
        critic = LlmCritic(settings)
        await critic.opinion(STACKS, ANSWER)
        await critic.close()

    assert [call.form for call in server.calls] == forms


async def test_a_refusal_that_no_manner_helps_changes_no_manner(
    server: LlmServer, critic: LlmCritic
) -> None:
    server.faults.plan(Fault.NO_MODEL, times=1)

    assert await fails(critic) == "the request is refused (404)"
    await critic.opinion(STACKS, ANSWER)

    assert [call.form for call in server.calls] == ["json_schema", "json_schema"]


async def test_what_the_server_counts_is_what_it_took(critic: LlmCritic) -> None:
    opinion = await critic.opinion(STACKS, ANSWER)

    assert opinion.tokens == 920
    assert opinion.tokens <= critic.estimate(STACKS, ANSWER)


async def test_an_estimate_is_more_than_what_is_counted_by_characters(
    server: LlmServer, critic: LlmCritic
) -> None:
    server.faults.plan(Fault.NO_USAGE)
    for answer in (ANSWER, "п" * 5_000, "x1!" * 2_000, '"\\' * 900, ""):
        opinion = await critic.opinion(STACKS, answer)
        assert 300 < opinion.tokens <= critic.estimate(STACKS, answer) < 12_000


async def test_vain_replies_have_a_price_and_are_not_asked_for_again_and_again(
    server: LlmServer, critic: LlmCritic
) -> None:
    server.faults.plan(content("I would rather talk about the weather."))

    for _ in range(2):
        with pytest.raises(Unusable) as failure:
            await critic.opinion(STACKS, ANSWER)
        assert failure.value.tokens == 920
    with pytest.raises(Held):
        await critic.opinion(STACKS, f"  {ANSWER.upper()} ")
    with pytest.raises(Unusable):
        await critic.opinion(STACKS, "Another answer about a stack.")

    assert len(server.calls) == 3


async def test_after_failures_a_server_rests_and_one_call_tries_it(
    server: LlmServer, settings: LlmSettings
) -> None:
    clock = Clock()
    critic = LlmCritic(changed(settings, breaker_failures=4), clock)
    server.faults.plan(Fault.BROKEN)
    assert critic.state() == ""

    for _ in range(2):  # twice each, because they are tried once more
        assert await fails(critic) == "the server fails (500)"
    assert await fails(critic) == "the server rests after failures"
    assert critic.state() == "left alone 60 s more: the server fails (500)"
    assert len(server.calls) == 4

    clock.now += 61
    await fails(critic)
    assert len(server.calls) == 5
    assert "left alone 60 s more" in critic.state()

    clock.now += 61
    server.faults.planned.clear()
    server.faults.plan(Fault("slow", seconds=0.2))
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(outcome(critic)) for _ in range(5)]
    assert sorted(each.result() for each in tasks) == [
        "ok",
        *["the server rests after failures"] * 4,
    ]
    assert critic.state() == ""
    await critic.close()


async def outcome(critic: LlmCritic) -> str:
    try:
        await critic.opinion(STACKS, ANSWER)
    except CriticUnavailable as error:
        return error.reason
    return "ok"


async def test_what_models_write_speaks_not_against_their_server(
    server: LlmServer, settings: LlmSettings
) -> None:
    critic = LlmCritic(changed(settings, breaker_failures=2))
    server.faults.plan(content("no"), times=10)

    for number in range(5):
        assert "not what was asked" in await fails(critic, f"Answer number {number} of a stack.")

    assert critic.state() == ""
    await critic.close()


async def test_a_hanging_server_is_left_alone_but_waiting_for_a_turn_is_not_its_fault(
    server: LlmServer, settings: LlmSettings
) -> None:
    critic = LlmCritic(changed(settings, breaker_failures=2, in_flight=1, total_s=0.5))
    server.faults.plan(Fault.HANG)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(outcome(critic)) for _ in range(8)]

    assert sorted(each.result() for each in tasks) == ["timeout", *["too much under way"] * 7]
    assert critic.state() == "1 failed lately: timeout"
    assert await fails(critic) == "timeout"
    assert await fails(critic) == "the server rests after failures"
    await critic.close()


async def test_no_more_are_under_way_than_the_settings_say(
    server: LlmServer, settings: LlmSettings
) -> None:
    critic = LlmCritic(changed(settings, in_flight=2))
    server.faults.plan(Fault.HANG)

    async with asyncio.TaskGroup() as group:
        for _ in range(6):
            group.create_task(outcome(critic))
        await until_open(server, 2)
        assert len(server.calls) == 2

    await critic.close()


async def test_cancelling_gets_through_at_once_and_says_nothing_of_the_server(
    server: LlmServer, settings: LlmSettings
) -> None:
    critic = LlmCritic(changed(settings, breaker_failures=1, total_s=60))
    server.faults.plan(Fault.HANG, times=1)

    async with asyncio.TaskGroup() as group:
        task = group.create_task(critic.opinion(STACKS, ANSWER))
        await until_open(server, 1)
        task.cancel()
    assert task.cancelled()

    assert critic.state() == ""
    assert (await critic.opinion(STACKS, ANSWER)).tokens == 920
    await critic.close()


async def test_a_critic_that_was_closed_connects_anew(critic: LlmCritic) -> None:
    await critic.opinion(STACKS, ANSWER)
    await critic.close()
    await critic.close()

    assert (await critic.opinion(STACKS, ANSWER)).tokens == 920
