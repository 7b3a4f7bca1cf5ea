"""What is said besides questions: wrap-ups, tallies, reports. Lost without harm, never twice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog

from bot.cards import reports
from bot.cards import wrapup as cards
from bot.cards.question import question
from bot.cards.schedule import lost
from bot.chat.adapter import Adapter, Delayed, Unreachable, Unsure
from bot.chat.context import ChatRef
from bot.pacing import in_bulk
from bot.services import Services
from bot.services.reach import Loss
from bot.services.reports import Told
from bot.services.tallies import Tally
from bot.services.wrapups import WrapUp

log = structlog.get_logger(__name__)

KEPT_S = 60.0
"""Seconds for which it is remembered when a tally was told."""


class Chatter:
    """Tells what is to be told on all platforms, one after the other."""

    def __init__(self, services: Services, adapters: Mapping[str, Adapter]) -> None:
        self._services = services
        self._adapters = adapters
        self._finishing = False
        self._quiet_until: dict[ChatRef, datetime] = {}
        self._tallied: dict[int, datetime] = {}
        self._losses: list[tuple[Loss, str]] = []

    @property
    def is_asked(self) -> bool:
        """Whether there is something to tell that no database knows of."""
        return bool(self._losses)

    def stop(self) -> None:
        """Begin nothing any more."""
        self._finishing = True

    def lost(self, loss: Loss, advice: str) -> None:
        """Have whoever set a group's schedule told that it waits."""
        self._losses.append((loss, advice))

    async def tell(self, platforms: frozenset[str]) -> None:
        """Tell what is to be told now on these platforms."""
        with in_bulk():
            await self._wrap_up(platforms)
            while self._losses and not self._finishing:
                await self._tell_owner(*self._losses.pop(0))
            for place, told in await self._services.reports.untold(platforms):
                if not self._finishing and self._may_write(place):
                    await self._tell_moderators(place, told)
            for tally in await self._services.tallies.untold(platforms):
                if self._finishing:
                    return
                if self._may_write(tally.message.chat) and self._may_edit(tally):
                    await self._tell(tally)

    async def _wrap_up(self, platforms: frozenset[str]) -> None:
        """Wrap up what is to be wrapped up by now."""
        wrap_ups = self._services.wrap_ups
        while found := await wrap_ups.due(platforms):
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

    async def _tell_owner(self, loss: Loss, advice: str) -> None:
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
        await self._services.tallies.told(tally)

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
