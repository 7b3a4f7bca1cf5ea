"""Outages, cut connections, limits and sends in doubt, through the library as it is."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.clock import MovableClock
from tests.adapters.discord.stage import Stage
from tests.adapters.discord.test_guild import daily, good
from tests.discord import Channel, DiscordApi, Fault, Guild, Message, Person

SEND = "POST /channels/{channel_id}/messages"
POST = "POST /channels/{channel_id}/threads"


def questions(place: Channel) -> list[Message]:
    """Return the questions that can be answered there."""
    return [m for m in place.messages if "Reply to this message" in m.text]


async def connected_anew(api: DiscordApi, *, identifies: int = 0, resumes: int = 0) -> None:
    """Wait until the library has connected so often."""
    async with asyncio.timeout(10):
        while (api.identifies, api.resumes) < (identifies, resumes):
            await asyncio.sleep(0.01)


async def test_discord_asks_for_a_new_connection_and_gets_one(
    stage: Stage, clock: MovableClock, guild: Guild, maya: Person, ana: Person
) -> None:
    question = await daily(stage, clock, guild, maya)
    guild.api.asks_to_reconnect()
    await ana.presses("Hint", on=question).shows("Hint 1")
    assert (guild.api.identifies, guild.api.resumes) == (1, 1)


async def test_a_session_that_cannot_be_resumed_is_begun_anew_and_all_works_as_before(
    stage: Stage, clock: MovableClock, guild: Guild, maya: Person, ana: Person
) -> None:
    question = await daily(stage, clock, guild, maya)
    guild.api.drops(resumable=False)
    await connected_anew(guild.api, identifies=2)
    await guild.api.connected()
    await ana.presses("Hint", on=question).shows("Hint 1")
    clock.advance(timedelta(days=1))
    await stage.sends()
    assert len(questions(guild.general)) == 1
    assert "no answers yet" in questions(guild.general)[0].text


async def test_after_an_hours_outage_what_was_due_comes_once_and_presses_work_again(
    stage: Stage, clock: MovableClock, guild: Guild, maya: Person, ana: Person
) -> None:
    api = guild.api
    question = await daily(stage, clock, guild, maya)
    api.goes_down()
    clock.advance(timedelta(days=1))
    for _ in range(6):  # an hour of beats, as far as the database is concerned
        await stage.sends()
        clock.advance(timedelta(minutes=10))
    assert questions(guild.general) == [question]
    api.comes_up()
    await connected_anew(api, identifies=1, resumes=1)
    clock.advance(timedelta(minutes=31))  # waits double up to half an hour
    await stage.sends()
    await stage.sends()
    [following] = [m for m in questions(guild.general) if m is not question]
    assert "Later than you asked for" in following.text
    pressed = await ana.presses("Answer", on=following).answered()
    assert pressed.modal is not None
    await ana.submits(pressed.modal, text=good(following)).shows("100 / 100")
    states = await stage.rows("SELECT state FROM deliveries ORDER BY id")
    assert states == [("sent",), ("sent",)]


async def test_one_channels_limit_delays_only_that_channel(
    stage: Stage, clock: MovableClock, guild: Guild, maya: Person, ana: Person
) -> None:
    guild.api.fail(SEND, Fault.TOO_MANY(0.3), times=1, channel=guild.general)
    sending = asyncio.get_running_loop().create_task(daily(stage, clock, guild, maya))
    hinted = await ana.runs("help", guild.general).shows("/practice")
    assert hinted.interaction is not None
    question = await sending
    assert questions(guild.general) == [question]


async def test_the_global_limit_is_waited_out_and_people_are_answered_meanwhile(
    stage: Stage, clock: MovableClock, guild: Guild, maya: Person, ana: Person
) -> None:
    guild.api.fail(SEND, Fault.TOO_MANY(0.4, True), times=1)
    sending = asyncio.get_running_loop().create_task(daily(stage, clock, guild, maya))
    ran = await ana.runs("help", guild.general).answered()
    assert ran.latency_s is not None
    assert ran.latency_s < 1
    question = await sending
    assert questions(guild.general) == [question]


async def test_a_block_by_cloudflare_loses_nothing(
    stage: Stage, clock: MovableClock, guild: Guild, maya: Person
) -> None:
    run = maya.runs("schedule set", guild.general, time="09:00", zone="UTC")
    preview = await run.shows("Shall I save this schedule?")
    await maya.presses("Save", on=preview).shows("Schedule saved")
    guild.api.fail(SEND, Fault.CLOUDFLARE(1), times=1)
    clock.advance(timedelta(hours=1))
    await stage.sends()
    assert questions(guild.general) == []
    clock.advance(timedelta(minutes=1))
    tried = sum(call.route == SEND for call in guild.api.calls)
    await stage.sends()  # it has not let us off yet, whatever our clock says
    assert sum(call.route == SEND for call in guild.api.calls) == tried
    async with asyncio.timeout(10):
        while not questions(guild.general):
            await stage.sends()
            await asyncio.sleep(0.05)
    assert len(questions(guild.general)) == 1


@pytest.mark.parametrize("forum", [False, True])
async def test_a_send_in_doubt_is_looked_for_when_discord_has_forgotten_its_nonce(
    stage: Stage, clock: MovableClock, guild: Guild, maya: Person, ana: Person, forum: bool
) -> None:
    api = guild.api
    api.nonce_window_s = 0
    await daily(stage, clock, guild, maya)
    place = guild.forum("drills") if forum else guild.text("daily")
    await maya.runs("schedule place", guild.general, channel=place).shows("Schedule saved")
    api.fail(POST if forum else SEND, Fault.RESET_AFTER, times=1, channel=place)
    clock.advance(timedelta(days=1))
    for _ in range(3):
        await stage.sends()
        clock.advance(timedelta(minutes=5))
    shown = [m for thread in place.threads for m in thread.messages] if forum else place.messages
    assert len([m for m in shown if "Reply to this message" in m.text]) == 1
    pressed = await ana.presses("Answer", on=shown[0]).answered()
    assert pressed.modal is not None
    await ana.submits(pressed.modal, text=good(shown[0])).shows("100 / 100")
    await stage.sends()
    assert "1 answer" in shown[0].text, "its message is known, so its tally is kept"


async def test_without_the_history_a_send_in_doubt_is_made_once_more(
    stage: Stage, clock: MovableClock, guild: Guild, maya: Person
) -> None:
    api = guild.api
    api.nonce_window_s = 0
    await daily(stage, clock, guild, maya)
    place = guild.text("daily")
    await maya.runs("schedule place", guild.general, channel=place).shows("Schedule saved")
    guild.denies("read_message_history", in_=place)
    api.fail(SEND, Fault.RESET_AFTER, times=1, channel=place)
    clock.advance(timedelta(days=1))
    for _ in range(3):
        await stage.sends()
        clock.advance(timedelta(minutes=5))
    assert len(questions(place)) == 2
