"""Updates on their way in: kept before they are confirmed, one person's in their order.

The library confirms what it has put into its queue. Here that is first written to the database, so
a crash between confirming and answering loses nothing, and what comes twice is dealt with once.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from telegram import Bot, Update
from telegram.ext import BaseUpdateProcessor

from bot.adapters.telegram.outgoing import Stopping
from bot.errors import Away
from bot.services.inbox import Inbox

log = structlog.get_logger(__name__)

PLATFORM = "telegram"
AT_ONCE = 256
"""Updates of different people that are worked on at the same time."""
AGAIN_S = 1.0
"""Seconds until an update that could not be kept, or dealt with, is tried again."""
TRIES = 3
"""How often an update is dealt with that fails; what it did before failing counts once."""


class Arrivals(asyncio.Queue[object]):
    """The library's queue of updates; what is put into it is in the database first."""

    def __init__(self, inbox: Inbox, stopping: asyncio.Event) -> None:
        """Keep updates in `inbox`; what fails is tried again until `stopping` is set."""
        super().__init__()
        self._inbox = inbox
        self._stopping = stopping
        self._failed: set[str] = set()
        self._tries: dict[str, int] = {}
        self._dealt: list[str] = []
        self._writing = False
        self._bot_id = 0

    def of_bot(self, bot_id: int) -> None:
        """Tell updates of this bot from those of another that used the same database."""
        self._bot_id = bot_id

    async def put(self, item: object) -> None:
        """Keep an update and queue it; one that came before is left out.

        It never fails: an error would end the library's polling. While the database cannot be
        written nothing is confirmed, so nothing is lost.
        """
        if isinstance(item, Update):
            while True:
                try:
                    new = await self._keep(item)
                    break
                except Away:
                    log.warning("update not kept", reason=Away.__name__, again_s=AGAIN_S)
                except Exception:
                    log.exception("update not kept")
                await asyncio.sleep(AGAIN_S)
            if not new:
                return
        await super().put(item)

    async def recover(self, bot: Bot) -> int:
        """Queue what a crash left; return how many."""
        left = await self._inbox.waiting(PLATFORM)
        mine = [each for each in left if each[0].startswith(f"{self._bot_id}:")]
        for key, payload in mine:
            try:
                self.put_nowait(Update.de_json(json.loads(payload), bot))
            except Exception:  # of another version, say: one must not keep all others waiting
                log.exception("update cannot be read", update=key)
                await self._inbox.done(PLATFORM, [key])
        return len(mine)

    async def patiently(self, deed: Callable[[], Awaitable[None]]) -> None:
        """Do a deed, and again while the database is away: however often, that is not its fault.

        It keeps its person's turn meanwhile, so that what they do stays in its order.

        Raises:
            Stopping: We are asked to stop first; it is done at the next start.
        """
        while True:
            try:
                await deed()
            except Away:
                if self._stopping.is_set():
                    raise Stopping from None
                log.warning("update waits", reason=Away.__name__, again_s=AGAIN_S)
                await asyncio.sleep(AGAIN_S)
            else:
                return

    def failed(self, update: object) -> None:
        """Note that an update could not be dealt with."""
        if isinstance(update, Update):
            self._failed.add(self._key(update))

    async def settle(self, update: Update) -> None:
        """Note that an update is dealt with; one that failed is tried again, a few times."""
        key = self._key(update)
        if key not in self._failed:
            self._tries.pop(key, None)
            await self._done(key)
            return
        self._failed.discard(key)
        if self._stopping.is_set():
            return  # it is still in the database, for the next start
        tries = self._tries.get(key, 0) + 1
        if tries < TRIES:
            self._tries[key] = tries
            loop = asyncio.get_running_loop()
            loop.call_later(AGAIN_S * tries, self.put_nowait, update)
        else:
            self._tries.pop(key, None)
            log.error("update given up", update=key)
            await self._done(key)

    async def _done(self, key: str) -> None:
        """Note that an update is dealt with, in one write with those that are meanwhile."""
        self._dealt.append(key)
        if self._writing:
            return
        self._writing = True
        try:
            while self._dealt:
                keys, self._dealt = self._dealt, []
                try:
                    await self._inbox.done(PLATFORM, keys)
                except Away:
                    self._dealt = [*keys, *self._dealt]
                    if self._stopping.is_set():
                        return  # the next start deals with it again, and finds that it is done
                    await asyncio.sleep(AGAIN_S)
        finally:
            self._writing = False

    async def _keep(self, update: Update) -> bool:
        payload = update.to_json()
        return await self._inbox.take(PLATFORM, self._key(update), payload, update.update_id)

    def _key(self, update: Update) -> str:
        return f"{self._bot_id}:{update.update_id}"


class OneByOne(BaseUpdateProcessor):
    """Works on many people's updates at once, and on each person's in their order."""

    def __init__(self, arrivals: Arrivals) -> None:
        # The library's own limit comes before a person's turn: one who sends much, or cannot be
        # answered now, would take all of it. Ours comes after.
        super().__init__(sys.maxsize)
        self._at_once = asyncio.Semaphore(AT_ONCE)
        self._arrivals = arrivals
        self._turns: dict[int, tuple[asyncio.Lock, int]] = {}

    async def initialize(self) -> None:
        """Need nothing."""

    async def shutdown(self) -> None:
        """Leave nothing behind."""

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Work on an update when its person's earlier ones are done."""
        if not isinstance(update, Update):
            await coroutine
            return
        who = _who(update)
        lock, waiting = self._turns.get(who, (asyncio.Lock(), 0))
        self._turns[who] = lock, waiting + 1
        try:
            async with lock, self._at_once:  # first come, first served
                await coroutine
        finally:
            lock, waiting = self._turns.pop(who)
            if waiting > 1:
                self._turns[who] = lock, waiting - 1
        await self._arrivals.settle(update)


def _who(update: Update) -> int:
    user, chat = update.effective_user, update.effective_chat
    return user.id if user is not None else chat.id if chat is not None else 0
