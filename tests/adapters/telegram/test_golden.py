"""Conversations as Telegram gets them, to the letter: text with its markup, and every keyboard.

After a change that is meant: DRILLMATE_GOLDEN=write, and read the difference.
"""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from bot.settings import Settings
from tests.adapters.telegram.stage import Stage
from tests.adapters.telegram.test_groups import NINE, good
from tests.telegram import BotApi, Chat, Message, Person

GOLDEN = Path(__file__).parent / "golden"


def told(chat: Chat) -> str:
    """Return what stands in a chat: people's words, and ours as they were sent."""
    return "\n\n".join(_person(m) if m.sender is not None else _ours(m) for m in chat.messages)


def _person(message: Message) -> str:
    assert message.sender is not None
    reacted = f" [{' '.join(message.reactions)}]" if message.reactions else ""
    to = f" (in reply to {message.reply_to.id})" if message.reply_to is not None else ""
    return f"--- {message.id} {message.sender.name}{to}: {message.text}{reacted}"


def _ours(message: Message) -> str:
    lines = [f"--- {message.id} drillmate:", message.html_source]
    for row in message.keyboard:
        keys = [f"[{b.label}]({b.data or b.url}){f' {b.style}' if b.style else ''}" for b in row]
        lines.append(" ".join(keys))
    if message.force_reply:
        lines.append(f"<reply: {message.force_reply['input_field_placeholder']}>")
    return "\n".join(lines)


def check(name: str, *chats: Chat) -> None:
    """Compare chats with what is kept of them."""
    file = GOLDEN / f"{name}.txt"
    found = "\n\n\n".join(f"===== {chat.title} =====\n\n{told(chat)}" for chat in chats) + "\n"
    if os.environ.get("DRILLMATE_GOLDEN") == "write":
        GOLDEN.mkdir(exist_ok=True)
        file.write_text(found, encoding="utf-8")
    assert found == file.read_text(encoding="utf-8")
    # None of our messages may make anybody's phone ring but by being sent.
    assert [m.pings for chat in chats for m in chat.messages if m.sender is None and m.pings] == []


async def say(stage: Stage, person: Person, *texts: str, chat: Chat | None = None) -> None:
    """Let a person say things, each when the one before is answered."""
    for text in texts:
        person.says(text, chat=chat)
        await stage.settles()


async def press(stage: Stage, person: Person, *labels: str, chat: Chat | None = None) -> None:
    """Let a person press buttons of the newest messages that have them."""
    for label in labels:
        where = chat or person.dm
        message = next(m for m in reversed(where.messages) if label in m.labels)
        person.presses(label, on=message)
        await stage.settles()


async def test_the_first_minute(stage: Stage, ana: Person) -> None:
    await say(stage, ana, "/start")
    check("first_minute_1", ana.dm)
    await press(stage, ana, "Europe")
    check("first_minute_2", ana.dm)
    await press(stage, ana, "Berlin 09:00")
    check("first_minute_3", ana.dm)
    await press(stage, ana, "09:00")
    check("first_minute_4", ana.dm)
    await press(stage, ana, "Everything")
    await say(stage, ana, "/start", "/help", "/start")
    check("first_minute_5", ana.dm)


async def test_a_person_alone(stage: Stage, ana: Person) -> None:
    await say(stage, ana, "/practice", "/practice", "/hint", "idk")
    await say(
        stage, ana, "Rinse it, knead it, boil it. <b>@ben</b> said *so*.", "and again, better"
    )
    await press(stage, ana, "Model answer", "Follow-up", "Another")
    await press(stage, ana, "Hint", "Next hint", "Skip")
    await say(stage, ana, "/reveal", "/streak", "/me", "/leaderboard")
    await say(stage, ana, "/schedule set 9 Berlin mon-fri")
    await press(stage, ana, "Save")
    await say(stage, ana, "/schedule show", "/schedule pause", "/schedule off", "/schedule show")
    await say(stage, ana, "/settings", "/settings zone=Tokyo day_starts=4 board=hide")
    check("alone", ana.dm)


async def test_what_goes_wrong(stage: Stage, ana: Person) -> None:
    await say(stage, ana, "hello?", "/practise", "/practice 1 2 3", "/schedule", "/cancel")
    await say(
        stage, ana, "/schedule set 25:00", "/schedule set 9 Atlantis", "/settings day_starts=99"
    )
    await say(stage, ana, "/question add", "/practice quantum")
    ana.sends_file("voice.ogg", b"OggS")
    await stage.settles()
    await say(stage, ana, "/practice")
    await press(stage, ana, "Answer")
    await say(stage, ana, "/cancel", "/cancel")
    check("wrong", ana.dm)


async def test_a_group(stage: Stage, group: Chat, maya: Person, ana: Person, ben: Person) -> None:
    await say(stage, maya, "/start")
    await say(stage, ana, "/start")
    await say(stage, maya, "/schedule set 09:00 UTC", chat=group)
    await press(stage, maya, "Save", chat=group)
    stage.clock.set(NINE)
    await stage.sends()
    asked = await group.sees("no answers yet")
    ana.says(good(asked), chat=group, reply_to=asked)
    await stage.settles()
    ben.says("I would knead it, <i>rinse</i> it & boil it.", chat=group, reply_to=asked)
    await stage.settles()
    await press(stage, ana, "Hint", chat=group)
    await say(stage, ana, "/leaderboard", "/start", "/schedule set 10:00", chat=group)
    await stage.sends()
    stage.clock.advance(timedelta(days=1, minutes=30))
    await stage.sends()
    check("group", group, ana.dm, maya.dm)


async def test_a_moderator(stage: Stage, group: Chat, maya: Person) -> None:
    await say(stage, maya, "/settings zone=Berlin", "/start")
    await say(stage, maya, "/question add hard", chat=group)
    await say(stage, maya, "How do you make <toast>?")
    await press(stage, maya, maya.dm.messages[-1].labels[0])
    await say(
        stage, maya, "Toast the bread (60)\nAdd *butter* (40)", "Toast bread, then add butter."
    )
    await say(stage, maya, "burn it => Stop when it is brown.")
    slug = "toast"
    await say(stage, maya, f"/question search {slug}", "/question search nothing", chat=group)
    await say(stage, maya, "/question edit", "/help", chat=group)
    check("moderator", group, maya.dm)


async def test_a_card_of_the_real_bank_with_code(
    api: BotApi, plain: Settings, stage: Stage, ana: Person
) -> None:
    await stage.stops()
    stage.settings = plain.model_copy(update={"bank": Settings().bank})
    await stage.starts()
    await say(stage, ana, "/practice databases")
    await press(stage, ana, "Hint")
    await say(stage, ana, "/reveal")
    await press(stage, ana, "Show it")
    await press(stage, ana, "Follow-up")
    check("real_bank", ana.dm)


@pytest.mark.parametrize("file", sorted(GOLDEN.glob("*.txt")), ids=lambda file: file.stem)
def test_what_is_kept_is_readable_on_a_phone(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert "None" not in text
    assert "\\" not in text  # our own markup never shows
    assert "  \n" not in text
