"""Card -> the HTML of its messages, and the keyboard under the last one. Pure.

HTML and not Markdown: three characters to escape instead of eighteen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from telegram import ForceReply, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import InlineKeyboardMarkupLimit, ReplyLimit

from bot.adapters.telegram import wire
from bot.adapters.telegram.pieces import Piece, messages, piece
from bot.chat.dialog import STEP
from bot.chat.markup import Mark, tokens, visible
from bot.chat.view import INVITE, Button, Card, Link, Style

JOINER = "\u2060"
"""Invisible; behind an at sign or a dot it keeps Telegram from finding a mention or a link."""
EMPTY = "…"
"""What stands in a card that says nothing."""

_FOUND = re.compile(r"(?<!\w)@(?=\w{3})|(?<![\s.])\.(?=[^\W\d])|:(?=//)")
"""Where Telegram would find a mention or a link by itself; "models.py" is one to it."""
_PLAIN = frozenset({Mark.TEXT, Mark.BOLD, Mark.SPOILER, Mark.QUOTE})
_STYLES = {Style.PRIMARY: "primary", Style.NEUTRAL: None, Style.DANGER: "danger"}


@dataclass(frozen=True, slots=True)
class Rendered:
    """A card as Telegram takes it.

    Attributes:
        texts: HTML of its messages; never empty.
        keyboard: What stands under the last of them.
    """

    texts: tuple[str, ...]
    keyboard: InlineKeyboardMarkup | ForceReply | None


class Renderer:
    """Renders cards for one bot."""

    def __init__(self, username: str, commands: Iterable[str]) -> None:
        """Render for the bot of that user name.

        Args:
            username: Without the at sign; links that add the bot to a group need it.
            commands: Names of all commands: "schedule set" is written "/schedule_set" here, which
                can be tapped.
        """
        self._username = username
        families = sorted(name for name in commands if " " in name)
        either = "|".join(re.escape(name) for name in families) or r"(?!)"
        self._command = re.compile(rf"(?<![\w/])/({either})(?!\w)")

    def card(self, card: Card, chat: int = 0) -> Rendered:
        """Return a card's messages.

        Args:
            card: The card.
            chat: Our id of the chat that its buttons concern; 0: the one that it stands in.
        """
        texts = messages(self._pieces(card)) or [EMPTY]
        return Rendered(tuple(texts), self._keyboard(card, chat))

    def _pieces(self, card: Card) -> Iterator[Piece]:
        title = " ".join(visible(card.title).split())
        if title:
            yield self._read(Piece(Mark.BOLD, title))
        parts = [self._body(card.body)]
        if card.fields:
            parts.append(self._fields(card.fields))
        for number, part in enumerate(filter(None, parts)):
            yield Piece(Mark.TEXT, "\n\n" if number or not _short(card) else "\n")
            yield from part

    def _body(self, body: str) -> list[Piece]:
        """Return a body's pieces; neighbouring lines of a quote are one quote."""
        found: list[Piece] = []
        for made in map(piece, tokens(body)):
            last = found[-1] if found else None
            if (
                last is not None
                and last.mark in (Mark.BLOCK, Mark.QUOTE)
                and made.mark is Mark.TEXT
            ):
                # The line break behind a block is the block's own.
                made = replace(made, text=made.text.removeprefix("\n"))
                if not made.text:
                    continue
            if last is not None and last.mark is made.mark is Mark.QUOTE:
                found[-1] = replace(last, text=f"{last.text}\n{made.text}")
            else:
                found.append(made)
        return [self._read(each) for each in found]

    def _fields(self, fields: Sequence[tuple[str, str]]) -> list[Piece]:
        found: list[Piece] = []
        for name, value in fields:
            if found:
                found.append(Piece(Mark.TEXT, "\n"))
            label = " ".join(visible(name).split())
            if label:
                found += [self._read(Piece(Mark.BOLD, label)), Piece(Mark.TEXT, ": ")]
            found += self._body(value)
        return found

    def _read(self, made: Piece) -> Piece:
        """Return a piece as it is to be read: commands to tap, nobody mentioned, nothing linked."""
        if made.mark not in _PLAIN:
            return made
        text = self._command.sub(lambda found: "/" + found[1].replace(" ", "_"), made.text)
        return replace(made, text=_FOUND.sub(rf"\g<0>{JOINER}", text))

    def _keyboard(self, card: Card, chat: int) -> InlineKeyboardMarkup | ForceReply | None:
        wide = int(InlineKeyboardMarkupLimit.BUTTONS_PER_ROW)
        rows = []
        for row in card.rows:
            keys = [self._key(item, chat) for item in row]
            rows += [keys[n : n + wide] for n in range(0, len(keys), wide)]
        if rows:
            return InlineKeyboardMarkup(rows)
        if card.kind == STEP:
            longest = int(ReplyLimit.MAX_INPUT_FIELD_PLACEHOLDER)
            hint = " ".join(visible(card.title).split())[:longest]
            return ForceReply(selective=True, input_field_placeholder=hint or None)
        return None

    def _key(self, item: Button | Link, chat: int) -> InlineKeyboardButton:
        label = " ".join(visible(item.label).split()) or EMPTY
        match item:
            case Button(_, action, style):
                return InlineKeyboardButton(
                    label, callback_data=wire.data(action, chat), style=_STYLES[style]
                )
            case Link(_, url):
                address = f"https://t.me/{self._username}?startgroup=drill"
                return InlineKeyboardButton(label, url=address if url == INVITE else url)


def _short(card: Card) -> bool:
    """Return whether the text belongs right under the title: a line or two of news."""
    return card.kind in ("error", "note") or card.body.count("\n") == 0
