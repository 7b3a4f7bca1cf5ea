"""Discord's Markdown as its apps read it: what is seen, and in which style each letter of it is.

Written from how the apps show messages, and on purpose by other rules than the renderer's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

MENTION, LINK, EMOJI, TIME = "mention", "link", "emoji", "time"
LIVE = frozenset({MENTION, LINK, EMOJI, TIME})
"""Styles of what is more than letters."""

_FENCE = re.compile(r"```(?:[a-z0-9_+\-.#]+\n)?\n*([^\n].*?)\n*```", re.DOTALL | re.IGNORECASE)
_LINE = (
    ("rest", re.compile(r" *>>> (?P<in>.*)", re.DOTALL)),
    ("quote", re.compile(r" *> (?P<in>[^\n]*(?:\n *> [^\n]*)*)\n?")),
    ("heading", re.compile(r" *#{1,3} +(?P<in>[^\n]*)\n?")),
    ("small", re.compile(r" *-# +(?P<in>[^\n]*)\n?")),
    ("list", re.compile(r" *(?:[-*]|\d+\.) +(?P<in>[^\n]*\n?)")),
)
_INLINE = (
    (
        "masked",
        re.compile(
            r"\[(?P<in>(?:\\.|[^\[\]\\])+)\]\((?P<to><https?://[^\s>]+>|https?://[^\s)]+)\)"
        ),
    ),
    (MENTION, re.compile(r"<@[!&]?\d+>|<#\d+>|</[^:>]+:\d+>|<id:\w+>|@everyone|@here")),
    (EMOJI, re.compile(r"<a?:\w+:\d+>|:[a-z0-9_+-]+:")),
    (TIME, re.compile(r"<t:-?\d+(?::\w)?>")),
    (
        LINK,
        re.compile(r"<(?:https?://|mailto:|tel:|\+\d)[^\s>]*>|(?:https?|discord|steam)://[^\s<]+"),
    ),
    (LINK, re.compile(r"\bdiscord(?:app)?\.(?:gg|com/invite)/\w+", re.IGNORECASE)),
    ("bold", re.compile(r"\*\*(?P<in>(?:\\.|[^\\])+?)\*\*(?!\*)", re.DOTALL)),
    ("underline", re.compile(r"__(?P<in>(?:\\.|[^\\])+?)__(?!_)", re.DOTALL)),
    (
        "italic",
        re.compile(
            r"\*(?=\S)(?P<in>(?:\\.|[^*\\])+?)(?<=\S)\*(?!\*)|_(?P<un>(?:\\.|[^_\\])+?)_(?!\w)"
        ),
    ),
    ("strike", re.compile(r"~~(?P<in>(?:\\.|[^\\])+?)~~(?!_)", re.DOTALL)),
    ("spoiler", re.compile(r"\|\|(?P<in>.+?)\|\|", re.DOTALL)),
)
_CODE = re.compile(r"(`+)(?!`)(.*?[^`])\1(?!`)", re.DOTALL)
_ESCAPED = re.compile(r"\\([^0-9A-Za-z\s])")
_PLAIN = re.compile(r"[^\\`*_~|<>\[@:#\n\-\ddDhHs]+")


@dataclass(frozen=True, slots=True)
class Run:
    """Letters in one style: the names of all that applies to them."""

    text: str
    styles: frozenset[str] = frozenset()


def read(text: str) -> list[Run]:
    """Return a message's runs, in order; neighbours of the same style are one."""
    found: list[Run] = []
    for run in _runs(text, frozenset(), fresh=True):
        if found and found[-1].styles == run.styles:
            found[-1] = Run(found[-1].text + run.text, run.styles)
        else:
            found.append(run)
    return found


def seen(text: str) -> str:
    """Return what is read of a message."""
    return "".join(run.text for run in read(text))


def styles(text: str) -> set[str]:
    """Return all styles in a message."""
    return {name for run in read(text) for name in run.styles}


def _runs(text: str, within: frozenset[str], *, fresh: bool) -> Iterator[Run]:
    """Yield the runs of a text; `fresh`: a line begins where it begins."""
    place = 0
    while place < len(text):
        if (fence := _FENCE.match(text, place)) is not None:
            yield Run(fence[1], within | {"block"})
            place, fresh = fence.end(), False
            continue
        if fresh and (taken := _of_line(text, place)) is not None:
            name, inner, place = taken
            yield from _runs(inner, within | {name}, fresh=True)
            continue
        fresh = text[place] == "\n"
        if (escaped := _ESCAPED.match(text, place)) is not None:
            yield Run(escaped[1], within)
            place = escaped.end()
        elif (code := _CODE.match(text, place)) is not None:
            yield Run(code[2], within | {"code"})
            place = code.end()
        elif (styled := _styled(text, place)) is not None:
            name, inner, place = styled
            if name in LIVE:
                yield Run(inner, within | {name})
            else:
                yield from _runs(inner, within | {name}, fresh=False)
        else:
            plain = _PLAIN.match(text, place)
            end = plain.end() if plain is not None else place + 1
            yield Run(text[place:end], within)
            place = end


def _of_line(text: str, place: int) -> tuple[str, str, int] | None:
    for name, pattern in _LINE:
        if (found := pattern.match(text, place)) is not None:
            inner = found["in"]
            if name == "quote":
                inner = re.sub(r"^ *> ", "", inner, flags=re.MULTILINE)
            return name.replace("rest", "quote"), inner, found.end()
    return None


def _styled(text: str, place: int) -> tuple[str, str, int] | None:
    for name, pattern in _INLINE:
        if (found := pattern.match(text, place)) is not None:
            groups = found.groupdict()
            inner = groups.get("in") or groups.get("un") or found[0]
            return (name, inner, found.end())
    return None
