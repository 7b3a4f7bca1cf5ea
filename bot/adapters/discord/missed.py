"""What people wrote to us in direct messages while we were away.

Discord tells a new session nothing of what came before it. What is said in a server to us then is
not looked for: there somebody sees that nothing came, and presses.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Protocol

import aiohttp
import discord
import structlog

from bot.adapters.discord.inbound import PLATFORM, ids_of
from bot.chat.context import ChatRef, MessageRef
from bot.clock import Clock
from bot.services.inbox import Inbox
from bot.services.places import Places

log = structlog.get_logger(__name__)

BACK = timedelta(days=1)
"""Older messages are left alone; the inbox remembers longer what it has had."""
WROTE = timedelta(days=30)
"""Chats in which we wrote nothing since then are left out."""
CHATS = 500
"""Direct chats that are looked through, those in which we wrote last first: a request each."""
MESSAGES = 20
"""Messages of one chat."""


class Take(Protocol):
    """Deals with a message; with each once, unless it is told that a crash left it."""

    async def __call__(self, message: discord.Message, /, *, again: bool = False) -> None:
        """Deal with it."""
        ...


class Missed:
    """Looks for what was written while we were away."""

    def __init__(
        self, client: discord.Client, places: Places, inbox: Inbox, clock: Clock, take: Take
    ) -> None:
        """Hand what is found to `take`, which deals with each message once."""
        self._client = client
        self._places = places
        self._inbox = inbox
        self._clock = clock
        self._take = take
        self._looking = asyncio.Lock()
        self._begun = False

    async def look(self) -> None:
        """Deal with what was begun and not finished, then with what came after our last word."""
        async with self._looking:
            await self._look()

    async def _look(self) -> None:
        found, now = 0, self._clock.now()
        if not self._begun:  # later on what waits is being worked on
            self._begun = True
            for key, _ in await self._inbox.waiting(PLATFORM):
                found += await self._again(key, now - BACK)
        for message in await self._places.last_words(PLATFORM, now - WROTE, limit=CHATS):
            found += await self._after(message, now - BACK)
        if found:
            log.info("written while away", messages=found)

    async def _again(self, key: str, since: datetime) -> int:
        """Deal with what was begun; return how many messages came after it.

        What we said to it may be there though we do not know of it, and may have been answered
        since: then our last word will be a newer one, behind that answer.
        """
        begun = MessageRef(ChatRef(PLATFORM, ""), key)
        ids = ids_of(begun)
        if ids is None:
            return 0
        try:
            # The channel itself, since it tells whether the message is a server's.
            channel = self._client.get_channel(ids[0]) or await self._client.fetch_channel(ids[0])
            if not isinstance(channel, discord.abc.Messageable):
                return 0
            message = await channel.fetch_message(ids[1])
        except (discord.NotFound, discord.Forbidden):
            await self._inbox.done(PLATFORM, [key])
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            log.warning("a message cannot be read again", reason=type(error).__name__)
        else:
            await self._take(message, again=True)
            return await self._after(begun, since) if message.guild is None else 0
        return 0

    async def _after(self, ours: MessageRef, since: datetime) -> int:
        ids = ids_of(ours)
        if ids is None:
            return 0
        channel = self._client.get_partial_messageable(ids[0], type=discord.ChannelType.private)
        after, found = discord.Object(max(ids[1], discord.utils.time_snowflake(since))), 0
        try:
            async for message in channel.history(after=after, limit=MESSAGES, oldest_first=True):
                if not message.author.bot:
                    await self._take(message)
                    found += 1
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            log.warning("a direct chat cannot be read", reason=type(error).__name__)
        return found
