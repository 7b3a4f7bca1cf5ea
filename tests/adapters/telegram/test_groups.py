"""A study group: the day's question, private answers, and what all may see."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.settings import Settings
from bot.store.uow import Database
from tests.adapters.telegram.stage import Stage
from tests.answers import GOOD
from tests.telegram import Chat, Message, Person


@pytest.fixture
def plain(settings: Settings, database: Database) -> Settings:
    """Return settings on each of the two databases."""
    return settings


NINE = datetime(2026, 3, 24, 9, 0, tzinfo=UTC)


def good(message: Message) -> str:
    """Return an answer that covers everything a message asks for."""
    return next(answer for slug, answer in GOOD.items() if slug in message.text)


@pytest.fixture
async def asked(stage: Stage, group: Chat, maya: Person) -> Message:
    """Return the group's question of the day."""
    maya.says("/schedule set 09:00 UTC daily", chat=group)
    maya.presses("Save", on=await group.sees("Shall I save"))
    await group.sees("Schedule saved")
    stage.clock.set(NINE)
    await stage.sends()
    return await group.sees("no answers yet")


async def test_a_group_is_greeted_once_with_what_its_moderators_can_do(
    stage: Stage, group: Chat, maya: Person
) -> None:
    hello = await group.sees("I am Drillmate")
    assert "/schedule_set" in hello.text
    maya.says("/start@drillmate_bot drill", chat=group)  # what a startgroup link makes one say
    maya.removes_bot(group)
    maya.adds_bot(group)
    await stage.settles()
    assert [m.text for m in group.messages if m.sender is None] == [hello.text]


async def test_an_answer_in_reply_is_judged_in_private_and_gets_a_receipt(
    stage: Stage, group: Chat, asked: Message, ana: Person
) -> None:
    ana.says("/start")
    answer = ana.says(good(asked), chat=group, reply_to=asked)
    judged = await ana.sees("100 / 100")
    await stage.settles()
    assert judged.chat is ana.dm
    assert answer.reactions == ["✍"]
    assert not any("100 / 100" in m.text for m in group.messages)
    await stage.sends()
    assert "1 answer" in asked.text


async def test_who_has_never_opened_the_private_chat_gets_a_link_to_it(
    stage: Stage, group: Chat, asked: Message, ben: Person
) -> None:
    ben.says(good(asked), chat=group, reply_to=asked)
    told = await group.sees("between you and me")
    [[link]] = told.keyboard
    assert "100" not in told.text
    ben.opens(link.url)
    await ben.sees("100 / 100")
    ben.presses("Model answer", on=ben.dm.messages[-1])
    await ben.sees("Model answer")


async def test_the_answer_button_leads_to_a_form_in_private_and_back_to_the_groups_board(
    stage: Stage, group: Chat, asked: Message, ben: Person
) -> None:
    press = ben.presses("Answer", on=asked)
    answered = await press.answered()
    ben.opens(answered.url)
    form = await ben.sees("In your own words")
    assert form.force_reply
    ben.says(good(asked))
    await ben.sees("100 / 100")
    ben.says("/leaderboard", chat=group)
    board = await group.sees("Ben")
    assert "100" in board.text
    await stage.sends()
    assert "1 answer" in asked.text


async def test_who_has_opened_the_private_chat_is_asked_there_at_once(
    stage: Stage, group: Chat, asked: Message, ana: Person
) -> None:
    ana.says("/start")
    await stage.settles()
    press = ana.presses("Answer", on=asked)
    assert (await press.answered()).text == "I wrote to you in our private chat."
    form = await ana.sees("In your own words")
    ana.says("/cancel")
    await ana.sees("Cancelled")
    ana.presses("Hint", on=asked)
    hint = await ana.sees("Hint 1")
    ana.says(good(asked), reply_to=hint)
    await ana.sees("100 / 100", after=form)


async def test_chatter_and_other_bots_commands_are_not_ours(
    stage: Stage, group: Chat, asked: Message, ana: Person, maya: Person
) -> None:
    maya.promotes_bot(group)  # so that it hears everything
    await stage.settles()
    before = len(group.messages)
    said = [
        ana.says("a tuple is immutable, by the way", chat=group),
        ana.says("/practice@quizbot", chat=group),
        ana.says("/weather tomorrow", chat=group),
        ana.says("nice board", chat=group, reply_to=group.messages[0]),
    ]
    await stage.settles()
    assert len(group.messages) == before + len(said)
    assert ana.dm.messages == []
    assert all(not each.reactions for each in said)


async def test_only_moderators_set_the_groups_schedule(
    stage: Stage, group: Chat, ana: Person
) -> None:
    ana.says("/start")
    ana.says("/schedule set 09:00", chat=group)
    refused = await ana.sees("moderator", after=ana.dm.messages[0])
    assert refused.chat is ana.dm
    assert not any("Shall I save" in m.text for m in group.messages)


