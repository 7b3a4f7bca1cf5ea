"""Marked text in messages that fit: cut where a reader would pause, never inside a character. Pure.

Telegram counts UTF-16 code units after its markup is taken out, shows about a hundred marks a
message, and refuses much raw markup (tdlib/telegram-bot-api#165: about 9,500 bytes).
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from telegram.constants import MessageLimit

from bot.chat.markup import Mark, Token

MAX_UNITS = int(MessageLimit.MAX_TEXT_LENGTH)
"""UTF-16 units of a message."""
MAX_MARKS = 90
"""Marks of a message; the rest of about a hundred is left to what Telegram finds by itself."""
MAX_RAW = 8600
"""Bytes of a message with its markup; marks may count more than their tags, so some are left."""

_BORDERS = (re.compile(r"\n\n+"), re.compile(r"\n"), re.compile(r"(?<=[.!?;:]) "), re.compile(r" "))
_JOINER = "\u200d"
_TONES = frozenset("\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff")
_FLAGS = re.compile("[\U0001f1e6-\U0001f1ff]*")
"""Letters of which each two are shown as a flag."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text in one style, already as it is to be read."""

    mark: Mark
    text: str
    extra: str = ""


def units(text: str) -> int:
    """Return the length of `text` as Telegram counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def messages(pieces: Iterable[Piece], limit: int = MAX_UNITS) -> list[str]:
    """Return the HTML of as few messages as hold `pieces`, each at most `limit` units long."""
    pages: list[list[Piece]] = [[]]
    for piece in pieces:
        rest = piece
        while rest.text:
            room = limit - _size(pages[-1])
            whole = len(rest.text) <= room and units(rest.text) <= room
            fits = rest if whole else _head(rest, room, limit)
            if fits.text and _holds(pages[-1], fits):
                pages[-1].append(fits)
                rest = replace(rest, text=rest.text[len(fits.text) :])
                if rest.text:  # cut at a good place: what follows belongs on the next page
                    pages.append([])
            elif pages[-1]:
                pages.append([])
            else:  # a piece whose raw form alone is too large: half of it, or half of that
                while not _holds((), fits) and (size := units(fits.text)) > 2:
                    fits = _head(rest, max(size // 2, 2), 0)
                pages[-1].append(fits)
                rest = replace(rest, text=rest.text[len(fits.text) :])
    return [made for page in pages if (made := markup(_trimmed(page)))]


def markup(pieces: Sequence[Piece]) -> str:
    """Return pieces as Telegram's HTML."""
    return "".join(map(_html, pieces))


def piece(token: Token) -> Piece:
    """Return a token of ours as a piece."""
    return Piece(token.mark, token.text, token.extra)


def _html(piece: Piece) -> str:
    text = html.escape(piece.text, quote=False)
    match piece.mark:
        case Mark.TEXT:
            return text
        case Mark.BOLD:
            return f"<b>{text}</b>"
        case Mark.CODE:
            return f"<code>{text}</code>"
        case Mark.BLOCK:
            language = html.escape(piece.extra)
            inner = f'<code class="language-{language}">{text}</code>' if language else text
            return f"<pre>{inner}</pre>"
        case Mark.LINK:
            return f'<a href="{html.escape(piece.extra)}">{text}</a>'
        case Mark.SPOILER:
            return f"<tg-spoiler>{text}</tg-spoiler>"
        case Mark.QUOTE:
            return f"<blockquote>{text}</blockquote>"


def _size(page: Sequence[Piece]) -> int:
    return sum(units(piece.text) for piece in page)


def _holds(page: Sequence[Piece], more: Piece) -> bool:
    marks = sum(piece.mark is not Mark.TEXT for piece in (*page, more))
    return marks <= MAX_MARKS and len(markup((*page, more)).encode()) <= MAX_RAW


def _head(piece: Piece, room: int, limit: int) -> Piece:
    """Return as much of a piece as fits into `room` units and ends where a reader would pause.

    Nothing, if there is no good border in it and little room is left of the message's `limit`.
    """
    text = _clip(piece.text, room, must=room >= limit)
    borders = _BORDERS[1:2] if piece.mark is Mark.BLOCK else _BORDERS
    for border in borders:
        ends = _ends(border, text, piece.text)
        if ends and ends[-1] >= len(text) // 2:
            return replace(piece, text=text[: ends[-1]])
    if room < limit // 4:
        return replace(piece, text="")
    ends = [end for border in borders for end in _ends(border, text, piece.text)]
    return replace(piece, text=text[: max(ends)] if ends else text)


def _ends(border: re.Pattern[str], text: str, whole: str) -> list[int]:
    """Return where a border in `text`, the head of `whole`, ends and no sign is cut."""
    ends = (found.end() for found in border.finditer(text))
    return [end for end in ends if not _cuts_a_sign(whole, end)]


def _clip(text: str, room: int, *, must: bool) -> str:
    """Return as much of `text` as `room` units hold, cutting nothing that is seen as one sign.

    Args:
        text: The text.
        room: UTF-16 units.
        must: Whether to cut a sign that alone is longer than that, rather than return nothing.
    """
    end = used = 0
    for end, character in enumerate(text):  # noqa: B007 - the place is what is wanted
        used += 2 if ord(character) > 0xFFFF else 1
        if used > room:
            break
    else:
        return text
    cut = end
    while cut and _cuts_a_sign(text, cut):
        cut -= 1
    return text[: cut or end] if must else text[:cut]


def _cuts_a_sign(text: str, at: int) -> bool:
    """Return whether a cut before `text[at]` goes through what is seen as one sign."""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    if _JOINER in (before, after) or after in _TONES or unicodedata.category(after)[0] == "M":
        return True
    if not (_FLAGS.fullmatch(before) and _FLAGS.fullmatch(after)):
        return False
    run = _FLAGS.match(text[:at][::-1])
    return run is not None and run.end() % 2 == 1


def _trimmed(page: list[Piece]) -> list[Piece]:
    """Return a page without white space around it, which Telegram would take away too."""
    kept = [piece for piece in page if piece.text]
    while kept and kept[0].mark is not Mark.BLOCK:
        kept[0] = replace(kept[0], text=kept[0].text.lstrip())
        if kept[0].text:
            break
        kept.pop(0)
    while kept and kept[-1].mark is not Mark.BLOCK:
        kept[-1] = replace(kept[-1], text=kept[-1].text.rstrip())
        if kept[-1].text:
            break
        kept.pop()
    return [] if all(not piece.text.strip() for piece in kept) else kept
