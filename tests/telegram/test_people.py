"""What people do, what the bot is told of it, and where it may not write."""

from __future__ import annotations

import pytest
from telegram import (
    BotCommand,
    BotCommandScopeChat,
    ReplyParameters,
    Update,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
)

from tests.telegram.town import Town, keys, refused


async def test_who_cannot_be_written_to(town: Town) -> None:
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await town.bot.send_message(town.ben.id, "x")
    town.ana.blocks_bot()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await town.bot.send_message(town.ana.id, "x")
    town.ana.unblocks_bot()
    await town.bot.send_message(town.ana.id, "x")
    changes = [update.my_chat_member for update in await town.told()]
    assert [one and one.new_chat_member.status for one in changes] == ["kicked", "member"]
    town.ana.deactivates()
    with pytest.raises(Forbidden, match="user is deactivated"):
        await town.bot.send_message(town.ana.id, "x")


async def test_a_group_the_bot_may_not_write_to(town: Town) -> None:
    other = town.api.group("other", town.maya, kind="group")
    with refused("chat not found"):
        await town.bot.send_message(other.id, "x")
    town.maya.restricts_bot(town.group)
    with refused("not enough rights to send text messages to the chat"):
        await town.bot.send_message(town.group.id, "x")
    town.maya.removes_bot(town.group)
    with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
        await town.bot.send_message(town.group.id, "x")
    town.maya.adds_bot(other)
    assert await town.bot.leave_chat(other.id)
    with pytest.raises(Forbidden, match="bot is not a member of the group chat"):
        await town.bot.send_message(other.id, "x")
    told = [update.effective_message for update in await town.told() if update.message]
    assert [bool(one and one.left_chat_member) for one in told] == [True, False]
    assert town.api.breaches == []


async def test_privacy_mode_lets_only_some_messages_through(town: Town) -> None:
    ana, group, api = town.ana, town.group, town.api
    await town.bot.send_message(group.id, "question")
    question = group.messages[-1]
    ana.says("chatter", group)
    ana.says("/today@otherbot", group)
    ana.says("an answer", group, reply_to=ana.says("no", group))
    ana.says("/today", group)
    ana.says("/today@Drillmate_Bot x", group)
    ana.says("to you", group, reply_to=question)
    town.maya.says("/today", group, as_group=True)
    ana.says("/today", group, via_channel="News")
    api.other_bot("quizbot", group).says("/today", group)
    messages = [update.message for update in await town.told()]
    assert [message and message.text for message in messages] == [
        "/today",
        "/today@Drillmate_Bot x",
        "to you",
        "/today",
        "/today",
    ]
    assert [(m and m.from_user and m.from_user.username) for m in messages[3:]] == [
        "GroupAnonymousBot",
        "Channel_Bot",
    ]
    api.privacy = False
    ana.says("heard", group)
    api.privacy = True
    town.maya.promotes_bot(group)
    edited = ana.says("heard too", group)
    ana.edits(edited, "heard better")
    told = await town.told()
    assert [one.effective_message and one.effective_message.text for one in told] == [
        "heard",
        None,
        "heard too",
        "heard better",
    ]
    assert told[3].edited_message
    assert (await town.bot.get_me()).can_read_all_group_messages is False
    assert api.breaches == []


