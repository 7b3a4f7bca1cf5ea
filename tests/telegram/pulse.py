"""Waiting until something that anybody may change has become true."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Pulse:
    """Beats at each change; whoever waits looks again at each beat."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def beat(self) -> None:
        """Let everybody who waits look again."""
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)

    async def until(self, look: Callable[[], T | None], timeout: float) -> T | None:
        """Return the first thing that `look` returns other than None; None when time is up."""
        loop = asyncio.get_running_loop()
        end = loop.time() + timeout
        while (found := look()) is None:
            left = end - loop.time()
            if left <= 0:
                return None
            beat = loop.create_future()
            self._waiting.add(beat)
            try:
                await asyncio.wait([beat], timeout=left)
            finally:
                self._waiting.discard(beat)
        return found