async def test_a_moderators_form_about_the_group_is_filled_in_in_private(
    stage: Stage, group: Chat, maya: Person
) -> None:
    maya.says("/start")
    await stage.settles()
    maya.says("/question add", chat=group)
    await maya.sees("Question")
    maya.says("How do you make toast?")
    topic = await maya.sees("Topic")
    maya.presses(topic.keyboard[0][0].label, on=topic)
    await maya.sees("Key points")
    maya.says("Put bread into the toaster\nWait")
    await maya.sees("Model answer")
    maya.says("Put bread into the toaster and wait.")
    await maya.sees("wrongly say")
    maya.says("-")
    await maya.sees("Question added")
    maya.says("/question search toast", chat=group)
    await maya.sees("1 question")
    assert not any("toaster" in m.text for m in group.messages)


async def test_a_forms_public_step_waits_for_a_reply_in_the_group(
    stage: Stage, group: Chat, maya: Person, ana: Person
) -> None:
    maya.says("/schedule set", chat=group)
    step = await group.sees("Time")
    assert step.force_reply
    ana.says("10:00", chat=group, reply_to=step)
    maya.says("9", chat=group, reply_to=step)
    preview = await group.sees("Shall I save")
    assert "09:00" in preview.text
    await stage.settles()
    assert not any("10:00" in m.text for m in group.messages if m.sender is None)


async def test_where_reactions_are_not_allowed_a_short_notice_is_the_receipt(
    stage: Stage, group: Chat, asked: Message, ana: Person
) -> None:
    ana.says("/start")
    group.reactions_allowed = False
    answer = ana.says(good(asked), chat=group, reply_to=asked)
    notice = await group.sees("Got it")
    assert notice.reply_to is answer
    assert "100" not in notice.text
    await ana.sees("100 / 100")


async def test_a_boards_windows_replace_each_other_in_place(
    stage: Stage, group: Chat, asked: Message, ana: Person
) -> None:
    ana.says("/leaderboard", chat=group)
    board = await group.sees("Nobody has points")
    before = len(group.messages)
    for label in ("Month", "Month", "Today"):  # the second one changes nothing
        await ana.presses(label, on=board).answered()
        await stage.settles()
    assert len(group.messages) == before
    assert "Tue 24 Mar" in board.text


async def test_a_form_in_private_goes_back_to_a_wrong_value_and_can_be_stopped(
    stage: Stage, group: Chat, maya: Person
) -> None:
    maya.says("/start")
    maya.says("/schedule set 25:99", chat=group)
    await maya.sees("25:99")
    maya.says("/question add", chat=group)
    form = await maya.sees("Question")
    maya.says("/cancel")
    await maya.sees("Cancelled", after=form)
    maya.says("/cancel")
    await maya.sees("nothing to cancel")


async def test_two_people_at_once_each_get_their_own(
    stage: Stage, group: Chat, asked: Message, ana: Person, ben: Person, maya: Person
) -> None:
    people = [ana, ben, maya]
    for person in people:
        person.says("/start")
    await stage.settles()
    for person in people:
        person.says(good(asked), chat=group, reply_to=asked)
    for person in people:
        await person.sees("100 / 100")
    await stage.settles()
    await stage.sends()
    assert "3 answers" in asked.text


async def test_the_wrap_up_replies_to_its_question_and_shows_what_was_shared(
    stage: Stage, group: Chat, asked: Message, ana: Person
) -> None:
    ana.says("/start")
    ana.says(good(asked), chat=group, reply_to=asked)
    judged = await ana.sees("100 / 100")
    ana.presses("Share", on=judged)
    await ana.sees("Shared, from the wrap-up on")
    stage.clock.set(NINE.replace(day=25))
    await stage.sends()
    wrap_up = await group.sees("1 person answered.")
    assert wrap_up.reply_to is asked
    assert f"Ana (100 / 100): {good(asked)}" in wrap_up.text
    assert "Wrapped up: 1 answer" in asked.text
    assert [b.label for row in asked.keyboard for b in row] == ["Model answer", "Answer"]


async def test_a_message_becomes_a_suggestion_and_comes_to_the_moderators(
    stage: Stage, group: Chat, maya: Person, ana: Person, ben: Person
) -> None:
    prompt = "How would you slice a melon for twelve guests?"
    maya.says("/start")
    ana.says("/start")
    maya.says("/reports_place", chat=group)
    await maya.sees("place is set")
    said = ben.says(prompt, chat=group)
    ana.says("/suggest", chat=group, reply_to=said)
    step = await ana.sees("Suggest a question (1 of 2)")
    assert prompt in step.text
    ana.says("-")
    await ana.sees("Suggest a question (2 of 2)")
    ana.says("-")
    await ana.sees("Suggested, thank you")
    await stage.sends()
    card = await group.sees("Suggested by Ana.")
    maya.presses("Decline", on=card)
    await group.sees("Left aside by Maya.")
