"""Words and markup in Discord's Markdown, as its apps read them."""

from __future__ import annotations

import string
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.adapters.discord.markdown import FENCE, JOINER, escaped, markdown, plain_text
from bot.adapters.discord.parts import parts
from bot.chat.markup import block, code, escape, prose, visible
from tests.adapters.discord.reading import LIVE, Run, read, seen, styles
from tests.discord.rules.mentions import Mentions, mentions_in

QUICK = settings(deadline=None, max_examples=150)
LONG_S = 1.0

HOSTILE = [
    "**bold** *it* _it_ __under__ ~~gone~~ ***all***",
    "||spoiler|| |||| || a",
    "# head\n## head\n### head\n-# small\n  # head",
    "- # head\n- -# small\n- - # head\n* # head",
    "- one\n* two\n1. three\n10. ten\n+ plus",
    "> quote\n>>> rest\n > quote",
    "```py\nprint(1)\n``` `code` ``co`de`` ` `` ```",
    "<@1> <@!1> <@&1> <#1> @everyone @here </cmd:1> <id:guide>",
    "<:emoji:1> <a:emoji:1> :smile: :+1: a[:b:2] :a::b:",
    "<t:1> <t:1:R>",
    "[x](https://evil.example) [x](<https://evil.example>) [x]( https://evil.example)",
    "https://evil.example http://evil.example <https://evil.example> discord://-/channels/@me",
    "discord.gg/evil DISCORD.GG/evil discord.com/invite/evil discordapp.com/invite/evil",
    "<mailto:a@b.org> <+491234> steam://run/1",
    "\\*\\`\\\\||\\[ \\> \\ \\\n\\",
    "@\u200beveryone @\u2060here <\u200b@1> htt\u200dps://evil.example",
    "\u202eright to left\u202c \u2066isolated\u2069",
    "nul \x00 bell \x07 esc \x1b[31m",
    "\ud800 half \udfff",
    "👩🏽‍💻 e\u0301 Z\u0351\u036b 漢字 ﷽ 🇩🇪",
    r"¯\_(ツ)_/¯ snake_case __init__ 2*3*4 a<b>c x|y||z",
    "\n\n \t x \r\n y \r",
]
WORDS = (
    st.sampled_from(HOSTILE)
    | st.lists(st.sampled_from(HOSTILE), min_size=2, max_size=3).map(" ".join)
    | st.text(max_size=80)
    | st.text(st.sampled_from("*_~|`<>[]()\\@#-:/.1 \nahe"), max_size=80)
)
"""What people may type."""
MARKED = st.lists(
    st.one_of(
        WORDS.map(escape),
        WORDS.map(code),
        WORDS.map(prose),
        WORDS.map(lambda text: f"*{escape(' '.join(text.split()))}*"),
        WORDS.map(lambda text: f"||{escape(text)}||"),
        WORDS.map(lambda text: f"\n> {escape(' '.join(text.split()))}\n"),
        WORDS.map(lambda text: f"\n{block(text, 'python')}\n"),
        WORDS.map(lambda text: f"[{escape(' '.join(text.split())[:20])}](https://a.example)"),
        st.sampled_from(["- ", "\n", " ", "\n\n", "1. ", "# "]),
    ),
    max_size=12,
).map("".join)
"""Bodies of ours, with what people typed in them."""


def letters(runs: list[Run]) -> list[tuple[str, frozenset[str]]]:
    """Return what is read letter by letter, less white space and what is invisible."""
    return [
        (letter, run.styles - {"list"})
        for run in runs
        for letter in run.text
        if not letter.isspace() and letter not in f"{JOINER}-"
    ]


def bare(text: str) -> str:
    """Return what is read of a text, less white space and the dashes of lists."""
    return "".join(visible(text).replace(JOINER, "").replace("-", "").split())


@QUICK
@given(text=WORDS)
@example("*" * 10_000)
@example("@everyone" * 1_000)
@example("- # a")
@example("a:b:c")
def test_what_people_type_is_read_as_they_typed_it(text: str) -> None:
    for shown in (markdown(escape(text)), plain_text(text)):
        assert styles(shown) <= {"list"}, shown
        assert bare(seen(shown)) == bare(text)
        assert mentions_in(shown) == Mentions()


@pytest.mark.parametrize("text", HOSTILE)
def test_the_hostile_words_would_do_harm_if_they_were_let_through(text: str) -> None:
    harmless = ("\u202e", "nul", "\ud800", "👩", "\n\n", "@\u200b", "\\*")
    assert bool(styles(text)) is not text.startswith(harmless)


@QUICK
@given(text=WORDS.filter(str.strip))
def test_our_marks_are_the_only_ones(text: str) -> None:
    line = " ".join(visible(text).split())
    if not line:
        return
    for body, style in (
        (f"*{escape(line)}*", "bold"),
        (f"||{escape(line)}||", "spoiler"),
        (f"> {escape(line)}", "quote"),
        (code(line), "code"),
        (block(line), "block"),
    ):
        runs = read(markdown(body))
        shown = {run.styles - {"list"} for run in runs if run.text.strip(f" \n{JOINER}")}
        assert shown == {frozenset({style})}
        told = "".join(run.text for run in runs).replace("'", "`")
        assert bare(told) == bare(line.replace("'", "`"))


