"""Long texts in messages that fit: nothing lost, nothing torn, and always taken by Telegram."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.telegram import pieces
from bot.adapters.telegram.pieces import MAX_UNITS, Piece, messages
from bot.chat.markup import Mark
from tests.adapters.telegram.sight import length, seen
from tests.telegram.markup import MOST_BYTES, MOST_ENTITIES, parse

FAMILY = "👩🏽‍👩🏽‍👧🏽‍👦🏽"
SIGNS = [FAMILY, "👍🏿", "❤️", "1️⃣", "🇩🇪", "🇺🇦", "é́", "नि", "ก็", "Z͑ͫ̓ͪ̂ͫ"]
"""Each is seen as one sign and made of several characters."""
WORDS = ["word", "a", "longer-word", "No.", "Really?", "x = 1", "&", "<b>", "日本語", "😀", *SIGNS]

words = st.sampled_from(WORDS)
gaps = st.sampled_from([" ", " ", " ", "\n", "\n\n", ". ", ""])
ascii_text = st.text(st.characters(exclude_categories=["C"], max_codepoint=0x7F), max_size=30)
wild_text = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Return a text, often one that is too long for a message."""
    parts = draw(st.lists(st.tuples(words | ascii_text | wild_text, gaps), min_size=1, max_size=12))
    return "".join(map("".join, parts)) * draw(st.sampled_from([1, 1, 3, 40, 150]))


marks = st.sampled_from([each for each in Mark if each is not Mark.LINK])


@st.composite
def runs(draw: st.DrawFn) -> list[Piece]:
    """Return pieces in any styles, often many."""
    found = []
    for _ in range(draw(st.integers(1, 6))):
        mark, text = draw(marks), draw(texts())
        extra = draw(st.sampled_from(["", "python", "c++"])) if mark is Mark.BLOCK else ""
        found.append(Piece(mark, text, extra))
    if draw(st.booleans()):
        found += [Piece(Mark.LINK, "a link", "https://example.org/?a=1&b=2")]
    return found * draw(st.sampled_from([1, 1, 1, 30]))


def bare(text: str) -> str:
    """Return a text without white space."""
    return re.sub(r"\s+", "", text)


def plain(html: str) -> str:
    """Return what a message says, with all its white space."""
    return parse(html)[0]


@settings(max_examples=40, deadline=None)
@given(runs())
def test_every_message_is_taken_and_nothing_but_white_space_is_lost(
    given_pieces: list[Piece],
) -> None:
    made = messages(given_pieces)
    for html in made:
        shown = seen(html)
        assert length(plain(html)) <= MAX_UNITS
        assert len(shown.marked) <= MOST_ENTITIES
        assert len(html.encode()) <= MOST_BYTES
    assert bare("".join(map(plain, made))) == bare("".join(each.text for each in given_pieces))


@settings(max_examples=40, deadline=None)
@given(runs())
def test_what_is_marked_stays_marked(given_pieces: list[Piece]) -> None:
    kinds = {Mark.BOLD: "bold", Mark.CODE: "code", Mark.BLOCK: "pre", Mark.SPOILER: "spoiler"}
    shown = [seen(html) for html in messages(given_pieces)]
    for mark, kind in kinds.items():
        wanted = "".join(each.text for each in given_pieces if each.mark is mark)
        assert bare("".join(part for each in shown for part in each.parts(kind))) == bare(wanted)


@settings(max_examples=40, deadline=None)
@given(texts(), st.integers(12, 300))
def test_only_white_space_around_cuts_goes(text: str, limit: int) -> None:
    made = list(map(plain, messages([Piece(Mark.TEXT, text)], limit)))
    place = 0
    for number, page in enumerate(made):
        assert length(page) <= limit
        skipped = text[place:].index(page)
        assert not text[place : place + skipped].strip()
        assert page == page.strip() or number not in (0, len(made) - 1)
        place += skipped + len(page)
    assert not text[place:].strip()


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from([*SIGNS, "a", " ", "語", "😀", "."]), min_size=1, max_size=40),
    st.sampled_from([1, 60]),
    st.integers(len(FAMILY) * 2, 120),
    st.sampled_from(list(Mark)),
)
def test_no_sign_is_ever_torn(signs: list[str], times: int, limit: int, mark: Mark) -> None:
    made = messages([Piece(mark, "".join(signs) * times, "https://a.example")], limit)
    assert [sign for page in made for sign in _signs(plain(page))] == _signs(
        "".join(s for s in signs if s.strip()) * times
    )


def _signs(text: str) -> list[str]:
    """Return the signs of a text that is made of the above, without white space."""
    known = "|".join(map(re.escape, sorted(SIGNS, key=len, reverse=True)))
    return re.findall(rf"{known}|\S", text)


@pytest.mark.parametrize(
    ("sign", "count"),
    [("👩‍" * 3000, 1), ("e" + "\u0301" * 5000, 1), ("😀", 3000), ("\u20ac", 9000)],
)
def test_even_a_sign_that_is_too_long_comes_through(sign: str, count: int) -> None:
    made = messages([Piece(Mark.TEXT, "Hello. "), Piece(Mark.BOLD, sign * count)])
    assert "".join(seen(page).text for page in made).replace("Hello.", "").strip() == sign * count


def test_a_sign_that_fits_a_message_is_not_torn_to_fill_the_one_before() -> None:
    sign = "e" + "\u0301" * 2000
    first, second = messages([Piece(Mark.TEXT, "a" * 3000), Piece(Mark.TEXT, sign)])
    assert (first, second) == ("a" * 3000, sign)


