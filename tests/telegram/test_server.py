"""How the server talks: polling, webhooks, limits, faults, the specification."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from telegram import (
    Bot,
)
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from tests.telegram import Fault
from tests.telegram.limits import Window
from tests.telegram.town import Town


async def test_polling_waits_confirms_and_allows_one_poller(town: Town) -> None:
    api, bot = town.api, town.bot
    loop = asyncio.get_running_loop()
    first = loop.create_task(bot.get_updates(timeout=5))
    await api.pulse.until(lambda: api.calls[-1].method == "getUpdates" or None, 1)
    await asyncio.sleep(0.02)
    async with Bot(api.token, base_url=f"{api.base}/bot") as other:
        second = loop.create_task(other.get_updates(timeout=5))
        with pytest.raises(Conflict, match="terminated by other getUpdates request"):
            await first
        town.ana.says("one")
        updates = await second
    assert (api.pushed, api.unconfirmed) == (4, 1)
    assert await bot.get_updates() == updates
    await bot.get_updates(offset=updates[0].update_id + 1)
    await api.drained(0.1)
    api.hold()
    town.ana.says("two")
    latest = town.ana.says("three")
    assert await bot.get_updates() == ()
    api.release(order="reversed")
    reordered = await town.told()
    assert [one.message and one.message.text for one in reordered] == ["three", "two"]
    api.again(latest)
    assert [one.update_id for one in await town.told()] == [reordered[0].update_id]
    for text in "abc":
        town.ana.says(text)
    newest = await bot.get_updates(offset=-1)
    assert [one.message and one.message.text for one in newest] == ["c"]


async def test_a_webhook_gets_updates_until_it_takes_them(town: Town) -> None:
    api, ana = town.api, town.ana
    got: list[tuple[str, int]] = []

    async def take(request: web.Request) -> web.Response:
        body = await request.json()
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        got.append((secret, body["update_id"]))
        return web.Response(status=500 if len(got) == 1 else 200)

    app = web.Application()
    app.router.add_post("/hook", take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    for wrong in ({"url": "http://a.b/"}, {"url": url, "secret_token": "a b"}):
        assert (await town.asks("setWebhook", **wrong))[0] == 400
    await town.bot.set_webhook(url, secret_token="s3cret")
    said = ana.says("x")
    await api.drained()
    api.again(said)
    await api.drained()
    assert said.pushed
    assert got == [("s3cret", said.pushed.id)] * 3
    assert await api.post_update({"update_id": 1}, secret="guessed") == 200
    assert (await town.bot.get_webhook_info()).url == api.webhook["url"] == url
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await town.bot.get_updates()
    await town.bot.delete_webhook()
    assert api.webhook == {}
    await runner.cleanup()
    assert api.breaches == []


async def test_too_many_messages(town: Town) -> None:
    api, bot = town.api, town.bot
    api.limits.overall = Window(3, 0.1)
    for _ in range(3):
        await bot.send_message(town.ana.id, "x")
    with pytest.raises(RetryAfter) as raised:
        await bot.send_message(town.ana.id, "x")
    assert raised.value.retry_after == timedelta(seconds=1)
    await asyncio.sleep(0.11)
    await bot.send_message(town.ana.id, "x")
    api.limits.overall.on = False
    for _ in range(20):
        await bot.send_message(town.group.id, "x")
    with pytest.raises(RetryAfter) as raised:
        await bot.edit_message_text("y", town.group.id, town.group.messages[-1].id)
    assert raised.value.retry_after == timedelta(seconds=60)
    await bot.send_chat_action(town.group.id, "typing")
    assert api.actions == [(town.group.id, "typing")]
    api.limits.enabled = False
    await bot.send_message(town.group.id, "x")


async def test_faults(town: Town) -> None:
    api, bot, ana = town.api, town.bot, town.ana
    api.fail("sendMessage", Fault.TOO_MANY(3), chat=town.group)
    await bot.send_message(ana.id, "elsewhere")
    with pytest.raises(RetryAfter):
        await bot.send_message(town.group.id, "x")
    failures: list[tuple[Fault, type[TelegramError], bool]] = [
        (Fault.FORBIDDEN("user is deactivated"), Forbidden, False),
        (Fault.BAD("chat not found"), BadRequest, False),
        (Fault.SERVER(502), NetworkError, False),
        (Fault.SERVER(500), NetworkError, False),
        (Fault.GARBAGE, TelegramError, False),
        (Fault.RESET_BEFORE, NetworkError, False),
        (Fault.HANG_BEFORE(0.05), NetworkError, False),
        (Fault.RESET_AFTER, NetworkError, True),
    ]
    for fault, error, done in failures:
        before = len(ana.dm.messages)
        api.fail("sendMessage", fault)
        with pytest.raises(error):
            await bot.send_message(ana.id, "x")
        assert len(ana.dm.messages) - before == done, fault
    api.fail("sendMessage", Fault.SLOW(0.05))
    await bot.send_message(ana.id, "late")
    api.fail("sendMessage", Fault.HANG_AFTER(5))
    with pytest.raises(TimedOut):
        await bot.send_message(ana.id, "uncertain", read_timeout=0.1)
    assert (await ana.sees("uncertain")).id


async def test_what_breaks_the_specification_is_refused_and_remembered(town: Town) -> None:
    if town.api.spec is None:
        pytest.skip("the specification is not here")
    wrong: list[dict[str, Any]] = [
        {"text": "x"},
        {"chat_id": town.ana.id, "text": "x", "colour": "red"},
        {"chat_id": town.ana.id, "text": "x", "message_thread_id": "general"},
        {"chat_id": town.ana.id, "text": "x", "reply_parameters": {"message": 1}},
    ]
    for number, params in enumerate(wrong):
        status, description = await town.asks("sendMessage", **params)
        assert (status, description[:18]) == (400, "Bad Request: spec:")
        assert len(town.api.breaches) > number
    town.api.push("message", {"message_id": 1, "text": 3})
    assert "update.message (Message) lacks date" in town.api.breaches


async def test_wrong_tokens_and_methods(town: Town) -> None:
    answer = await town.http.get(f"{town.api.base}/bot4200:wrong/getMe")
    assert (answer.status_code, answer.json()["description"]) == (401, "Unauthorized")
    assert await town.asks("sendLove", chat_id=1) == (404, "Not Found")
    call = town.api.calls[-1]
    assert (call.method, call.params, call.status) == ("sendLove", {"chat_id": 1}, 404)


async def test_an_empty_poll_waits(town: Town) -> None:
    loop = asyncio.get_running_loop()
    began = loop.time()
    await town.asks("getUpdates", timeout=0)
    assert loop.time() - began < 0.2
    waiting = loop.create_task(town.bot.get_updates(timeout=5))
    _, pending = await asyncio.wait([waiting], timeout=0.1)
    assert pending
    town.ana.says("x")
    assert len(await waiting) == 1


async def test_windows_can_be_shortened(town: Town) -> None:
    town.api.limits.scale = 0.002
    for _ in range(20):
        await town.bot.send_message(town.group.id, "x")
    await asyncio.sleep(0.13)
    await town.bot.send_message(town.group.id, "x")
    town.api.limits.chat.on = True
    town.api.limits.scale = 1
    for _ in range(5):
        await town.bot.send_message(town.ana.id, "x")
    with pytest.raises(RetryAfter):
        await town.bot.send_message(town.ana.id, "x")
    await town.bot.send_message(town.maya.says("hi").chat.id, "x")
