from __future__ import annotations

import discord
import pytest

from tests.discord import Thread
from tests.discord.town import Town


async def test_a_thread_is_opened_archived_and_woken_by_a_message(town: Town) -> None:
    channel = town.bot.get_channel(town.guild.general.id)
    assert isinstance(channel, discord.TextChannel)
    message = await channel.send("Question 7")
    opened = await message.create_thread(name="Answers", auto_archive_duration=60)
    thread = town.guild.general.threads[0]
    assert (thread.name, thread.auto_archive_duration, thread.owner) == ("Answers", 60, None)
    assert thread.starter is town.guild.general.messages[0]
    assert town.guild.general.messages[0].thread is thread
    town.ana.says("Mine", thread)
    await opened.send("Here")
    await opened.edit(archived=True)
    assert thread.archived
    with pytest.raises(AssertionError, match="archived"):
        town.ana.runs("secret", thread, level=1)
    await opened.send("Back")
    assert not thread.archived
    await opened.edit(name="Closed", locked=True, archived=True)
    assert (thread.name, thread.locked) == ("Closed", True)
    with pytest.raises(discord.HTTPException) as again:
        await message.create_thread(name="Answers")
    assert again.value.code == 160004
    town.guild.denies("manage_threads")
    with pytest.raises(discord.HTTPException) as locked:
        await opened.send("Not any more")
    assert locked.value.code == 50083
    assert town.api.breaches == []


async def test_a_locked_thread_stays_open_to_moderators_only(town: Town) -> None:
    general = town.guild.general
    town.ben.opens_thread("Chat", general)
    thread = general.threads[0]
    path = f"/channels/{thread.id}/messages"
    assert (await town.call("POST", path, {"content": "Hello"}))[0] == 200
    thread.archives(locked=True)
    with pytest.raises(AssertionError, match="locked"):
        town.ana.says("Hello", thread)
    thread.unarchives()
    town.guild.denies("send_messages_in_threads")
    assert (await town.call("POST", path, {"content": "Hello"}))[1]["code"] == 50013


async def test_a_forum_takes_posts_with_tags_only_if_it_wants_them(town: Town) -> None:
    forum = town.guild.forum("drills", tags=("python", "databases"), require_tag=True)
    there = await town.bot.fetch_channel(forum.id)
    assert isinstance(there, discord.ForumChannel)
    with pytest.raises(discord.HTTPException) as untagged:
        await there.create_thread(name="Q", content="What is a lock?")
    assert untagged.value.code == 40067
    tag = discord.utils.get(there.available_tags, name="python")
    assert tag is not None
    made = await there.create_thread(name="Q", content="What is a lock?", applied_tags=[tag])
    thread = forum.threads[0]
    assert isinstance(thread, Thread)
    assert (thread.applied_tags, thread.id) == (["python"], made.message.id)
    assert thread.starter is not None
    assert thread.starter.text == "What is a lock?"
    assert town.ana.sees_in(thread) == [thread.starter]
    path = f"/channels/{forum.id}"
    assert (await town.call("POST", f"{path}/messages", {"content": "x"}))[1]["code"] == 50008
    bare = {"name": "x", "applied_tags": [str(tag.id)]}
    assert (await town.call("POST", f"{path}/threads", bare))[0] == 400
    town.api.limits.active_threads = 1
    full = {**bare, "message": {"content": "x"}}
    assert (await town.call("POST", f"{path}/threads", full))[1]["code"] == 160006


async def test_the_bot_hears_of_threads_channels_and_roles(town: Town) -> None:
    guild = town.guild
    daily = guild.text("daily")
    thread = town.ana.opens_thread("Chat", daily)
    thread.archives()
    guild.deletes(thread)
    guild.deletes(daily)
    role = guild.role("drillers", [town.ana])
    guild.deletes_role(role)
    wanted = {
        "guild_channel_create",
        "thread_create",
        "thread_update",
        "raw_thread_delete",
        "guild_channel_delete",
        "guild_role_create",
        "guild_role_delete",
    }
    await town.api.pulse.until(lambda: True if wanted <= set(town.bot.events) else None, 1)
    assert wanted <= set(town.bot.events)


async def test_people_may_delete_what_they_wrote_and_moderators_everything(town: Town) -> None:
    general = town.guild.general
    await town.call("POST", f"/channels/{general.id}/messages", {"content": "By the bot"})
    message = general.messages[0]
    with pytest.raises(AssertionError, match="may not delete"):
        town.ana.deletes(message)
    town.guild.grants(town.ana, "manage_messages")
    town.ana.deletes(message)
    said = town.ben.says("Hello", general)
    town.ben.edits(said, "Hello there")
    town.ben.deletes(said)
    await town.api.pulse.until(
        lambda: True if town.bot.events.count("raw_message_delete") == 2 else None, 1
    )
    assert general.messages == []


async def test_bots_are_marked_as_such(town: Town) -> None:
    other = town.api.other_bot("quizbot", town.guild)
    other.says(f"<@{town.api.bot_id}> hello", town.guild.general)
    await town.api.pulse.until(lambda: True if town.bot.heard else None, 1)
    assert town.bot.heard == [("quizbot", f"<@{town.api.bot_id}> hello")]
