import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.markup import (
    Mark,
    Token,
    block,
    code,
    escape,
    plain,
    prose,
    storable,
    tokens,
    visible,
)

MARKS = "\\*`|[]()>~_# \nab-:/.https"
TEXTS = st.text() | st.text(MARKS) | st.text("\\*`|[]() >\n")


@given(TEXTS)
def test_escaped_text_reads_as_it_was_written(text: str) -> None:
    assert plain(escape(text)) == visible(text)


@given(TEXTS)
def test_escaped_text_forges_no_markup(text: str) -> None:
    assert {token.mark for token in tokens(escape(text))} <= {Mark.TEXT}


@given(TEXTS, TEXTS)
def test_escaped_text_cannot_reach_out_of_the_line_it_stands_in(first: str, second: str) -> None:
    body = f"{escape(first)}\n*ours*\n{escape(second)}"
    assert [token for token in tokens(body) if token.mark is not Mark.TEXT] == [
        Token(Mark.BOLD, "ours")
    ]


@given(TEXTS.filter(lambda text: visible(text).strip() != ""))
def test_escaped_text_in_a_spoiler_stays_in_the_spoiler(text: str) -> None:
    assert tokens(f"||{escape(text)}||") == (Token(Mark.SPOILER, visible(text)),)


@pytest.mark.parametrize(
    ("body", "mark", "text", "extra"),
    [
        ("*bold*", Mark.BOLD, "bold", ""),
        ("*two words*", Mark.BOLD, "two words", ""),
        (r"*a\*b*", Mark.BOLD, "a*b", ""),
        ("`a*b*`", Mark.CODE, "a*b*", ""),
        (r"`\n`", Mark.CODE, r"\n", ""),
        ("```python\nx = 1\n```", Mark.BLOCK, "x = 1", "python"),
        ("```\na\n\nb\n```", Mark.BLOCK, "a\n\nb", ""),
        ("```c++\n*a*\n```  ", Mark.BLOCK, "*a*", "c++"),
        ("[docs](https://docs.python.org/3/)", Mark.LINK, "docs", "https://docs.python.org/3/"),
        (r"[a\]b](https://example.org)", Mark.LINK, "a]b", "https://example.org"),
        ("||secret||", Mark.SPOILER, "secret", ""),
        ("||two\nlines||", Mark.SPOILER, "two\nlines", ""),
        ("||with *bold* in it||", Mark.SPOILER, "with bold in it", ""),
        ("> quoted", Mark.QUOTE, "quoted", ""),
        ("> with *bold* in it", Mark.QUOTE, "with bold in it", ""),
    ],
)
def test_each_mark_is_read_as_documented(body: str, mark: Mark, text: str, extra: str) -> None:
    assert tokens(body) == (Token(mark, text, extra),)


@pytest.mark.parametrize(
    "body",
    [
        "2 * 3 * 4",
        "* a list",
        "*not\nbold*",
        "*",
        "**",
        "`",
        "``",
        "`not\ncode`",
        "a > b",
        ">tight",
        "||",
        "||||",
        "a || b",
        "```python\nnever closed",
        "```\n```",
        "[label]",
        "[label](",
        "[](https://example.org)",
        "snake_case_name",
        "#heading",
        "~~struck~~",
    ],
)
def test_what_is_not_quite_a_mark_is_text(body: str) -> None:
    assert tokens(body) == (Token(Mark.TEXT, body),)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org",
        "javascript:alert(1)",
        "HTTPS://example.org",
        "//example.org",
        "tg://resolve",
        "https://",
        "https://a b",
        "https://a(b)c",
    ],
)
def test_a_link_goes_to_https_only(url: str) -> None:
    assert all(token.mark is not Mark.LINK for token in tokens(f"[here]({url})"))


def test_marks_stand_side_by_side_in_their_order() -> None:
    body = "> quote\n*bold* and `code`, ||s||\n```sql\nSELECT 1\n```\n[l](https://e.org)."
    assert [(token.mark, token.text) for token in tokens(body)] == [
        (Mark.QUOTE, "quote"),
        (Mark.TEXT, "\n"),
        (Mark.BOLD, "bold"),
        (Mark.TEXT, " and "),
        (Mark.CODE, "code"),
        (Mark.TEXT, ", "),
        (Mark.SPOILER, "s"),
        (Mark.TEXT, "\n"),
        (Mark.BLOCK, "SELECT 1"),
        (Mark.TEXT, "\n"),
        (Mark.LINK, "l"),
        (Mark.TEXT, "."),
    ]


@given(st.text("*`|[]()> \nab\\", max_size=60) | st.text(max_size=60))
def test_nested_and_unbalanced_marks_lose_no_letter(body: str) -> None:
    shown = "".join(token.text + token.extra for token in tokens(body))
    assert sorted(filter(str.isalnum, shown)) == sorted(filter(str.isalnum, body))


def test_a_quote_in_a_quote_keeps_its_sign_however_deep() -> None:
    assert tokens("> > a") == (Token(Mark.QUOTE, "> a"),)
    assert plain("> " * 10_000 + "a") == "> " * 9_999 + "a"


