"""Second opinions on their way to the critique that they replace: somebody waits for them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.cards.result import result
from bot.chat.adapter import Adapter, Delayed, Unreachable, Unsure
from bot.chat.view import Card
from bot.services import Services
from bot.services.opinions import Verdict

log = structlog.get_logger(__name__)

AT_ONCE = 4
"""Critiques replaced at the same time."""


class Verdicts:
    """Replaces critiques on all platforms; not in bulk, for their people look at them just now."""

    def __init__(self, services: Services, adapters: Mapping[str, Adapter]) -> None:
        self._services = services
        self._adapters = adapters
        self._finishing = False
        self._not_before: dict[int, datetime] = {}

    def stop(self) -> None:
        """Begin nothing any more."""
        self._finishing = True

    async def tell(self, platforms: frozenset[str]) -> None:
        """Replace what is to be replaced on these platforms."""
        now = self._services.clock.now()
        self._not_before = {key: at for key, at in self._not_before.items() if at > now}
        found = await self._services.opinions.untold(platforms)
        room = asyncio.Semaphore(AT_ONCE)
        async with asyncio.TaskGroup() as group:
            for each in found:
                if each.attempt.id not in self._not_before:
                    group.create_task(self._tell(each, room))

    async def _tell(self, verdict: Verdict, room: asyncio.Semaphore) -> None:
        async with room:
            if self._finishing:
                return
            try:
                await self._show(verdict)
            except Delayed as delay:
                later = self._services.clock.now() + timedelta(seconds=delay.retry_after_s)
                self._not_before[verdict.attempt.id] = later
                return
            except (Unreachable, Unsure) as error:  # it is behind every button that shows it again
                log.info("critique not replaced", reason=type(error).__name__)
            except Exception:
                log.exception("critique not replaced", attempt=verdict.attempt.id)
            await self._services.opinions.told(verdict)

    async def _show(self, verdict: Verdict) -> None:
        adapter = self._adapters[verdict.platform]
        card = result(await self._services.judge.judge(verdict.attempt))
        if verdict.address is not None:
            try:
                await adapter.replace(verdict.address, card)
            except Unreachable:
                pass
            else:
                return
        await self._follow_up(adapter, verdict, card)

    async def _follow_up(self, adapter: Adapter, verdict: Verdict, card: Card) -> None:
        """Say in private what can no longer be put where the critique stood.

        Raises:
            Unreachable: Nor can that.
        """
        wanted = verdict.ready and verdict.person
        direct = adapter.direct(verdict.person) if wanted else None
        if direct is None:
            raise Unreachable("it can no longer be replaced")
        # Its buttons belong to the chat where the question was asked.
        await adapter.send(direct, replace(card, rows=(), reply=""), key=f"o{verdict.attempt.id}")
