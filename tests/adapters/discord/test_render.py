"""The main cards and all forms as Discord gets them, kept in golden/ word for word.

`DRILLMATE_GOLDEN=write pytest tests/adapters/discord/test_render.py` writes them anew.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.adapters.discord.markdown import JOINER
from bot.adapters.discord.render import EMPTY, MAX_CONTENT, MAX_DISPLAY, PREFIX
from bot.chat.view import INVITE, Button, Card, Form, Input, Link, Media, Style
from tests.adapters.discord.reading import LIVE, read, styles
from tests.adapters.discord.sight import Body, edits, keys, opened, pinged, shown, words
from tests.discord.rules.components import texts, walk
from tests.discord.rules.mentions import Mentions
from tests.discord.rules.messages import V2, check_message
from tests.forms import forms, lacking_some, longest_values
from tests.scenes import scenes

GOLDEN = Path(__file__).parent / "golden"
WRITE = os.environ.get("DRILLMATE_GOLDEN") == "write"
CARDS = sorted(path.stem for path in (GOLDEN / "cards").glob("*.txt"))
MODALS = sorted(path.stem for path in (GOLDEN / "modals").glob("*.txt"))
STYLES = {1: "primary", 2: "", 3: "success", 4: "danger", 5: "link"}
PICTURE = Media("week.png", b"\x89PNG", "image/png", "The week as bars")
LIST = Media("list.csv", b"a,b", "text/csv", "")


@pytest.fixture(scope="module")
def cards(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Card]:
    """Return each card by its name."""
    return asyncio.run(scenes(tmp_path_factory.mktemp("scenes")))


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Form]:
    """Return each form by its name."""
    return asyncio.run(forms(tmp_path_factory.mktemp("forms")))


def readable(card: Card) -> str:
    """Return what is posted, to be read by people: messages, each with its kind and its rows."""
    made = "\n-- next message --\n".join("\n".join(_lines(body)) for body in shown(card))
    # Which form it is differs each time.
    return re.sub(r"pick:[0-9a-f]{6}:", "pick:form:", made.replace(JOINER, "\\u2060") + "\n")


def _lines(body: Body) -> Iterator[str]:
    v2 = bool(body.get("flags", 0) & V2)
    yield "(layout)" if v2 else "(text)"
    yield from words(body)
    for part in walk(body.get("components") or ()):
        for item in part.get("items", ()):
            yield f"<{item['media']['url']}: {item['description']}>"
        if part["type"] == 13:
            yield f"<{part['file']['url']}>"
        if part["type"] == 1:
            yield "  ".join(map(_key, part["components"]))


def _key(button: dict[str, Any]) -> str:
    target = button.get("custom_id") or button["url"]
    return f"[{button['label']}]({target}) {STYLES[button['style']]}".strip()


def fields(form: Form) -> str:
    """Return a modal, to be read by people: its title, its texts, its inputs."""
    data = opened(form)
    lines = [f"{data['title']} ({data['custom_id']})"]
    for part in data["components"]:
        lines.append("")
        if part["type"] == 10:
            lines.append(part["content"])
            continue
        inner = part["component"]
        needed = "" if inner.get("required", True) else ", optional"
        if inner["type"] == 3:
            lines.append(f"{part['label']} [{inner['custom_id']}: one of{needed}]")
            lines += [
                f"  {'*' if each.get('default') else '-'} {each['label']} ({each['value']})"
                for each in inner["options"]
            ]
        else:
            kind = "line" if inner["style"] == 1 else "lines"
            most = inner["max_length"]
            lines.append(f"{part['label']} [{inner['custom_id']}: {kind} to {most:,}{needed}]")
        lines += [f"  ({part['description']})"] if part.get("description") else []
        lines += [f"  = {line}" for line in (inner.get("value") or "").splitlines()]
    return "\n".join(lines).replace(JOINER, "\\u2060") + "\n"


def kept(kind: str, found: dict[str, str]) -> list[str]:
    """Return the names of the golden files of a kind, after they were written if that is asked."""
    folder = GOLDEN / kind
    if WRITE:
        folder.mkdir(parents=True, exist_ok=True)
        for path in folder.glob("*.txt"):
            path.unlink()
        for name, text in found.items():
            (folder / f"{name}.txt").write_text(text, encoding="utf-8", newline="\n")
    return sorted(path.stem for path in folder.glob("*.txt"))


def test_every_card_has_its_golden_file_and_no_other_is_left(cards: dict[str, Card]) -> None:
    assert kept("cards", {name: readable(of) for name, of in cards.items()}) == sorted(cards)


def test_every_form_has_its_golden_file_and_no_other_is_left(asked: dict[str, Form]) -> None:
    assert kept("modals", {name: fields(of) for name, of in asked.items()}) == sorted(asked)


@pytest.mark.parametrize("name", CARDS)
def test_a_card_is_what_its_golden_file_says(name: str, cards: dict[str, Card]) -> None:
    assert readable(cards[name]) == (GOLDEN / "cards" / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", MODALS)
def test_a_form_is_what_its_golden_file_says(name: str, asked: dict[str, Form]) -> None:
    assert fields(asked[name]) == (GOLDEN / "modals" / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", CARDS)
def test_a_card_pings_nobody_and_has_no_link_in_its_text(name: str, cards: dict[str, Card]) -> None:
    bodies = shown(cards[name])
    assert pinged(bodies) == [Mentions()] * len(bodies)
    found = {style for body in bodies for text in words(body) for style in styles(text)}
    assert not found & (LIVE | {"masked", "italic", "underline", "strike"})


@pytest.mark.parametrize("name", CARDS)
def test_a_card_can_take_its_own_place(name: str, cards: dict[str, Card]) -> None:
    [body] = shown(cards[name])
    [edit] = edits(cards[name])
    check_message(edit, where="edit", old_flags=body.get("flags", 0), old=body)


def test_the_shapes_are_all_shown(cards: dict[str, Card]) -> None:
    every = [body for card in cards.values() for body in shown(card)]
    assert {bool(body.get("flags", 0) & V2) for body in every} == {True, False}


def test_a_form_for_all_that_a_command_may_lack_can_be_shown() -> None:
    found = lacking_some()
    assert found
    for form in found:
        opened(form)


def test_a_form_whose_values_are_full_can_be_shown() -> None:
    data = opened(longest_values({"databases": "Databases & ORM"}))
    assert [len(part["component"].get("value") or "") for part in data["components"]] == [
        *(500, 0),
        *(4000, 4000, 4000),
    ]


def test_a_long_explanation_stands_above_its_input_where_there_is_room() -> None:
    about = "Why @everyone *likes* it. " * 6
    one = Input("a", "A", about=about)
    text, label = opened(Form("T", "go", (one,)))["components"]
    assert text["content"].startswith("**Why @\u2060everyone \\*likes\\* it.")
    assert "description" not in label
    five = tuple(Input(f"i{n}", f"I{n}", about=about) for n in range(5))
    assert [part["type"] for part in opened(Form("T", "go", five))["components"]] == [18] * 5


def test_what_is_known_stands_in_the_form_before_what_is_asked() -> None:
    form = Form("T", "go", (Input("time", "Time"),), given=(("zone", "Berlin"),))
    known, asked = opened(form)["components"]
    assert (known["label"], known["component"]["value"]) == ("Zone", "Berlin")
    assert asked["component"]["custom_id"] == "time"


def test_the_three_styles_and_both_kinds_of_links() -> None:
    rows = (
        (Button("A", "a", Style.PRIMARY), Button("B", "b"), Button("C", "c", Style.DANGER)),
        (Link("Docs", "https://docs.python.org/3/"), Link("Add me", INVITE)),
    )
    for kind in ("", "note"):
        [body] = shown(Card("", "x", rows=rows, kind=kind))
        found = [part for part in walk(body["components"]) if part["type"] == 2]
        assert [part["style"] for part in found] == [1, 2, 4, 5, 5]
        assert [target for _, target in keys(body)][:4] == [
            *(f"{PREFIX}{name}" for name in "abc"),
            "https://docs.python.org/3/",
        ]
        assert found[4]["url"].startswith("https://discord.com/oauth2/authorize?client_id=4200")


@pytest.mark.parametrize("kind", ["", "note"])
def test_a_row_too_wide_goes_on_below(kind: str) -> None:
    row = tuple(Button(str(n), f"pick:{n}") for n in range(11))
    [body] = shown(Card("", "x", rows=(row,), kind=kind))
    rows = [part for part in walk(body["components"]) if part["type"] == 1]
    assert [len(each["components"]) for each in rows] == [5, 5, 1]


@pytest.mark.parametrize("kind", ["", "note"])
def test_a_discussion_is_one_more_button_of_the_first_row(kind: str) -> None:
    rows = ((Button("A", "a"),), (Button("B", "b"),))
    [body] = shown(Card("", "x", rows=rows, discuss="discuss:7", kind=kind))
    assert [label for label, _ in keys(body)] == ["A", "Discuss", "B"]


def test_pictures_and_files_come_with_the_first_message() -> None:
    card = Card("Long", "word " * 1000, rows=((Button("A", "a"),),), media=(PICTURE, LIST))
    first, last = shown(card)
    [gallery] = [part for part in walk(first["components"]) if part["type"] == 12]
    assert gallery["items"][0]["media"]["url"] == "attachment://week.png"
    assert gallery["items"][0]["description"] == "The week as bars"
    assert [each["filename"] for each in first["attachments"]] == ["week.png", "list.csv"]
    assert [keys(first), keys(last)] == [[], [("A", "d1:a")]]
    assert "attachments" not in last


def test_files_get_names_that_discord_leaves_as_they_are() -> None:
    names = ("../chart 1.png", "chart-1.png", "\u202e", "Ä=l.svg")
    media = tuple(Media(name, b"", "image/svg+xml", "") for name in names)
    [body] = shown(Card("", "x", media=media))
    found = [each["filename"] for each in body["attachments"]]
    assert found == ["chart-1.png", "2-chart-1.png", "file", "l.svg"]
    assert [part["type"] for part in walk(body["components"])][2:] == [13] * 4


@pytest.mark.parametrize("kind", ["", "note"])
@pytest.mark.parametrize("card", [Card(""), Card(" ", " \n"), Card("", fields=(("", ""),))])
def test_a_card_that_says_nothing_is_a_message_all_the_same(card: Card, kind: str) -> None:
    [body] = shown(Card(card.title, card.body, card.fields, kind=kind))
    assert words(body) == [EMPTY]


def test_news_too_long_for_a_text_comes_in_a_layout() -> None:
    for length, v2 in ((MAX_CONTENT, 0), (MAX_CONTENT + 1, V2)):
        [body] = shown(Card("", "x" * length, kind="note"))
        assert body.get("flags", 0) & V2 == v2


def test_news_with_more_rows_than_a_text_takes_come_in_a_layout() -> None:
    rows = tuple((Button(str(n), f"pick:{n}"),) for n in range(6))
    [body] = shown(Card("", "x", rows=rows, kind="note"))
    assert body["flags"] & V2


@pytest.mark.parametrize("length", range(3950, 4010))
def test_what_is_too_long_for_one_layout_goes_on_in_the_next(length: int) -> None:
    card = Card("T", "x" * length, rows=((Button("A", "a"),),), ping="77")
    bodies = shown(card)
    assert sum(text.count("x") for body in bodies for text in words(body)) == length
    assert all(sum(map(len, texts(body["components"]))) <= MAX_DISPLAY for body in bodies)
    assert [bool(keys(body)) for body in bodies] == [*[False] * (len(bodies) - 1), True]
    assert pinged(bodies) == [Mentions(roles=["77"]), *[Mentions()] * (len(bodies) - 1)]


def test_a_called_role_is_the_only_one_that_is_pinged() -> None:
    [body] = shown(Card("<@&5>", "@everyone \\<@&77\\> \\<@3\\>", ping="77"))
    assert pinged([body]) == [Mentions(roles=["77"])]
    [body] = shown(Card("T", ping="everyone"))
    assert pinged([body]) == [Mentions()]


def test_a_label_fits_a_button() -> None:
    [body] = shown(Card("", "x", rows=((Button("word " * 40, "a"), Button("\u200b\n", "b")),)))
    (first, _), (second, _) = keys(body)
    assert len(first) <= 80
    assert first.endswith("word…")
    assert second == EMPTY


@pytest.mark.parametrize("value", ["> quoted", "```python\nx = 1\n```"])
def test_a_field_that_begins_with_a_quote_or_a_block_shows_it_as_one(value: str) -> None:
    [body] = shown(Card("", fields=(("Said", value),)))
    assert {"quote", "block"} & styles(words(body)[0])
    assert [run.text for run in read(words(body)[0]) if run.styles == {"bold"}] == ["Said"]


def test_the_invitation_asks_for_what_is_needed_and_no_more() -> None:
    [body] = shown(Card("", "x", rows=((Link("Add me", INVITE),),)))
    [(_, address)] = keys(body)
    found = re.search(r"permissions=(\d+)", address)
    assert found is not None
    asked = {name for name, on in discord.Permissions(int(found[1])) if on}
    assert asked == set(
        "view_channel read_messages send_messages send_messages_in_threads "
        "create_public_threads embed_links attach_files read_message_history".split()
    ) & {name for name, _ in discord.Permissions.all()}
