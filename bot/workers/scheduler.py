"""The metronome: what is due becomes deliveries, deliveries are sent, tallies are told.

APScheduler beats the time and holds no state; all state is in the database, so any beat may be
missed or come twice.
"""

from __future__ import annotations

import asyncio

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.workers.sender import Sender

log = structlog.get_logger(__name__)

BEAT_S = 1
"""Seconds between two looks at what is due; an idle look is one indexed read."""


SWEEP_H = 24
"""Hours between two times that what nobody needs any more is forgotten."""


class Scheduler:
    """Runs until cancelled."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    async def run(self) -> None:
        """Beat every second, until cancelled."""
        metronome = AsyncIOScheduler(timezone="UTC")
        metronome.add_job(
            self._beat,
            "interval",
            seconds=BEAT_S,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )
        metronome.add_job(self._sweep, "interval", hours=SWEEP_H, max_instances=1, coalesce=True)
        metronome.start()
        try:
            await asyncio.Event().wait()
        finally:
            await self._sender.finish()
            metronome.shutdown(wait=False)

    async def _sweep(self) -> None:
        try:
            await self._sender.sweep()
        except Exception:  # what is not swept today is swept tomorrow
            log.exception("sweep failed")

    async def _beat(self) -> None:
        try:
            await self._sender.settle()
        except Exception:  # the next beat tries again; the database holds what is to be done
            log.exception("beat failed")
