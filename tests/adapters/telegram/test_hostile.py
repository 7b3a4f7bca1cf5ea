"""The real cards with hostile words in them, among members who are called like the mentions."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings

from bot.adapters.telegram.render import JOINER
from bot.chat.markup import visible
from bot.chat.view import Button
from bot.commands import registry
from tests.adapters.telegram.sight import card as looked_at
from tests.adapters.telegram.sight import keys, seen
from tests.hostile import HARMLESS, NOW, PLACES, PROSE, TEXTS
from tests.telegram import BotApi, Message

EXAMPLES = 40
NAMES = ("anna", "everyone", "analitica", "Ben_C", "here")


@pytest.fixture(scope="module")
def crowd() -> BotApi:
    """Return a Telegram with a group of people who could be mentioned."""
    api = BotApi(now=lambda: NOW)
    people = [api.person(name, username=name) for name in NAMES]
    api.group("prep", owner=people[0], members=people[1:])
    return api


def pinged(api: BotApi, text: str, entities: list[dict[str, object]]) -> list[str]:
    """Return whom a message in the group would notify."""
    group = next(chat for chat in api.chats.values() if chat.title == "prep")
    return [p.name for p in Message(group, 1, None, NOW, text, list(entities)).pings]


def bare(text: str) -> str:
    """Return what is read of a text: no white space, nothing invisible, each command one way."""
    for name in registry().commands:
        text = text.replace(name, name.replace(" ", "_"))
    return re.sub(r"\s+", "", visible(text)).replace("`", "")


def _harmlessly(name: str) -> tuple[set[str], list[str]]:
    """Return the marks and the buttons of a card whose words do no harm."""
    card, _ = PLACES[name](HARMLESS)
    _, messages = looked_at(card)
    marks = {e["type"] for each in messages for e in each.marked}
    actions = [item.action for row in card.rows for item in row if isinstance(item, Button)]
    return marks | ({"code"} if name in PROSE else set()), actions


HARMLESSLY = {name: _harmlessly(name) for name in PLACES}


@settings(deadline=None, max_examples=EXAMPLES)
@given(text=TEXTS)
@example("@anna")
@example("/@anna")
@example("models.py")
@example("a\n> b")
@example("&" * 1900)
@example("\ud800")
def test_hostile_words_are_read_and_do_nothing(crowd: BotApi, text: str) -> None:
    for name, make in PLACES.items():
        card, part = make(text)
        made, messages = looked_at(card)
        own, actions = HARMLESSLY[name]
        for each in messages:
            assert {e["type"] for e in each.marked} <= own, name
            assert {e["type"] for e in each.found} <= {"bot_command", "hashtag"}, (name, each)
            assert pinged(crowd, each.text, [*each.marked, *each.found]) == []
        shown = "".join(each.text for each in messages).replace(JOINER, "")
        assert bare(part) in bare(shown), name
        pressed = [key for row in keys(made) for key in row]
        assert [key.data for key in pressed if key.data] == [f"d:{each}" for each in actions]
        assert [key.url for key in pressed if key.url] == []


def test_the_crowd_would_be_pinged_if_a_mention_got_through(crowd: BotApi) -> None:
    for text in ("@anna", "/@anna", "(@Ben_C)"):
        mentioned = seen(text)
        assert pinged(crowd, mentioned.text, mentioned.found) != []
    assert seen("models.py evil.com").found != []
