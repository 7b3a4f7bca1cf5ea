"""Says how sending goes: in the log, to whoever reads the metrics, and to /admin status."""

from __future__ import annotations

import asyncio
from datetime import datetime

import structlog

from bot import metrics
from bot.chat.adapter import Adapter
from bot.clock import Clock
from bot.errors import Away
from bot.services import Services
from bot.services.broadcasts import Progress
from bot.workers.deliveries import Deliveries

log = structlog.get_logger(__name__)

LOOK_S = 5.0
"""Seconds between two looks."""
SIGN_LOOKS = 6
"""Looks after which a sender with nothing to send says that it is there."""
SMALL = 20
"""Questions from which on it is worth a line that they are all sent."""


class Watch:
    """Watches one platform's deliveries."""

    def __init__(self, services: Services, adapter: Adapter, deliveries: Deliveries) -> None:
        self._services = services
        self._clock: Clock = services.clock
        self._adapter = adapter
        self._deliveries = deliveries
        self._began_at: datetime | None = None
        self._sent = 0
        self._failed = 0
        self._quiet = 0

    async def look(self) -> None:
        """Look once, and say what is new."""
        name, now = self._adapter.name, self._clock.now()
        waiting, oldest = await self._services.outbox.backlog(name)
        metrics.BACKLOG.labels(name).set(waiting)
        if not waiting and self._began_at is None:
            self._sent, self._failed = self._deliveries.sent, self._deliveries.failed
            self._quiet += 1
            if self._quiet % SIGN_LOOKS == 1:
                await self._report(now)
            return
        self._quiet = 0
        self._began_at = self._began_at or min(oldest or now, now)
        sent = self._deliveries.sent - self._sent
        failed = self._deliveries.failed - self._failed
        progress = self._progress(now, self._began_at, sent, failed)
        if waiting or sent >= SMALL:
            log.info(
                "broadcast" if waiting else "broadcast over",
                platform=name,
                sent=sent,
                failed=failed,
                waiting=waiting,
                per_second=round(progress.per_second, 1),
                seconds=round((now - self._began_at).total_seconds(), 1),
            )
        await self._services.broadcasts.report(name, progress)
        if not waiting:
            self._began_at = None
            self._sent, self._failed = self._deliveries.sent, self._deliveries.failed

    async def _report(self, now: datetime) -> None:
        progress = self._progress(now, None, 0, 0)
        await self._services.broadcasts.report(self._adapter.name, progress)

    def _progress(
        self, now: datetime, began_at: datetime | None, sent: int, failed: int
    ) -> Progress:
        allowed, paused = self._adapter.per_second(), self._adapter.paused_s()
        return Progress(now, allowed, began_at, sent, failed, round(paused, 1))


async def watch(watches: list[tuple[Deliveries, Watch]]) -> None:
    """Look at all platforms that we send on, every few seconds, until cancelled."""
    while True:
        for deliveries, each in watches:
            if deliveries.may_send():
                try:
                    await each.look()
                except Away:
                    pass  # the scheduler says so
                except Exception:
                    log.exception("watching failed")
        await asyncio.sleep(LOOK_S)
