"""`drillmate console` and `drillmate run`: the program with the terminal as its platform."""

from __future__ import annotations

import asyncio
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TextIO

from bot import log
from bot.adapters.console import ConsoleAdapter, Stage
from bot.adapters.console.moment import target
from bot.adapters.console.scene import DEFAULT_NAME, PLATFORM
from bot.app import serve as serve_all
from bot.app import start
from bot.clock import MovableClock
from bot.errors import Invalid
from bot.programs.configuration import configured
from bot.settings import Settings, state_folder


def run(url: str, *, script: Path | None, clock: str, media: Path | None) -> int:
    """Open the terminal chat, or replay a transcript; return 1 if a line of it failed.

    Raises:
        Invalid: The script or the time cannot be read.
        Unavailable: The database cannot be used.
        BankFaults: The question bank has faults.
    """
    settings = configured(url)
    # Whoever sits at the terminal runs it.
    settings = settings.model_copy(update={"operators": f"{PLATFORM}:{DEFAULT_NAME}"})
    # A chat is no place for log lines; what goes wrong still shows.
    log.configure("WARNING", json_lines=settings.log.json_lines)
    with ExitStack() as stack:
        lines = _transcript(script, stack)
        time = MovableClock(running=lines is None)
        if clock:
            time.set(target(clock, time.now()))
        return asyncio.run(_chat(settings, time, lines, media))


def _transcript(script: Path | None, stack: ExitStack) -> TextIO | None:
    if script is not None:
        try:
            return stack.enter_context(script.open(encoding="utf-8", errors="replace"))
        except OSError as error:
            message = f"The script {script} cannot be read: {error.strerror}."
            raise Invalid(message, "Name a text file with one line an entry.") from error
    if sys.stdin.isatty():
        return None
    sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    return sys.stdin


async def _chat(
    settings: Settings, clock: MovableClock, lines: TextIO | None, media: Path | None
) -> int:
    async with start(settings, clock) as app:
        # Made before the console that it sends to: each needs the other.
        sender = app.sender()
        services = app.services
        stage = Stage(
            clock,
            sender.settle,
            app.next_due,
            services.resolve,
            app.status,
            services.opinions.shown,
        )
        history = state_folder() / "history"
        console = ConsoleAdapter(
            app.registry, stage, sys.stdout, script=lines, history=history, media=media
        )
        sender.add(console)
        if lines is None:
            await serve_all(app, sender, console)
        else:  # a transcript's clock stands still: only what is typed lets something happen
            await console.run(app.dispatch)
        return int(console.failed)
