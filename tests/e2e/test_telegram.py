"""`drillmate run` on Telegram: a real process that is killed in the middle of things."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.clock import MovableClock, SystemClock
from bot.settings import BankSettings, DatabaseSettings, Settings, TelegramSettings
from bot.store.uow import Database
from tests.adapters.telegram.conftest import TOKEN
from tests.adapters.telegram.stage import Stage
from tests.adapters.telegram.test_groups import good
from tests.e2e.program import Program
from tests.e2e.terminal import SMALL_BANK
from tests.rows import rows
from tests.telegram import BotApi, Fault, Message, Person

CHATS = 40
KILLS = 4


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi(token=TOKEN, username="drillmate_bot") as running:
        yield running
    assert running.breaches == []


@pytest.fixture
def database(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'run.db'}"


@asynccontextmanager
async def running(api: BotApi, database: str, **environment: str) -> AsyncIterator[Program]:
    """Start the program, and end it with the test."""
    program = await Program.starts(api, database, **environment)
    try:
        await program.serves()
        yield program
    finally:
        if program.process.returncode is None:
            await program.dies()


def questions(person: Person) -> list[Message]:
    return [m for m in person.dm.messages if "Reply to this message" in m.text]


async def test_a_person_is_served_and_the_program_stops_when_asked(
    api: BotApi, database: str
) -> None:
    ana = api.person("Ana")
    async with running(api, database) as program:
        ana.says("/practice")
        asked = await ana.sees("Reply to this message")
        ana.says(good(asked))
        await ana.sees("100 / 100")
        await api.drained()
        assert await program.leaves() == 0
        assert api.unconfirmed == 0
    log = "\n".join(program.output)
    assert TOKEN not in log
    assert TOKEN.partition(":")[2] not in log
    assert good(asked) not in log


async def test_nothing_of_it_all_is_logged_even_when_everything_is(
    api: BotApi, database: str
) -> None:
    ana = api.person("Ana")
    async with running(api, database, DRILLMATE_LOG__LEVEL="DEBUG") as program:
        api.fail("sendMessage", Fault.RESET_BEFORE)
        api.fail("sendMessage", Fault.SERVER(502))
        ana.says("/practice")
        ana.says("/streak")
        await ana.sees("No streak yet")
        api.fail("sendMessage", Fault.BAD("Bad Request: something new"))
        ana.says("/me")
        await program.logs("not posted")
    assert TOKEN.partition(":")[2] not in "\n".join(program.output)


async def test_a_form_goes_on_after_a_power_cut(api: BotApi, database: str) -> None:
    ana = api.person("Ana")
    async with running(api, database) as program:
        ana.says("/practice")
        asked = await ana.sees("Reply to this message")
        ana.presses("Answer", on=asked)
        await ana.sees("In your own words")
        await program.dies()
    async with running(api, database):
        ana.says(good(asked))
        await ana.sees("100 / 100")


async def test_a_button_from_before_a_power_cut_works(api: BotApi, database: str) -> None:
    ana = api.person("Ana")
    async with running(api, database) as program:
        ana.says("/practice")
        asked = await ana.sees("Reply to this message")
        await program.dies()
    async with running(api, database):
        press = ana.presses("Hint", on=asked)
        await press.answered()
        await ana.sees("Hint 1")


async def test_a_critique_is_shown_after_a_power_cut_in_its_middle(
    api: BotApi, database: str
) -> None:
    ana = api.person("Ana")
    async with running(api, database) as program:
        ana.says("/practice")
        asked = await ana.sees("Reply to this message")
        api.fail("sendMessage", Fault.HANG_BEFORE(30))
        ana.says(good(asked))
        async with asyncio.timeout(20):  # judged, and its sending hangs
            while not [c for c in api.calls if c.method == "sendMessage" and not c.status]:
                await asyncio.sleep(0.002)
        await program.dies()
    async with running(api, database):
        await ana.sees("100 / 100")
        await api.drained()
    kept = Database(database)
    assert await rows(kept, "SELECT score, points FROM attempts") == [(100, 100)]
    assert await rows(kept, "SELECT answers FROM totals WHERE period = 'all'") == [(1,)]
    await kept.close()


async def test_a_broadcast_with_power_cuts_reaches_everybody(api: BotApi, database: str) -> None:
    people = [api.person(f"Person{n}") for n in range(CHATS)]
    await _subscribe(api, database, people)
    for kill in range(KILLS):
        program = await Program.starts(api, database)
        wanted = (kill + 1) * CHATS // (KILLS + 2)
        async with asyncio.timeout(20):
            while sum(len(questions(person)) for person in people) < wanted:
                await asyncio.sleep(0.002)
        await program.dies()
    async with running(api, database):
        for person in people:
            await person.sees("Reply to this message", timeout=20)
    counts = [len(questions(person)) for person in people]
    assert min(counts) == 1
    # So many sends are in flight at a time, so each cut may double so many questions, and no more.
    assert sum(counts) - CHATS <= KILLS * TelegramSettings().in_flight


async def test_a_second_program_takes_over_and_the_first_says_so(
    api: BotApi, database: str
) -> None:
    ana = api.person("Ana")
    async with running(api, database) as first, running(api, database):
        assert await first.ended() == 1
        assert "Another program is asking Telegram" in "\n".join(first.output)
        assert "Traceback" not in "\n".join(first.output)
        ana.says("/streak")
        await ana.sees("No streak yet")


async def test_a_wrong_token_is_told_in_a_sentence(api: BotApi, database: str) -> None:
    wrong = "4200:nobody-has-ever-seen-this-token-here"
    program = await Program.starts(api, database, DRILLMATE_TELEGRAM__TOKEN=wrong)
    assert await program.ended() == 1
    log = "\n".join(program.output)
    assert "Telegram refuses the token in DRILLMATE_TELEGRAM__TOKEN." in log
    assert "Traceback" not in log
    assert wrong not in log


async def test_it_waits_for_a_telegram_that_is_not_there_yet(api: BotApi, database: str) -> None:
    api.fail("getMe", Fault.SERVER(502), times=1)
    async with running(api, database) as program:
        assert "telegram does not answer" in "\n".join(program.output)


async def _subscribe(api: BotApi, database: str, people: list[Person]) -> None:
    """Let people have a daily question, due a moment ago."""
    settings = Settings(
        database=DatabaseSettings(url=database), bank=BankSettings(folder=SMALL_BANK)
    )
    api.limits.enabled = False
    before = SystemClock().now() - timedelta(days=1)
    async with Stage(api, settings, MovableClock(before)) as stage:
        for person in people:
            person.says("/schedule set 09:00 UTC daily")
            person.presses("Save", on=await person.sees("Shall I save"))
        for person in people:
            await person.sees("Schedule saved")
        await stage.settles()
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
