"""Updates that Telegram brings to us, instead of being asked for them."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator

import pytest

from bot.clock import MovableClock
from bot.errors import Invalid
from bot.settings import Settings
from tests.adapters.telegram.stage import Stage
from tests.adapters.telegram.test_groups import good
from tests.telegram import BotApi, Fault, Person


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
async def stage(api: BotApi, plain: Settings, clock: MovableClock) -> AsyncIterator[Stage]:
    async with Stage(api, plain, clock, webhook=f"127.0.0.1:{free_port()}") as running:
        yield running


async def test_a_person_is_served_through_the_webhook(stage: Stage, ana: Person) -> None:
    ana.says("/practice")
    asked = await ana.sees("Reply to this message")
    answer = ana.says(good(asked))
    await ana.sees("100 / 100")
    stage.api.again(answer)
    ana.says("/streak")
    await ana.sees("1 day")
    assert len([m for m in ana.dm.messages if "100 / 100" in m.text]) == 1
    assert "getUpdates" not in {call.method for call in stage.api.calls}


@pytest.mark.parametrize("secret", [None, "wrong"])
async def test_only_telegram_can_tell_us_something(
    stage: Stage, ana: Person, secret: str | None
) -> None:
    ana.says("/streak")
    await ana.sees("No streak yet")
    forged = {
        "update_id": 9,
        "message": {
            "message_id": 99,
            "date": 1,
            "chat": {"id": ana.id, "type": "private", "first_name": "Ana"},
            "from": {"id": ana.id, "is_bot": False, "first_name": "Ana"},
            "text": "/me",
            "entities": [{"type": "bot_command", "offset": 0, "length": 3}],
        },
    }
    assert await stage.api.post_update(forged, secret=secret or "") == 403
    await stage.settles()
    assert len(ana.dm.messages) == 2


async def test_a_webhook_is_taken_away_again_by_polling(
    api: BotApi, plain: Settings, stage: Stage, ana: Person
) -> None:
    assert api.webhook["url"].endswith("/hook")
    await stage.stops()
    stage.webhook = ""
    await stage.starts()
    ana.says("/streak")
    await ana.sees("No streak yet")
    assert not api.webhook.get("url")


async def test_a_webhook_that_telegram_refuses_is_told_in_a_sentence(
    api: BotApi, plain: Settings, clock: MovableClock
) -> None:
    api.fail("setWebhook", Fault.BAD("bad webhook: an HTTPS URL must be provided"))
    refused = Stage(api, plain, clock, webhook=f"127.0.0.1:{free_port()}")
    with pytest.raises(BaseExceptionGroup) as stopped:
        await refused.starts()
    error: BaseException = stopped.value
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    assert isinstance(error, Invalid)
    assert "DRILLMATE_TELEGRAM__WEBHOOK_URL" in error.message
    await refused.leaves()


async def test_one_kept_update_that_cannot_be_read_keeps_no_other_waiting(
    stage: Stage, ana: Person
) -> None:
    ana.says("/streak")
    await ana.sees("No streak yet")
    await stage.settles()
    inbox = stage.app.services.inbox
    await inbox.take("telegram", "4200:1", '{"of": "another version"}', 1)
    await inbox.take("telegram", "4200:2", "not even JSON", 2)
    await stage.stops()
    await stage.starts()
    ana.says("/me")
    await ana.sees("Answers: 0 answers")
    await stage.settles()