HOSTILE = {
    "brackets": "[",
    "brackets and escapes": "[\\[",
    "half links": "[a](https://",
    "stars": "*a ",
    "stars and escapes": "*\\*",
    "escapes": "\\*",
    "backslashes": "\\",
    "backslashes and breaks": "*a\\\n",
    "pipes": "|",
    "spoilers left open": "||\\|",
    "ticks": "`a",
    "blocks left open": "```a\n",
    "blocks": "```\n",
    "quotes": "> ",
    "quote lines": "> *\n",
}


@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("read", [tokens, escape, prose, visible, code])
def test_a_hundred_thousand_hostile_characters_cost_no_more_than_their_number(
    unit: str, read: object
) -> None:
    assert callable(read)

    def cost(length: int) -> float:
        text = unit * (length // len(unit))
        times = []
        for _ in range(3):
            started = time.process_time()
            read(text)
            times.append(time.process_time() - started)
        return min(times)

    short, long = cost(12_500), cost(100_000)
    # Eight times the text: linear is 8, quadratic 64. Below a hundredth of a second is noise.
    assert long < 0.01 or long < 30 * short


@given(TEXTS)
def test_code_is_one_token_with_nothing_else_beside_it(text: str) -> None:
    made = tokens(code(text))
    assert made == () or (len(made) == 1 and made[0].mark is Mark.CODE)
    assert bool(made) == bool(visible(text).strip())


@given(TEXTS, st.sampled_from(["", "python", "sql", "c++"]))
def test_nothing_inside_a_block_can_close_it(text: str, language: str) -> None:
    inner = visible(text).strip("\n").replace("```", "'''")
    made = tokens(block(text, language))
    assert made == ((Token(Mark.BLOCK, inner, language),) if inner else ())


@pytest.mark.parametrize(
    "inside", ["```", "a\n```\nb", "a\n```  \n*b*", "a\n````", "```sql\na\n```"]
)
def test_a_fence_inside_a_block_closes_nothing(inside: str) -> None:
    (made,) = tokens(block(inside, "python"))
    assert made == Token(Mark.BLOCK, inside.replace("```", "'''"), "python")


@given(TEXTS, TEXTS)
def test_what_follows_a_block_is_outside_it(inside: str, after: str) -> None:
    made = tokens(f"{block('x' + inside)}\n{escape('y' + after)}")
    assert [token.mark for token in made] == [Mark.BLOCK, Mark.TEXT]


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("Explain *args and **kwargs.", [(Mark.TEXT, "Explain *args and **kwargs.")]),
        ("What is __str__ for?", [(Mark.TEXT, "What is __str__ for?")]),
        ("a || b > c", [(Mark.TEXT, "a || b > c")]),
        (
            "Use `*args` and *kwargs*",
            [(Mark.TEXT, "Use "), (Mark.CODE, "*args"), (Mark.TEXT, " and *kwargs*")],
        ),
        ("`a` `b`", [(Mark.CODE, "a"), (Mark.TEXT, " "), (Mark.CODE, "b")]),
        ("an odd ` tick", [(Mark.TEXT, "an odd ` tick")]),
        ("```a```", [(Mark.TEXT, "``"), (Mark.CODE, "a"), (Mark.TEXT, "``")]),
        ("[x](https://e.org)", [(Mark.TEXT, "[x](https://e.org)")]),
    ],
)
def test_prose_keeps_inline_code_and_nothing_else(text: str, marks: list[tuple[Mark, str]]) -> None:
    assert [(token.mark, token.text) for token in tokens(prose(text))] == marks


@given(TEXTS)
def test_prose_has_text_and_code_only_and_shows_every_character_but_the_ticks(text: str) -> None:
    made = tokens(prose(text))
    assert {token.mark for token in made} <= {Mark.TEXT, Mark.CODE}
    shown = "".join(token.text for token in made)
    assert shown.replace("`", "") == visible(text).strip().replace("`", "")


@given(st.text())
def test_visible_text_holds_nothing_that_cannot_be_seen_and_stays_as_it_is(text: str) -> None:
    shown = visible(text)
    assert visible(shown) == shown
    assert not {unicodedata.category(char) for char in shown if char not in "\n\t"} & {"Cc", "Cs"}


@pytest.mark.parametrize(
    "char",
    [
        "\u200b",
        "\u200d",
        "\u202e",
        "\u2066",
        "\ufeff",
        "\u00ad",
        "\u034f",
        "\U000e0041",
        "\U000e0100",
        "\ud800",
        "\x1b",
        "\x00",
    ],
)
def test_an_invisible_character_is_taken_out_everywhere(char: str) -> None:
    assert visible(f"a{char}b") == "ab"
    assert escape(f"a{char}b") == "ab"
    assert code(f"a{char}b") == "`ab`"
    assert prose(f"a{char}b `c{char}d`") == "ab `cd`"
    assert char not in block(f"a{char}b")


def test_line_breaks_of_every_system_become_one_kind() -> None:
    assert visible("a\r\nb\rc\nd\te") == "a\nb\nc\nd\te"


@given(st.text())
def test_storable_text_can_be_written_as_utf_8_and_holds_no_nul(text: str) -> None:
    kept = storable(text)
    assert kept.encode().decode() == kept
    assert "\x00" not in kept
    if text.isprintable():
        assert kept == text
