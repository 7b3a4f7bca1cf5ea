"""What became of sends, written down in groups: one commit for all that ended meanwhile."""

from __future__ import annotations

import asyncio

import structlog

from bot import metrics
from bot.errors import Away
from bot.services.outbox import Outbox, Outcome
from bot.services.reach import Loss

log = structlog.get_logger(__name__)

FIRST_AGAIN_S = 0.2
LONGEST_AGAIN_S = 1.0
"""Seconds until a write that failed is tried again: the first time, and at most. When the database
is back, what was sent must be noted before the next sender begins (GRACE_S of leadership.py)."""


class Marks:
    """Notes outcomes. Whoever brings one waits until it is in the database.

    So what is sent and not yet noted counts as under way, and a crash puts no more in doubt than
    may be under way at once. While the database is away the outcome is kept and tried again: the
    message is out, and only this note keeps it from being sent twice.
    """

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._waiting: list[tuple[Outcome, asyncio.Future[Loss | None]]] = []
        self._writing = False

    async def note(self, outcome: Outcome) -> Loss | None:
        """Return once an outcome is in the database; who is to be told of a loss, if anybody."""
        done: asyncio.Future[Loss | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((outcome, done))
        if not self._writing:
            await self._write()
        return await done

    async def _write(self) -> None:
        """Write what waits, and what comes meanwhile, a group at a time."""
        self._writing = True
        try:
            while self._waiting:
                group, self._waiting = self._waiting, []
                await self._write_group(group)
        finally:
            self._writing = False

    async def _write_group(self, group: list[tuple[Outcome, asyncio.Future[Loss | None]]]) -> None:
        wait = FIRST_AGAIN_S
        while True:
            try:
                losses = await self._outbox.note([outcome for outcome, _ in group])
            except Exception as error:
                if len(group) > 1:  # one of them may be at fault: the others need not wait for it
                    for each in group:
                        await self._write_group([each])
                    return
                log.warning("not noted", reason=type(error).__name__, again_s=wait)
                if not isinstance(error, Away):
                    group[0][1].set_exception(error)
                    return
                await asyncio.sleep(wait)
                wait = min(wait * 2, LONGEST_AGAIN_S)
            else:
                metrics.COMMITS.observe(len(group))
                for (_, done), loss in zip(group, losses, strict=True):
                    if not done.done():
                        done.set_result(loss)
                return
