"""Markdown that is too long for one message -> parts that fit, each as readable as the whole. Pure.

Works on what `markdown` makes: there only code blocks span lines, and marks do not nest.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from bot.adapters.discord.markdown import FENCE, JOINER

# What is not cut: an escaped letter, a mark, a link, code between backquotes.
_UNIT = re.compile(
    r"\\.|\*\*|\|\||`[^`]*`|\[(?:\\.|[^\[\]\\])+\]\(<[^>]+>\)|.",
    re.DOTALL,
)
_LETTER = re.compile(r"\\.|.", re.DOTALL)
_MARKS = frozenset({"**", "||", "`"})
_PREFIX = re.compile(r"> |#{1,3} |-# |")
# What would begin something where a line begins, in words that were cut.
_MEANT = re.compile(r"([^\S\n]*)(?:(#{1,3}(?= )|-(?=[# ]))|(\d+)(?=\. ))")
_SKINS = range(0x1F3FB, 0x1F400)
_LONGEST_LETTER = 50


def parts(text: str, limit: int) -> list[str]:
    """Return text in parts of at most `limit` characters, cut between lines where that is possible.

    What is cut is closed and opened again: a code block, a quote, bold words, a spoiler. White
    space at the cuts goes.
    """
    found: list[str] = []
    lines: list[str] = []
    fence, size = "", 0  # the block that is open; the length of the lines with their breaks

    def end() -> None:
        nonlocal size
        if fence and lines[-1:] == [fence]:
            del lines[-1]  # nothing of the block is here yet
        elif fence:
            lines.append(FENCE)
        if any(line.strip() for line in lines):
            found.append("\n".join(lines).strip("\n"))
        lines[:] = [fence] if fence else []
        size = sum(len(line) + 1 for line in lines)

    for whole in text.split("\n"):
        closes = bool(fence) and whole == FENCE
        opens = not fence and whole.startswith(FENCE)
        room = limit - 2 * (len(fence) + 1 + len(FENCE))
        for line in (whole,) if closes or opens else _cut(whole, room, raw=bool(fence)):
            # While a block is open there is always room for the line that closes it.
            kept = len(FENCE) + 1 if fence or opens else 0
            if not closes and size + len(line) + kept > limit:
                end()
            lines.append(line)
            size += len(line) + 1
        fence = whole if opens else "" if closes else fence
    end()
    return found


def _cut(line: str, room: int, *, raw: bool) -> Iterator[str]:
    """Yield a line in pieces, cut at spaces where there are any; `raw`: it is code."""
    if len(line) <= room:
        yield line
        return
    found = _PREFIX.match(line)
    prefix = found[0] if found is not None and not raw else ""
    piece, mark, first = prefix, "", True
    space, mark_there = 0, ""  # the last place to cut at, and the mark that is open there
    for unit in _units(line[len(prefix) :], room // 2, raw=raw):
        marks = not raw and unit in _MARKS
        closes = marks and unit == mark
        after = _LONGEST_LETTER if marks and not closes else 0  # no mark around nothing
        if not closes and len(piece) + len(unit) + after + len(mark) + 2 > room:
            rest, there = (piece[space + 1 :], mark_there) if space else ("", mark)
            closed = _closed(piece[:space] if space else piece, there)
            yield _literal(closed, first=first or raw)
            ends = bool(there) and rest.lstrip().startswith(there)
            opened = rest.lstrip()[len(there) :] if ends else there + rest
            piece, space, first = prefix + opened, 0, bool(prefix)
        if closes and piece[len(prefix) :].strip() == unit:  # opened again for nothing
            piece, mark = prefix, ""
            continue
        if marks:
            mark = "" if closes else unit
        if unit == " " and len(piece) > room // 2:
            space, mark_there = len(piece), mark
        piece += unit
    yield _literal(piece, first=first or raw)


def _closed(piece: str, mark: str) -> str:
    """Return a piece with its open mark closed; a backslash would not keep a bar apart from it."""
    return f"{piece}{JOINER * (mark == '||' and piece.endswith('|'))}{mark}"


def _literal(piece: str, *, first: bool) -> str:
    """Return a piece of a line that begins nothing where it begins, unless the line did so."""
    found = None if first else _MEANT.match(piece)
    if found is None:
        return piece
    at = found.end() if found[3] else len(found[1])
    return f"{piece[:at]}\\{piece[at:]}"


def _units(line: str, most: int, *, raw: bool) -> Iterator[str]:
    """Yield what a line may be cut between: a letter goes with its accents and its colour."""
    unit = ""
    for each in line if raw else _pieces(line, most):
        joins = unicodedata.category(each[0])[0] == "M" or ord(each[0]) in _SKINS
        if unit and unit not in _MARKS and joins and len(unit) < _LONGEST_LETTER:
            unit += each
            continue
        if unit:
            yield unit
        unit = each
    if unit:
        yield unit


def _pieces(line: str, most: int) -> Iterator[str]:
    """Yield the units of a line; those of more than `most` characters letter by letter."""
    for found in _UNIT.finditer(line):
        whole = found[0]
        if len(whole) <= most:
            yield whole
        elif whole[0] == "`":
            yield from ("`", *whole[1:-1], "`")
        else:
            yield from _LETTER.findall(whole)
