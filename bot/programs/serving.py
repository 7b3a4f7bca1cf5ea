"""`drillmate run`: every platform that has a token; with none, the terminal chat."""

from __future__ import annotations

import asyncio
import signal
import sys
from typing import get_args

from bot import log
from bot.app import App, serve, start
from bot.chat.adapter import Adapter
from bot.clock import SystemClock
from bot.errors import Invalid, UserError
from bot.locales import abouts
from bot.programs import terminal
from bot.programs.configuration import configured
from bot.settings import Role, Settings

SHARE = {"all": 1.0, "worker": 1.0, "sender": 0.75, "gateway": 0.18}
"""What each role may use of a bot's rate: two processes that cannot see each other divide it, so
that together they never send more than one may. What is left over is for those that only log in."""


def run(url: str, role: str = "") -> int:
    """Serve every platform that has a token; with none that is the terminal chat.

    Args:
        url: Of the database; empty: what the settings say.
        role: What this process does; empty: what the settings say.

    Raises:
        Invalid: There is no token and no terminal either, or a platform refuses its token.
        Conflict: Another program serves with the same token.
        Unavailable: The database cannot be used.
        BankFaults: The question bank has faults.
    """
    settings = configured(url)
    if role:
        settings = settings.model_copy(update={"role": _checked(role)})
    if settings.role != "all" and settings.database_url.startswith("sqlite"):
        raise Invalid(
            f"The role {settings.role} shares the work with other processes, which takes "
            "PostgreSQL.",
            "Give --database postgresql://..., or leave --role out: then one process does all.",
        )
    if (
        settings.role != "all"
        or settings.telegram.token.get_secret_value()
        or settings.discord.token.get_secret_value()
    ):
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
    if settings.role == "worker":
        return found  # slow work speaks to no platform
    if settings.telegram.token.get_secret_value():
        from bot.adapters.telegram import TelegramAdapter

        telegram = settings.telegram.model_copy(
            update={"per_second": _share(settings.telegram.per_second, settings.role)}
        )
        found.append(TelegramAdapter(telegram, app.registry, app.services, languages))
    if settings.discord.token.get_secret_value():
        from bot.adapters.discord import DiscordAdapter

        discord = settings.discord.model_copy(
            update={"per_second": _share(settings.discord.per_second, settings.role)}
        )
        found.append(DiscordAdapter(discord, app.registry, app.services, languages))
    return found


def _checked(role: str) -> str:
    if role not in SHARE:
        raise Invalid(
            f"There is no role {role!r}.",
            f"The roles are {', '.join(get_args(Role))}.",
            field="role",
        )
    return role


def _share(per_second: int, role: str) -> int:
    return max(1, int(per_second * SHARE[role]))


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """Return what can be told in a sentence, if that is in a group of errors; else the group."""
    for error in group.exceptions:
        if isinstance(error, BaseExceptionGroup):
            error = _first(error)
        if isinstance(error, UserError):
            return error
    return group
