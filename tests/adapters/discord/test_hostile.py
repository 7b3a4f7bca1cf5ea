"""The real cards and forms with hostile words in them: they are read, and they do nothing."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings

from bot.adapters.discord.markdown import JOINER
from bot.adapters.discord.render import MAX_LABEL, PREFIX
from bot.chat.markup import visible
from bot.chat.view import INVITE, Button, Card, Link
from tests.adapters.discord.reading import LIVE, seen, styles
from tests.adapters.discord.sight import keys, opened, pinged, shown, words
from tests.discord.rules.mentions import Mentions, mentions_in
from tests.hostile import HARMLESS, HOSTILE, PLACES, PROSE, TEXTS, forms

EXAMPLES = 40
LISTS = frozenset({"list"})
"""What people's own dashes may begin."""


def bare(text: str) -> str:
    """Return what is read of a text: no white space, nothing invisible, no dashes of lists."""
    return re.sub(r"[\s-]+", "", visible(text)).replace("`", "").replace(JOINER, "")


def _marks(card: Card) -> set[str]:
    return {style for body in shown(card) for text in words(body) for style in styles(text)}


def _harmlessly(name: str) -> tuple[set[str], list[tuple[str, str]]]:
    """Return the styles and the buttons of a card whose words do no harm."""
    card, _ = PLACES[name](HARMLESS)
    marks = _marks(card) | LISTS
    return marks | ({"code"} if name in PROSE else set()), keys(shown(card)[-1])


HARMLESSLY = {name: _harmlessly(name) for name in PLACES}


@settings(deadline=None, max_examples=EXAMPLES)
@given(text=TEXTS)
@example("<@1> <@&77> @everyone @here")
@example("# head\n- # head\n>>> rest")
@example("https://evil.example discord.gg/evil [x](https://evil.example)")
@example("a\n> b")
@example("\ud800")
def test_hostile_words_are_read_and_do_nothing(text: str) -> None:
    for name, make in PLACES.items():
        card, part = make(text)
        bodies = shown(card)
        allowed, buttons = HARMLESSLY[name]
        for body in bodies:
            for told in words(body):
                assert styles(told) <= allowed, (name, told)
                assert mentions_in(told) == Mentions(), (name, told)
        assert pinged(bodies) == [Mentions()] * len(bodies)
        read = "".join(seen(told) for body in bodies for told in words(body))
        assert bare(part) in bare(read), name
        assert [keys(body) for body in bodies[:-1]] == [[]] * (len(bodies) - 1)
        assert keys(bodies[-1]) == buttons, name


@settings(deadline=None, max_examples=EXAMPLES)
@given(text=TEXTS)
@example("**" + "@everyone " * 30)
def test_hostile_words_in_a_form_are_values_and_nothing_else(text: str) -> None:
    for form in forms(text):
        data = opened(form)
        asked = [each.name for each in form.inputs]
        names = [p["component"]["custom_id"] for p in data["components"] if "component" in p]
        assert names == asked
        for part in data["components"]:
            if part["type"] == 10:
                assert styles(part["content"]) <= {"bold"} | LISTS
                assert mentions_in(part["content"]) == Mentions()


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_labels_of_buttons_are_labels(text: str) -> None:
    rows = ((Button(text, "a"), Link(text, "https://docs.python.org/3/"), Link(text, INVITE)),)
    [body] = shown(Card("T", rows=rows))
    labels, targets = zip(*keys(body), strict=True)
    assert all(len(label) <= MAX_LABEL for label in labels)
    assert targets[0] == f"{PREFIX}a"
    assert targets[1] == "https://docs.python.org/3/"
    assert "evil" not in "".join(targets)


def test_words_that_got_through_would_be_seen_to_do_harm() -> None:
    raw = "<@1> <@&77> @everyone https://evil.example :smile: <t:1:R> # head\n# head"
    assert styles(raw) == {*LIVE, "heading"}
    assert mentions_in(raw) == Mentions(["1"], ["77"], everyone=True)
