"""Our Markdown subset as tokens, which each renderer turns into its platform's own markup.

The subset: *bold*, `code`, fenced blocks, [label](https://...), ||spoiler||, and > at the start of
a line for a quote. A backslash takes a character's meaning away. What people type is passed through
`escape`, so it can neither break the markup nor forge any.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

_SPECIAL = re.compile(r"([\\*`|\[\]()>~_#])")
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff\ud800-\udfff]"
)


class Mark(StrEnum):
    """What a token is."""

    TEXT = "text"
    BOLD = "bold"
    CODE = "code"
    BLOCK = "block"
    LINK = "link"
    SPOILER = "spoiler"
    QUOTE = "quote"


@dataclass(frozen=True, slots=True)
class Token:
    """A run of text in one style; `extra` is a link's address or a block's language."""

    mark: Mark
    text: str
    extra: str = ""


# Each alternative looks at a character once: an opening mark's search ends at the next such mark or
# at the closing one, so hostile text costs no more than its length.
_BLOCK = r"^```(?P<language>[\w+-]*)\n(?P<block>(?:(?!```)[^\n]*\n)+)```[ \t]*$"
_WITHIN_A_LINE = (
    r"\\(?P<char>[^\w\s]|_)"
    r"|`(?P<code>[^`\n]+)`"
    r"|\*(?P<bold>(?=\S)(?:\\.|[^*\n\\])+?(?<=\S))\*"
    r"|\|\|(?P<spoiler>(?:\\.|[^\\])+?)\|\|"
    r"|\[(?P<label>(?:\\.|[^\[\]\n\\])+)\]\((?P<url>https://[^\s()\\]+)\)"
)
_QUOTE = r"^> (?P<quote>[^\n]*)"
_TOKEN = re.compile(f"{_BLOCK}|{_WITHIN_A_LINE}|{_QUOTE}", re.DOTALL | re.MULTILINE)
_INNER = re.compile(_WITHIN_A_LINE, re.DOTALL)


def tokens(body: str) -> tuple[Token, ...]:
    """Return the runs of `body`; neighbouring plain runs are joined."""
    return _tokens(_TOKEN, body)


def escape(text: str) -> str:
    """Return `text` such that `tokens` gives it back as plain text, less invisible characters."""
    return _SPECIAL.sub(r"\\\1", visible(text))


def code(text: str) -> str:
    """Return `text` as inline code; backticks and line breaks in it become quotes and spaces."""
    inner = " ".join(visible(text).replace("`", "'").split())
    return f"`{inner}`" if inner else ""


def block(text: str, language: str = "") -> str:
    """Return `text` as a fenced block that nothing inside it can close."""
    inner = visible(text).strip("\n").replace("```", "'''")
    return f"```{language}\n{inner}\n```"


def prose(text: str) -> str:
    """Return text of the bank: its inline `code` stays, all else is plain."""
    parts = re.split(r"(`[^`\n]+`)", visible(text).strip())
    return "".join(part if n % 2 else escape(part) for n, part in enumerate(parts))


def plain(body: str) -> str:
    """Return `body` without its markup."""
    return "".join(token.text for token in tokens(body))


def visible(text: str) -> str:
    """Return `text` without control, zero-width, bidi and tag characters or lone surrogates."""
    return _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def storable(text: str) -> str:
    """Return `text` as every database can keep it: no NUL, no lone surrogates."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _tokens(pattern: re.Pattern[str], body: str) -> tuple[Token, ...]:
    found: list[Token] = []
    plain_run: list[str] = []
    place = 0

    def end_run() -> None:
        if text := "".join(plain_run):
            found.append(Token(Mark.TEXT, text))
        plain_run.clear()

    for match in pattern.finditer(body):
        plain_run.append(body[place : match.start()])
        place = match.end()
        token = _token(match)
        if token.mark is Mark.TEXT:
            plain_run.append(token.text)
        elif token.text:
            end_run()
            found.append(token)
    plain_run.append(body[place:])
    end_run()
    return tuple(found)


def _token(found: re.Match[str]) -> Token:
    match found.lastgroup:
        case "char":
            return Token(Mark.TEXT, found["char"])
        case "block":
            return Token(Mark.BLOCK, found["block"].removesuffix("\n"), found["language"])
        case "code":
            return Token(Mark.CODE, found["code"])
        case "bold":
            return Token(Mark.BOLD, _unescape(found["bold"]))
        case "spoiler":
            return Token(Mark.SPOILER, _flat(found["spoiler"]))
        case "url":
            return Token(Mark.LINK, _unescape(found["label"]), found["url"])
        case _:
            return Token(Mark.QUOTE, _flat(found["quote"]))


def _flat(inside: str) -> str:
    """Return a quote's or a spoiler's text; no block or quote opens in it: nothing nests deep."""
    return "".join(token.text for token in _tokens(_INNER, inside))


def _unescape(text: str) -> str:
    return re.sub(r"\\([^\w\s]|_)", r"\1", text)
