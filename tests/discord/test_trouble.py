from __future__ import annotations

import aiohttp
import discord
import pytest

from tests.discord import Fault
from tests.discord.town import Town


def _general(town: Town) -> discord.TextChannel:
    found = town.bot.get_channel(town.guild.general.id)
    assert isinstance(found, discord.TextChannel)
    return found


async def test_private_chats_cannot_be_opened_too_fast(town: Town) -> None:
    town.api.limits.dm_opens = 2
    people = [town.api.person(f"P{number}") for number in range(3)]
    answers = [
        await town.call("POST", "/users/@me/channels", {"recipient_id": str(one.id)})
        for one in people
    ]
    assert [status for status, _ in answers] == [200, 200, 400]
    assert answers[2][1]["code"] == 40003


async def test_limits_hold_in_real_time_and_the_library_waits(town: Town) -> None:
    channel = _general(town)
    start = town.api.loop_time()
    for number in range(7):
        await channel.send(str(number))
    assert 0.08 <= town.api.loop_time() - start < 1
    assert all(call.status == 200 for call in town.api.calls)


async def test_too_many_at_once_are_told_when_to_come_back(town: Town) -> None:
    town.api.limits.scale = 1
    path = f"/channels/{town.guild.general.id}/messages"
    answers = [await town.call("POST", path, {"content": str(number)}) for number in range(6)]
    assert [status for status, _ in answers] == [200] * 5 + [429]
    assert 4 < answers[5][1]["retry_after"] <= 5


async def test_old_messages_are_not_edited_without_end(town: Town) -> None:
    town.api.limits.old_edits, town.api.old_message_s = 1, 0
    path = f"/channels/{town.guild.general.id}/messages"
    number = (await town.call("POST", path, {"content": "Old"}))[1]["id"]
    answers = [await town.call("PATCH", f"{path}/{number}", {"content": str(n)}) for n in range(2)]
    assert [(status, body.get("code")) for status, body in answers] == [(200, None), (400, 30046)]


async def test_faults_are_felt_and_then_over(town: Town) -> None:
    town.api.limits.enabled = False
    api, channel, route = town.api, _general(town), "POST /channels/{channel_id}/messages"
    api.fail(route, Fault.TOO_MANY(0.05), channel=town.guild.general)
    await channel.send("After a wait")
    for fault, error in (
        (Fault.CLOUDFLARE(), discord.HTTPException),
        (Fault.REFUSED(400, 200000, "Message was blocked by AutoMod"), discord.HTTPException),
        (Fault.REFUSED(403, 50013), discord.Forbidden),
        (Fault.SERVER(503), discord.DiscordServerError),
        (Fault.RESET_BEFORE, aiohttp.ClientError),
        (Fault.HANG_BEFORE(0.02), aiohttp.ClientError),
    ):
        api.fail(route, fault)
        with pytest.raises(error):
            await channel.send("Lost")
    api.fail(route, Fault.RESET_AFTER)
    with pytest.raises(aiohttp.ClientError):
        await channel.send("Sent anyway")
    api.fail(route, Fault.SLOW(0.02))
    api.fail("*", Fault.HANG_AFTER(0.02), channel=town.ana.dm)
    await channel.send("Slow")
    texts = [one.text for one in town.guild.general.messages]
    assert texts == ["After a wait", "Sent anyway", "Slow"]
    failed = [call.code for call in api.calls if call.code]
    assert failed == [200000, 50013]
