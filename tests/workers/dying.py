"""A process that dies: while it runs a job, or between keeping an answer and judging it.

Run as `python -m tests.workers.dying job|answer ADDRESS`.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from datetime import timedelta

from bot.clock import MovableClock, SystemClock
from bot.critics.keypoints import KeypointsCritic
from bot.domain.critique import Critique
from bot.domain.question import Question
from bot.services import Services, build
from bot.settings import BankSettings, DatabaseSettings, Settings
from bot.store.uow import Database
from bot.tasks import Task
from bot.testing import World
from bot.workers.jobs import Pace, engine
from tests.conftest import BANK

AGO = timedelta(minutes=1)
"""How long ago the answer was given: so long that its job is due."""


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


async def _fatal(_services: Services, _key: str) -> None:
    _die()


class Fatal(KeypointsCritic):
    """A critic whose judgement nobody lives to see."""

    async def critique(self, question: Question, answer: str) -> Critique:
        """Kill the process."""
        _die()
        raise AssertionError


async def in_a_job(address: str) -> None:
    """Run a worker that is killed by the first job it begins."""
    database = Database(address)
    services = build(database, SystemClock(), KeypointsCritic(), grace_s=60, lease_s=60)
    tasks = {"work": Task("work", _fatal)}
    await engine(database, services, tasks=tasks, pace=Pace(look_s=0.05, alive_s=1)).run()


async def after_an_answer(address: str) -> None:
    """Answer a question, and die when it is to be judged."""
    settings = Settings(database=DatabaseSettings(url=address), bank=BankSettings(folder=BANK))
    clock = MovableClock(SystemClock().now() - AGO)
    async with World(settings, clock) as world:
        fatal = Fatal()
        world.app.services.judge._critic = fatal
        ana = world.person("Ana")
        await ana.says("/practice")
        await ana.presses("Answer")
        await ana.says("Boil the water, rinse the rice, chop the onions, knead the dough.")


if __name__ == "__main__":
    ways = {"job": in_a_job, "answer": after_an_answer}
    asyncio.run(ways[sys.argv[1]](sys.argv[2]))
