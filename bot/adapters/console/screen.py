"""Where lines are printed: one empty line between blocks, above the prompt while it is open."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Sequence
from enum import Enum, auto
from pathlib import Path
from typing import TextIO

from prompt_toolkit.application import get_app_or_none, in_terminal
from rich.console import Console
from rich.text import Text

from bot.adapters.console import render
from bot.chat.view import Card, Media

MAX_WIDTH = 100
"""Columns at most, however wide the terminal is: longer lines are hard to read."""


class _Last(Enum):
    """What was printed last, which decides whether an empty line comes before the next."""

    GAP = auto()
    TYPED = auto()
    NOTE = auto()
    BLOCK = auto()


class Screen:
    """The terminal, or the file that stands for it."""

    def __init__(self, out: TextIO, *, plain: bool = False, media: Path | None = None) -> None:
        """Print to `out`; `events` counts what happened by itself.

        Args:
            out: Where to.
            plain: Without any styles and at 80 columns, so that every run prints the same.
            media: A folder for pictures and files; without one only their description is shown.
        """
        if isinstance(out, io.TextIOWrapper):
            out.reconfigure(errors="replace")  # a sign that the terminal lacks must not end a chat
        self._out = out
        self._media = media
        self._files = 0
        self._last = _Last.GAP
        self.events = 0
        # rich itself obeys NO_COLOR, TERM=dumb and an output that is no terminal.
        self._console = None if plain else Console(file=out, highlight=False, markup=False)

    @property
    def width(self) -> int:
        """Columns to fill."""
        if self._console is None:
            return render.WIDTH
        return max(min(shutil.get_terminal_size((render.WIDTH, 24)).columns, MAX_WIDTH), 20)

    async def response(self, card: Card, head: str = "") -> None:
        """Print a card right under what was typed, below a line that says who sees it."""
        lines = render.paragraph(head, self.width, indent=2, style="dim") if head else []
        await self._print([*lines, *self._card(card)], gap=self._last is _Last.BLOCK)

    async def post(self, card: Card, head: str) -> None:
        """Print a card that nobody asked for, below a line that says when and where to."""
        lines = render.paragraph(head, self.width, style="dim")
        await self.event([*lines, *self._card(card)])

    async def event(self, lines: Sequence[Text]) -> None:
        """Print what happened by itself, apart from all else."""
        self.events += 1
        await self._print(lines, gap=self._last is not _Last.GAP)

    async def say(self, text: str) -> None:
        """Print the terminal's own words, right under what was typed."""
        lines = render.paragraph(text, self.width, indent=2)
        typed = self._last is _Last.TYPED
        await self._print(lines, gap=self._last is _Last.BLOCK)
        if typed:  # what comes of it still belongs to what was typed
            self._last = _Last.TYPED

    async def echo(self, label: str, entry: str) -> None:
        """Print what somebody typed, for where nobody types."""
        gap = self._last not in (_Last.GAP, _Last.NOTE)
        lines = render.echo(label, entry, self.width)
        await self._print(lines, gap=gap)
        self.typed(several_lines=len(lines) > 1)

    async def note(self, text: str) -> None:
        """Print a transcript's comment."""
        gap = self._last not in (_Last.GAP, _Last.NOTE)
        await self._print(render.paragraph(text, self.width, style="dim"), gap=gap)
        self._last = _Last.NOTE

    async def gap(self) -> None:
        """Print an empty line, unless one is there."""
        if self._last is not _Last.GAP:
            await self._print([Text()], gap=False)
            self._last = _Last.GAP

    def typed(self, *, several_lines: bool = False) -> None:
        """Take note that something was typed; below several lines the response stands apart."""
        self._last = _Last.BLOCK if several_lines else _Last.TYPED

    async def _print(self, lines: Sequence[Text], *, gap: bool) -> None:
        app = get_app_or_none()
        above = app is not None and app.is_running
        printed = [*([Text()] if gap else []), *lines, *([Text()] if above else [])]
        async with in_terminal():
            self._write(printed)
        self._last = _Last.GAP if above else _Last.BLOCK

    def _write(self, lines: Sequence[Text]) -> None:
        if self._console is None:
            self._out.writelines(f"{line.plain}\n" for line in lines)
        else:
            for line in lines:
                self._console.print(line, soft_wrap=True)
        self._out.flush()

    def _card(self, card: Card) -> list[Text]:
        return render.card(card, self.width, self._save(card.media))

    def _save(self, media: Sequence[Media]) -> list[str]:
        """Write pictures and files to the folder for them; return where, in their order."""
        if self._media is None:
            return []
        self._media.mkdir(parents=True, exist_ok=True)
        paths = []
        for one in media:
            self._files += 1
            name = re.sub(r"[^A-Za-z0-9._-]+", "-", one.name).strip(".-")[-60:] or "file"
            path = self._media / f"{self._files:03}-{name}"
            path.write_bytes(one.content)
            paths.append(str(path))
        return paths
