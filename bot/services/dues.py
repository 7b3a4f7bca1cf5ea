"""Turning what is due into deliveries, once, and keeping due times true."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from importlib.metadata import version
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog

from bot.clock import Clock
from bot.domain.cadence import Due, latest_due, next_due, shift_for
from bot.store.deliveries import NewDelivery
from bot.store.records import DeliveryState, Subscription
from bot.store.subscriptions import Advance
from bot.store.uow import Database

log = structlog.get_logger(__name__)

BATCH = 100
"""Subscriptions claimed in one transaction: people who answer meanwhile wait for no more."""

_SKIPPED = DeliveryState.SKIPPED


class Dues:
    """What is due, and when the next thing will be."""

    def __init__(self, database: Database, clock: Clock, *, grace_s: float) -> None:
        self._database = database
        self._clock = clock
        self._grace = timedelta(seconds=grace_s)

    async def materialise(self) -> int:
        """Turn all that is due now into deliveries; return how many subscriptions were due."""
        made = 0
        while True:
            now = self._clock.now()
            async with self._database.read() as unit:
                first = await unit.subscriptions.next_due_at()
            if first is None or first > now:
                return made
            claimed = await self.claim()
            if not claimed:
                return made  # another scheduler has them
            made += claimed

    async def claim(self) -> int:
        """Turn some of what is due now into deliveries; return how many subscriptions were due.

        Deliveries and next due times are written in one transaction, so a crash leaves both or
        neither. After a sleep only the newest question is sent, and only if it is not older than
        the grace; the others are kept as skipped.
        """
        now = self._clock.now()
        async with self._database.write() as unit:
            due = await unit.subscriptions.due(now, limit=BATCH)
            made: list[NewDelivery] = []
            advances: list[Advance] = []
            for subscription, platform in due:
                try:
                    advance, deliveries = self._occur(subscription, platform, now)
                except (ZoneInfoNotFoundError, ValueError):
                    # One schedule that cannot be worked out must not stop the others.
                    log.exception("cannot be scheduled", subscription=subscription.id)
                    await unit.subscriptions.pause(subscription.id, now)
                    await unit.subscriptions.schedule(subscription.id, None, None)
                else:
                    advances.append(advance)
                    made += deliveries
            if due:
                await unit.deliveries.add(made)
                await unit.subscriptions.advance(advances)
                await unit.commit()
        return len(due)

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
        async with self._database.read() as unit:
            if await unit.kv.get("tzdata") == rules:
                return 0
        async with self._database.write() as unit:
            await unit.alone("refresh")
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

    def _occur(
        self, each: Subscription, platform: str, now: datetime
    ) -> tuple[Advance, list[NewDelivery]]:
        """Return what has come due of a subscription, and when it is due next."""
        assert each.next_due_at is not None
        zone, shift = ZoneInfo(each.zone), shift_of(each.chat_id)
        before = each.next_due_at - timedelta(microseconds=1)
        missed = latest_due(
            each.cadence, zone, before, now, last_day=each.last_day, shift_min=shift
        )

        def new(due: Due, state: DeliveryState) -> NewDelivery:
            place = place_of(each.id, due.day)
            return NewDelivery(each.id, platform, due.at, due.day, state, place)

        made = [new(old, DeliveryState.SKIPPED) for old in missed.skipped]
        after, last_day = now, each.last_day
        if missed.newest is not None:
            fresh = now - missed.newest.at <= self._grace
            made.append(new(missed.newest, DeliveryState.PENDING if fresh else _SKIPPED))
            after, last_day = max(now, missed.newest.at), missed.newest.day
        due = next_due(each.cadence, zone, after, last_day=last_day, shift_min=shift)
        return Advance(each.id, due.at, due.day, last_day), made


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


def place_of(subscription_id: int, day: date) -> int:
    """Return a subscription's place among those due at the same time, another one each day."""
    drawn = hashlib.sha256(f"{subscription_id}:{day}".encode()).digest()
    return int.from_bytes(drawn[:4]) >> 1  # a database's INTEGER has a sign
