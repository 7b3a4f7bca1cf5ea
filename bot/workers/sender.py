"""Sends what is due, once, and keeps question messages' tallies up to date.

At-least-once: a crash between sending and noting it sends a twin, with the same serving, so that
answers to either count once. One recipient's failure touches nobody else's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog

from bot.cards import reports
from bot.cards import wrapup as cards
from bot.cards.question import question
from bot.cards.schedule import lost
from bot.chat.adapter import Adapter, Delayed, Unreachable, Unsure
from bot.chat.context import ChatRef
from bot.services import Services
from bot.services.outbox import Parcel, Tally
from bot.services.reach import Loss
from bot.services.reports import Told
from bot.services.wrapups import WrapUp

log = structlog.get_logger(__name__)

RETRY_S = 30.0
"""Seconds until a try after a failure that names no time."""
KEPT_S = 60.0
"""Seconds for which it is remembered when a tally was told."""


class Sender:
    """Takes deliveries from the outbox to the platforms."""

    def __init__(self, services: Services, adapters: Mapping[str, Adapter]) -> None:
        self._services = services
        self._adapters = adapters
        self._settling = asyncio.Lock()  # whoever comes while it works finds nothing left to do
        self._finishing = False
        self._quiet_until: dict[ChatRef, datetime] = {}
        self._tallied: dict[int, datetime] = {}

    async def settle(self) -> None:
        """Make deliveries of what is due, send them, and tell tallies, until nothing is left."""
        async with self._settling:
            await self._settle()

    async def sweep(self) -> None:
        """Forget what nobody needs any more: updates dealt with, messages too old to reply to."""
        gone = await self._services.inbox.sweep() + await self._services.places.sweep()
        log.info("swept", rows=gone)

    async def finish(self) -> None:
        """Send what is being sent, and no more; the rest waits for whoever sends next."""
        self._finishing = True
        async with self._settling:
            self._finishing = False

    async def _settle(self) -> None:
        await self._services.dues.materialise()
        outbox, clock = self._services.outbox, self._services.clock
        while parcels := await outbox.take(frozenset(self._adapters)):
            # Half a lease is left for the last send: what takes longer is taken anew.
            until = clock.now() + outbox.lease / 2
            while parcels and not self._finishing and clock.now() < until:
                await self._send(parcels.pop(0))
            if parcels:
                await outbox.give_back(parcels)
            if self._finishing:
                return
        await self._wrap_up()
        for place, told in await self._services.reports.untold(frozenset(self._adapters)):
            if not self._finishing and self._may_write(place):
                await self._tell_moderators(place, told)
        for tally in await outbox.tallies(frozenset(self._adapters)):
            if self._finishing:
                return
            if self._may_write(tally.message.chat) and self._may_edit(tally):
                await self._tell(tally)

    async def _wrap_up(self) -> None:
        """Wrap up what is to be wrapped up by now."""
        wrap_ups = self._services.wrap_ups
        while found := await wrap_ups.due(frozenset(self._adapters)):
            for each in found:
                if self._finishing:
                    return
                await self._post(each)

    async def _post(self, wrap_up: WrapUp) -> None:
        """Post a wrap-up; where nobody has answered, only the question's own message says it."""
        wrap_ups = self._services.wrap_ups
        if wrap_up.answered:
            adapter = self._adapters[wrap_up.chat.platform]
            try:
                card = cards.wrap_up(wrap_up, self._services.questions.topic_titles())
                await adapter.send(wrap_up.chat, card, key=wrap_up.key, under=wrap_up.message)
            except Delayed as delay:
                await wrap_ups.delayed(wrap_up, delay.retry_after_s)
                return
            except (Unreachable, Unsure) as error:  # it is never sent twice (DELIVERY.md, 6)
                log.info("wrap-up not posted", reason=type(error).__name__)
            except Exception:  # said once, lost without harm
                log.exception("wrap-up failed", serving=wrap_up.served.serving.id)
        await wrap_ups.done(wrap_up)

    async def _post_before(self, wrap_up: WrapUp) -> None:
        """Post a wrap-up right before the next question; only then is it wrapped up.

        Raises:
            Delayed: Nothing was sent; nor is the question, which would come without it.
        """
        adapter = self._adapters[wrap_up.chat.platform]
        try:
            card = cards.wrap_up(wrap_up, self._services.questions.topic_titles())
            await adapter.send(wrap_up.chat, card, key=wrap_up.key, under=wrap_up.message)
        except Delayed:
            raise
        except Unreachable:  # the question may have another place; when it is there, this is over
            return
        except Unsure:  # it is never sent twice
            pass
        except Exception:
            log.exception("wrap-up failed", serving=wrap_up.served.serving.id)
        await self._services.wrap_ups.done(wrap_up)

    async def _send(self, parcel: Parcel) -> None:
        outbox = self._services.outbox
        adapter = self._adapters[parcel.chat.platform]
        titles = self._services.questions.topic_titles()
        card = question(parcel.served, titles, late=parcel.late, ping=parcel.ping)
        try:
            for each in await self._services.wrap_ups.before(parcel.served.serving):
                await self._post_before(each)
            retry = parcel.delivery.tries > 1
            message = await adapter.send(parcel.chat, card, key=parcel.key, retry=retry)
        except Unreachable as gone:
            await self._tell_owner(await outbox.unreachable(parcel), gone.advice)
            outcome = "unreachable"
        except Delayed as delay:
            await outbox.delayed(parcel, delay.retry_after_s, "delayed")
            outcome = "delayed"
        except Unsure:
            await outbox.unsure(parcel)
            outcome = "unsure"
        except Exception as error:  # one recipient's failure must not stop the others
            log.exception("send failed", delivery=parcel.delivery.id)
            await outbox.delayed(parcel, RETRY_S, type(error).__name__)
            outcome = "failed"
        else:
            await outbox.sent(parcel, message, card.reply)
            outcome = "sent"
        log.info(
            "delivery",
            delivery=parcel.delivery.id,
            platform=parcel.chat.platform,
            tries=parcel.delivery.tries,
            outcome=outcome,
        )

    async def _tell_owner(self, loss: Loss | None, advice: str) -> None:
        """Tell whoever set a group's schedule that it waits; chatter, lost without harm."""
        if loss is None:
            return
        adapter = self._adapters[loss.platform]
        owner = loss.owner or adapter.direct(loss.person)
        if owner is None:
            return
        try:
            await adapter.send(owner, lost(loss.title, advice), key="")
        except Exception as error:
            log.info("owner not told", reason=type(error).__name__)

    async def _tell_moderators(self, place: ChatRef, told: Told) -> None:
        """Tell a moderators' channel; what does not get there is in /reports show."""
        adapter = self._adapters[place.platform]
        try:
            await adapter.send(place, reports.told(told), key=told.key)
        except Delayed as delay:
            self._keep_quiet(place, delay.retry_after_s)
            return
        except Unreachable:  # it waits until they choose another place
            log.info("moderators' place is gone", chat=told.report.chat_id)
            await self._services.reports.displaced(told)
            return
        except Unsure:
            pass
        except Exception:
            log.exception("moderators not told", report=told.report.id)
        await self._services.reports.told(told)

    def _may_write(self, chat: ChatRef) -> bool:
        now = self._services.clock.now()
        return self._quiet_until.get(chat, now) <= now

    def _may_edit(self, tally: Tally) -> bool:
        """Return whether a tally was not told just now; that it is over is told at once."""
        serving, now = tally.served.serving, self._services.clock.now()
        pause = timedelta(seconds=self._adapters[tally.message.chat.platform].tally_every_s)
        last = self._tallied.get(serving.id)
        if last is not None and last + pause > now >= last and serving.wrapped_at is None:
            return False
        horizon = now - timedelta(seconds=KEPT_S)
        self._tallied = {s: at for s, at in self._tallied.items() if at > horizon}
        self._tallied[serving.id] = now
        return True

    def _keep_quiet(self, chat: ChatRef, seconds: float) -> None:
        """Send a chat no chatter for a while."""
        now = self._services.clock.now()
        self._quiet_until = {c: t for c, t in self._quiet_until.items() if t > now}
        self._quiet_until[chat] = now + timedelta(seconds=seconds)

    async def _tell(self, tally: Tally) -> None:
        titles = self._services.questions.topic_titles()
        adapter = self._adapters[tally.message.chat.platform]
        try:
            await adapter.edit(tally.message, question(tally.served, titles, ping=tally.ping))
        except Delayed as delay:  # it is told later, and so is all else there
            self._keep_quiet(tally.message.chat, delay.retry_after_s)
            return
        except Unreachable:
            pass  # the message is gone, and its tally with it
        except Exception:  # chatter: said once, lost without harm
            log.exception("edit failed", serving=tally.served.serving.id)
        await self._services.outbox.told(tally)
