"""`drillmate run`: every platform that has a token; with none, the terminal chat."""

from __future__ import annotations

import asyncio
import signal
import sys

from bot import log
from bot.app import App, serve, start
from bot.chat.adapter import Adapter
from bot.clock import SystemClock
from bot.errors import Invalid, UserError
from bot.locales import abouts
from bot.programs import terminal
from bot.programs.configuration import configured
from bot.settings import Settings


def run(url: str) -> int:
    """Serve every platform that has a token; with none that is the terminal chat.

    Raises:
        Invalid: There is no token and no terminal either, or a platform refuses its token.
        Conflict: Another program serves with the same token.
        Unavailable: The database cannot be used.
        BankFaults: The question bank has faults.
    """
    settings = configured(url)
    if settings.telegram.token.get_secret_value() or settings.discord.token.get_secret_value():
        log.configure(settings.log.level, json_lines=settings.log.json_lines)
        asyncio.run(_serve(settings))
        return 0
    if not sys.stdin.isatty():
        raise Invalid(
            "There is nothing to serve: no platform has a token, and there is no terminal.",
            "Set DRILLMATE_DISCORD__TOKEN or DRILLMATE_TELEGRAM__TOKEN, or run `drillmate console` "
            "for the terminal chat; `drillmate doctor` says what is there.",
        )
    sys.stdout.write("No platform has a token, so here is the terminal chat.\n")
    return terminal.run(url, script=None, clock="", media=None)


async def _serve(settings: Settings) -> None:
    """Serve until a platform gives up or somebody asks us to stop."""
    task = asyncio.current_task()
    assert task is not None
    # Asked to stop, what is being worked on is finished first; Ctrl-C asks the same.
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    try:
        async with start(settings, SystemClock()) as app:
            adapters = _adapters(settings, app)
            await serve(app, app.sender(*adapters), *adapters)
    except asyncio.CancelledError:
        return
    except BaseExceptionGroup as group:
        raise _first(group) from None


def _adapters(settings: Settings, app: App) -> list[Adapter]:
    # Imported here: whoever has no bot on a platform does not wait for its library.
    languages = abouts()
    found: list[Adapter] = []
    if settings.telegram.token.get_secret_value():
        from bot.adapters.telegram import TelegramAdapter

        found.append(TelegramAdapter(settings.telegram, app.registry, app.services, languages))
    if settings.discord.token.get_secret_value():
        from bot.adapters.discord import DiscordAdapter

        found.append(DiscordAdapter(settings.discord, app.registry, app.services, languages))
    return found


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """Return what can be told in a sentence, if that is in a group of errors; else the group."""
    for error in group.exceptions:
        if isinstance(error, BaseExceptionGroup):
            error = _first(error)
        if isinstance(error, UserError):
            return error
    return group
