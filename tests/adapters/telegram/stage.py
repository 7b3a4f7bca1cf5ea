"""The whole program on Telegram, in this process: real library, real server, real database."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from typing import Any, Self

from pydantic import SecretStr

from bot.adapters.telegram import TelegramAdapter
from bot.adapters.telegram.pacer import new_limiter
from bot.app import App, serve, start
from bot.clock import MovableClock
from bot.locales import abouts
from bot.settings import Settings, TelegramSettings
from bot.store.uow import Database
from tests.rows import rows
from tests.telegram import BotApi, Chat

PATIENCE_S = 20.0


@dataclass
class Stage:
    """A program that serves one bot; it can be stopped, or cut off, and started again.

    Attributes:
        api: Telegram.
        settings: Of the program, less Telegram's.
        clock: The program's and the server's.
        webhook: Address at which the program listens, host and port; empty: it polls.
        token: What the program has for its token; empty: the right one.
    """

    api: BotApi
    settings: Settings
    clock: MovableClock
    webhook: str = ""
    token: str = ""
    _app: App | None = None
    _adapter: TelegramAdapter | None = None
    _serving: asyncio.Task[None] | None = None
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    @property
    def app(self) -> App:
        """The running program."""
        assert self._app is not None, "it does not run"
        return self._app

    @property
    def adapter(self) -> TelegramAdapter:
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
        """Start, and wait until it serves."""
        telegram = TelegramSettings(
            token=SecretStr(self.token or self.api.token),
            api_base=self.api.base,
            webhook_url=f"http://{self.webhook}/hook" if self.webhook else "",
            webhook_listen=self.webhook or "127.0.0.1:8443",
        )
        settings = self.settings.model_copy(update={"telegram": telegram})
        self._stack = AsyncExitStack()
        self._app = await self._stack.enter_async_context(start(settings, self.clock))
        limiter = new_limiter(telegram.per_second, "telegram", self.api.limits.scale)
        self._adapter = TelegramAdapter(
            telegram, self.app.registry, self.app.services, abouts(), limiter
        )
        sender = self.app.sender(self.adapter)
        self._serving = asyncio.get_running_loop().create_task(
            serve(self.app, sender, self.adapter)
        )
        ready = asyncio.get_running_loop().create_task(self.adapter.ready.wait())
        async with asyncio.timeout(PATIENCE_S):
            await asyncio.wait({ready, self._serving}, return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        if self._serving.done():
            await self._serving

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

    async def settles(self) -> None:
        """Wait until everything that people did has been dealt with."""
        async with asyncio.timeout(PATIENCE_S):
            await self.api.drained(PATIENCE_S)
            while await self.app.services.inbox.waiting("telegram"):
                await asyncio.sleep(0.005)

    async def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        database = Database(self.settings.database_url)
        try:
            return await rows(database, query)
        finally:
            await database.close()

    async def chat_id(self, chat: Chat) -> int:
        """Return the program's id of a chat."""
        [(found,)] = await self.rows(f"SELECT id FROM chats WHERE platform_chat_id = '{chat.id}'")
        return int(found)

    async def sends(self) -> None:
        """Send all that is due at the clock's instant."""
        await self.app.sender(self.adapter).settle()
