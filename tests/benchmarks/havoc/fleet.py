"""The program's processes, each started anew whenever it is gone, as a supervisor does it."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from tests.discord import DiscordApi
from tests.e2e.program import Program
from tests.telegram import BotApi

AGAIN_S = 0.3
"""Seconds until a process that ended by itself is started again."""
STOP_S = 40.0
"""Seconds in which all must stop when asked; one that sends has 25."""
ONE = ("all",)
"""One process that does all, as on SQLite."""
SHARED = ("gateway", "sender", "sender", "worker")
"""The roles of several processes that share the work."""
LAST = 12
"""Lines that are shown of a process that ended by itself."""


@dataclass
class Post:
    """One place in the fleet; whoever has it may change."""

    role: str
    program: Program | None = None
    starts: int = 0

    @property
    def is_ready(self) -> bool:
        """Whether it has got as far as serving."""
        ready = "ready" if self.role == "worker" else None
        return any(
            event.get("event") == ready or str(event.get("event", "")).endswith(" ready")
            for event in self._events()
        )

    @property
    def leads(self) -> bool:
        """Whether it sends what is due, as far as it has said."""
        said = [event["event"] for event in self._events() if event.get("event") in _LEADING]
        if self.role == "all":
            return self.is_ready
        return bool(said) and said[-1] == "sending"

    def _events(self) -> list[dict[str, Any]]:
        return [] if self.program is None else self.program.events


_LEADING = ("sending", "no longer sending")


@dataclass
class Fleet:
    """All processes.

    Attributes:
        ended: What ended without having been killed: role, exit status, last lines.
        in_vain: How often a process was started in vain, because the database was away.
        errors: How often which traceback was logged, by event and last line.
    """

    api: BotApi | DiscordApi
    database: str
    roles: Sequence[str]
    environment: Mapping[str, str]
    ended: list[tuple[str, int, list[str]]] = field(default_factory=list)
    in_vain: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)
    posts: list[Post] = field(default_factory=list)
    _watching: list[asyncio.Task[None]] = field(default_factory=list)
    _killed: set[int] = field(default_factory=set)
    _closing: bool = False

    async def starts(self, patience_s: float = 60.0) -> None:
        """Start all at once, and wait until all are ready."""
        self.posts = [Post(role) for role in self.roles]
        loop = asyncio.get_running_loop()
        self._watching = [loop.create_task(self._watch(post)) for post in self.posts]
        async with asyncio.timeout(patience_s):
            while not all(post.is_ready for post in self.posts):
                await asyncio.sleep(0.05)

    async def kill(self, post: Post) -> None:
        """Kill whoever has a place; somebody else will have it at once."""
        while post.program is None or post.program.process.returncode is not None:
            await asyncio.sleep(0.01)  # it is just being started
        process = post.program.process
        self._killed.add(process.pid)
        process.send_signal(signal.SIGKILL)

    async def stops(self) -> list[tuple[str, int | None]]:
        """Ask all to stop; return those that did not do so, or badly, with their statuses."""
        self._closing = True
        running = [post for post in self.posts if post.program is not None]
        for post in running:
            if post.program is not None and post.program.process.returncode is None:
                post.program.process.send_signal(signal.SIGTERM)
        await asyncio.wait(self._watching, timeout=STOP_S)
        bad: list[tuple[str, int | None]] = []
        for post in running:
            assert post.program is not None
            status = post.program.process.returncode
            if status is None:
                post.program.process.kill()
            if status != 0:
                bad.append((post.role, status))
        await asyncio.wait(self._watching, timeout=STOP_S)
        return bad

    async def _watch(self, post: Post) -> None:
        while not self._closing:
            program = post.program = await Program.starts(
                self.api, self.database, DRILLMATE_ROLE=post.role, **self.environment
            )
            post.starts += 1
            status = await program.process.wait()
            with suppress(AssertionError, TimeoutError):
                await program.ended()
            self._note(program)
            if program.process.pid not in self._killed and not self._closing:
                if not post.is_ready and status == 1 and _was_turned_away(program.output):
                    self.in_vain += 1
                else:
                    self.ended.append((post.role, status, program.output[-LAST:]))
                await asyncio.sleep(AGAIN_S)

    def _note(self, program: Program) -> None:
        for event in program.events:
            name, level = event.get("event", ""), event.get("level", "")
            if trace := event.get("exception"):
                self.errors[f"{name}: {str(trace).strip().splitlines()[-1][:200]}"] += 1
            elif level in ("warning", "error", "critical"):
                reason = event.get("reason", "")
                self.warnings[f"{name} {reason}".strip()] += 1
        # What is not a line of the log was written past it: by a library, or by Python's end.
        loose = [line for line in program.output if line.strip() and not line.startswith("{")]
        if loose and not _was_turned_away(loose):
            self.errors[f"not in the log: {loose[-1][:200]}"] += 1


def _was_turned_away(output: list[str]) -> bool:
    """Return whether a program that ended said in a sentence that the database is away."""
    text = "\n".join(output)
    away = "The database" in text and "does not answer" in text
    return (away or "out of reach" in text) and "Traceback" not in text
