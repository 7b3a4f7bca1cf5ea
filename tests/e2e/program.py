"""`drillmate run` in a process of its own, which can be killed at any moment."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from dataclasses import dataclass, field
from typing import Any, Self

from tests.discord import DiscordApi
from tests.e2e.terminal import ENVIRONMENT
from tests.telegram import BotApi

PATIENCE_S = 30.0


@dataclass
class Program:
    """A running program that serves a bot on a test server.

    Attributes:
        events: What it logged, one object a line.
        output: All that it wrote, line by line.
        platform: The one that it serves.
    """

    process: asyncio.subprocess.Process
    platform: str = "telegram"
    events: list[dict[str, Any]] = field(default_factory=list)
    output: list[str] = field(default_factory=list)
    _reading: asyncio.Task[None] | None = None
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    @classmethod
    async def starts(cls, api: BotApi | DiscordApi, database: str, **environment: str) -> Self:
        """Start it; it may not serve yet."""
        settings = {
            **_platform(api),
            "DRILLMATE_DATABASE__URL": database,
            "DRILLMATE_LOG__JSON_LINES": "true",
            **environment,
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            "run",
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env={**os.environ, **ENVIRONMENT, **settings},
        )
        program = cls(process, "discord" if isinstance(api, DiscordApi) else "telegram")
        program._reading = asyncio.get_running_loop().create_task(program._read())
        return program

    async def serves(self) -> dict[str, Any]:
        """Wait until it says that it is ready on its platform."""
        return await self.logs(f"{self.platform} ready")

    async def logs(self, event: str, count: int = 1) -> dict[str, Any]:
        """Wait until it has logged an event so often, and return the last of them."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                found = [each for each in self.events if each.get("event") == event]
                if len(found) >= count:
                    return found[count - 1]
                if self.process.returncode is not None and self._reading and self._reading.done():
                    raise AssertionError("it ended:\n" + "\n".join(self.output[-20:]))
                self._news.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._news.wait(), 0.2)

    async def dies(self) -> None:
        """Kill it, as a power cut does."""
        self.process.send_signal(signal.SIGKILL)
        await self.ended()

    async def leaves(self) -> int:
        """Ask it to stop, and return its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return await self.ended()

    async def ended(self) -> int:
        """Wait for its end and return its exit status."""
        async with asyncio.timeout(PATIENCE_S):
            status = await self.process.wait()
            if self._reading is not None:
                await self._reading
        return status

    async def _read(self) -> None:
        assert self.process.stdout is not None
        async for raw in self.process.stdout:
            line = raw.decode().rstrip("\n")
            self.output.append(line)
            with contextlib.suppress(ValueError):
                found = json.loads(line)
                if isinstance(found, dict):
                    self.events.append(found)
            self._news.set()


def _platform(api: BotApi | DiscordApi) -> dict[str, str]:
    """Return the settings that lead to a platform."""
    if isinstance(api, DiscordApi):
        return {
            "DRILLMATE_DISCORD__TOKEN": api.token,
            "DRILLMATE_DISCORD__API_BASE": api.base,
            "DRILLMATE_DISCORD__GATEWAY_URL": api.gateway,
        }
    return {"DRILLMATE_TELEGRAM__TOKEN": api.token, "DRILLMATE_TELEGRAM__API_BASE": api.base}
