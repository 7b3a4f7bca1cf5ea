from __future__ import annotations

from typing import Any

import aiohttp
import discord
import pytest

from tests.discord import DiscordApi
from tests.discord.town import Bot, Town


async def _heard(town: Town, count: int, timeout: float = 5) -> list[str]:
    await town.api.pulse.until(lambda: True if len(town.bot.heard) >= count else None, timeout)
    return [text for _, text in town.bot.heard]


async def test_what_is_missed_while_away_comes_with_the_resume(town: Town) -> None:
    await town.api.connected()
    for code in (None, 4000):
        town.api.drops(code)
        town.ana.says("while you were away")
        await town.api.connected(10)
    assert await _heard(town, 2) == ["while you were away"] * 2
    assert (town.api.identifies, town.api.resumes) == (1, 2)
    assert town.api.sessions[0].resumed == 2


async def test_a_bot_that_is_asked_to_reconnect_does(town: Town) -> None:
    town.api.asks_to_reconnect()
    await town.api.pulse.until(lambda: True if town.api.resumes else None, 5)
    town.ana.says("hello")
    assert await _heard(town, 1) == ["hello"]


async def _identified(
    http: aiohttp.ClientSession, api: DiscordApi, **more: Any
) -> tuple[aiohttp.ClientWebSocketResponse, dict[str, Any]]:
    socket = await http.ws_connect(api.gateway)
    await socket.receive_json()
    await socket.send_json({"op": 2, "d": {"token": api.token, "intents": 1, **more}})
    return socket, await socket.receive_json()


async def test_a_session_that_cannot_be_resumed_is_lost() -> None:
    async with DiscordApi() as api, aiohttp.ClientSession() as http:
        first, ready = await _identified(http, api)
        api.drops(4000, resumable=False)
        assert (await first.receive()).data == 4000
        for session in (ready["d"]["session_id"], "unknown"):
            async with http.ws_connect(api.gateway) as socket:
                await socket.receive_json()
                resume = {"token": api.token, "session_id": session, "seq": 1}
                await socket.send_json({"op": 6, "d": resume})
                answer = await socket.receive_json()
                assert (answer["op"], answer["d"]) == (9, False)
        assert api.resumes == 0


async def test_an_outage_ends(town: Town) -> None:
    town.api.goes_down()
    with pytest.raises(discord.DiscordServerError):
        await town.bot.fetch_user(town.ana.id)
    ran = town.ana.runs("secret", None, level=1, late=True)
    town.ana.says("stored")
    town.api.comes_up()
    await town.api.connected(10)
    assert await _heard(town, 1) == ["stored"]
    assert ran.timed_out


async def test_guilds_come_and_go(town: Town) -> None:
    second = town.api.guild("second", town.ben)
    town.ben.adds_bot(second)
    second.goes_away()
    second.comes_back()
    town.ben.removes_bot(second)
    wanted = ["guild_join", "guild_unavailable", "guild_available", "guild_remove"]
    await town.api.pulse.until(lambda: True if wanted[-1] in town.bot.events else None, 1)
    assert [one for one in town.bot.events if one in wanted][-4:] == wanted


async def test_a_bot_without_its_intents_is_turned_away(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot = Bot(town.api.pulse, discord.Intents(guilds=True, messages=True, message_content=True))
    with pytest.raises(discord.PrivilegedIntentsRequired):
        await bot.start(town.api.token)
    await bot.close()
    town.api.message_content_allowed = True
    allowed = Bot(town.api.pulse, discord.Intents(guilds=True, messages=True, message_content=True))
    async with allowed:
        await allowed.login(town.api.token)
        async with aiohttp.ClientSession() as http, http.ws_connect(town.api.gateway) as socket:
            hello = await socket.receive_json()
            assert hello["d"]["heartbeat_interval"] == town.api.heartbeat_ms
            await socket.send_json({"op": 1, "d": None})
            assert (await socket.receive_json())["op"] == 11
            await socket.send_json({"op": 2, "d": {"token": "wrong", "intents": 1}})
            assert (await socket.receive()).data == 4004


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"shard": [2, 2], "intents": 1}, 4010),
        ({"intents": 1 << 1}, 4014),
        ({}, 4013),
    ],
)
async def test_a_bad_identify_is_closed(town: Town, asked: dict[str, object], code: int) -> None:
    async with town.http.ws_connect(town.api.gateway) as socket:
        await socket.receive_json()
        await socket.send_json({"op": 2, "d": {"token": town.api.token, **asked}})
        assert (await socket.receive()).data == code


async def test_each_shard_hears_of_its_own_guilds() -> None:
    async with DiscordApi() as api, aiohttp.ClientSession() as http:
        maya = api.person("Maya")
        guilds = [api.guild(name, maya, bot=True) for name in ("even", "odd")]
        for shard in (0, 1):
            socket, ready = await _identified(http, api, shard=[shard, 2])
            assert [one["id"] for one in ready["d"]["guilds"]] == [str(guilds[shard].id)]
            created = await socket.receive_json()
            assert (created["t"], created["d"]["name"]) == ("GUILD_CREATE", guilds[shard].name)
        await api.connected()
        assert [one.shard for one in api.sessions] == [0, 1]
        for guild in guilds:
            guild.text("daily")
        maya.says("hello")
        assert [len(one.frames) for one in api.sessions] == [3, 3]
