"""`drillmate run` on Telegram: how soon it is ready, how fast a press is answered, what it takes.

The baseline is the same library with a handler that does nothing but answer and send: no database,
no question, no inbox. Both run in a process of their own against the server of the tests, whose
rate windows are switched off: 50 presses a second are more messages than Telegram would take.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.figure import Figure
from tests.e2e.program import Program
from tests.telegram import BotApi, Message, Person, Press

TOKEN = "4200:TEST-token_for_the_tests_of_drillmate"
PEOPLE = 100
PER_SECOND = 50
SECONDS = 10
ANSWER = (
    "One request takes the list, then another one goes out for every row of it. I would look at "
    "how often that happens, fetch what belongs together at once, and measure it before and after. "
    "Most of the time a small change at the right place is enough, and a test keeps it that way."
)
"""Of a usual length; that it is about few of the questions makes it no cheaper to judge."""
ROUNDS = 4


async def main() -> list[Figure]:
    """Measure."""
    async with BotApi(token=TOKEN, username="drillmate_bot") as api:
        api.limits.enabled = False
        with tempfile.TemporaryDirectory() as folder:
            database = f"sqlite:///{Path(folder) / 'run.db'}"
            first = await Program.starts(api, database)
            await first.serves()
            await first.leaves()
            began = time.perf_counter()
            program = await Program.starts(api, database)
            await program.serves()
            ready = time.perf_counter() - began
            idle = memory(program.process.pid)
            ours = await _presses(api, "Hint", "/practice", "Reply to this message")
            busy = memory(program.process.pid)
            answered = await _answers(api, program.process.pid)
            await program.leaves()
    async with BotApi(token=TOKEN, username="drillmate_bot") as api:
        api.limits.enabled = False
        bare = await asyncio.create_subprocess_exec(sys.executable, "-c", _BARE, api.base, TOKEN)
        bares = await _presses(api, "Press", "/start", "Here")
        small = memory(bare.pid)
        bare.terminate()
        await bare.wait()
    return [
        Figure("telegram, start until it serves", f"{ready:.2f} s"),
        Figure("telegram, memory when ready", f"{idle:.0f} MB", f"bare library {small:.0f} MB"),
        Figure(f"telegram, memory after {PER_SECOND * SECONDS} presses", f"{busy:.0f} MB"),
        *_figures(ours, bares),
        Figure("question asked for and answered, processor", f"{answered * 1000:.1f} ms"),
    ]


def _figures(ours: list[float], bares: list[float]) -> list[Figure]:
    rate = f"press answered at {PER_SECOND}/s"
    made = []
    for name, percent in (("p50", 50), ("p95", 95), ("p99", 99)):
        mine, theirs = quantile(ours, percent), quantile(bares, percent)
        ratio = f"bare library {theirs * 1000:.1f} ms, ratio {mine / theirs:.1f}"
        made.append(Figure(f"{rate}, {name}", f"{mine * 1000:.1f} ms", ratio))
    return made


def quantile(values: list[float], percent: int) -> float:
    """Return the value below which so many per cent of them lie."""
    return statistics.quantiles(values, n=100)[percent - 1]


async def _presses(api: BotApi, label: str, command: str, shows: str) -> list[float]:
    """Let people press buttons at a steady rate; return how long each waited, in seconds."""
    people = [api.person(f"Person{number}") for number in range(PEOPLE)]
    for person in people:
        person.says(command)
    cards: list[tuple[Person, Message]] = [(p, await p.sees(shows, timeout=60)) for p in people]
    presses: list[Press] = []
    loop = asyncio.get_running_loop()
    began = loop.time()
    for number in range(PER_SECOND * SECONDS):
        await asyncio.sleep(max(0.0, began + number / PER_SECOND - loop.time()))
        person, card = cards[number % PEOPLE]
        presses.append(person.presses(label, on=card))
    for press in presses:
        await press.answered(timeout=60)
    return [press.latency_s for press in presses]


async def _answers(api: BotApi, pid: int) -> float:
    """Let people ask for a question and answer it; return the program's processor seconds each."""
    people = [api.person(f"Writer{number}") for number in range(PEOPLE)]
    await _round(people)  # every rubric is prepared once
    before = processor(pid)
    for _ in range(ROUNDS):
        await _round(people)
    return (processor(pid) - before) / (ROUNDS * PEOPLE)


async def _round(people: list[Person]) -> None:
    for said, shows in (("/practice", "Reply to this message"), (ANSWER, "/ 100")):
        sent = [person.says(said) for person in people]
        for person, message in zip(people, sent, strict=True):
            await person.sees(shows, timeout=60, after=message)


def processor(pid: int) -> float:
    """Return the seconds of a processor that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> float:
    """Return the peak of a process' memory in MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


_BARE = """
import sys
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.ext import ApplicationBuilder, CallbackQueryHandler, CommandHandler

keys = InlineKeyboardMarkup([[InlineKeyboardButton("Press", callback_data="x")]])

async def start(update, _):
    await update.message.reply_text("Here", reply_markup=keys)

async def press(update, _):
    await update.callback_query.answer()
    await update.callback_query.message.reply_text("Pressed", reply_markup=keys)

app = (
    ApplicationBuilder().token(sys.argv[2]).base_url(sys.argv[1] + "/bot")
    .concurrent_updates(True).build()
)
app.add_handler(CommandHandler("start", start))
app.add_handler(CallbackQueryHandler(press))
app.run_polling()
"""
