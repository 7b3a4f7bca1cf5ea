"""The metronome: what is due becomes deliveries, deliveries are sent, the rest is told.

APScheduler beats the time and holds no state; all state is in the database, so any beat may be
missed or come twice. A beat only looks, and sets going what has something to do: a broadcast of an
hour keeps neither the next one from being prepared nor a tally from being told.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.errors import Away
from bot.workers.sender import Sender

log = structlog.get_logger(__name__)

BEAT_S = 1
"""Seconds between two looks at what is due; an idle look is one read."""
FINISH_S = 25.0
"""Seconds that what is being sent is given when we are asked to stop; Docker gives ours 30."""


class Scheduler:
    """Runs until cancelled."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self._stopping = False
        self._running: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Beat every second, until cancelled; what is being sent then is finished."""
        metronome = AsyncIOScheduler(timezone="UTC")
        async with asyncio.TaskGroup() as group:
            metronome.add_job(
                self._beat,
                "interval",
                (group,),
                seconds=BEAT_S,
                max_instances=1,
                coalesce=True,
                misfire_grace_time=None,
            )
            metronome.start()
            try:
                await asyncio.Event().wait()
            finally:
                metronome.shutdown(wait=False)
                self._stopping = True
                self._sender.stop()
                if under_way := {task for task in self._running.values() if not task.done()}:
                    _, left = await asyncio.wait(under_way, timeout=FINISH_S)
                    for task in left:
                        task.cancel()
                    if left:  # before the group cancels them again, which drivers do not bear
                        await asyncio.wait(left)

    async def _beat(self, group: asyncio.TaskGroup) -> None:
        if not self._sender.platforms:
            return  # another process sends
        try:
            to_do = await self._sender.to_do()
        except Away:
            log.warning("database out of reach")  # the next beat tries again
            return
        except Exception:
            log.exception("beat failed")
            return
        if to_do.dues:
            self._set_going(group, "dues", lambda: self._materialise(group))
        for platform in to_do.deliveries:
            self._set_going(group, platform, self._sender.deliveries[platform].drain)
        if to_do.verdicts:
            self._set_going(
                group, "verdicts", lambda: self._sender.verdicts.tell(self._sender.platforms)
            )
        if to_do.chatter or self._sender.chatter.is_asked:
            self._set_going(
                group, "chatter", lambda: self._sender.chatter.tell(self._sender.platforms)
            )

    async def _materialise(self, group: asyncio.TaskGroup) -> None:
        """Make deliveries of what is due, and have the first ones sent while more are made."""
        while not self._stopping and await self._sender.services.dues.claim():
            for platform, deliveries in self._sender.deliveries.items():
                self._set_going(group, platform, deliveries.drain)

    def _set_going(
        self, group: asyncio.TaskGroup, name: str, work: Callable[[], Awaitable[None]]
    ) -> None:
        """Begin some work, unless it is under way already."""
        under_way = self._running.get(name)
        if not self._stopping and (under_way is None or under_way.done()):
            self._running[name] = group.create_task(_fenced(name, work), name=name)


async def _fenced(name: str, work: Callable[[], Awaitable[None]]) -> None:
    try:
        await work()
    except Away:
        log.warning("database out of reach", work=name)
    except Exception:  # the next beat tries again; the database holds what is to be done
        log.exception("work failed", work=name)
