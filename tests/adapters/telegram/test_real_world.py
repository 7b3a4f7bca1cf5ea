"""What happens to a bot that really lives on Telegram."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import Conflict, Invalid
from bot.settings import Settings
from tests.adapters.telegram.stage import Stage
from tests.adapters.telegram.test_groups import NINE, good
from tests.telegram import BotApi, Chat, Fault, Message, Person
from tests.telegram.refusals import Refused


async def daily(stage: Stage, ana: Person) -> None:
    """Let Ana have a question every day at nine."""
    ana.says("/schedule set 09:00 UTC daily")
    ana.presses("Save", on=await ana.sees("Shall I save"))
    await ana.sees("Schedule saved")


async def group_daily(stage: Stage, group: Chat, maya: Person) -> Message:
    """Let a group have its question at nine; return it."""
    maya.says("/schedule set 09:00 UTC daily", chat=group)
    maya.presses("Save", on=await group.sees("Shall I save"))
    await group.sees("Schedule saved")
    stage.clock.set(NINE)
    await stage.sends()
    return await group.sees("no answers yet")


def questions(chat: Chat) -> list[Message]:
    """Return the questions that stand in a chat."""
    return [m for m in chat.messages if re.search("Reply to this|no longer scores", m.text)]


async def test_who_blocks_the_bot_gets_nothing_and_goes_on_when_they_unblock_it(
    stage: Stage, ana: Person, ben: Person
) -> None:
    await daily(stage, ana)
    await daily(stage, ben)
    ana.blocks_bot()
    await stage.settles()
    stage.clock.set(NINE)
    await stage.sends()
    assert len(questions(ben.dm)) == 1
    stage.clock.advance(timedelta(days=1, hours=2))
    await stage.sends()
    tried = [c for c in stage.api.calls if c.method == "sendMessage" and c.status == 403]
    assert tried == []  # told by Telegram, it did not even try
    ana.unblocks_bot()
    await stage.settles()
    stage.clock.advance(timedelta(days=1))
    await stage.sends()
    assert len(questions(ana.dm)) == 1
    assert len(questions(ben.dm)) == 3


async def test_a_send_that_is_forbidden_ends_the_sending_there_and_nowhere_else(
    stage: Stage, ana: Person, ben: Person
) -> None:
    await daily(stage, ana)
    await daily(stage, ben)
    ana.deactivates()
    for day in range(3):
        stage.clock.set(NINE + timedelta(days=day))
        await stage.sends()
    refused = [c for c in stage.api.calls if c.method == "sendMessage" and c.status == 403]
    assert len(refused) == 1
    assert len(questions(ben.dm)) == 3


async def test_a_group_that_removes_the_bot_and_takes_it_back_goes_on(
    stage: Stage, group: Chat, maya: Person
) -> None:
    await group_daily(stage, group, maya)
    maya.removes_bot(group)
    await stage.settles()
    stage.clock.advance(timedelta(days=1))
    await stage.sends()
    maya.adds_bot(group)
    await stage.settles()
    stage.clock.advance(timedelta(days=1))
    await stage.sends()
    assert len(questions(group)) == 2
    assert len([m for m in group.messages if "I am Drillmate" in m.text]) == 1


async def test_who_set_a_groups_schedule_is_told_when_it_has_to_wait(
    stage: Stage, group: Chat, maya: Person, ben: Person
) -> None:
    maya.says("/start")
    await group_daily(stage, group, maya)
    maya.removes_bot(group)
    told = await maya.sees("A daily question waits")
    assert "backend-prep" in told.text
    assert ben.dm.messages == []


async def test_a_group_that_lets_the_bot_write_no_more_is_left_alone(
    stage: Stage, group: Chat, maya: Person
) -> None:
    await group_daily(stage, group, maya)
    maya.restricts_bot(group)
    await stage.settles()
    calls = len(stage.api.calls)
    stage.clock.advance(timedelta(days=1))
    await stage.sends()
    assert not [c for c in stage.api.calls[calls:] if c.method == "sendMessage"]


@pytest.fixture
async def basic(api: BotApi, stage: Stage, maya: Person, ana: Person) -> Chat:
    """Return a basic group, which can become a supergroup."""
    made = api.group("backend-prep", owner=maya, members=[ana], kind="group")
    maya.adds_bot(made)
    await stage.settles()
    return made


@pytest.mark.parametrize("announced", [True, False])
async def test_a_group_that_becomes_a_supergroup_keeps_everything(
    stage: Stage, basic: Chat, maya: Person, ana: Person, *, announced: bool
) -> None:
    asked = await group_daily(stage, basic, maya)
    ana.says("/start")
    ana.says(good(asked), chat=basic, reply_to=asked)
    await ana.sees("100 / 100")
    await stage.settles()
    new = basic.migrates(announce=announced)
    await stage.settles()
    stage.clock.advance(timedelta(days=1))
    await stage.sends()
    again = await new.sees("no answers yet")
    ana.says(good(again), chat=new, reply_to=again)
    await ana.sees("🔥 2 days")
    ana.says("/leaderboard", chat=new)
    board = await new.sees("Ana")
    assert "200 points from 2 answers" in board.text
    groups = "SELECT platform_chat_id FROM chats WHERE kind = 'group'"
    assert await stage.rows(groups) == [(str(new.id),)]


async def test_a_message_to_the_supergroup_before_the_news_loses_nothing(
    stage: Stage, basic: Chat, maya: Person, ana: Person
) -> None:
    await group_daily(stage, basic, maya)
    stage.api.hold()
    new = basic.migrates()
    ana.says("/leaderboard", chat=new)
    stage.api.release(order="reversed")
    await stage.settles()
    stage.clock.advance(timedelta(days=1))
    await stage.sends()
    await new.sees("no answers yet")


async def test_too_many_requests_make_a_scheduled_question_wait_and_not_get_lost(
    stage: Stage, ana: Person
) -> None:
    await daily(stage, ana)
    stage.api.fail("sendMessage", Fault.TOO_MANY(1))
    stage.clock.set(NINE)
    await stage.sends()
    assert questions(ana.dm) == []
    stage.clock.advance(timedelta(milliseconds=900))
    await stage.sends()
    assert questions(ana.dm) == []
    async with asyncio.timeout(10):
        while not questions(ana.dm):
            stage.clock.advance(timedelta(seconds=1))
            await stage.sends()
            await asyncio.sleep(0.02)
    assert len(questions(ana.dm)) == 1
    refused, *_, sent = [call for call in stage.api.calls if call.method == "sendMessage"][-2:]
    assert sent.at - refused.at >= 1  # on Telegram's clock, whatever ours says


async def test_too_many_requests_make_a_person_wait_and_then_be_answered(
    stage: Stage, ana: Person
) -> None:
    stage.api.fail("sendMessage", Fault.TOO_MANY(1))
    ana.says("/streak")
    await ana.sees("No streak yet")


@pytest.mark.parametrize("fault", [Fault.SERVER(502), Fault.SERVER(500)])
async def test_a_server_in_trouble_is_asked_again(stage: Stage, ana: Person, fault: Fault) -> None:
    stage.api.fail("sendMessage", fault)
    ana.says("/streak")
    await ana.sees("No streak yet")
    assert len(ana.dm.messages) == 2


async def test_a_question_whose_sending_got_no_answer_is_sent_once_more(
    stage: Stage, ana: Person
) -> None:
    await daily(stage, ana)
    stage.api.fail("sendMessage", Fault.RESET_AFTER)
    stage.clock.set(NINE)
    await stage.sends()
    stage.clock.advance(timedelta(minutes=5))
    await stage.sends()
    first, second = questions(ana.dm)
    assert [b.data for row in first.keyboard for b in row] == [
        b.data for row in second.keyboard for b in row
    ]
    press = ana.presses("Hint", on=first)
    await press.answered()
    await ana.sees("Hint 1")
    await stage.settles()
    assert questions(ana.dm) == [second]  # the copy that we did not know of is gone
    ana.says(good(first))
    await ana.sees("100 / 100")


async def test_a_reply_to_a_copy_that_we_do_not_know_of_counts(
    stage: Stage, group: Chat, maya: Person, ana: Person
) -> None:
    ana.says("/start")
    maya.says("/schedule set 09:00 UTC daily", chat=group)
    maya.presses("Save", on=await group.sees("Shall I save"))
    await group.sees("Schedule saved")
    stage.api.fail("sendMessage", Fault.RESET_AFTER, times=2)
    stage.clock.set(NINE)
    await stage.sends()
    stage.clock.advance(timedelta(minutes=5))
    await stage.sends()
    first, second = questions(group)
    ana.says(good(first), chat=group, reply_to=first)
    await ana.sees("100 / 100")
    maya.says("/start")
    maya.says(f"/answer {good(second)}", chat=group)
    await maya.sees("100 / 100")
    assert await stage.rows("SELECT count(*) FROM servings") == [(1,)]


async def test_a_critique_whose_sending_got_no_answer_is_never_sent_twice(
    stage: Stage, ana: Person
) -> None:
    ana.says("/practice")
    asked = await ana.sees("Reply to this message")
    stage.api.fail("sendMessage", Fault.RESET_AFTER)
    ana.says(good(asked))
    await ana.sees("100 / 100")
    await stage.settles()
    assert len([m for m in ana.dm.messages if "100 / 100" in m.text]) == 1


async def test_who_deletes_what_they_asked_is_answered_all_the_same(
    stage: Stage, group: Chat, ana: Person
) -> None:
    stage.api.hold()
    asked = ana.says("/leaderboard", chat=group)
    ana.deletes(asked)
    stage.api.release()
    board = await group.sees("backend-prep · ")
    assert board.reply_to is None


async def test_a_question_that_was_deleted_can_still_be_answered_and_its_tally_is_let_go(
    stage: Stage, group: Chat, maya: Person, ana: Person
) -> None:
    asked = await group_daily(stage, group, maya)
    ana.says("/start")
    maya.deletes(asked)
    ana.says(f"/answer {good(asked)}", chat=group)
    await ana.sees("100 / 100")
    await stage.sends()
    calls = len(stage.api.calls)
    await stage.sends()
    assert not [c for c in stage.api.calls[calls:] if c.method == "editMessageText"]


async def test_an_edited_answer_stays_what_it_was_and_the_person_is_told_once(
    stage: Stage, ana: Person
) -> None:
    ana.says("/practice")
    asked = await ana.sees("Reply to this message")
    answer = ana.says("Rinse Boil Knead Chop: I do not remember more than the first step of it.")
    await ana.sees("/ 100")
    ana.edits(answer, good(asked))
    told = await ana.sees("stays as it was")
    ana.edits(answer, "and again")
    await stage.settles()
    assert [m for m in ana.dm.messages if "stays as it was" in m.text] == [told]
    assert told.reply_to is answer


async def test_an_edit_of_anything_else_is_nothing_to_us(stage: Stage, ana: Person) -> None:
    said = ana.says("/streak")
    await ana.sees("No streak yet")
    ana.edits(said, "/practice")
    await stage.settles()
    assert len(ana.dm.messages) == 2


async def test_an_anonymous_administrator_may_moderate_and_is_asked_to_practise_as_themselves(
    stage: Stage, group: Chat, maya: Person
) -> None:
    maya.says("/schedule set 09:00 UTC daily", chat=group, as_group=True)
    await group.sees("Shall I save")
    maya.says("/practice", chat=group, as_group=True)
    await group.sees("I cannot tell who you are")


async def test_channels_and_bots_are_not_people(
    stage: Stage, group: Chat, maya: Person, ana: Person
) -> None:
    asked = await group_daily(stage, group, maya)
    maya.promotes_bot(group)
    quizbot = stage.api.other_bot("quizbot", group)
    before = len(group.messages)
    quizbot.says("/practice@drillmate_bot", chat=group, force=True)
    ana.says("/practice@drillmate_bot", chat=group, via_channel="News")
    ana.says(good(asked), chat=group, reply_to=asked, via_channel="News")
    await stage.settles()
    assert len(group.messages) == before + 3


async def test_the_same_update_twice_is_dealt_with_once(stage: Stage, ana: Person) -> None:
    ana.says("/practice")
    asked = await ana.sees("Reply to this message")
    answer = ana.says(good(asked))
    await ana.sees("100 / 100")
    stage.api.again(answer)
    await stage.settles()
    assert len([m for m in ana.dm.messages if "100 / 100" in m.text]) == 1


async def test_updates_in_the_wrong_order_do_no_harm(stage: Stage, ana: Person) -> None:
    ana.says("/practice")
    asked = await ana.sees("Reply to this message")
    stage.api.hold()
    ana.presses("Hint", on=asked)
    ana.says(good(asked))
    ana.says("/streak")
    stage.api.release(order="reversed")
    await ana.sees("100 / 100")
    await ana.sees("Hint 1")
    await stage.settles()


async def test_an_answer_from_before_midnight_counts_for_that_day_though_we_were_away(
    stage: Stage, ana: Person
) -> None:
    ana.says("/practice")
    asked = await ana.sees("Reply to this message")
    await stage.stops()
    stage.clock.set(datetime(2026, 3, 23, 23, 50, tzinfo=UTC))
    ana.says(good(asked))
    stage.clock.set(datetime(2026, 3, 24, 3, 0, tzinfo=UTC))
    await stage.starts()
    await ana.sees("100 / 100")
    await stage.settles()
    ana.says("/streak")
    told = await ana.sees("Longest")
    assert "Today is still open" in told.text


async def test_a_press_from_while_we_were_away_is_answered_kindly(
    stage: Stage, ana: Person
) -> None:
    ana.says("/practice")
    asked = await ana.sees("Reply to this message")
    await stage.stops()
    ana.presses("Hint", on=asked, stale=True)
    await stage.starts()
    hint = await ana.sees("Hint 1")
    assert "while I was away" in hint.text


async def test_a_gateway_that_knows_nothing_does_not_make_us_deaf(
    stage: Stage, ana: Person
) -> None:
    stage.api.fail("getUpdates", Fault("refuse", refusal=Refused(404, "Not Found")))
    ana.says("/streak")
    await ana.sees("No streak yet")
    ana.says("/streak")
    await ana.sees("No streak yet", after=ana.dm.messages[-1], timeout=10)


async def test_of_two_programs_with_one_token_the_older_one_says_so_and_stops(
    stage: Stage, api: BotApi, plain: Settings, ana: Person
) -> None:
    second = Stage(api, plain, stage.clock)
    await second.starts()
    with pytest.raises(BaseExceptionGroup) as stopped:
        await stage.serving
    told = _leaf(stopped.value)
    assert isinstance(told, Conflict)
    assert "Another program" in told.message
    ana.says("/streak")
    await ana.sees("No streak yet")
    await stage.leaves()
    await second.stops()


async def test_a_refused_token_is_told_in_a_sentence(
    api: BotApi, plain: Settings, stage: Stage
) -> None:
    await stage.stops()
    token = "4200:nobody_knows_this_token_at_all_____"
    broken = Stage(api, plain, stage.clock, token=token)
    with pytest.raises(BaseExceptionGroup) as stopped:
        await broken.starts()
    told = _leaf(stopped.value)
    assert isinstance(told, Invalid)
    assert "DRILLMATE_TELEGRAM__TOKEN" in told.message
    await broken.leaves()


async def test_a_topic_keeps_its_conversation(
    api: BotApi, stage: Stage, maya: Person, ana: Person
) -> None:
    forum = api.group("backend-prep", owner=maya, members=[ana], forum=True)
    maya.adds_bot(forum)
    topic = forum.topic("python")
    await stage.settles()
    maya.says("/schedule set 09:00 UTC daily", chat=forum, thread=topic)
    preview = await forum.sees("Shall I save")
    maya.presses("Save", on=preview)
    saved = await forum.sees("Schedule saved")
    stage.clock.set(NINE)
    await stage.sends()
    asked = await forum.sees("no answers yet")
    assert [preview.thread, saved.thread, asked.thread] == [topic, topic, topic]
    forum.close_topic(topic)
    stage.clock.advance(timedelta(days=1))
    await stage.sends()
    later = questions(forum)[-1]
    assert later is not asked
    assert later.thread is None


def _leaf(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


async def test_rows_of_a_moved_group_are_one_chat(
    stage: Stage, basic: Chat, maya: Person, ana: Person
) -> None:
    await group_daily(stage, basic, maya)
    new = basic.migrates()
    ana.says("/leaderboard", chat=new)
    await new.sees("backend-prep · ")
    await stage.settles()
    groups = "SELECT platform_chat_id FROM chats WHERE kind = 'group'"
    assert await stage.rows(groups) == [(str(new.id),)]
