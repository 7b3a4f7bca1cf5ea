"""Sends one platform's due questions, several at once, each with its own luck.

At-least-once: a crash between sending and noting it sends a twin, with the same serving, so that
answers to either count once. One recipient's failure touches nobody else's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from bot import metrics
from bot.cards import wrapup as cards
from bot.cards.question import question
from bot.chat.adapter import Adapter, Delayed, NotConnected, Unreachable, Unsure
from bot.errors import Away
from bot.pacing import in_bulk
from bot.services import Services
from bot.services.outbox import (
    Outcome,
    Parcel,
    Postponed,
    Returned,
    Sent,
    Uncertain,
    Undeliverable,
)
from bot.services.reach import Loss
from bot.services.wrapups import WrapUp
from bot.store.uow import Clash
from bot.workers.marks import Marks

log = structlog.get_logger(__name__)

RETRY_S = 30.0
"""Seconds until a try after a failure that names no time."""
BATCH = 4
"""Deliveries leased at once: people who answer meanwhile wait for no more than these to be packed,
and no more are taken ahead of being sent."""


class Deliveries:
    """Takes one platform's deliveries from the outbox to the platform."""

    def __init__(
        self,
        services: Services,
        adapter: Adapter,
        lost: Callable[[Loss, str], None],
        may_send: Callable[[], bool] = lambda: True,
    ) -> None:
        """Send through `adapter`.

        Args:
            services: Where what is due comes from.
            adapter: The platform.
            lost: Told who is to hear that a group is gone, and what can be done about it.
            may_send: Whether we are still the one that sends for this bot.
        """
        self._services = services
        self._adapter = adapter
        self._lost = lost
        self.may_send = may_send
        self._marks = Marks(services.outbox)
        self._under_way: set[int] = set()
        self._finishing = False
        self._idle = asyncio.Lock()
        self.sent = 0
        """Questions sent since the start."""
        self.failed = 0
        """Questions that were not sent: given up, or to be tried later."""

    async def drain(self) -> None:
        """Send what is due, at most `in_flight` at a time, until nothing is left."""
        async with self._idle:
            while await self._round():
                pass  # what became open meanwhile, as an unsure send does

    def stop(self) -> None:
        """Send what is being sent, and no more; the rest waits for whoever sends next."""
        self._finishing = True

    async def _round(self) -> bool:
        """Send until nothing is left to be taken; return whether there was anything."""
        parcels: asyncio.Queue[Parcel | None] = asyncio.Queue(BATCH)
        async with asyncio.TaskGroup() as group:
            for _ in range(self._adapter.in_flight):
                group.create_task(self._courier(parcels))
            found = await self._fill(parcels)
            for _ in range(self._adapter.in_flight):
                await parcels.put(None)
        return found

    async def _fill(self, parcels: asyncio.Queue[Parcel | None]) -> bool:
        """Take what is due, a few at a time; return whether there was anything."""
        found = False
        while not self._finishing and self.may_send():
            if not self._adapter.connected():
                return False  # taken, it would only be given back
            if (pause := self._adapter.paused_s()) > 0:
                log.info("paused", platform=self._adapter.name, seconds=round(pause, 1))
                return False  # a later beat goes on, when the pause is over
            try:
                taken = await self._services.outbox.take(self._adapter.name, BATCH)
            except Exception as error:  # what is being sent must not be cut off by that
                if not isinstance(error, Away):
                    log.exception("nothing taken", platform=self._adapter.name)
                return False  # the next beat tries again
            if not taken.any:
                return found
            found = True
            for parcel in taken.parcels:
                await parcels.put(parcel)
        return False

    async def _courier(self, parcels: asyncio.Queue[Parcel | None]) -> None:
        while (parcel := await parcels.get()) is not None:
            try:
                await self._deliver(parcel)
            except Exception:  # it is taken again when its lease ends
                log.exception("delivery failed", delivery=parcel.delivery.id)

    async def _deliver(self, parcel: Parcel) -> None:
        delivery_id = parcel.delivery.id
        if delivery_id in self._under_way:
            return  # it took longer than its lease, and is still on its way
        # Half a lease is left for the send: what takes longer may be taken anew by another.
        stale = self._services.clock.now() > parcel.until - self._services.outbox.lease / 2
        if self._finishing or stale or not self.may_send():
            await self._marks.note(Returned(parcel))
            return
        self._under_way.add(delivery_id)
        try:
            with in_bulk():
                outcome, advice = await self._send(parcel)
            await self._note(outcome, advice)
        finally:
            self._under_way.discard(delivery_id)

    async def _send(self, parcel: Parcel) -> tuple[Outcome, str]:
        """Send a question; return what became of it, and what a group's owner can do about it."""
        titles = self._services.questions.topic_titles()
        again = parcel.delivery.tries > 1
        try:
            card = question(parcel.served, titles, late=parcel.late, ping=parcel.ping)
            for each in await self._services.wrap_ups.before(parcel.served.serving):
                await self._post_before(each)
            message = await self._adapter.send(parcel.chat, card, key=parcel.key, retry=again)
        except Unreachable as gone:
            return Undeliverable(parcel), gone.advice
        except (NotConnected, Away):  # our own trouble makes no chat wait longer
            return Returned(parcel), ""
        except Delayed as delay:
            return Postponed(parcel, delay.retry_after_s, "delayed"), ""
        except Unsure:
            return Uncertain(parcel), ""
        except Exception as error:  # one recipient's failure must not stop the others
            log.exception("send failed", delivery=parcel.delivery.id)
            return Postponed(parcel, RETRY_S, type(error).__name__), ""
        if again:
            self._services.twins.expect()
        return Sent(parcel, message, card.reply), ""

    async def _note(self, outcome: Outcome, advice: str) -> None:
        parcel = outcome.parcel
        try:
            loss = await self._marks.note(outcome)
        except Clash:  # the message is known as another's: it is out, so it is not sent for ever
            log.exception("not noted", delivery=parcel.delivery.id)
            loss = await self._marks.note(Uncertain(parcel))
        if loss is not None:
            self._lost(loss, advice)
        name = type(outcome).__name__.lower()
        late = (self._services.clock.now() - parcel.delivery.due_at).total_seconds()
        metrics.DELIVERIES.labels(self._adapter.name, name).inc()
        if isinstance(outcome, Sent):
            self.sent += 1
            metrics.LATENESS.labels(self._adapter.name).observe(max(0.0, late))
        else:
            self.failed += 1
        log.info(
            "delivery",
            delivery=parcel.delivery.id,
            platform=parcel.chat.platform,
            tries=parcel.delivery.tries,
            outcome=name,
            late_s=round(late, 1),
        )

    async def _post_before(self, wrap_up: WrapUp) -> None:
        """Post a wrap-up right before the next question; only then is it wrapped up.

        Raises:
            Delayed: Nothing was sent; nor is the question, which would come without it.
        """
        try:
            card = cards.wrap_up(wrap_up, self._services.questions.topic_titles())
            await self._adapter.send(wrap_up.chat, card, key=wrap_up.key, under=wrap_up.message)
        except Delayed:
            raise
        except Unreachable:  # the question may have another place; when it is there, this is over
            return
        except Unsure:  # it is never sent twice
            pass
        except Exception:
            log.exception("wrap-up failed", serving=wrap_up.served.serving.id)
        await self._services.wrap_ups.done(wrap_up)
