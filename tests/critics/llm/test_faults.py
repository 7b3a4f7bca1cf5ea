"""Everything a server can do to us ends in an opinion or in none, in time and without a trace."""

from __future__ import annotations

import asyncio
import json

import pytest

from bot.critics.base import CriticUnavailable
from bot.critics.llm.critic import LlmCritic
from bot.domain.critique import PointState
from bot.domain.opinion import Opinion
from bot.settings import LlmSettings
from tests.critics.llm.conftest import ANSWER
from tests.critics.rubrics import STACKS
from tests.llm import Fault, LlmServer
from tests.llm.faults import content, too_many

POINTS = [{"id": "lifo", "quote": "a stack is last in, first out", "verdict": "covered"}]
GOOD = json.dumps({"points": POINTS, "misconceptions": []})
MORE = json.dumps(
    {
        "points": [
            {**POINTS[0], "score": 100, "why": ["?"]},
            {"id": "p99", "quote": "x", "verdict": "covered"},
            {"id": "fifo", "verdict": "brilliant", "quote": ""},
            "undo",
        ],
        "misconceptions": [{"id": "unknown", "quote": "x"}, 7],
        "total": 100,
    }
)

GOES_ON = {
    "fenced": [content(f"```json\n{GOOD}\n```")],
    "introduced": [content(f"Sure {{here}} it is: {GOOD} Anything else?")],
    "thought first": [content(f'<think>{{"points": []}}</think>{GOOD}')],
    "unknown fields and ids": [content(MORE)],
    "no schema": [Fault.NO_SCHEMA],
    "no schema and no JSON": [Fault.NO_JSON],
    "no temperature": [Fault.NO_TEMPERATURE],
    "no max_tokens": [Fault.NO_MAX_TOKENS],
    "none of them": [Fault.NO_JSON, Fault.NO_TEMPERATURE, Fault.NO_MAX_TOKENS],
    "no usage": [Fault.NO_USAGE],
    "mad usage": [Fault.MAD_USAGE],
    "slow": [Fault("slow", seconds=0.3)],
}
"""Faults that last, and that an opinion survives."""

ONCE = {
    "broken once": Fault.BROKEN,
    "reset once": Fault.RESET,
    "reset in the body once": Fault.RESET_INSIDE,
    "too many, for a moment": too_many("0.2"),
}
"""Faults that pass, and that one more try survives."""

ENDS = {
    "bad JSON": (content('{"points": [}'), "not what was asked", 1),
    "truncated JSON": (content(GOOD[:40], finish_reason="length"), "not what was asked", 1),
    "another object": (content('{"verdict": "covered"}'), "not what was asked", 1),
    "brackets without end": (content("[" * 90_000), "not what was asked", 1),
    "objects without end": (content('{"points":' * 9_000), "not what was asked", 1),
    "empty": (content(""), "not answered", 1),
    "no content": (content(None), "not answered", 1),
    "cut off before it began": (content(None, finish_reason="length"), "cut off", 1),
    "no choices": (Fault.NO_CHOICES, "not answered", 1),
    "no message": (content(GOOD, message=None), "not answered", 1),
    "a refusal": (content(None, message={"refusal": "I can't", "content": None}), "refuses", 1),
    "a filtered reply": (content(GOOD, finish_reason="content_filter"), "refuses", 1),
    "a filtered answer": (Fault.FILTERED, "refuses", 1),
    "HTML": (Fault.HTML, "no completion", 1),
    "a number": (Fault("answer", 200, b"7"), "no completion", 1),
    "nothing": (Fault("answer", 200, b""), "no completion", 1),
    "no UTF-8": (Fault("answer", 200, b'{"choices": "\xff\xfe"}'), "no completion", 1),
    "401": (Fault.UNAUTHORIZED, "key", 1),
    "403": (Fault.FORBIDDEN, "key", 1),
    "404": (Fault.NO_MODEL, "refused (404)", 1),
    "quota": (Fault.QUOTA, "quota", 1),
    "too many": (Fault.TOO_MANY, "too many", 1),
    "too many, for long": (too_many("60"), "too many", 1),
    "too many, until a date": (too_many("Mon, 23 Mar 2026 08:00:00 GMT"), "too many", 1),
    "too many, again": (too_many("0.1"), "too many", 2),
    "too long": (Fault.TOO_LONG, "refused (400)", 1),
    "broken": (Fault.BROKEN, "fails (500)", 2),
    "moved": (Fault.MOVED, "unexpected status", 1),
    "reset": (Fault.RESET, "no connection", 2),
    "reset in the body": (Fault.RESET_INSIDE, "no connection", 2),
    "hangs": (Fault.HANG, "timeout", 1),
    "drips": (Fault.DRIP, "timeout", 1),
    "floods": (Fault.FLOOD, "endless", 1),
    "floods with errors": (Fault.FLOOD_OF_ERRORS, "endless", 1),
    "bad gzip": (Fault.BAD_GZIP, "no connection", 1),
    "a gzip bomb": (Fault.GZIP_BOMB, "endless", 1),
}
"""Faults that last, the reason given for having no opinion, and how often the server was asked."""


