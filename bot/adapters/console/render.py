"""A card as lines of at most a width, with styles where the terminal has them. Pure.

A card's title stands out to the left of its text, so it can be told apart without colour or rules.
Every string passes `clean` and becomes a `rich.text.Text` directly: foreign text can neither send
control characters to the terminal nor be read as rich's own markup.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import assert_never

from rich.cells import cell_len, chop_cells
from rich.console import Console
from rich.text import Text

from bot.adapters.console.seen import QUESTION, WRAPPED
from bot.chat.dialog import ask, start
from bot.chat.markup import Mark, Token, tokens, visible
from bot.chat.view import INVITE, Button, Card, Form, Link, Media, Reply, Response, Style

WIDTH = 80
"""Columns of a script's output, and what every card must be readable at."""
HIDDEN = "[hidden: type !show]"

_TITLE, _BODY = 2, 4  # columns at which a title and its text begin
_NARROW = 16  # field names up to this many columns stand beside their values
_ENDLESS = 100_000  # columns, where lines are compared and not shown
_MIN = 20  # columns at least, however far in we are
_LEAD = re.compile(r" *(?:(?:[-•–]|\d{1,3}[.)]|[✅🟡⬜❌💡🔥❄⏳]) +)?")
_STYLES = {Style.PRIMARY: "bold", Style.NEUTRAL: "", Style.DANGER: "red"}
_RULER = Console(file=io.StringIO(), width=WIDTH, color_system=None)  # Text.wrap asks for one


def clean(text: str) -> str:
    """Return `text` without anything that a terminal would act on, tabs as spaces."""
    return visible(text).expandtabs(4)


def one_line(text: str) -> str:
    """Return `text`, cleaned, on a single line."""
    return " ".join(clean(text).split())


def card_of(response: Response) -> Card:
    """Return the card that shows a response."""
    match response:
        case Reply(card):
            return card
        case Form():
            return ask(start(response))
    assert_never(response)


def card(shown: Card, width: int = WIDTH, saved: Sequence[str] = ()) -> list[Text]:
    """Return a card's lines.

    Args:
        shown: The card.
        width: Columns at most; only a code line's or an address' own length may force a break.
        saved: Where the card's pictures and files were written, in their order; empty if nowhere.
    """
    room = max(width - _BODY, _MIN)
    files = [*saved, *[""] * len(shown.media)]
    sections = [
        _body(shown.body, room),
        _fields(shown.fields, room),
        [
            line
            for media, path in zip(shown.media, files, strict=False)
            for line in _media(media, path, room)
        ],
        _rows(shown.rows, room),
    ]
    title = Text(one_line(shown.title), "bold")
    lines = _indent(_wrap(title, max(width - _TITLE, _MIN)), _TITLE) if title else []
    first = True
    for section in filter(None, sections):
        lines += [] if first else [Text()]
        lines += _indent(section, _BODY)
        first = False
    return lines


def paragraph(text: str, width: int = WIDTH, *, indent: int = 0, style: str = "") -> list[Text]:
    """Return plain words as lines; line breaks stay."""
    lines = clean(text).split("\n")
    room = max(width - indent, _MIN)
    return _indent([w for line in lines for w in _wrap(Text(line, style), room)], indent)


def echo(label: str, entry: str, width: int = WIDTH) -> list[Text]:
    """Return a typed line behind its prompt: "ana in #prep> /practice"."""
    prompt = f"{one_line(label)}> "
    hang = min(cell_len(prompt), 4)
    first, *rest = clean(entry).split("\n")
    lines = _hang(Text.assemble((prompt, "bold"), first), hang, width)
    for line in rest:
        lines += _indent(_wrap(Text(line), width - hang), hang)
    return lines


def changes(old: Card | None, new: Card) -> tuple[str, ...] | None:
    """Return the lines and fields that `new` has and `old` had not, flattened.

    None if that does not tell all: something is gone, it is another card, or a rewritten one. Of a
    question that was printed before a restart, or is wrapped up, only the fields are news.
    """
    if new.kind == WRAPPED or (old is None and new.kind == QUESTION):
        return tuple(_flat(*pair) for pair in new.fields)
    if old is None:
        return None
    if (old.title, old.rows, old.media) != (new.title, new.rows, new.media):
        return None
    before, after = _body(old.body, _ENDLESS), _body(new.body, _ENDLESS)
    known = {line.plain for line in before}
    lines = [line.plain for line in after if line.plain and line.plain not in known]
    fields = [_flat(*pair) for pair in new.fields if pair not in old.fields]
    fewer = len(after) < len(before) or len(new.fields) < len(old.fields)
    return None if fewer or len(lines) > 2 else (*map(one_line, lines), *fields)


def update(label: str, new: Card, changed: Sequence[str] | None, width: int = WIDTH) -> list[Text]:
    """Return what to print when the message of the chat `label` has become `new`.

    What `changes` could tell stands on a line, the whole card otherwise; nothing for no changes.
    """
    noun = "question" if new.kind in (QUESTION, WRAPPED) else "message"
    head = f"{one_line(label)} · {noun} updated:"
    if changed is None:
        return [*paragraph(head, width), *card(new, width)]
    return _hang(Text(f"{head} {'; '.join(changed)}"), 2, width) if changed else []


def _flat(name: str, value: str) -> str:
    text = " ".join(line.plain for line in _body(value, _ENDLESS))
    return one_line(f"{name}: {text}" if name else text)


