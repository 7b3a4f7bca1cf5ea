"""The whole program on Discord, in this process: real library, real server, real database."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from typing import Any, Self

from pydantic import SecretStr

from bot.adapters.discord import DiscordAdapter
from bot.app import App, serve, start
from bot.clock import MovableClock
from bot.locales import abouts
from bot.settings import DiscordSettings as Discord
from bot.settings import Settings
from bot.store.uow import Database
from tests.discord import DiscordApi, Guild
from tests.rows import rows

PATIENCE_S = 20.0


@dataclass
class Stage:
    """A program that serves one bot; it can be stopped, or cut off, and started again.

    Attributes:
        api: Discord.
        settings: Of the program, less Discord's.
        clock: The program's and the server's.
        token: What the program has for its token; empty: the right one.
        sharded: Whether it connects as often as Discord recommends.
    """

    api: DiscordApi
    settings: Settings
    clock: MovableClock
    token: str = ""
    sharded: bool = False
    _app: App | None = None
    _adapter: DiscordAdapter | None = None
    _serving: asyncio.Task[None] | None = None
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    @property
    def app(self) -> App:
        """The running program."""
        assert self._app is not None, "it does not run"
        return self._app

    @property
    def adapter(self) -> DiscordAdapter:
        """Its adapter."""
        assert self._adapter is not None, "it does not run"
        return self._adapter

    @property
    def serving(self) -> asyncio.Task[None]:
        """What runs the platforms and the workers."""
        assert self._serving is not None, "it does not run"
        return self._serving

    async def __aenter__(self) -> Self:
        await self.starts()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.stops()

    async def starts(self) -> None:
        """Start, and wait until it serves and its commands are known."""
        discord = Discord(
            token=SecretStr(self.token or self.api.token),
            api_base=self.api.base,
            gateway_url=self.api.gateway,
            sharded=self.sharded,
        )
        settings = self.settings.model_copy(update={"discord": discord})
        self._stack = AsyncExitStack()
        self._app = await self._stack.enter_async_context(start(settings, self.clock))
        self._adapter = DiscordAdapter(discord, self.app.registry, self.app.services, abouts())
        sender = self.app.sender(self.adapter)
        loop = asyncio.get_running_loop()
        self._serving = loop.create_task(serve(self.app, sender, self.adapter))
        ready = loop.create_task(self._ready())
        async with asyncio.timeout(PATIENCE_S):
            await asyncio.wait({ready, self._serving}, return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        if self._serving.done():
            await self._serving

    async def _ready(self) -> None:
        await self.adapter.ready.wait()
        while not self.api.commands:
            await asyncio.sleep(0.005)

    async def stops(self) -> None:
        """Stop as when asked to: what is being worked on is finished."""
        if self._serving is not None:
            self._serving.cancel()
            with suppress(asyncio.CancelledError):
                await self._serving
            self._serving = None
        await self._stack.aclose()

    async def leaves(self) -> None:
        """Leave nothing open of a start that failed."""
        self._serving = None
        await self._stack.aclose()

    async def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        database = Database(self.settings.database_url)
        try:
            return await rows(database, query)
        finally:
            await database.close()

    async def chat_id(self, guild: Guild) -> int:
        """Return the program's id of a guild."""
        query = f"SELECT id FROM chats WHERE platform_chat_id = '{guild.id}'"
        [(found,)] = await self.rows(query)
        return int(found)

    async def sends(self) -> None:
        """Send all that is due at the clock's instant."""
        await self.app.sender(self.adapter).settle()