async def timed(critic: LlmCritic, total_s: float) -> Opinion | CriticUnavailable:
    """Return what comes of asking; anything but an opinion or none is an error, so is lateness."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    try:
        return await critic.opinion(STACKS, ANSWER)
    except CriticUnavailable as error:
        return error
    finally:
        assert loop.time() - began <= total_s + 0.5


def covered(opinion: Opinion | CriticUnavailable) -> set[str]:
    assert isinstance(opinion, Opinion), opinion
    return {point.id for point in opinion.points if point.state is PointState.COVERED}


@pytest.mark.parametrize("faults", GOES_ON.values(), ids=GOES_ON)
async def test_an_opinion_survives_what_servers_do_differently(
    faults: list[Fault], server: LlmServer, critic: LlmCritic, logged: list[str]
) -> None:
    for fault in faults:
        server.faults.plan(fault)

    opinion = await timed(critic, 1)

    assert "lifo" in covered(opinion)
    assert isinstance(opinion, Opinion)
    assert [point.id for point in opinion.points] == ["lifo", "fifo", "durable", "undo"]
    assert opinion.misconceptions == ()
    assert 300 <= opinion.tokens <= 4_000
    assert opinion.model == "m-1"
    assert len(logged) == 1


@pytest.mark.parametrize("fault", ONCE.values(), ids=ONCE)
async def test_what_passes_is_tried_once_more(
    fault: Fault, server: LlmServer, critic: LlmCritic, logged: list[str]
) -> None:
    server.faults.plan(fault, times=1)

    assert covered(await timed(critic, 1)) == {"lifo", "undo"}
    assert len(server.calls) == 2
    assert "llm opinion" in logged[0]


@pytest.mark.parametrize(("fault", "reason", "calls"), ENDS.values(), ids=ENDS)
async def test_there_is_no_opinion_but_a_reason(
    fault: Fault,
    reason: str,
    calls: int,
    server: LlmServer,
    critic: LlmCritic,
    logged: list[str],
) -> None:
    server.faults.plan(fault)

    error = await timed(critic, 1)

    assert isinstance(error, CriticUnavailable), error
    assert reason in error.reason
    assert "Zanzibar" not in error.reason
    assert error.__cause__ is None
    assert len(server.calls) == calls
    assert len(logged) == 1


async def test_a_server_that_is_not_there_is_unavailable(
    logged: list[str], server: LlmServer
) -> None:
    settings = LlmSettings(base_url="http://127.0.0.1:9/v1", model="m-1", total_s=1)
    critic = LlmCritic(settings)

    error = await timed(critic, 1)

    assert isinstance(error, CriticUnavailable)
    assert error.reason == "no connection"
    assert len(logged) == 1
    await critic.close()
