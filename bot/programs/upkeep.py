"""`drillmate migrate`, `doctor` and `board`: what an operator runs now and then."""

from __future__ import annotations

import asyncio
import sys
from importlib.metadata import version

from bot import bundled, log
from bot.app import start
from bot.bank.fault import BankFaults
from bot.bank.walk import question_files, read_bank
from bot.clock import SystemClock
from bot.errors import UserError
from bot.programs.configuration import configured
from bot.store import migrate as schema
from bot.store.uow import Database


def migrate(url: str) -> None:
    """Bring the database to this version's schema and say so.

    Raises:
        Unavailable: The database cannot be used.
    """
    settings = configured(url)
    log.configure("WARNING", json_lines=settings.log.json_lines)

    async def bring() -> None:
        database = Database(settings.database_url)
        try:
            copy = await schema.migrate(database)
        finally:
            await database.close()
        kept = f" A copy from before is {copy}." if copy else ""
        sys.stdout.write(f"The database is at revision {schema.head()}.{kept}\n")

    asyncio.run(bring())


def doctor(url: str) -> int:
    """Print what is set up; return 1 if something needed does not work."""
    settings = configured(url)
    log.configure("ERROR", json_lines=settings.log.json_lines)
    ok = True

    def say(name: str, text: str, *, fine: bool = True) -> None:
        nonlocal ok
        ok = ok and fine
        sys.stdout.write(f"{'ok ' if fine else 'BAD'}  {name:<12} {text}\n")

    say("program", f"drillmate {version('drillmate')}, Python {sys.version.split()[0]}")
    say("time zones", f"tzdata {version('tzdata')}")
    folder = settings.bank.folder or bundled.questions_folder()
    try:
        say("questions", f"{len(read_bank(folder).questions)} in {folder}")
    except BankFaults as error:
        many = f"{len(error.faults)} faults in {len(question_files(folder))} files"
        say("questions", f"{many}; drillmate bank check lists them", fine=False)

    async def look() -> None:
        database = Database(settings.database_url)
        where = schema.place(database)
        try:
            at = await schema.current(database)
            state = "new" if at is None else f"revision {at} of {schema.head()}"
            say("database", f"{where}: {state}")
        except UserError as error:
            say("database", f"{error.message} {error.hint}", fine=False)
        finally:
            await database.close()

    asyncio.run(look())
    say("critic", "keypoints, offline")
    telegram = settings.telegram
    if not telegram.token.get_secret_value():
        say("telegram", "no token; set DRILLMATE_TELEGRAM__TOKEN")
    else:
        from bot.adapters.telegram.check import (
            check,
        )  # only whoever has a bot waits for its library

        fine, told = asyncio.run(check(telegram))
        say("telegram", told, fine=fine)
    if not settings.discord.token.get_secret_value():
        say("discord", "no token; set DRILLMATE_DISCORD__TOKEN")
    else:
        from bot.adapters.discord import check as on_discord

        fine, told = asyncio.run(on_discord.check(settings.discord))
        say("discord", told, fine=fine)
    say("terminal", "drillmate console")
    return 0 if ok else 1


def boards(url: str, *, rebuild: bool) -> int:
    """Compare all boards' totals with the answers, or make them anew; return 1 if they differ."""
    settings = configured(url)
    log.configure("WARNING", json_lines=settings.log.json_lines)

    async def go() -> int:
        wrong = 0
        async with start(settings, SystemClock()) as app:
            for chat_id in await app.services.leaderboards.chats():
                if rebuild:
                    await app.services.leaderboards.rebuild(chat_id)
                periods = await app.services.leaderboards.differences(chat_id)
                wrong += bool(periods)
                if periods:
                    sys.stdout.write(f"chat {chat_id}: {', '.join(periods)} differ\n")
        if wrong:
            sys.stdout.write("Run `drillmate board rebuild`; answers are not touched by it.\n")
        else:
            sys.stdout.write("Totals and answers agree.\n")
        return int(bool(wrong))

    return asyncio.run(go())
