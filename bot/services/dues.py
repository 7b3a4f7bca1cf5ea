"""Turning what is due into deliveries, once, and keeping due times true."""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib.metadata import version
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog

from bot.clock import Clock
from bot.domain.cadence import Due, latest_due, next_due, shift_for
from bot.store.records import DeliveryState, Subscription
from bot.store.uow import Database, UnitOfWork

log = structlog.get_logger(__name__)

BATCH = 50
"""Subscriptions claimed in one transaction: people who answer meanwhile wait for no more."""


class Dues:
    """What is due, and when the next thing will be."""

    def __init__(self, database: Database, clock: Clock, *, grace_s: float) -> None:
        self._database = database
        self._clock = clock
        self._grace = timedelta(seconds=grace_s)

    async def materialise(self) -> int:
        """Turn all that is due now into deliveries; return how many were made.

        Each due subscription's delivery and its next due time are written in one transaction, so
        a crash leaves both or neither. After a sleep only the newest question is sent, and only if
        it is not older than the grace; the others are kept as skipped.
        """
        made = 0
        while True:
            now = self._clock.now()
            async with self._database.read() as unit:
                first = await unit.subscriptions.next_due_at()
            if first is None or first > now:
                return made  # the idle tick: one indexed read, and no writer waits
            async with self._database.write() as unit:
                due = await unit.subscriptions.due(now, limit=BATCH)
                if not due:
                    return made  # another scheduler has them
                for subscription in due:
                    try:
                        made += await self._deliver(unit, subscription, now)
                    except (ZoneInfoNotFoundError, ValueError):
                        # One schedule that cannot be worked out must not stop the others.
                        log.exception("cannot be scheduled", subscription=subscription.id)
                        await unit.subscriptions.pause(subscription.id, now)
                        await unit.subscriptions.schedule(subscription.id, None, None)
                await unit.commit()

    async def next_due_at(self) -> datetime | None:
        """Return when the next question is due anywhere."""
        async with self._database.read() as unit:
            return await unit.subscriptions.next_due_at()

    async def refresh(self) -> int:
        """Work out all due times anew if the time-zone rules have changed; return how many.

        `next_due_at` is a cache of what zone, time and days say. What is overdue stays, so that
        nothing is lost.
        """
        rules, now, changed = version("tzdata"), self._clock.now(), 0
        async with self._database.write() as unit:
            if await unit.kv.get("tzdata") == rules:
                return 0
            for each in await unit.subscriptions.active():
                if each.next_due_at is None or each.next_due_at > now:
                    due = next_of(each, now)
                    if due.at != each.next_due_at:
                        await unit.subscriptions.schedule(each.id, due.at, due.day)
                        changed += 1
            await unit.kv.put("tzdata", rules)
            await unit.commit()
        return changed

    async def _deliver(self, unit: UnitOfWork, each: Subscription, now: datetime) -> int:
        assert each.next_due_at is not None
        missed = latest_due(
            each.cadence,
            ZoneInfo(each.zone),
            each.next_due_at - timedelta(microseconds=1),
            now,
            last_day=each.last_day,
            shift_min=shift_of(each.chat_id),
        )
        for old in missed.skipped:
            await unit.deliveries.add(each.id, old.at, old.day, DeliveryState.SKIPPED)
        made, after, last_day = 0, now, each.last_day
        if missed.newest is not None:
            fresh = now - missed.newest.at <= self._grace
            state = DeliveryState.PENDING if fresh else DeliveryState.SKIPPED
            added = await unit.deliveries.add(each.id, missed.newest.at, missed.newest.day, state)
            made = int(added and fresh)
            after, last_day = max(now, missed.newest.at), missed.newest.day
            await unit.subscriptions.served(each.id, last_day)
        due = next_due(
            each.cadence,
            ZoneInfo(each.zone),
            after,
            last_day=last_day,
            shift_min=shift_of(each.chat_id),
        )
        await unit.subscriptions.schedule(each.id, due.at, due.day)
        return made


def next_of(each: Subscription, now: datetime) -> Due:
    """Return when a subscription is due next after `now`."""
    return next_due(
        each.cadence,
        ZoneInfo(each.zone),
        now,
        last_day=each.last_day,
        shift_min=shift_of(each.chat_id),
    )


def shift_of(chat_id: int) -> int:
    """Return the minutes by which "around" moves in a chat: always the same ones."""
    return shift_for(f"chat:{chat_id}")
