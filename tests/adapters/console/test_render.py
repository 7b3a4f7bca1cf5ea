from __future__ import annotations

import io
import re
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from bot.adapters.console import render
from bot.chat.markup import block, escape
from bot.chat.view import Button, Card, Form, Input, Link, Media, Reply, Style

FULL = Card(
    "Databases · medium",
    "Explain the *N+1 query problem* and its solutions: `select_related`, `prefetch_related`, "
    "or something else.\n\n"
    "- a point that is so long that it has to go on in the line below, aligned with its text\n"
    "- a short one\n\n"
    "```python\nfor author in authors:\n\n    author.books.count()\n```\n"
    "Read [the docs](https://docs.python.org/3/). It is ||the ORM||.\n"
    "> your own words",
    (("Topic", "Databases"), ("So far", "no *answers* yet")),
    (
        (Button("Answer", "answer:1", Style.PRIMARY), Button("Hint", "hint:1")),
        (Link("Source", "https://example.org/n-plus-one"), Button("Drop", "drop", Style.DANGER)),
    ),
    (Media("week.png", b"", "image/png", "A heat map"), Media("a.py", b"", "text/plain", "")),
    kind="question",
)


def plain(lines: list[Text]) -> str:
    return "\n".join(line.plain for line in lines)


def test_a_card_reads_without_any_styling() -> None:
    assert (
        plain(render.card(FULL))
        == """\
  Databases · medium
    Explain the N+1 query problem and its solutions: `select_related`,
    `prefetch_related`, or something else.

    - a point that is so long that it has to go on in the line below, aligned
      with its text
    - a short one

      for author in authors:

          author.books.count()
    Read the docs (https://docs.python.org/3/). It is [hidden: type !show].
    > your own words

    Topic   Databases
    So far  no answers yet

    [picture: A heat map]
    [file: a.py]

    [1] Answer   [2] Hint
    [3] Drop
    Source: https://example.org/n-plus-one"""
    )


def test_long_names_of_fields_stand_above_their_values() -> None:
    card = Card("72 / 100", fields=(("✅ One query for the list, one more a row", '"a select"'),))
    assert plain(render.card(card)) == (
        '  72 / 100\n    ✅ One query for the list, one more a row\n      "a select"'
    )


def test_what_follows_a_sign_lines_up_behind_it() -> None:
    lines = render.card(Card("", "✅ " + "word " * 30))
    assert [line.plain[:9] for line in lines] == ["    ✅ wor", "       wo", "       wo"]


def test_an_address_is_never_broken() -> None:
    url = "https://example.org/" + "a" * 100
    lines = plain(render.card(Card("", rows=((Link("Read on", url),),)))).split("\n")
    assert lines == ["    Read on:", f"    {url}"]


def test_buttons_that_do_not_fit_go_on_in_the_next_line() -> None:
    row = tuple(Button(f"Choice number {n}", f"pick:{n}") for n in range(1, 7))
    lines = plain(render.card(Card("", rows=(row,)))).split("\n")
    assert len(lines) == 2
    assert lines[1].lstrip().startswith("[4] Choice number 4")


def test_too_long_a_line_of_code_is_cut_and_not_lost() -> None:
    code = "x" * 200
    lines = render.card(Card("", block(code)))
    assert "".join(line.plain.strip() for line in lines) == code
    assert max(line.cell_len for line in lines) <= 80


def test_a_form_is_shown_as_its_first_step() -> None:
    form = Form("Survey", "survey", (Input("years", "Years"), Input("why", "Why")))
    assert render.card_of(form).title == "Survey (1 of 2)"
    assert render.card_of(Reply(FULL)) is FULL


def test_where_a_picture_was_saved_is_told() -> None:
    lines = plain(render.card(FULL, saved=["out/001-week.png"]))
    assert "[picture: A heat map]\n    saved as out/001-week.png\n    [file: a.py]" in lines


def test_an_update_tells_only_the_field_that_changed() -> None:
    new = replace(FULL, fields=(FULL.fields[0], ("So far", "1 *answer*")))
    changed = render.changes(FULL, new)
    assert plain(render.update("#prep", new, changed)) == (
        "#prep · question updated: So far: 1 answer"
    )


def test_an_update_tells_a_line_that_was_added() -> None:
    assert render.changes(FULL, replace(FULL, body=f"{FULL.body}\n3 answered")) == ("3 answered",)