async def test_a_press_is_answered_once_and_in_time(town: Town) -> None:
    await town.bot.send_message(town.ana.id, "choose", reply_markup=keys("Yes", "No"))
    message = await town.ana.sees("choose")
    press = town.ana.presses("Yes", on=message)
    query = (await town.told())[0].callback_query
    assert query
    assert (query.data, query.message and query.message.message_id) == ("Yes", message.id)
    too_long = {"callback_query_id": query.id, "text": "x" * 201}
    assert await town.asks("answerCallbackQuery", **too_long) == (
        400,
        "Bad Request: MESSAGE_TOO_LONG",
    )
    for url in (
        "https://a.b",
        "https://t.me/drillmate_bot?start=a.b",
        "https://t.me/other?start=a",
    ):
        with refused("url_invalid"):
            await query.answer(url=url)
    await query.answer(url="https://t.me/drillmate_bot?start=abc")
    assert (await press.answered()).url == "https://t.me/drillmate_bot?start=abc"
    assert press.latency_s < 5
    with refused("query is too old"):
        await query.answer("again")
    stale = town.ana.presses(1, on=message, stale=True)
    with refused("query is too old"):
        await town.bot.answer_callback_query(stale.id)
    town.api.callback_lifetime_s = 0
    with refused("query is too old"):
        await town.bot.answer_callback_query(town.ana.presses("No", on=message).id)
    with pytest.raises(AssertionError, match="no button 'Maybe'"):
        town.ana.presses("Maybe", on=message)
    assert town.ana.opens((await press.answered()).url).text == "/start abc"
    for url in ("https://t.me/drillmate_bot?startgroup=x", "https://t.me/drillmate_bot?start=a+b"):
        with pytest.raises(AssertionError):
            town.ana.opens(url)


async def test_a_deleted_message_is_told_of_without_its_content(town: Town) -> None:
    await town.bot.send_message(town.ana.id, "x", reply_markup=keys("A"))
    message = town.ana.dm.messages[-1]
    town.ana.deletes(message)
    town.ana.presses("A", on=message)
    query = (await town.told())[0].callback_query
    assert query
    assert query.message
    assert not query.message.is_accessible


async def test_replies_and_topics(town: Town) -> None:
    forum = town.api.group("forum", town.maya, [town.ana], forum=True)
    town.maya.adds_bot(forum)
    topic = forum.topic("python")
    said = town.ana.says("/today", forum, thread=topic)
    told = (await town.told())[-1].message
    assert told
    assert (told.message_thread_id, told.is_topic_message) == (topic.id, True)
    reply = ReplyParameters(said.id)
    await town.bot.send_message(forum.id, "there", reply_parameters=reply)
    seen = await town.ana.sees("there", forum)
    assert (seen.thread, seen.reply_to) == (topic, said)
    town.ana.deletes(said)
    with refused("message to be replied not found"):
        await town.bot.send_message(forum.id, "x", reply_parameters=reply)
    lenient = ReplyParameters(said.id, allow_sending_without_reply=True)
    await town.bot.send_message(forum.id, "all the same", reply_parameters=lenient)
    assert (await forum.sees("all the same")).reply_to is None
    forum.close_topic(topic)
    with refused("topic_closed"):
        await town.bot.send_message(forum.id, "x", message_thread_id=topic)
    assert town.api.breaches == []


async def test_a_group_that_became_a_supergroup(town: Town) -> None:
    small = town.api.group("small", town.maya, [town.ana], kind="group")
    town.maya.adds_bot(small)
    new = small.migrates()
    with pytest.raises(ChatMigrated) as raised:
        await town.bot.send_message(small.id, "x")
    assert raised.value.new_chat_id == new.id
    await town.bot.send_message(new.id, "x")
    moves = [update.message for update in (await town.told())[-2:]]
    assert [m and (m.migrate_to_chat_id or m.migrate_from_chat_id) for m in moves] == [
        new.id,
        small.id,
    ]
    assert [message.id for message in new.messages] == [1, 2]


async def test_reactions_and_members_are_told_of_when_asked_for(town: Town) -> None:
    town.maya.promotes_bot(town.group)
    message = town.ana.says("x", town.group)
    town.ana.reacts(message, "👍")
    town.maya.promotes(town.ben, town.group)
    await town.told()
    await town.bot.get_updates(allowed_updates=Update.ALL_TYPES)
    town.ana.reacts(message, "👍")
    town.maya.demotes(town.ben, town.group)
    told = await town.told()
    assert [bool(one.message_reaction) for one in told] == [True, False]
    assert told[1].chat_member
    assert town.api.breaches == []


