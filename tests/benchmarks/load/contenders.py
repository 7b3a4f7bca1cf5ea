"""Who sends the questions: our program, or a bot as one writes it with the libraries alone.

Each runs in a process of its own, so that what it needs can be told from what the server needs.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from bot.bundled import questions_folder
from bot.clock import SystemClock
from tests.benchmarks.load.discord import DiscordScene
from tests.benchmarks.load.rows import Target, fill, make_due
from tests.benchmarks.load.telegram import TelegramScene
from tests.e2e.program import Program

AnyScene = TelegramScene | DiscordScene

PATIENCE_S = 300.0
"""Seconds for a start: ten thousand guilds are told one by one."""
HEADROOM_S = 3
REGISTERED_PER_S = 500
"""Jobs a second that a baseline takes in at the least, on a slow machine."""


class Contender(Protocol):
    """A bot in a process of its own."""

    @property
    def name(self) -> str:
        """What it is called in the report."""
        ...

    @property
    def pid(self) -> int:
        """The process."""
        ...

    async def starts(self) -> None:
        """Start it, and wait until it serves."""
        ...

    async def schedule(self, calm_s: float) -> datetime:
        """Let everything be due once, after `calm_s` seconds at least, and return when."""
        ...

    async def ends(self) -> None:
        """Stop it."""
        ...


@dataclass
class Ours:
    """`drillmate run`.

    Attributes:
        at_once: Let everything be due in the minute that has just passed, instead of one to come:
            schedules know whole minutes only, and a test does not wait for one.
        bank: Its questions; None: those that come with it.
    """

    scene: AnyScene
    database: str
    at_once: bool = False
    bank: Path | None = None
    name: str = "drillmate"
    _program: Program | None = None
    _making: asyncio.Task[None] | None = None

    @property
    def program(self) -> Program:
        """The running program."""
        assert self._program is not None, "it does not run"
        return self._program

    @property
    def pid(self) -> int:
        """The process."""
        return self.program.process.pid

    async def starts(self) -> None:
        """Fill its database, start it, and wait until it serves."""
        scene, clock = self.scene, SystemClock()
        await fill(self.database, scene.platform, scene.targets, clock.now())
        settings = {
            "DRILLMATE_BANK__FOLDER": str(self.bank or questions_folder()),
            f"DRILLMATE_{scene.platform.upper()}__PER_SECOND": str(scene.allowed),
        }
        if isinstance(scene, DiscordScene) and scene.sharded:
            settings["DRILLMATE_DISCORD__SHARDED"] = "true"
        self._program = await Program.starts(scene.api, self.database, **settings)
        async with asyncio.timeout(PATIENCE_S):
            while True:
                with suppress(TimeoutError):
                    await self.program.serves()
                    return

    async def schedule(self, calm_s: float) -> datetime:
        """Let everything be due once, after `calm_s` seconds at least, and return when."""
        now = SystemClock().now()
        if self.at_once:
            at = now + timedelta(seconds=calm_s)
            self._making = asyncio.get_running_loop().create_task(self._make_due(calm_s))
            return at
        soonest = now + timedelta(seconds=calm_s + HEADROOM_S)
        at = soonest.replace(second=0, microsecond=0) + timedelta(minutes=1)
        await make_due(self.database, at)
        return at

    async def _make_due(self, after_s: float) -> None:
        await asyncio.sleep(after_s)
        await make_due(self.database, SystemClock().now().replace(second=0, microsecond=0))

    async def ends(self) -> None:
        """Stop it."""
        if self._making is not None:
            await self._making
        if self.program.process.returncode is None:
            await self.program.leaves()


@dataclass
class Baseline:
    """A bot of tests/benchmarks/baselines.

    Attributes:
        module: Its file.
        scheduler: "jobqueue" or "apscheduler"; "paced" is the latter with a limiter before the
            questions, for a library that has none of its own.
        patient: Whether its jobs run however late (`misfire_grace_time=None`); the libraries'
            default is one second.
    """

    scene: AnyScene
    module: str
    scheduler: str
    patient: bool
    output: list[str] = field(default_factory=list)
    _process: asyncio.subprocess.Process | None = None

    @property
    def name(self) -> str:
        """What it is called in the report."""
        grace = "misfire_grace_time=None" if self.patient else "default misfire grace"
        return f"{self.scheduler}, {grace}"

    @property
    def process(self) -> asyncio.subprocess.Process:
        """The running process."""
        assert self._process is not None, "it does not run"
        return self._process

    @property
    def pid(self) -> int:
        """The process."""
        return self.process.pid

    async def starts(self) -> None:
        """Start it, and wait until it serves."""
        scene = self.scene
        settings = {
            "base": scene.api.base,
            "token": scene.api.token,
            "allowed": scene.allowed,
            "scheduler": self.scheduler,
            "patient": self.patient,
        }
        if isinstance(scene, DiscordScene):
            settings |= {"gateway": scene.api.gateway, "sharded": scene.sharded}
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-W",
            "ignore",
            "-m",
            f"tests.benchmarks.baselines.{self.module}",
            json.dumps(settings),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={**os.environ, "PYTHONUTF8": "1"},
        )
        await self._says("ready")

    async def schedule(self, calm_s: float) -> datetime:
        """Let everything be due once, after `calm_s` seconds at least, and return when."""
        targets: list[Target] = list(self.scene.targets)
        registering = HEADROOM_S + len(targets) / REGISTERED_PER_S
        soonest = SystemClock().now() + timedelta(seconds=registering + calm_s)
        at = soonest.replace(microsecond=0) + timedelta(seconds=1)
        wish = {"at": at.isoformat(), "places": [target.place for target in targets]}
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(wish).encode() + b"\n")
        await self.process.stdin.drain()
        await self._says("registered")
        return at

    async def ends(self) -> None:
        """Stop it; what it still wanted to send does not matter any more."""
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()

    async def _says(self, word: str) -> None:
        assert self.process.stdout is not None
        async with asyncio.timeout(PATIENCE_S):
            while line := await self.process.stdout.readline():
                if line.decode().strip() == word:
                    return
        raise AssertionError(f"{self.name} ended before it was {word}")


BASELINES = {
    "telegram": [
        ("jobqueue", False),
        ("jobqueue", True),
        ("apscheduler", False),
        ("apscheduler", True),
    ],
    "discord": [("apscheduler", False), ("apscheduler", True), ("paced", True)],
}
"""Kinds of baselines and whether they are patient, see `Baseline`."""


def contenders(platform: str, wanted: str) -> list[tuple[str, bool]]:
    """Return who is to run, as in `BASELINES`; our program is ("ours", True).

    Raises:
        ValueError: There is no such baseline on this platform.
    """
    found = [("ours", True), *BASELINES[platform]]
    chosen = [each for each in found if wanted in (each[0], "all")]
    if not chosen:
        raise ValueError(f"no baseline {wanted} on {platform}")
    return chosen
