"""How soon people are answered on Telegram while others' answers wait for a slow language model.

Fifty people have asked for second opinions of a server that takes half a minute for each. Others
press buttons and answer questions meanwhile. The baseline is the same program a minute earlier,
when nobody waited for anything.
"""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from tests.benchmarks.figure import Figure
from tests.benchmarks.telegram import ANSWER, TOKEN, quantile
from tests.e2e.program import Program
from tests.llm import Fault, LlmServer
from tests.telegram import BotApi, Message, Person, Press

WAITING = 50
SLOW_S = 30.0
PEOPLE = 50
PRESSES = 400
PER_SECOND = 20
ANSWERS = 100
ANSWERS_PER_SECOND = 5


async def main() -> list[Figure]:
    """Measure."""
    async with (
        BotApi(token=TOKEN, username="drillmate_bot") as api,
        LlmServer() as model,
    ):
        api.limits.enabled = False
        model.faults.plan(Fault("slow", seconds=SLOW_S))
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "run.db"
            llm = {"BASE_URL": model.base, "MODEL": "slow", "PROVIDER": "Acme", "TOTAL_S": "60"}
            extra = {f"DRILLMATE_LLM__{name}": value for name, value in llm.items()}
            program = await Program.starts(api, f"sqlite:///{file}", **extra)
            await program.serves()
            presses, answers = await _both(api, "Early")
            await asyncio.gather(*(_waits(api.person(f"W{n}")) for n in range(WAITING)))
            waiting = _count(file)
            slow_presses, slow_answers = await _both(api, "Late")
            still = _count(file)
            await program.leaves()
    made = [Figure("second opinions waiting, before and after", f"{waiting}, {still}")]
    for name, slow, quick in (
        ("press", slow_presses, presses),
        ("typed answer", slow_answers, answers),
    ):
        for percent in (50, 95):
            late, early = quantile(slow, percent) * 1000, quantile(quick, percent) * 1000
            against = f"with nobody waiting {early:.1f} ms, ratio {late / early:.2f}"
            made.append(Figure(f"{name} meanwhile, p{percent}", f"{late:.1f} ms", against))
    return made


async def _waits(person: Person) -> None:
    """Answer a question, and let the model read it."""
    person.says("/settings second=on")
    await person.sees("Acme reads your answers too", timeout=60)
    person.says("/practice")
    asked = await person.sees("Reply to this message", timeout=60)
    person.says(f"{ANSWER} That is what {person.name} thinks.")
    await person.sees("⏳ Acme reads it too", after=asked, timeout=60)


async def _both(api: BotApi, name: str) -> tuple[list[float], list[float]]:
    """Return how long presses and typed answers took, in seconds."""
    people = [api.person(f"{name}{number}") for number in range(PEOPLE)]
    cards: list[tuple[Person, Message]] = []
    for person in people:
        person.says("/practice")
        cards.append((person, await person.sees("Reply to this message", timeout=60)))
    loop = asyncio.get_running_loop()
    presses: list[Press] = []
    began = loop.time()
    for number in range(PRESSES):
        await asyncio.sleep(max(0.0, began + number / PER_SECOND - loop.time()))
        person, card = cards[number % PEOPLE]
        presses.append(person.presses("Hint", on=card))
    for press in presses:
        await press.answered(timeout=60)
    writers = [api.person(f"{name}Writer{number}") for number in range(ANSWERS)]
    for person in writers:
        person.says("/practice")
    for person in writers:
        await person.sees("Reply to this message", timeout=60)
    began = loop.time()
    async with asyncio.TaskGroup() as group:
        tasks = []
        for number, person in enumerate(writers):
            await asyncio.sleep(max(0.0, began + number / ANSWERS_PER_SECOND - loop.time()))
            tasks.append(group.create_task(_answers(person)))
    return [press.latency_s for press in presses], [task.result() for task in tasks]


async def _answers(person: Person) -> float:
    loop = asyncio.get_running_loop()
    began = loop.time()
    sent = person.says(ANSWER)
    await person.sees("/ 100", after=sent, timeout=60)
    return loop.time() - began


def _count(file: Path) -> int:
    with closing(sqlite3.connect(file)) as database:
        query = "SELECT count(*) FROM opinions WHERE state = 'waiting'"
        return int(database.execute(query).fetchone()[0])