def _body(markup: str, width: int) -> list[Text]:
    """Return markup as lines: paragraphs wrapped, code as it stands, blank lines single."""
    lines: list[Text] = []
    line = Text()

    def flush() -> None:
        nonlocal line
        if line.plain.strip() or (lines and lines[-1].plain):
            lines.extend(_wrap(line, width))
        line = Text()

    at_break = False  # right behind a block or a quote, whose own line break is still to come
    for token in tokens(markup):
        if token.mark in (Mark.BLOCK, Mark.QUOTE):
            if line:
                flush()
            lines += _code(token.text, width) if token.mark is Mark.BLOCK else _quote(token, width)
            at_break = True
            continue
        parts = list(_inline(token).split("\n", allow_blank=True))
        if at_break and not parts[0] and len(parts) > 1:
            parts = parts[1:]
        at_break = False
        for number, part in enumerate(parts):
            if number:
                flush()
            line.append_text(part)
    flush()
    while lines and not lines[-1].plain.strip():
        lines.pop()
    return lines


def _inline(token: Token) -> Text:
    text = clean(token.text)
    match token.mark:
        case Mark.BOLD:
            return Text(text, "bold")
        case Mark.CODE:
            return Text.assemble((f"`{text}`", "cyan"))
        case Mark.LINK:
            url = one_line(token.extra)
            return Text(url if text == url else f"{text} ({url})")
        case Mark.SPOILER:
            return Text.assemble((HIDDEN, "italic"))
        case Mark.TEXT | Mark.BLOCK | Mark.QUOTE:
            return Text(text)
    assert_never(token.mark)


def _code(text: str, width: int) -> list[Text]:
    """Return code as it stands, a little further in; too long a line is cut, never lost."""
    room = max(width - 2, _MIN)
    chunks = [chunk for line in clean(text).split("\n") for chunk in chop_cells(line, room) or [""]]
    return _indent([Text.assemble((chunk, "cyan")) for chunk in chunks], 2)


def _quote(token: Token, width: int) -> list[Text]:
    return [
        Text.assemble("> ", line)
        for line in _wrap(Text(clean(token.text)), max(width - 2, _MIN)) or [Text()]
    ]


def _fields(fields: Sequence[tuple[str, str]], width: int) -> list[Text]:
    """Return names beside their values if the names are short, else above them."""
    names = [one_line(name) for name, _ in fields]
    widest = max(map(cell_len, names), default=0)
    lines: list[Text] = []
    for name, (_, value) in zip(names, fields, strict=True):
        if widest <= _NARROW:
            column = widest + 2 if widest else 0
            padded = Text(name + " " * (column - cell_len(name)), "dim")
            first, *rest = _body(value, max(width - column, _MIN)) or [Text()]
            lines += [Text.assemble(padded, first), *_indent(rest, column)]
        else:
            lines += _wrap(Text(name), width)
            lines += _indent(_body(value, max(width - 2, _MIN)), 2)
    return lines


def _rows(rows: Sequence[Sequence[Button | Link]], width: int) -> list[Text]:
    """Return the buttons, numbered on from row to row, and below them the links."""
    lines: list[Text] = []
    links: list[Text] = []
    number = 0
    for row in rows:
        line = Text()
        for item in row:
            if isinstance(item, Link):
                # Nobody can be added to a group of the terminal: naming one makes it.
                links += _link(item, width) if item.url != INVITE else []
                continue
            number += 1
            label = Text.assemble((f"[{number}] ", "bold cyan"))
            label.append(one_line(item.label), _STYLES[item.style])
            if line and line.cell_len + 3 + label.cell_len > width:
                lines.append(line)
                line = Text()
            line = Text.assemble(line, "   ", label) if line else label
        if line:
            lines += _hang(line, 4, width)
    return lines + links


def _link(link: Link, width: int) -> list[Text]:
    """Return label and address; the address is never broken, so that it can be followed."""
    label, url = one_line(link.label), one_line(link.url)
    if cell_len(label) + 2 + cell_len(url) <= width:
        return [Text(f"{label}: {url}")]
    return [*_wrap(Text(f"{label}:"), width), Text(url)]


def _media(media: Media, saved: str, width: int) -> list[Text]:
    noun = "picture" if media.mime.startswith("image/") else "file"
    lines = _wrap(Text(f"[{noun}: {one_line(media.alt or media.name)}]", "dim"), width)
    return [*lines, Text(f"saved as {one_line(saved)}", "dim")] if saved else lines


def _wrap(text: Text, width: int) -> list[Text]:
    """Return `text` wrapped; what follows a list's mark, a sign or an indentation lines up."""
    if not text.plain.strip():
        return [Text()]
    lead = _LEAD.match(text.plain)
    length = lead.end() if lead else 0
    cells = cell_len(text.plain[:length])
    if not length or cells > width // 2:
        return _fold(text, width)
    lines = _fold(text[length:], width - cells)
    return [Text.assemble(text[:length], lines[0]), *_indent(lines[1:], cells)]


def _hang(text: Text, hang: int, width: int) -> list[Text]:
    """Return `text` wrapped, all but the first line further in."""
    first, *rest = _fold(text, width)
    if not rest:
        return [first]
    left = text[len(first.plain) :]
    left = left[len(left.plain) - len(left.plain.lstrip()) :]
    return [first, *_indent(_fold(left, width - hang), hang)]


def _fold(text: Text, width: int) -> list[Text]:
    lines = list(text.wrap(_RULER, max(width, 1), overflow="fold")) or [Text()]
    for line in lines:
        line.rstrip()
    return lines


def _indent(lines: Sequence[Text], by: int) -> list[Text]:
    return [Text.assemble(" " * by, line) if line.plain else Text() for line in lines]
