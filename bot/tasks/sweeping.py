"""Forgetting what nobody needs any more."""

from __future__ import annotations

from datetime import time

import structlog

from bot.services import Services
from bot.tasks.task import Task

log = structlog.get_logger(__name__)


async def _sweep(services: Services, _day: str) -> None:
    """Forget updates that are dealt with, messages too old for replies, deliveries, bills."""
    gone = await services.inbox.sweep() + await services.places.sweep()
    gone += await services.outbox.sweep() + await services.opinions.sweep()
    gone += await services.transcripts.sweep()
    log.info("swept", rows=gone)


sweep = Task("sweep", _sweep, daily_at=time(3, 30))
