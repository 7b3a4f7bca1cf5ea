"""The library's client with our deeds: what happens on Discord arrives here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

import aiohttp
import discord
import structlog
from discord import app_commands

from bot.adapters.discord.deeds import Deeds
from bot.adapters.discord.lives import Lives
from bot.adapters.discord.missed import Missed
from bot.adapters.discord.render import PREFIX

log = structlog.get_logger(__name__)

PAUSE_S = 60.0
"""Longest pause for a rate limit that the library waits out by itself."""
LOOKING_S = 10.0
"""Seconds for which questions that are due wait until what was missed has been read."""
SETTLED_S = 0.3
"""Seconds without news of another guild after which all are taken to be there."""


class Busy:
    """What is being worked on, so that it can be finished before we stop."""

    def __init__(self) -> None:
        self._count = 0
        self._idle = asyncio.Event()
        self._idle.set()

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Count as work while inside."""
        self._count += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._count -= 1
            if not self._count:
                self._idle.set()

    async def finish(self, seconds: float) -> None:
        """Wait until nothing is being worked on, but not longer than that."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._idle.wait()


class DrillTree(app_commands.CommandTree["DrillClient"]):
    """The commands, and one place for what goes wrong in them."""

    async def on_error(
        self, interaction: discord.Interaction[DrillClient], error: app_commands.AppCommandError, /
    ) -> None:
        """Say it to the log; the dispatcher has told the person what could be told."""
        log.error("command failed", exc_info=error)


class DrillClient(discord.Client):
    """The library's client, with our deeds."""

    tree: DrillTree | None = None
    """The commands; None: it listens to nobody."""
    busy: Busy
    serving: asyncio.Event
    _deeds: Deeds | None = None
    _lives: Lives | None = None
    _missed: Missed | None = None

    def begin(self, deeds: Deeds, lives: Lives, missed: Missed) -> None:
        """Hand everything that happens to these."""
        self._deeds = deeds
        self._lives = lives
        self._missed = missed

    @property
    def deeds(self) -> Deeds:
        """What answers people."""
        assert self._deeds is not None, "events come after the start only"
        return self._deeds

    async def call(
        self,
        interaction: discord.Interaction[Any],
        name: str,
        values: dict[str, str],
        quoted: str = "",
        /,
    ) -> None:
        """Answer a slash command, or one from the menu of a message that says `quoted`."""
        async with self.busy.working():
            await self.deeds.call(interaction, name, values, quoted)

    async def press(self, interaction: discord.Interaction, action: str) -> None:
        """Answer a button of ours, unless that is another process' part."""
        if self._deeds is None:
            return
        async with self.busy.working():
            await self.deeds.press(interaction, action)

    async def on_ready(self) -> None:
        """Serve."""
        assert self.user is not None
        log.info("discord ready", bot=self.user.name, guilds=len(self.guilds))
        if self._missed is not None:
            # First what was said, then what is due: a new question must not take an old answer.
            async with self.busy.working():
                looking = asyncio.ensure_future(self._missed.look())
                await asyncio.wait({looking}, timeout=LOOKING_S)
                self.serving.set()
                await looking
        self.serving.set()

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Take modals, which the library would forget at every restart."""
        data: Mapping[str, Any] = interaction.data or {}
        custom_id = str(data.get("custom_id", ""))
        if self.tree is None or interaction.type is not discord.InteractionType.modal_submit:
            return
        if custom_id.startswith(PREFIX):
            async with self.busy.working():
                await self.deeds.submit(interaction, custom_id.removeprefix(PREFIX))

    async def on_message(self, message: discord.Message) -> None:
        """Take direct messages, mentions and replies that ping."""
        if self.tree is None:
            return
        async with self.busy.working():
            await self.deeds.message(message)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Say hello."""
        if self._lives is not None:
            async with self.busy.working():
                await self._lives.joined(guild)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Send nothing there any more."""
        if self._lives is not None:
            async with self.busy.working():
                await self._lives.removed(guild)

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """Say to the log what went wrong in an event; the next one is not touched."""
        log.exception("event failed", event_name=event_method)


class ShardedDrillClient(DrillClient, discord.AutoShardedClient):
    """The same over several connections, for thousands of guilds."""


def new_client(
    busy: Busy, serving: asyncio.Event, trace: aiohttp.TraceConfig, *, sharded: bool, listens: bool
) -> DrillClient:
    """Return a client that has not logged in, with no privileged intent and small caches."""
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # nobody is called here
    intents = discord.Intents.none()
    intents.guilds = True
    intents.guild_messages = listens
    intents.dm_messages = listens
    kind = ShardedDrillClient if sharded else DrillClient
    client = kind(
        intents=intents,
        allowed_mentions=discord.AllowedMentions.none(),
        chunk_guilds_at_startup=False,
        member_cache_flags=discord.MemberCacheFlags.none(),
        max_messages=None,
        guild_ready_timeout=SETTLED_S,
        max_ratelimit_timeout=PAUSE_S,
        http_trace=trace,
    )
    client.busy = busy
    client.serving = serving
    if listens:
        client.tree = DrillTree(client)
    return client
