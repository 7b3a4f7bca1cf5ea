"""Guilds that let us in and put us out."""

from __future__ import annotations

from contextlib import suppress

import discord
import structlog

from bot.adapters.discord.inbound import PLATFORM, direct_place
from bot.adapters.discord.outgoing import Outgoing
from bot.cards.help import welcome
from bot.cards.schedule import lost
from bot.chat.adapter import Delayed, Unreachable, Unsure
from bot.chat.context import ChatKind, ChatRef, Place
from bot.services.places import Places

log = structlog.get_logger(__name__)


class Lives:
    """Keeps track of where we can write."""

    def __init__(self, places: Places, outgoing: Outgoing) -> None:
        self._places = places
        self._outgoing = outgoing

    async def joined(self, guild: discord.Guild) -> None:
        """Note that a guild let us in; introduce ourselves where we have never been."""
        place = Place(ChatRef(PLATFORM, str(guild.id)), ChatKind.GROUP, guild.name)
        await self._places.back(place)
        log.info("chat reachable", kind="group")
        if await self._places.greet(place.ref):
            with suppress(Unreachable, Delayed, Unsure):
                await self._outgoing.send(place.ref, welcome(moderator=True))

    async def removed(self, guild: discord.Guild) -> None:
        """Note that a guild put us out, and tell who had set its schedule."""
        loss = await self._places.lost(ChatRef(PLATFORM, str(guild.id)))
        log.info("chat lost", kind="group")
        if loss is not None and loss.person:
            owner = loss.owner or direct_place(int(loss.person)).ref
            with suppress(Unreachable, Delayed, Unsure):
                await self._outgoing.send(owner, lost(loss.title))