async def test_small_signs_and_members(town: Town) -> None:
    bot, group, maya = town.bot, town.group, town.maya
    said = town.ana.says("/answer", group)
    assert await bot.set_message_reaction(group.id, said.id, "👀")
    assert said.reactions == ["👀"]
    with refused("reaction_invalid"):
        await bot.set_message_reaction(group.id, said.id, "✅")
    group.reactions_allowed = False
    with refused("reaction_invalid"):
        await bot.set_message_reaction(group.id, said.id, "👍")
    maya.promotes(town.ben, group)
    people = [maya, town.ben, town.ana, town.api.person("Stranger")]
    members = [(await bot.get_chat_member(group.id, one.id)).status for one in people]
    assert members == ["creator", "administrator", "member", "left"]
    administrators = await bot.get_chat_administrators(group.id)
    assert [one.user.id for one in administrators] == [maya.id, town.ben.id]
    with refused("there are no administrators in the private chat"):
        await bot.get_chat_administrators(town.ana.id)
    assert (await bot.get_chat(group.id)).title == "prep"
    with refused("wrong parameter action"):
        await bot.send_chat_action(group.id, "pondering")
    assert town.api.breaches == []


async def test_the_menu_and_the_descriptions(town: Town) -> None:
    bot, api = town.bot, town.api
    await bot.set_my_commands([BotCommand("today", "Get it.")])
    assert api.commands() == [{"command": "today", "description": "Get it."}]
    assert (await bot.get_my_commands())[0].command == "today"
    for wrong in ("Today", "to-day", "x" * 33):
        with refused("bot_command_invalid"):
            await bot.set_my_commands([(wrong, "x")])
    for wrong in ("", "x" * 257):
        with refused("bot_command_description_invalid"):
            await bot.set_my_commands([("today", wrong)])
    with refused("too_much"):
        await bot.set_my_commands([(f"c{number}", "x") for number in range(101)])
    await bot.delete_my_commands()
    assert api.commands() == []
    await bot.set_my_description("Drills.")
    await bot.set_my_short_description("Short.")
    assert (api.description, api.short_description) == ("Drills.", "Short.")
    with pytest.raises(BadRequest):
        await bot.set_my_short_description("x" * 121)
    with pytest.raises(BadRequest):
        await bot.set_my_description("x" * 513)
    assert api.breaches == []


async def test_what_did_not_come_is_told_with_what_did(town: Town) -> None:
    await town.bot.send_message(town.ana.id, "hello", reply_markup=keys("A"))
    with pytest.raises(AssertionError, match=r"'bye' did not come.*\n.*\n.*'hello' \['A'\]"):
        await town.ana.sees("bye", timeout=0.01)
    with pytest.raises(AssertionError):
        await town.ana.sees("hello", after=town.ana.dm.messages[-1], timeout=0.01)


async def test_people_come_and_go_and_other_bots_are_not_heard(town: Town) -> None:
    other = town.api.other_bot("quizbot", town.group)
    other.says("/today", town.group)
    other.says("/forced", town.group, force=True)
    town.ben.leaves(town.group)
    with pytest.raises(AssertionError, match="Ben is not in prep"):
        town.ben.says("x", town.group)
    town.ben.joins(town.group)
    forced, left, joined = [update.message for update in await town.told()]
    assert forced
    assert forced.from_user
    assert forced.from_user.is_bot
    assert left
    assert left.left_chat_member
    assert left.left_chat_member.id == town.ben.id
    assert joined
    assert [one.id for one in joined.new_chat_members] == [town.ben.id]
    assert town.api.breaches == []


async def test_a_menu_of_one_chat(town: Town) -> None:
    scope = BotCommandScopeChat(town.ana.id)
    await town.bot.set_my_commands([("heute", "Hol es.")], scope, language_code="de")
    place = {"type": "chat", "chat_id": town.ana.id}
    assert [one["command"] for one in town.api.commands(place, "de")] == ["heute"]
    assert town.api.commands() == []
    with refused("chat not found"):
        await town.bot.set_my_commands([("today", "x")], BotCommandScopeChat(5))