def test_an_update_never_tells_what_is_hidden() -> None:
    assert render.changes(FULL, replace(FULL, body=f"{FULL.body}\n\nIt was ||B||")) == (
        "It was [hidden: type !show]",
    )


def test_an_update_that_changes_nothing_visible_prints_nothing() -> None:
    assert render.update("#prep", FULL, render.changes(FULL, replace(FULL, kind="question"))) == []


@pytest.mark.parametrize(
    "new",
    [
        replace(FULL, title="Closed"),
        replace(FULL, rows=()),
        replace(FULL, fields=()),
        replace(FULL, body="one\ntwo\nthree\nfour"),
    ],
)
def test_another_card_is_printed_whole(new: Card) -> None:
    changed = render.changes(FULL, new)
    lines = render.update("#prep", new, changed)
    assert changed is None
    assert lines[0].plain == "#prep · question updated:"
    assert lines[1:] == render.card(new)


def test_of_a_question_from_before_a_restart_only_the_fields_are_news() -> None:
    assert render.changes(None, FULL) == ("Topic: Databases", "So far: no answers yet")
    assert render.changes(None, replace(FULL, kind="leaderboard")) is None


def test_an_echo_goes_on_further_in() -> None:
    lines = render.echo("ana, moderator in #prep", "word " * 20 + "\n    code")
    assert plain(lines) == (
        "ana, moderator in #prep> word word word word word word word word word word word\n"
        "    word word word word word word word word word\n"
        "        code"
    )


ANYTHING = st.text(
    st.one_of(
        st.characters(codec="utf-8"),
        st.sampled_from("\x1b\x9b\x07\x08\r\n\t\u202e\u2066\u200b\U000e0041[]|`*\\>("),
    ),
    max_size=60,
)


@st.composite
def cards(draw: st.DrawFn) -> Card:
    raw = draw(st.booleans())  # markup of our own, or other people's words passed through escape
    part = ANYTHING if raw else ANYTHING.map(escape)
    button = st.builds(Button, ANYTHING, st.just("hint:1"))
    link = st.builds(Link, ANYTHING, ANYTHING)
    media = st.builds(Media, ANYTHING, st.just(b""), st.just("image/png"), ANYTHING)
    return Card(
        draw(ANYTHING),
        draw(part) + draw(st.sampled_from(["", "\n" + block(draw(ANYTHING)), "||" + "x||"])),
        tuple(draw(st.lists(st.tuples(ANYTHING, part), max_size=3))),
        (tuple(draw(st.lists(st.one_of(button, link), max_size=3))),),
        tuple(draw(st.lists(media, max_size=2))),
    )


def harmless(text: str) -> bool:
    return not any(
        unicodedata.category(char) in ("Cc", "Cs") or char in "\u202e\u2066\u200b\U000e0041"
        for char in text
    )


@pytest.mark.unshowable
@given(cards(), cards(), ANYTHING, st.integers(40, 100))
def test_nothing_that_a_terminal_acts_on_gets_through(
    card: Card, other: Card, words: str, width: int
) -> None:
    lines = [
        *render.card(card, width, [words]),
        *render.update(words, other, render.changes(card, other), width),
        *render.update(words, replace(card, fields=other.fields), (), width),
        *render.echo(words, words, width),
        *render.paragraph(words, width),
    ]
    assert all(harmless(line.plain) for line in lines)


@pytest.mark.unshowable
@given(cards())
def test_a_styled_card_holds_no_more_than_its_own_styles(card: Card) -> None:
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, color_system="truecolor", markup=False)
    for line in render.card(card):
        console.print(line, soft_wrap=True, highlight=False)
    assert harmless(re.sub(r"\x1b\[[0-9;]*m", "", out.getvalue()).replace("\n", ""))


@given(st.text(max_size=300), st.integers(40, 100))
def test_no_line_is_wider_than_the_terminal(words: str, width: int) -> None:
    card = Card(words, escape(words), ((words, escape(words)),), ((Button(words, "hint:1"),),))
    lines = [*render.card(card, width), *render.paragraph(words, width)]
    assert all(cell_len(line.plain) <= width for line in lines)


@given(st.text(st.characters(codec="ascii", categories=["L", "N", "P"]), max_size=200))
def test_words_survive_wrapping(words: str) -> None:
    shown = "".join(line.plain for line in render.card(Card("", escape(words))))
    assert shown.replace(" ", "") == words.replace(" ", "")
