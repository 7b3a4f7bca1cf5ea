"""The main cards as Telegram gets them, kept in golden/cards/ word for word.

`DRILLMATE_GOLDEN=write pytest tests/adapters/telegram/test_render.py` writes them anew.
"""

from __future__ import annotations

import asyncio
import os
import re
from itertools import chain
from pathlib import Path

import pytest
from telegram import ForceReply

from bot.adapters.telegram.render import JOINER, Rendered
from bot.chat.dialog import STEP
from bot.chat.view import INVITE, Button, Card, Link, Media, Style
from tests.adapters.telegram.sight import RENDERER, card, keys
from tests.scenes import scenes

GOLDEN = Path(__file__).parent / "golden" / "cards"
WRITE = os.environ.get("DRILLMATE_GOLDEN") == "write"
NAMES = sorted(path.stem for path in GOLDEN.glob("*.txt"))


@pytest.fixture(scope="module")
def cards(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Card]:
    """Return each card by its name."""
    return asyncio.run(scenes(tmp_path_factory.mktemp("scenes")))


def readable(made: Rendered) -> str:
    """Return what is sent, to be read by people: messages, then a line for each row of buttons."""
    lines = ["\n-- next message --\n".join(made.texts).replace(JOINER, "\\u2060")]
    if isinstance(made.keyboard, ForceReply):
        hint = made.keyboard.input_field_placeholder
        lines.append(f"ForceReply ({hint})" if made.keyboard.selective else "?")
    for row in keys(made):
        pairs = (f"[{b.label}]({b.data or b.url}) {b.style or ''}".strip() for b in row)
        lines.append("  ".join(pairs))
    # Which form it is differs each time.
    return re.sub(r"pick:[0-9a-f]{6}:", "pick:form:", "\n".join(lines) + "\n")


def test_every_card_has_its_golden_file_and_no_other_is_left(cards: dict[str, Card]) -> None:
    if WRITE:
        GOLDEN.mkdir(parents=True, exist_ok=True)
        for path in GOLDEN.glob("*.txt"):
            path.unlink()
        for name, of in cards.items():
            text = readable(RENDERER.card(of))
            (GOLDEN / f"{name}.txt").write_text(text, encoding="utf-8", newline="\n")
    assert sorted(path.stem for path in GOLDEN.glob("*.txt")) == sorted(cards)


@pytest.mark.parametrize("name", NAMES)
def test_a_card_is_what_its_golden_file_says(name: str, cards: dict[str, Card]) -> None:
    kept = (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")
    assert readable(RENDERER.card(cards[name])) == kept


@pytest.mark.parametrize("name", NAMES)
def test_telegram_takes_every_card_and_finds_no_link_and_no_mention_in_it(
    name: str, cards: dict[str, Card]
) -> None:
    _, messages = card(cards[name], chat=10**9)
    assert {e["type"] for seen in messages for e in seen.found} <= {"bot_command", "hashtag"}


@pytest.mark.parametrize("name", NAMES)
def test_buttons_in_another_chat_carry_the_chat_that_they_concern(
    name: str, cards: dict[str, Card]
) -> None:
    here, there = keys(RENDERER.card(cards[name])), keys(RENDERER.card(cards[name], 36))
    for mine, theirs in zip(chain(*here), chain(*there), strict=True):
        assert mine.label == theirs.label
        if mine.data is not None:
            assert theirs.data == mine.data.replace("d:", "d10:", 1)


def test_commands_of_a_family_are_written_so_that_they_can_be_tapped() -> None:
    [text] = RENDERER.card(Card("", "Use /schedule set 09:00, /practice or a/schedule set.")).texts
    assert text == "Use /schedule_set 09:00, /practice or a/schedule set."


def test_code_is_left_as_it_is() -> None:
    body = "`/schedule set @ana_b models.py` and\n```python\n@cache_it\nimport os.path\n```"
    [text] = RENDERER.card(Card("", body)).texts
    assert JOINER not in text
    assert "/schedule set" in text


@pytest.mark.parametrize(
    "name", ["@ana_b", "/@ana_b", "(@ana_b", ".@ana_b", "models.py", "https://a.b/c", "a@b.org"]
)
def test_what_telegram_would_link_by_itself_is_only_read(name: str) -> None:
    for body in (f"{name} says", f"*{name}*", f"||{name}||", f"> {name}"):
        _, [seen] = card(Card(name, body))
        assert seen.found == []
        assert seen.text.replace(JOINER, "").count(name) == 2


def test_lines_of_a_quote_are_one_quote() -> None:
    [text] = RENDERER.card(Card("", "> one\n> two\nthree")).texts
    assert text == "<blockquote>one\ntwo</blockquote>three"


def test_a_row_too_wide_for_telegram_goes_on_below() -> None:
    row = tuple(Button(str(n), f"pick:{n}") for n in range(11))
    assert [len(each) for each in keys(RENDERER.card(Card("", "x", rows=(row,))))] == [8, 3]


def test_the_three_styles_and_both_kinds_of_links() -> None:
    rows = (
        (Button("A", "a", Style.PRIMARY), Button("B", "b"), Button("C", "c", Style.DANGER)),
        (Link("Docs", "https://docs.python.org/3/"), Link("Add me", INVITE)),
    )
    first, second = keys(RENDERER.card(Card("", "x", rows=rows)))
    assert [key.style for key in first] == ["primary", None, "danger"]
    assert [key.url for key in second] == [
        "https://docs.python.org/3/",
        "https://t.me/drillmate_bot?startgroup=drill",
    ]


def test_a_step_asks_for_a_reply_and_a_choice_for_a_press() -> None:
    step = RENDERER.card(Card("Survey (1 of 2)", "*Why?*", kind=STEP))
    assert isinstance(step.keyboard, ForceReply)
    assert step.keyboard.input_field_placeholder == "Survey (1 of 2)"
    choice = RENDERER.card(Card("Survey", "x", rows=((Button("A", "pick::0:0"),),), kind=STEP))
    assert not isinstance(choice.keyboard, ForceReply)


def test_a_card_that_says_nothing_is_a_message_all_the_same() -> None:
    made, [seen] = card(Card("", "", media=(Media("week.png", b"", "image/png", "x"),)))
    assert made.keyboard is None
    assert seen.text == "…"


def test_the_buttons_stand_under_the_last_message() -> None:
    made, messages = card(Card("Long", "word " * 2000, rows=((Button("A", "a"),),)))
    assert len(messages) == 3
    assert len(keys(made)) == 1