@QUICK
@given(words=WORDS)
def test_a_link_of_ours_leads_where_we_say(words: str) -> None:
    label = escape(" ".join(visible(words).split())) or "docs"
    for address in ("https://docs.python.org/3/", "https://a.example/?q=<x>&y=1"):
        runs = read(markdown(f"see [{label}]({address}) there"))
        assert {name for run in runs for name in run.styles} == {"masked"}


def test_marks_that_touch_stay_apart() -> None:
    assert [run.styles for run in read(markdown("*a**b*`c``d`"))] == [
        frozenset({"bold"}),
        frozenset(),
        frozenset({"bold"}),
        frozenset({"code"}),
        frozenset(),
        frozenset({"code"}),
    ]


def test_a_spoiler_over_lines_hides_each_of_them() -> None:
    assert markdown("||one\n\ntwo||") == "||one||\n\n||two||"


@pytest.mark.parametrize("inside", ["````", "x ``` y", "```` ```", "``"])
def test_nothing_in_a_block_closes_it(inside: str) -> None:
    body = f"```python\nprint(1) {inside}\n```\n*after*"
    first, *rest = read(markdown(body))
    assert first.styles == {"block"}
    assert [run.text for run in rest if run.text.strip()] == ["after"]
    assert rest[-1].styles == {"bold"}


def test_a_block_of_nothing_is_left_out() -> None:
    assert markdown("```\n\n\n```\nafter") == "\nafter"


@settings(deadline=None, max_examples=100)
@given(body=MARKED, limit=st.integers(240, 700))
@example("word " * 300, 240)
@example(f"*{'word ' * 300}x*", 240)
@example("# a " * 200, 240)
@example("- 1. > -# " * 90, 240)
@example(f"||{'x' * 900}||", 241)
@example(f"`{'x y' * 300}`", 243)
@example(f"```python\n{'x = 1; ' * 99}\n\n\ny\n```\n*after*", 240)
def test_parts_say_what_the_whole_says_in_the_same_style(body: str, limit: int) -> None:
    whole = markdown(body)
    found = parts(whole, limit)
    assert all(0 < len(part) <= limit for part in found)
    assert [x for part in found for x in letters(read(part))] == letters(read(whole))


@settings(deadline=None, max_examples=40)
@given(
    lines=st.lists(st.text(string.ascii_letters + " ", min_size=1, max_size=90), max_size=60),
    room=st.integers(0, 40),
)
def test_code_is_code_in_every_part(lines: list[str], room: int) -> None:
    body = f"before\n{block(chr(10).join(lines) or 'x', 'python')}\nafter"
    limit = 200 + room
    found = parts(markdown(body), limit)
    for part in found:
        assert part.count(FENCE) % 2 == 0
        assert FENCE not in seen(part)
        assert f"{FENCE}python\n{FENCE}" not in part
    assert [x for part in found for x in letters(read(part))] == letters(read(markdown(body)))


@pytest.mark.parametrize("letter", ["e\u0301", "Z\u0351\u036b\u0301", "👍🏽", "\\*", "कि"])
@pytest.mark.parametrize("before", range(4))
def test_a_letter_is_not_cut(letter: str, before: int) -> None:
    found = parts("x" * before + letter * 200, 240)
    assert len(found) > 1
    for part in found:
        assert not part.lstrip("x").replace(letter, "")


def test_more_accents_than_fit_are_cut_all_the_same() -> None:
    found = parts("e" + "\u0301" * 900, 200)
    assert all(len(part) <= 200 for part in found)
    assert sum(map(len, found)) == 901


def test_a_link_longer_than_a_part_is_cut_between_letters() -> None:
    found = parts(markdown(f"[{escape('*' * 300)}](https://a.example)"), 200)
    assert all(len(part) <= 200 for part in found)
    assert sum(part.count("\\*") for part in found) == 300


def test_words_are_cut_between_them() -> None:
    assert all(part.split() == ["word"] * len(part.split()) for part in parts("word " * 900, 200))


@pytest.mark.parametrize("body", ["", " ", "\n\n \n", "\u2060"])
def test_nothing_has_no_parts_that_are_blank(body: str) -> None:
    assert all(part.strip() for part in parts(body, 200))


@pytest.mark.parametrize(
    "text",
    ["*", "_", "|", "`", "||", "\n", " ", "\\", "[", "<@", ":a", "# ", "- ", "> ", "a\n", "```\n"],
)
def test_any_words_take_little_time(text: str) -> None:
    many = text * (20_000 // len(text))
    begin = time.perf_counter()
    parts(escaped(many), 4000)
    parts(markdown(many), 4000)
    parts(markdown(f"*{escape(many)}*"), 4000)
    parts(many, 4000)
    assert time.perf_counter() - begin < LONG_S


def test_what_is_live_is_known_to_the_reader() -> None:
    assert styles("<@1> https://a.example :smile: <t:1>") == set(LIVE)
