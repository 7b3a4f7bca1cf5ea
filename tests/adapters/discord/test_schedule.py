"""Where a server's question comes, whom it calls, and what is said when it cannot be posted."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.clock import MovableClock
from tests.adapters.discord.stage import Stage
from tests.adapters.discord.test_guild import daily
from tests.discord import Channel, DiscordApi, Fault, Guild, Message, Person

POST = "POST /channels/{channel_id}/messages"


async def next_day(stage: Stage, clock: MovableClock, place: Channel) -> Message:
    """Return the question of the next day."""
    clock.advance(timedelta(days=1))
    await stage.sends()
    return await place.sees("no answers yet")


async def test_moderators_choose_the_channel(
    stage: Stage, clock: MovableClock, guild: Guild, maya: Person
) -> None:
    await daily(stage, clock, guild, maya)
    place = guild.text("daily")
    told = await maya.runs("schedule place", guild.general, channel=place).shows("Schedule saved")
    assert "It comes in another place of this group" in told.text
    await next_day(stage, clock, place)
    told = await maya.runs("schedule show", place).shows("The group gets a question")
    assert "another place" not in told.text
    await maya.runs("schedule set", guild.general, time="10:00").shows("Shall I save")
    shown = guild.general.messages[-1]
    await maya.presses("Save", on=shown).shows("another place")


async def test_without_a_channel_it_is_where_the_command_is_used(
    stage: Stage, clock: MovableClock, guild: Guild, maya: Person
) -> None:
    await daily(stage, clock, guild, maya)
    place = guild.text("daily")
    await maya.runs("schedule place", place).shows("Schedule saved")
    await next_day(stage, clock, place)


async def test_a_forum_gets_a_post_a_question_and_the_wrap_up_in_it(
    stage: Stage, clock: MovableClock, guild: Guild, maya: Person, ana: Person
) -> None:
    await daily(stage, clock, guild, maya)
    forum = guild.forum("drills", tags=("python",), require_tag=True)
    await maya.runs("schedule place", guild.general, channel=forum).shows("Schedule saved")
    clock.advance(timedelta(days=1))
    await stage.sends()
    [post] = forum.threads
    question = await post.sees("no answers yet")
    pressed = await ana.presses("Answer", on=question).answered()
    assert pressed.modal is not None
    await ana.submits(pressed.modal, text="Boil the water. Rinse the rice. Chop it.").shows("/ 100")
    clock.advance(timedelta(days=1))
    await stage.sends()
    assert len(forum.threads) == 2
    await post.sees("What a good answer says")


async def test_a_role_is_called_once_with_each_question_and_nobody_else(
    stage: Stage, clock: MovableClock, guild: Guild, maya: Person, ana: Person, ben: Person
) -> None:
    role = guild.role("drillers", members=[ana], mentionable=True)
    await daily(stage, clock, guild, maya)
    told = await maya.runs("schedule ping", guild.general, role=role).shows("Schedule saved")
    assert "A role is called with it." in told.text
    question = await next_day(stage, clock, guild.general)
    assert question.pings == [ana]
    pressed = await ben.presses("Answer", on=question).answered()
    assert pressed.modal is not None
    await ben.submits(pressed.modal, text="Boil the water. Rinse the rice. Chop it.").shows("/ 100")
    await stage.sends()
    assert question.edited
    assert f"<@&{role.id}>" in question.text
    assert question.pings == [ana]
    await maya.runs("schedule ping", guild.general).shows("Schedule saved")
    assert (await next_day(stage, clock, guild.general)).pings == []


async def test_a_role_that_is_deleted_is_called_no_more(
    stage: Stage, clock: MovableClock, guild: Guild, maya: Person, ana: Person
) -> None:
    role = guild.role("drillers", members=[ana], mentionable=True)
    await daily(stage, clock, guild, maya)
    await maya.runs("schedule ping", guild.general, role=role).shows("Schedule saved")
    guild.deletes_role(role)
    await ana.runs("help", guild.general).shows("/practice")  # the news has reached us by now
    question = await next_day(stage, clock, guild.general)
    assert str(role.id) not in question.text


async def test_a_role_that_we_may_not_call_is_refused_with_what_to_do(
    stage: Stage, clock: MovableClock, guild: Guild, maya: Person
) -> None:
    role = guild.role("quiet", mentionable=False)
    guild.denies("mention_everyone", in_=guild.general)
    await daily(stage, clock, guild, maya)
    told = await maya.runs("schedule ping", guild.general, role=role).shows("I may not call @quiet")
    assert told.ephemeral_to is maya
    assert "Allow anyone to @mention this role" in told.text
    told = await maya.runs("schedule ping", guild.general, role=guild.everyone).shows("everyone")
    assert "never" in told.text


async def test_a_channel_that_would_not_do_is_refused_with_what_is_missing(
    stage: Stage, clock: MovableClock, guild: Guild, maya: Person
) -> None:
    await daily(stage, clock, guild, maya)
    place = guild.text("daily")
    guild.denies("send_messages", in_=place)
    told = await maya.runs("schedule place", guild.general, channel=place).shows("#daily")
    assert told.ephemeral_to is maya
    assert 'Allow me "Send Messages" in #daily.' in told.text


async def test_only_moderators_change_it(
    stage: Stage, clock: MovableClock, guild: Guild, maya: Person, ana: Person
) -> None:
    await daily(stage, clock, guild, maya)
    told = await ana.runs("schedule place", guild.general).shows("is for moderators")
    assert told.ephemeral_to is ana


@pytest.mark.parametrize(
    ("denied", "named"),
    [
        (("send_messages",), '"Send Messages"'),
        (("view_channel",), '"View Channel"'),
    ],
)
async def test_who_set_it_up_is_told_which_permission_is_missing_where_and_it_goes_on(
    stage: Stage,
    clock: MovableClock,
    guild: Guild,
    maya: Person,
    denied: tuple[str, ...],
    named: str,
) -> None:
    place = guild.text("daily")
    await daily(stage, clock, guild, maya)
    await maya.runs("schedule place", guild.general, channel=place).shows("Schedule saved")
    guild.denies(*denied, in_=place)
    clock.advance(timedelta(days=1))
    await stage.sends()
    told = await maya.sees("A daily question waits")
    assert f"Allow me {named}" in told.text
    assert "#daily" in told.text
    assert "backend\\-prep" in told.text or "backend-prep" in told.text
    guild.allows(*denied, in_=place)
    await maya.runs("schedule show", guild.general).shows("The group gets a question")
    await next_day(stage, clock, place)


async def test_who_set_it_up_is_told_that_the_channel_is_gone(
    stage: Stage, clock: MovableClock, guild: Guild, maya: Person
) -> None:
    place = guild.text("daily")
    await daily(stage, clock, guild, maya)
    await maya.runs("schedule place", guild.general, channel=place).shows("Schedule saved")
    guild.deletes(place)
    clock.advance(timedelta(days=1))
    await stage.sends()
    await maya.sees("I cannot see its channel any more")
    await maya.runs("schedule place", guild.general).shows("Schedule saved")
    await next_day(stage, clock, guild.general)


async def test_a_question_that_automod_blocks_is_not_tried_for_ever(
    api: DiscordApi, stage: Stage, clock: MovableClock, guild: Guild, maya: Person
) -> None:
    await daily(stage, clock, guild, maya)
    blocked = Fault.REFUSED(400, 200000, "Message was blocked by automatic moderation")
    api.fail(POST, blocked, times=1, channel=guild.general)
    clock.advance(timedelta(days=1))
    await stage.sends()
    await maya.sees("AutoMod blocked it in #general")
    before = len(api.calls)
    clock.advance(timedelta(hours=1))
    await stage.sends()
    assert [c.route for c in api.calls[before:] if c.route == POST] == []
    await maya.runs("schedule show", guild.general).shows("The group gets a question")
    await next_day(stage, clock, guild.general)


async def test_a_thread_that_was_filed_away_is_opened_by_the_question_and_a_locked_one_is_told(
    api: DiscordApi, stage: Stage, clock: MovableClock, guild: Guild, maya: Person
) -> None:
    question = await daily(stage, clock, guild, maya)
    await maya.presses("Discuss", on=question).shows("Talk it over there")
    thread = question.thread
    assert thread is not None
    await maya.runs("schedule place", thread).shows("Schedule saved")
    thread.archives()
    await next_day(stage, clock, thread)
    guild.denies("manage_threads")
    thread.archives(locked=True)
    clock.advance(timedelta(days=1))
    await stage.sends()
    await maya.sees("Its thread is locked")
    await maya.runs("schedule show", guild.general).shows("The group gets a question")
    thread.unarchives()
    thread.set(locked=True)
    clock.advance(timedelta(days=1))
    before = len(maya.dm.messages)
    await stage.sends()
    await maya.sees("Its thread is locked")
    assert len(maya.dm.messages) == before + 1
