"""Life on Discord: cut connections, sends in doubt, servers that come and go, direct messages."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta

import pytest

from bot.clock import MovableClock
from bot.errors import Invalid
from bot.settings import Settings
from bot.store.uow import Database
from tests.adapters.discord.stage import Stage
from tests.adapters.discord.test_guild import daily, good
from tests.discord import DiscordApi, Fault, Guild, Person

SEND = "POST /channels/{channel_id}/messages"
HOSTILE = "@everyone <@&1> **x** [y](https://evil.example) ||z|| ```"


@pytest.mark.parametrize("fault", [Fault.RESET_AFTER, Fault.SERVER(502)])
async def test_a_question_whose_sending_was_in_doubt_is_shown_once(
    stage: Stage, clock: MovableClock, guild: Guild, maya: Person, fault: Fault
) -> None:
    guild.api.fail(SEND, fault, times=1, channel=guild.general)
    question = await daily(stage, clock, guild, maya)
    await stage.sends()
    shown = [m for m in guild.general.messages if "Reply to this message" in m.text]
    assert shown == [question]


async def test_a_cut_connection_is_taken_up_again_and_a_press_meanwhile_is_answered(
    stage: Stage, clock: MovableClock, guild: Guild, maya: Person, ana: Person
) -> None:
    question = await daily(stage, clock, guild, maya)
    guild.api.drops()
    pressed = ana.presses("Hint", on=question)
    await pressed.shows("Hint 1")
    assert (guild.api.resumes, guild.api.identifies) == (1, 1)


async def test_a_server_that_put_us_out_and_lets_us_in_again_goes_on_and_is_not_greeted_twice(
    stage: Stage, clock: MovableClock, guild: Guild, maya: Person
) -> None:
    await daily(stage, clock, guild, maya)
    maya.removes_bot(guild)
    async with asyncio.timeout(5):
        while not await stage.rows("SELECT 1 FROM chats WHERE left_at IS NOT NULL"):
            await asyncio.sleep(0.01)
    clock.advance(timedelta(days=1))
    await stage.sends()
    maya.adds_bot(guild)
    async with asyncio.timeout(5):
        while await stage.rows("SELECT 1 FROM chats WHERE left_at IS NOT NULL"):
            await asyncio.sleep(0.01)
    clock.advance(timedelta(days=1))
    await stage.sends()
    shown = [
        m for m in guild.general.messages if re.search("Reply to this|no longer scores", m.text)
    ]
    assert len(shown) == 2
    assert sum("Hello" in m.text for m in guild.general.messages) == 1


async def test_a_channel_that_is_gone_holds_up_nobody_else(
    stage: Stage, clock: MovableClock, guild: Guild, maya: Person, ana: Person, api: DiscordApi
) -> None:
    other = api.guild("other", ana, bot=True)
    await other.general.sees("Drillmate")
    run = ana.runs("schedule set", other.general, time="09:00", zone="UTC")
    await ana.presses("Save", on=await run.shows("Shall I save")).shows("Schedule saved")
    channel = guild.text("daily")
    run = maya.runs("schedule set", channel, time="09:00", zone="UTC")
    await maya.presses("Save", on=await run.shows("Shall I save")).shows("Schedule saved")
    guild.deletes(channel)
    clock.advance(timedelta(hours=1))
    await stage.sends()
    await other.general.sees("no answers yet")
    states = await stage.rows("SELECT state, error FROM deliveries ORDER BY state")
    assert states == [("failed", "unreachable"), ("sent", None)]


async def test_the_commands_are_sent_again_only_when_they_have_changed(
    api: DiscordApi, plain: Settings, clock: MovableClock
) -> None:
    async with Stage(api, plain, clock):
        pass
    async with Stage(api, plain, clock) as stage:
        ana = api.person("Ana")
        guild = api.guild("backend-prep", ana, bot=True)
        await ana.runs("help", guild.general).shows("/practice")
        assert await stage.rows("SELECT 1 FROM kv WHERE key LIKE 'discord tree %'")
    assert api.syncs == 1


async def test_a_wrong_token_is_told_in_a_sentence(
    api: DiscordApi, plain: Settings, clock: MovableClock
) -> None:
    stage = Stage(api, plain, clock, token="NDIwMA.nobody.has_ever_seen_this_token_anywhere")
    with pytest.raises(BaseExceptionGroup) as caught:
        await stage.starts()
    assert caught.group_contains(Invalid, match="Discord refuses the token")
    await stage.leaves()


async def test_in_a_direct_message_one_simply_types(
    stage: Stage, api: DiscordApi, ana: Person
) -> None:
    ana.installs_app()
    asked = await ana.runs("practice", None).shows("Reply to this message")
    assert asked.ephemeral_to is None
    ana.says(good(asked))
    await ana.sees("100 / 100")
    ana.says("/streak")
    await ana.sees("1 day")


async def test_a_guest_in_somebodys_server_is_seen_by_its_own_person_only(
    stage: Stage, api: DiscordApi, ana: Person, ben: Person
) -> None:
    guild = api.guild("not ours", ben, [ana])
    ana.installs_app()
    asked = await ana.runs("leaderboard", guild.general).shows("No board here")
    assert asked.ephemeral_to is ana
    assert await stage.rows("SELECT kind FROM chats") == [("dm",)]


async def test_hostile_names_and_answers_call_nobody_and_stay_words(
    api: DiscordApi, stage: Stage, clock: MovableClock, guild: Guild, maya: Person
) -> None:
    eve = api.person(HOSTILE[:32])
    eve.joins(guild)
    question = await daily(stage, clock, guild, maya)
    pressed = await eve.presses("Answer", on=question).answered()
    assert pressed.modal is not None
    await eve.submits(pressed.modal, text=f"{good(question)} {HOSTILE}").shows("/ 100")
    board = await eve.runs("leaderboard", guild.general).shows("1\\.")
    assert "\\*\\*x\\*\\*" in board.text
    everything = [*eve.sees_in(guild.general), *guild.general.messages]
    assert [each for each in everything if each.pings] == []


async def test_several_connections_serve_all_servers(
    api: DiscordApi, plain: Settings, clock: MovableClock, ana: Person
) -> None:
    api.recommended_shards = api.max_concurrency = 2
    guilds = [api.guild(f"group {n}", ana, bot=True) for n in range(2)]
    async with Stage(api, plain, clock, sharded=True):
        for guild in guilds:
            await ana.runs("help", guild.general).shows("/practice")
    assert api.identifies == 2


async def test_it_waits_for_a_discord_that_is_not_there_yet(
    api: DiscordApi, plain: Settings, clock: MovableClock, ana: Person
) -> None:
    guild = api.guild("backend-prep", ana, bot=True)
    api.fail("GET /users/@me", Fault.REFUSED(400, 0, "Not now"), times=1)
    async with Stage(api, plain, clock):
        await ana.runs("help", guild.general).shows("/practice")


async def test_an_interaction_that_reaches_us_too_late_breaks_nothing_and_its_answer_is_kept(
    stage: Stage, clock: MovableClock, guild: Guild, maya: Person, ana: Person
) -> None:
    question = await daily(stage, clock, guild, maya)
    pressed = await ana.presses("Answer", on=question).answered()
    assert pressed.modal is not None
    ana.submits(pressed.modal, late=True, text=good(question))
    async with asyncio.timeout(10):
        while not await stage.rows("SELECT 1 FROM attempts WHERE score = 100"):
            await asyncio.sleep(0.01)
    again = await ana.submits(pressed.modal, text=good(question)).shows("100 / 100")
    assert "answered this one before" not in again.text


async def test_after_a_restart_buttons_and_open_forms_work(
    stage: Stage, clock: MovableClock, guild: Guild, maya: Person, ana: Person, ben: Person
) -> None:
    question = await daily(stage, clock, guild, maya)
    pressed = await ana.presses("Answer", on=question).answered()
    await stage.stops()
    await stage.starts()
    assert pressed.modal is not None
    await ana.submits(pressed.modal, text=good(question)).shows("100 / 100")
    await ben.presses("Hint", on=question).shows("Hint 1")


async def test_what_was_typed_in_a_direct_message_while_we_were_away_is_answered_once(
    stage: Stage, clock: MovableClock, ana: Person
) -> None:
    ana.installs_app()
    asked = await ana.runs("practice", None).shows("Reply to this message")
    await stage.stops()
    ana.says(good(asked))
    clock.advance(timedelta(minutes=5))
    await stage.starts()
    await ana.sees("100 / 100")
    for _ in range(2):
        await stage.stops()
        await stage.starts()
    await ana.runs("streak", None).shows("1 day")
    assert sum("100 / 100" in m.text for m in ana.dm.messages) == 1
    assert await stage.rows("SELECT count(*) FROM attempts") == [(1,)]


async def test_a_message_whose_answering_was_cut_off_is_answered_after_the_restart(
    stage: Stage, api: DiscordApi, clock: MovableClock, guild: Guild, maya: Person, ana: Person
) -> None:
    question = await daily(stage, clock, guild, maya)
    await stage.stops()
    said = ana.says(good(question), guild.general, reply_to=question)
    database = Database(stage.settings.database_url)
    async with database.write() as unit:  # as a crash in the middle leaves it
        await unit.updates.add("discord", f"{said.channel.id}:{said.id}", "", said.id, clock.now())
        await unit.commit()
    await database.close()
    await stage.starts()
    await guild.general.sees("Only you can see what is said of it")
    assert await stage.rows("SELECT scores FROM attempts") == [(1,)]


async def test_a_servers_nickname_stays_in_that_server(
    stage: Stage, api: DiscordApi, guild: Guild, ana: Person
) -> None:
    guild.nicknames[ana.id] = "Anastasia of Accounting"
    await ana.runs("help", guild.general).shows("/practice")
    assert await stage.rows("SELECT display_name FROM users") == [("Ana",)]


async def test_what_was_begun_before_a_cut_of_the_network_is_still_there_after_it(
    stage: Stage, api: DiscordApi, clock: MovableClock, guild: Guild, maya: Person, ana: Person
) -> None:
    question = await daily(stage, clock, guild, maya)
    await stage.stops()
    said = ana.says(good(question), guild.general, reply_to=question)
    database = Database(stage.settings.database_url)
    async with database.write() as unit:
        await unit.updates.add("discord", f"{said.channel.id}:{said.id}", "", said.id, clock.now())
        await unit.commit()
    await database.close()
    read = "GET /channels/{channel_id}/messages/{message_id}"
    api.fail(read, Fault.RESET_BEFORE, times=9)
    await stage.starts()
    await ana.runs("help", guild.general).shows("/practice")
    assert await stage.rows("SELECT count(*) FROM attempts") == [(0,)]
    await stage.stops()
    api.faults.clear()
    await stage.starts()
    await guild.general.sees("Only you can see what is said of it")
