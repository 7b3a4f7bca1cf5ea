"""`drillmate run` on Discord: a real process that is killed in the middle of things."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.clock import MovableClock, SystemClock
from bot.settings import BankSettings, DatabaseSettings, Settings
from bot.store.uow import Database
from tests.adapters.discord.stage import Stage
from tests.adapters.discord.test_guild import good
from tests.discord import DiscordApi, Guild, Message, Person
from tests.e2e.program import Program
from tests.e2e.terminal import SMALL_BANK
from tests.rows import rows

GUILDS = 24
KILLS = 4


@pytest.fixture
async def api() -> AsyncIterator[DiscordApi]:
    async with DiscordApi() as running:
        running.limits.scale = 0.02
        yield running
    assert running.breaches == []


@pytest.fixture
def database(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'run.db'}"


@asynccontextmanager
async def running(api: DiscordApi, database: str, **environment: str) -> AsyncIterator[Program]:
    """Start the program, and end it with the test."""
    program = await Program.starts(api, database, **environment)
    try:
        await program.serves()
        await program.logs("discord commands")
        yield program
    finally:
        if program.process.returncode is None:
            await program.dies()


async def question_of(person: Person, guild: Guild) -> Message:
    """Return a question that somebody asked for."""
    asked = person.runs("practice", guild.general)
    return await asked.shows("Press Answer")


async def test_a_server_is_served_and_neither_tokens_nor_answers_are_logged(
    api: DiscordApi, database: str
) -> None:
    ana = api.person("Ana")
    guild = api.guild("backend-prep", ana, bot=True)
    async with running(api, database, DRILLMATE_LOG__LEVEL="DEBUG") as program:
        asked = await question_of(ana, guild)
        pressed = await ana.presses("Answer", on=asked).answered()
        assert pressed.modal is not None
        sent = ana.submits(pressed.modal, text=good(asked))
        await sent.shows("100 / 100")
        assert await program.leaves() == 0
    log = "\n".join(program.output)
    assert api.token not in log
    assert sent.token not in log
    assert good(asked) not in log


async def test_a_form_that_was_open_during_a_power_cut_is_sent_in_after_it(
    api: DiscordApi, database: str
) -> None:
    ana = api.person("Ana")
    guild = api.guild("backend-prep", ana, bot=True)
    async with running(api, database) as program:
        asked = await question_of(ana, guild)
        pressed = await ana.presses("Answer", on=asked).answered()
        await program.dies()
    assert pressed.modal is not None
    async with running(api, database):
        await ana.submits(pressed.modal, text=good(asked)).shows("100 / 100")
        await ana.presses("Hint", on=asked).shows("Hint 1")


async def test_an_answer_whose_critique_was_cut_off_is_sent_in_again_and_counts_once(
    api: DiscordApi, database: str
) -> None:
    ana = api.person("Ana")
    guild = api.guild("backend-prep", ana, bot=True)
    async with running(api, database) as program:
        asked = await question_of(ana, guild)
        pressed = await ana.presses("Answer", on=asked).answered()
        assert pressed.modal is not None
        ana.submits(pressed.modal, text=good(asked))
        kept = Database(database)
        async with asyncio.timeout(20):
            while not await rows(kept, "SELECT id FROM attempts"):
                await asyncio.sleep(0.001)
        await kept.close()
        await program.dies()
    async with running(api, database):
        # Discord leaves a form open that got no answer, with all that was typed.
        again = await ana.submits(pressed.modal, text=good(asked)).shows("100 / 100")
        assert "answered this one before" not in again.text
    kept = Database(database)
    assert await rows(kept, "SELECT score, points FROM attempts") == [(100, 100)]
    await kept.close()


async def test_a_broadcast_with_power_cuts_shows_every_server_its_question_once(
    api: DiscordApi, database: str
) -> None:
    maya = api.person("Maya")
    guilds = [api.guild(f"group {n}", maya, bot=True) for n in range(GUILDS)]
    await subscribe(api, database, guilds, maya)
    for kill in range(KILLS):
        program = await Program.starts(api, database)
        wanted = (kill + 1) * GUILDS // (KILLS + 2)
        async with asyncio.timeout(30):
            while sum(len(questions(guild)) for guild in guilds) < wanted:
                await asyncio.sleep(0.002)
        await program.dies()
    async with running(api, database):
        for guild in guilds:
            await guild.general.sees("Reply to this message", timeout=20)
    assert [len(questions(guild)) for guild in guilds] == [1] * GUILDS


def questions(guild: Guild) -> list[Message]:
    return [m for m in guild.general.messages if "Reply to this message" in m.text]


async def subscribe(api: DiscordApi, database: str, guilds: list[Guild], maya: Person) -> None:
    """Let servers have a daily question, due a moment ago."""
    settings = Settings(
        database=DatabaseSettings(url=database), bank=BankSettings(folder=SMALL_BANK)
    )
    before = SystemClock().now() - timedelta(days=1)
    async with Stage(api, settings, MovableClock(before)):
        for guild in guilds:
            run = maya.runs("schedule set", guild.general, time="09:00", zone="UTC")
            await maya.presses("Save", on=await run.shows("Shall I save")).shows("Schedule saved")
    kept = Database(database)
    async with kept.engine.begin() as connection:
        due = SystemClock().now().replace(second=0, microsecond=0, tzinfo=None)
        await connection.execute(
            text("UPDATE subscriptions SET next_due_at = :due, minute = :minute, next_day = :day"),
            {
                "due": due.isoformat(sep=" ", timespec="microseconds"),
                "minute": due.hour * 60 + due.minute,
                "day": datetime.date(due).isoformat(),
            },
        )
    await kept.close()
