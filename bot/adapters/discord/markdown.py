"""Our markup -> Discord's Markdown. Pure.

What people typed stays what they typed: nothing in it is bold, a link, a mention or a heading.
"""

from __future__ import annotations

import re

from bot.chat.markup import Mark, Token, tokens, visible

JOINER = "\u2060"
"""Invisible; behind an at sign or a colon it keeps Discord from finding a mention or a link."""
FENCE = "```"
"""What a code block stands between."""

_SPECIAL = re.compile(r"[\\*_~|`<>\[\]]")
# Behind the dash of a list a heading or another list may begin.
_LINE_START = re.compile(r"^((?:[^\S\n]*- )*[^\S\n]*)(#{1,3}(?= )|-#|\d+(?=\. ))", re.MULTILINE)
# An invitation to a server is shown as a card even without its "https://".
_FOUND = re.compile(
    r"@(?=everyone|here)|:(?=//)|(?i:(?<=discord)\.(?=gg|com)|(?<=discordapp)\.(?=com))"
)
_SHORT_CODE = re.compile(r":(?=[\w+-]+:)")


def markdown(body: str) -> str:
    """Return a body of ours as Discord's Markdown."""
    found: list[str] = []
    before: Token | None = None
    for token in tokens(body):
        made = _mark(token)
        if made and before is not None and before.mark is token.mark in (Mark.BOLD, Mark.CODE):
            found.append(JOINER)  # "**a****b**" would be one run, with asterisks in it
        if made:
            found.append(made)
            before = token
    return "".join(found)


def plain_text(text: str) -> str:
    """Return words without markup such that Discord shows just them, on one line."""
    return escaped(" ".join(visible(text).split()))


def escaped(text: str) -> str:
    """Return text in which Discord finds no markup, no mention, no link and no emoji's name."""
    text = _SPECIAL.sub(r"\\\g<0>", text)
    text = _LINE_START.sub(_without_meaning, text)
    text = _SHORT_CODE.sub(r"\\:", text)
    return _FOUND.sub(rf"\g<0>{JOINER}", text)


def _mark(token: Token) -> str:
    text = token.text
    match token.mark:
        case Mark.TEXT:
            return escaped(text)
        case Mark.BOLD:
            return _each_line("**", text)
        case Mark.CODE:
            return f"`{text}`"
        case Mark.BLOCK:
            inner = re.sub("`{2,}", lambda found: "'" * len(found[0]), text)
            return f"{FENCE}{token.extra}\n{inner}\n{FENCE}" if inner.strip() else ""
        case Mark.LINK:
            address = token.extra.replace("<", "%3C").replace(">", "%3E")
            return f"[{escaped(text)}](<{address}>)"
        case Mark.SPOILER:
            return _each_line("||", text)
        case Mark.QUOTE:
            return f"> {escaped(text)}"


def _each_line(mark: str, text: str) -> str:
    """Return text with a mark around each of its lines: so it can be cut between any two."""
    # A bar at the end of a spoiler would be taken for half of the mark, backslash or not.
    return "\n".join(
        f"{mark}{line}{JOINER * line.endswith(mark[0])}{mark}" if line.strip() else line
        for line in escaped(text).split("\n")
    )


def _without_meaning(found: re.Match[str]) -> str:
    before, sign = found[1], found[2]
    # "1. " would begin a list that Discord numbers anew, and places on a board can be shared.
    return f"{before}{sign}\\" if sign.isdecimal() else f"{before}\\{sign}"
