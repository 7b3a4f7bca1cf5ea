"""Replays a transcript: one line an entry, printed as each person sees it, the same every time."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.adapters.console.play import Play
from bot.adapters.console.screen import Screen

COMMENT = "#"


def entry_of(line: str) -> str:
    r"""Return the entry that a line stands for: a `\n` in it is a line break, `\\n` is not."""
    return re.sub(r"(\\?)\\n", lambda m: r"\n" if m[1] else "\n", line.rstrip("\r\n"))


async def replay(lines: Iterable[str], play: Play, screen: Screen) -> list[int]:
    """Play `lines` to their end or to !quit; return the numbers of those that failed, from 1.

    A line fails if its outcome is an error or a directive is refused. Lines that begin with `#`
    are comments and printed, empty ones are skipped.
    """
    failed = []
    await play.settle()
    for number, line in enumerate(lines, 1):
        entry = entry_of(line.removeprefix("\ufeff") if number == 1 else line)
        if not entry.strip():
            continue
        if entry.startswith(COMMENT):
            await screen.note(entry)
            continue
        await screen.echo(play.scene.label, entry)
        if not await play.line(entry):
            failed.append(number)
        if play.over:
            break
    if failed:
        noun = "Line" if len(failed) == 1 else "Lines"
        await screen.gap()
        await screen.note(f"# {noun} {', '.join(map(str, failed))} failed.")
    return failed
