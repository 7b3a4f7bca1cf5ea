"""A person alone with the bot: what it shows while it works, and what it makes of odd messages."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.adapters.telegram import wire
from bot.adapters.telegram.answers import SOON_S
from bot.chat.action import pack
from bot.critics.base import Critic
from bot.domain.critique import Critique
from bot.domain.question import Question
from tests.adapters.telegram.stage import Stage
from tests.adapters.telegram.test_groups import good
from tests.telegram import BotApi, Chat, Message, Person


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
    from bot.chat.context import ChatRef
    from bot.chat.markup import escape
    from bot.chat.view import Button, Card

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
    place = await stage.app.services.places.id_of(_ref(group))
    assert place is not None
    maya.says("/start")
    await stage.settles()
    for action in ("sched:540:UTC:0123456", "show:1", "run:schedule_off", "run:settings:UTC"):
        link = wire.start(action, place)
        assert link is not None
        maya.opens(f"https://t.me/drillmate_bot?start={link}")
    await stage.settles()
    assert not any(
        "saved" in m.text or "off" in m.text for m in maya.dm.messages[2:] if not m.sender
    )
    assert not any("saved" in m.text for m in group.messages)


async def test_a_stranger_cannot_act_in_a_group_by_a_forged_link_or_button(
    stage: Stage, api: BotApi, group: Chat, maya: Person
) -> None:
    eve = api.person("Eve")
    eve.says("/start")
    hello = await eve.sees("Drillmate")
    place = await stage.app.services.places.id_of(_ref(group))
    assert place is not None
    eve.opens(f"https://t.me/drillmate_bot?start={wire.start('practice', place)}")
    await eve.sees("not in backend-prep")
    press = api.press(eve, hello, wire.data("board:week", place), stale=False)
    answer = await press.answered()
    assert "not in backend-prep" in answer.text
    board = await stage.app.services.leaderboards.chats()
    assert board is not None


async def test_a_button_that_nobody_was_shown_is_answered(
    stage: Stage, api: BotApi, ana: Person, asked: Message
) -> None:
    for data in ("x", "d:", "d:nothing", "d:answer", "d:answer:999", "d:pick:0:0", "dzzzz:hint:1"):
        press = api.press(ana, asked, data, stale=False)
        await press.answered()


def _ref(chat: Chat):  # type: ignore[no-untyped-def]
    from bot.chat.context import ChatRef

    return ChatRef("telegram", str(chat.id))


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
