"""A person alone with the bot: what it shows while it works, and what it makes of odd messages."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.adapters.telegram import wire
from bot.adapters.telegram.answers import SOON_S
from bot.chat.action import pack
from bot.chat.context import ChatRef
from bot.chat.markup import escape
from bot.chat.view import Button, Card
from bot.critics.base import Critic
from bot.domain.critique import Critique
from bot.domain.question import Question
from tests.adapters.telegram.stage import Stage
from tests.adapters.telegram.test_groups import good
from tests.telegram import BotApi, Chat, Fault, Message, Person


class Thoughtful:
    """A critic that takes its time."""

    name = "thoughtful"
    version = "1"

    def __init__(self, critic: Critic) -> None:
        self._critic = critic

    async def critique(self, question: Question, answer: str) -> Critique:
        await asyncio.sleep(0.7)
        return await self._critic.critique(question, answer)


@pytest.fixture
async def asked(stage: Stage, ana: Person) -> Message:
    """Return a question that Ana has asked for."""
    ana.says("/practice")
    return await ana.sees("Reply to this message")


async def test_typing_is_shown_while_an_answer_is_judged(
    stage: Stage, ana: Person, asked: Message
) -> None:
    judge = stage.app.services.judge
    judge._critic = Thoughtful(judge._critic)
    ana.says(good(asked))
    await ana.sees("100 / 100")
    assert stage.api.actions == [(ana.id, "typing")]


async def test_what_is_answered_at_once_shows_no_typing(
    stage: Stage, ana: Person, asked: Message
) -> None:
    began = asyncio.get_running_loop().time()
    ana.says(good(asked))
    await ana.sees("100 / 100")
    soon = asyncio.get_running_loop().time() - began < SOON_S  # a busy machine may not be
    assert not (soon and stage.api.actions)


async def test_a_reply_goes_to_the_question_it_replies_to(
    stage: Stage, ana: Person, asked: Message
) -> None:
    ana.presses("Skip", on=asked)
    await ana.sees("Skipped")
    ana.says("/practice")
    other = await ana.sees("Reply to this message", after=asked)
    ana.says(good(asked), reply_to=asked)
    judged = await ana.sees("100 / 100")
    ana.says("/hint", reply_to=other)
    hint = await ana.sees("Hint 1", after=judged)
    ana.says(good(other), reply_to=hint)
    await ana.sees("100 / 100", after=hint)


async def test_a_command_while_a_form_waits_is_a_command(
    stage: Stage, ana: Person, asked: Message
) -> None:
    ana.presses("Answer", on=asked)
    form = await ana.sees("In your own words")
    ana.says("/streak")
    await ana.sees("No streak yet", after=form)
    ana.says(good(asked))
    await ana.sees("100 / 100")


async def test_what_is_no_text_is_answered_kindly(stage: Stage, ana: Person) -> None:
    ana.sends_file("voice.ogg", b"OggS")
    await ana.sees("only read words")


async def test_a_caption_is_text(stage: Stage, ana: Person, asked: Message) -> None:
    ana.sends_file("notes.txt", b"see caption", caption=good(asked))
    await ana.sees("100 / 100")


async def test_a_long_answer_is_answered_though_the_card_is_long(
    stage: Stage, ana: Person, asked: Message
) -> None:
    ana.says(f"{good(asked)} {'And then I wait a little. ' * 140}")
    await ana.sees("/ 100")


async def test_a_card_too_long_for_one_message_comes_in_several(stage: Stage, ana: Person) -> None:
    ana.says("/streak")
    await ana.sees("No streak yet")
    body = "\n\n".join(escape(f"Paragraph {n}: {'word ' * 90}end {n}.") for n in range(30))
    card = Card("Long", body, rows=((Button("More", pack("practice")),),))
    last = await stage.adapter.send(ChatRef("telegram", str(ana.id)), card, key="k")
    pages = [m for m in ana.dm.messages[2:] if m.sender is None]
    assert len(pages) > 2
    assert [bool(page.keyboard) for page in pages] == [False] * (len(pages) - 1) + [True]
    assert str(pages[-1].id) == last.id
    assert all(page.text.startswith(("Long", "Paragraph")) for page in pages)


@pytest.mark.parametrize("payload", ["", "x", "zz-!!", "1-ZGlyZWN0", "9-YW5zd2VyOjE"])
async def test_a_link_that_means_nothing_says_hello(
    stage: Stage, ana: Person, payload: str
) -> None:
    ana.says(f"/start {payload}")
    await ana.sees("Drillmate")


async def test_a_link_cannot_make_a_moderator_do_what_they_would_mind(
    stage: Stage, group: Chat, maya: Person
) -> None:
    place = await stage.chat_id(group)
    maya.says("/start")
    await stage.settles()
    for action in (
        "sched:540:UTC:0123456",
        "show:1",
        "run:schedule_off",
        "run:settings:UTC",
        "run:answer:x",
    ):
        link = wire.start(action, place)
        assert link is not None
        maya.opens(f"https://t.me/drillmate_bot?start={link}")
    await stage.settles()
    assert not any(
        "saved" in m.text or "off" in m.text for m in maya.dm.messages[2:] if not m.sender
    )
    assert not any("saved" in m.text for m in group.messages)


@pytest.mark.parametrize(
    "fault", [None, Fault.BAD("Bad Request: member not found"), Fault.SERVER(502)]
)
async def test_a_stranger_cannot_act_in_a_group_by_a_forged_link_or_button(
    stage: Stage, api: BotApi, group: Chat, maya: Person, fault: Fault | None
) -> None:
    eve = api.person("Eve")
    eve.says("/start")
    hello = await eve.sees("Drillmate")
    place = await stage.chat_id(group)
    if fault is not None:
        api.fail("getChatMember", fault, times=None)
    eve.opens(f"https://t.me/drillmate_bot?start={wire.start('practice', place)}")
    told = await eve.sees("", after=hello)
    assert "backend-prep" not in told.text
    press = api.press(eve, hello, wire.data("board:week", place), stale=False)
    answer = await press.answered()
    assert "backend-prep" not in answer.text
    await stage.settles()
    assert not any("Reply to this message" in m.text for m in eve.dm.messages)
    members = await stage.rows(
        "SELECT count(*) FROM chat_members JOIN chats ON id = chat_id WHERE kind = 'group'"
    )
    assert members == [(1,)]  # Maya, who let the bot in


async def test_nobody_can_speak_for_somebody_elses_private_chat(
    stage: Stage, api: BotApi, ana: Person
) -> None:
    ana.says("/schedule set 09:00 UTC")
    ana.presses("Save", on=await ana.sees("Shall I save"))
    await ana.sees("Schedule saved")
    eve = api.person("Eve")
    eve.says("/start")
    hello = await eve.sees("Drillmate")
    theirs = await stage.chat_id(ana.dm)
    for action in ("run:schedule_show", "run:schedule_off", "practice"):
        press = api.press(eve, hello, wire.data(action, theirs), stale=False)
        assert "leads nowhere" in (await press.answered()).text
        link = wire.start(action, theirs)
        eve.opens(f"https://t.me/drillmate_bot?start={link}")
    await stage.settles()
    ana.says("/schedule show")
    assert "09:00" in (await ana.sees("Next:", after=ana.dm.messages[-1])).text


async def test_who_has_left_a_group_is_told_so_and_their_form_lets_go(
    stage: Stage, group: Chat, maya: Person, ben: Person
) -> None:
    ben.says("/start")
    ben.says("/practice", chat=group)
    asked = await ben.sees("Reply to this message")
    ben.presses("Answer", on=asked)
    await ben.sees("In your own words")
    ben.leaves(group)
    stage.clock.advance(timedelta(minutes=2))
    ben.says("my answer to it")
    await ben.sees("You are not in backend-prep any more")
    ben.says("what now?")
    await ben.sees("No question is open here")
    ben.says("/practice")
    own = await ben.sees("Reply to this message", after=asked)
    ben.says(good(own))
    await ben.sees("100 / 100")


async def test_a_button_of_another_chat_does_nothing_in_a_group(
    stage: Stage, api: BotApi, group: Chat, maya: Person, ana: Person
) -> None:
    other = api.group("other", owner=maya, members=[ana])
    maya.adds_bot(other)
    hello = await other.sees("I am Drillmate")
    place = await stage.chat_id(group)
    before = len(other.messages)
    press = api.press(ana, hello, wire.data("leaderboard", place), stale=False)
    assert "leads nowhere" in (await press.answered()).text
    assert len(other.messages) == before


async def test_a_reply_to_an_older_form_is_not_taken_for_another(
    stage: Stage, ana: Person, asked: Message
) -> None:
    ana.presses("Answer", on=asked)
    first = await ana.sees("In your own words")
    ana.says("/cancel")
    await ana.sees("Cancelled")
    ana.says(good(asked), reply_to=first)
    await ana.sees("That form is over")
    assert await stage.rows("SELECT count(*) FROM attempts") == [(0,)]


async def test_text_after_a_groups_card_is_about_that_group(
    stage: Stage, group: Chat, ana: Person, asked: Message
) -> None:
    ana.says("/practice", chat=group)
    theirs = await ana.sees("Reply to this message", after=asked)
    ana.says(good(theirs))
    await ana.sees("100 / 100")
    ana.says("/leaderboard", chat=group)
    assert "100 points" in (await group.sees("Ana")).text


async def test_what_fails_outside_is_tried_again_and_nothing_is_lost(
    stage: Stage, ana: Person, asked: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = type(stage.app.services.places)
    awaited, failures = places.awaited, iter([OSError("a hiccup")])

    async def hiccup(*args: Any) -> Any:
        for failure in failures:
            raise failure
        return await awaited(*args)

    monkeypatch.setattr(places, "awaited", hiccup)
    ana.says(good(asked))
    await ana.sees("100 / 100")


async def test_a_refusal_that_nobody_expected_is_told_as_an_incident(
    stage: Stage, ana: Person
) -> None:
    stage.api.fail("sendMessage", Fault.BAD("Bad Request: something new"))
    ana.says("/streak")
    await ana.sees("Something broke on our side")


async def test_an_edit_that_changes_no_word_is_nothing(
    stage: Stage, ana: Person, asked: Message
) -> None:
    answer = ana.says(good(asked))
    await ana.sees("100 / 100")
    ana.edits(answer, f"{good(asked)} ")
    await stage.settles()
    assert not any("stays as it was" in m.text for m in ana.dm.messages)


async def test_a_path_is_no_command(stage: Stage, ana: Person, asked: Message) -> None:
    ana.says(f"/etc/hosts is not it. {good(asked)}")
    await ana.sees("/ 100")


async def test_one_person_who_floods_keeps_nobody_waiting(
    stage: Stage, ana: Person, ben: Person
) -> None:
    stage.api.fail("sendMessage", Fault.TOO_MANY(30), times=None, chat=ana)
    for _ in range(300):
        ana.says("/help")
    ben.says("/streak")
    await ben.sees("No streak yet", timeout=15)
    began = asyncio.get_running_loop().time()
    await stage.stops()
    assert asyncio.get_running_loop().time() - began < 5  # it waits for nobody's thirty seconds


async def test_a_button_that_nobody_was_shown_is_answered(
    stage: Stage, api: BotApi, ana: Person, asked: Message
) -> None:
    for data in (
        "x",
        "d:",
        "d:nothing",
        "d:answer",
        "d:answer:999",
        "d:pick:x:0:0",
        "dzzzz:hint:1",
    ):
        press = api.press(ana, asked, data, stale=False)
        await press.answered()


async def test_three_taps_lead_to_the_first_question_in_one_message(
    stage: Stage, api: BotApi
) -> None:
    eva = api.person("Eva", language="de")
    eva.says("/start")
    hello = await eva.sees("Where are you?")
    assert hello.labels[0] == "Berlin 09:00"
    eva.presses("Berlin 09:00", on=hello)
    await eva.sees("where it is 09:00 now")
    eva.presses("18:00", on=hello)
    await eva.sees("About what?")
    eva.presses("Everything", on=hello)
    asked = await eva.sees("Reply to this message")
    await stage.settles()
    assert [m for m in eva.dm.messages if m.sender is None] == [hello, asked]
    eva.says("/start")
    again = await eva.sees("Good to see you")
    [link] = [b for row in again.keyboard for b in row if b.url]
    assert link.url == "https://t.me/drillmate_bot?startgroup=drill"


async def test_joining_a_group_leads_to_its_question_in_private(
    stage: Stage, group: Chat, maya: Person, ben: Person
) -> None:
    hello = await group.sees("I am Drillmate")
    press = ben.presses("Join in", on=hello)
    ben.opens((await press.answered()).url)
    await ben.sees("You are in: backend-prep")
    maya.says("/schedule set 08:30 UTC", chat=group)
    maya.presses("Save", on=await group.sees("Shall I save"))
    await group.sees("Schedule saved")
    stage.clock.advance(timedelta(hours=1))
    await stage.sends()
    await group.sees("no answers yet")
    ben.presses("Join in", on=hello)
    asked = await ben.sees("backend-prep is asked")
    ben.says(good(asked), reply_to=asked)
    await ben.sees("100 / 100")
    ben.says("/leaderboard", chat=group)
    assert "100" in (await group.sees("Ben")).text