@pytest.mark.parametrize("size", [1, 1700, 1800, 1900, 2047, 2048, 4096, 9000])
@pytest.mark.parametrize("sign", ["&", "<", ">", '"', "€", "😀", "&\u0301"])
@pytest.mark.parametrize("mark", [Mark.TEXT, Mark.BLOCK])
def test_what_grows_when_it_is_written_as_markup_still_fits(
    sign: str, size: int, mark: Mark
) -> None:
    made = messages([Piece(Mark.BOLD, "Title"), Piece(Mark.TEXT, "\n"), Piece(mark, sign * size)])
    for html in made:
        seen(html)
    assert bare("".join(map(plain, made))) == "Title" + sign * size


@pytest.mark.parametrize("text", ["a", "語", "語" * 32, "&" * 18, "語" * 45])
@pytest.mark.parametrize("mark", [Mark.BOLD, Mark.BLOCK, Mark.LINK])
def test_many_marks_are_shared_out_between_messages(text: str, mark: Mark) -> None:
    run = [Piece(mark, text, "https://a.example/?b=1&c=2"), Piece(Mark.TEXT, " ")] * 250
    made = messages(run)
    assert sum(len(seen(html).marked) for html in made) == 250


@pytest.mark.parametrize(
    ("between", "limit"),
    [("\n\n", 100), ("\n", 100), (". ", 100), (" ", 100)],
)
def test_the_cut_is_where_a_reader_would_pause(between: str, limit: int) -> None:
    part = "twelve-chars"
    made = messages([Piece(Mark.TEXT, between.join([part] * 60))], limit)
    whole = part + between.strip()
    for page in made[:-1]:
        assert page.endswith(whole), page
        assert length(page) >= limit // 2
    assert all(page.startswith(part) for page in made)


def test_a_paragraphs_end_is_better_than_a_sentences_and_that_better_than_a_words() -> None:
    text = "one two. three four\nfive six. seven eight\n\nnine ten. eleven\ntwelve fourteen fifteen"
    assert messages([Piece(Mark.TEXT, text)], 70) == [
        "one two. three four\nfive six. seven eight",
        "nine ten. eleven\ntwelve fourteen fifteen",
    ]
    assert messages([Piece(Mark.TEXT, text)], 40)[0] == "one two. three four"
    assert messages([Piece(Mark.TEXT, "one two. three four five")], 18)[0] == "one two."
    assert messages([Piece(Mark.TEXT, "one two three four five")], 18)[0] == "one two three"


def test_code_is_cut_at_lines_and_stays_code_in_its_language() -> None:
    lines = [f"    call_{n}(argument, other)  # x. y: z" for n in range(400)]
    made = messages([Piece(Mark.TEXT, "See:\n"), Piece(Mark.BLOCK, "\n".join(lines), "python")])
    assert len(made) > 2
    found = []
    for html in made:
        assert html.endswith("</code></pre>")
        assert html.count('<pre><code class="language-python">') == 1
        [block] = re.findall(r'<code class="language-python">(.*)</code>', html, re.DOTALL)
        found += unescape(block).strip("\n").split("\n")
    assert found == lines


def test_an_empty_text_makes_no_message() -> None:
    assert messages([]) == []
    assert (
        messages([Piece(Mark.TEXT, " \n "), Piece(Mark.BOLD, "\t"), Piece(Mark.BLOCK, "\n")]) == []
    )


def test_as_few_messages_are_made_as_hold_it() -> None:
    assert len(messages([Piece(Mark.TEXT, "a" * MAX_UNITS)])) == 1
    assert len(messages([Piece(Mark.TEXT, "a" * (MAX_UNITS + 1))])) == 2
    assert len(messages([Piece(Mark.TEXT, "one word more " * 2926)])) == 11


class Meter:
    """Counts how many characters pass through the functions that look at texts."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.work = 0
        for name in ("units", "_html", "_clip", "_cuts_a_sign"):
            patch.setattr(pieces, name, self._counted(getattr(pieces, name)))

    def _counted(self, of: Callable[..., Any]) -> Callable[..., Any]:
        def counted(text: str | Piece, *args: Any, **named: Any) -> Any:
            size = len(text.text if isinstance(text, Piece) else text)
            # Of a text that is to be cut only the head is looked at; of a place, its surroundings.
            self.work += {"_clip": min(size, MAX_UNITS), "_cuts_a_sign": 1}.get(of.__name__, size)
            return of(text, *args, **named)

        return counted


@pytest.mark.parametrize(
    "part",
    ["a", "word ", "&", "😀", "e\u0301\u0301", "🇩🇪", "line\n", "One. ", " "],
)
def test_the_work_grows_with_the_length_and_not_with_its_square(part: str) -> None:
    def work(size: int) -> int:
        text = (part * (size // len(part) + 1))[:size]
        with pytest.MonkeyPatch.context() as patch:
            meter = Meter(patch)
            messages([Piece(Mark.TEXT, text)])
        return meter.work

    short, long = work(100_000), work(400_000)
    assert long <= 4.4 * short
    assert short <= 40 * 100_000


def test_many_small_pieces_cost_no_more_than_their_number() -> None:
    def work(count: int) -> int:
        run = [Piece(Mark.BOLD if n % 2 else Mark.TEXT, "ab ") for n in range(count)]
        with pytest.MonkeyPatch.context() as patch:
            meter = Meter(patch)
            messages(run)
        return meter.work

    assert work(4_000) <= 4.4 * work(1_000)


def test_the_signs_of_these_tests_are_what_they_say() -> None:
    assert all(len(sign) > 1 for sign in SIGNS)
    assert any(unicodedata.combining(each) for sign in SIGNS for each in sign)
