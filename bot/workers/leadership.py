"""Which process sends for a bot: one at a time, and another one soon after it is gone."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Protocol

import structlog

log = structlog.get_logger(__name__)

LOOK_S = 0.5
"""Seconds between two looks at the lock."""
SURE_S = 1.5
"""Seconds after a look that found the lock ours for which we begin to send."""
GRACE_S = 2.0
"""Seconds between getting the lock and sending: whoever had it has noticed by then that it has not,
for it is sure of it for less."""


class Lock(Protocol):
    """What one process at a time has."""

    async def take(self) -> bool:
        """Take it; False if another process has it."""
        ...

    async def is_held(self) -> bool:
        """Return whether it is still ours."""
        ...

    async def give_back(self) -> None:
        """Let another process have it."""
        ...


class Leadership:
    """Whether we are the one that sends on a platform."""

    def __init__(self, platform: str, lock: Lock, begins: Callable[[], Awaitable[None]]) -> None:
        """Strive for `lock`; `begins` is called when we have got it, before anything is sent."""
        self._platform = platform
        self._lock = lock
        self._begins = begins
        self._sure_until = 0.0

    def leads(self) -> bool:
        """Return whether we may begin to send something now."""
        return time.monotonic() < self._sure_until

    async def run(self) -> None:
        """Strive for the lock and hold it, until cancelled."""
        try:
            while True:
                if await self._lock.take():
                    await self._hold()
                await asyncio.sleep(LOOK_S)
        finally:
            self._sure_until = 0.0
            await self._lock.give_back()

    async def _hold(self) -> None:
        await asyncio.sleep(GRACE_S)
        began = False
        while True:
            asked = time.monotonic()
            if not await self._lock.is_held():
                break
            if not began:
                try:
                    await self._begins()
                except Exception as error:  # the database again: it is tried at the next look
                    log.warning("cannot begin to send", reason=type(error).__name__)
                else:
                    began = True
                    log.info("sending", platform=self._platform)
            if began:
                self._sure_until = asked + SURE_S
            await asyncio.sleep(LOOK_S)
        self._sure_until = 0.0
        log.warning("no longer sending", platform=self._platform)
