"""Our markup -> Discord's Markdown, in texts that fit. Pure.

What people typed stays what they typed: nothing in it is bold, a link, a mention or a heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.chat.markup import Mark, Token, tokens, visible

JOINER = "\u2060"
"""Invisible; behind an at sign or a colon it keeps Discord from finding a mention or a link."""

_SPECIAL = re.compile(r"[\\*_~|`<>\[\]]")
_LINE_START = re.compile(r"^(\s*)(#{1,3}(?= )|-#|\d+(?=\. ))", re.MULTILINE)
_FOUND = re.compile(r"@(?=everyone|here)|:(?=//)")
_FENCE = "```"


def markdown(body: str) -> str:
    """Return a body of ours as Discord's Markdown."""
    return "".join(map(_mark, tokens(body)))


def plain_text(text: str) -> str:
    """Return words without markup such that Discord shows just them, on one line."""
    return escaped(" ".join(visible(text).split()))


def escaped(text: str) -> str:
    """Return text in which Discord finds no markup, no mention and no link."""
    text = _SPECIAL.sub(r"\\\g<0>", text)
    text = _LINE_START.sub(_without_meaning, text)
    return _FOUND.sub(rf"\g<0>{JOINER}", text)


def parts(text: str, limit: int) -> list[str]:
    """Return text in as few parts of at most `limit` characters as its lines allow.

    A code block that is cut is closed and opened again; nothing else of ours spans lines.
    """
    found: list[str] = []
    lines: list[str] = []
    fence = ""

    def size(more: Iterable[str]) -> int:
        return sum(len(line) + 1 for line in more) + len(_FENCE)

    def end() -> None:
        if any(line.strip() for line in lines):
            closing = [_FENCE] if fence else []
            found.append("\n".join([*lines, *closing]).strip("\n"))
        lines[:] = [fence] if fence else []

    for whole in text.split("\n"):
        for line in _cut(whole, limit - 2 * len(_FENCE) - len(fence) - 2):
            if lines and size([*lines, line]) > limit:
                end()
            lines.append(line)
            if line.startswith(_FENCE):
                fence = "" if fence else line
    fence = ""
    end()
    return found


def _cut(line: str, limit: int) -> list[str]:
    """Return a line in pieces of at most `limit` characters, cut at spaces where there are any."""
    found = []
    while len(line) > limit:
        space = line.rfind(" ", limit // 2, limit)
        at = space if space > 0 else limit
        while space <= 0 and at > 1 and line[at - 1] == "\\":
            at -= 1  # never between a backslash and what it escapes
        found.append(line[:at])
        line = line[at:].removeprefix(" ")
    return [*found, line]


def _mark(token: Token) -> str:
    text = token.text
    match token.mark:
        case Mark.TEXT:
            return escaped(text)
        case Mark.BOLD:
            return f"**{escaped(text)}**"
        case Mark.CODE:
            return f"`{text}`"
        case Mark.BLOCK:
            return f"{_FENCE}{token.extra}\n{text.replace(_FENCE, _FENCE[:2])}\n{_FENCE}"
        case Mark.LINK:
            return f"[{escaped(text)}](<{token.extra}>)"
        case Mark.SPOILER:
            return f"||{escaped(text)}||"
        case Mark.QUOTE:
            return f"> {escaped(text)}"


def _without_meaning(found: re.Match[str]) -> str:
    space, sign = found[1], found[2]
    # "1. " would begin a list that Discord numbers anew, and places on a board can be shared.
    return f"{space}{sign}\\" if sign.isdecimal() else f"{space}\\{sign}"
