"""Discord as an Adapter: connects, serves until cancelled, sends and edits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import aiohttp
import discord
import structlog
import yarl

from bot.adapters.discord import inbound
from bot.adapters.discord.answers import Answers
from bot.adapters.discord.client import Busy, DrillClient, DrillTree, new_client
from bot.adapters.discord.deeds import Deeds
from bot.adapters.discord.inbound import PLATFORM
from bot.adapters.discord.lives import Lives
from bot.adapters.discord.missed import Missed
from bot.adapters.discord.outgoing import Outgoing
from bot.adapters.discord.pacer import new_limiter, tracing
from bot.adapters.discord.publish import Abouts, build, publish
from bot.adapters.discord.render import ActionButton, Renderer
from bot.chat.adapter import Delayed, Dispatch, NotConnected, Unsure
from bot.chat.command import Registry
from bot.chat.context import ChatRef, MessageRef
from bot.chat.view import Card
from bot.errors import Invalid
from bot.services import Services
from bot.settings import DiscordSettings

log = structlog.get_logger(__name__)

LONGEST_WAIT_S = 60.0
"""Seconds between two tries to log in, at most; they double."""
FINISH_S = 20.0
"""Seconds that what is being worked on is given when we stop."""


class DiscordAdapter:
    """One bot on Discord."""

    name = PLATFORM
    tally_every_s = 3.0

    def __init__(
        self,
        settings: DiscordSettings,
        registry: Registry,
        services: Services,
        languages: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        """Prepare to connect; nothing is opened yet.

        Args:
            settings: Token and addresses.
            registry: All commands.
            services: What keeps chats and messages.
            languages: Help of commands by language code, for the menus.
        """
        self.ready = asyncio.Event()
        """Set once commands are served."""
        self.in_flight = settings.in_flight
        self._settings = settings
        self._limiter = new_limiter(settings.per_second, self.name)
        self._registry = registry
        self._services = services
        self._languages = languages or {}
        self._outgoing: Outgoing | None = None
        self._busy = Busy()

    async def run(self, dispatch: Dispatch) -> None:
        """Connect, publish the commands, serve until cancelled.

        Raises:
            Invalid: Discord refuses the token.
        """
        async with self._connected(listens=True) as client:
            await self._serve(client, dispatch)

    async def run_sending(self) -> None:
        """Connect and only send, until cancelled.

        It has a session at the gateway of its own, for nothing but to know guilds, their channels
        and roles: what people do is the business of the process that listens.

        Raises:
            Invalid: Discord refuses the token.
        """
        async with self._connected(listens=False) as client:
            self._outgoing = Outgoing(client, Renderer(_application_of(client)))
            await client.connect(reconnect=True)

    @asynccontextmanager
    async def _connected(self, *, listens: bool) -> AsyncIterator[DrillClient]:
        discord.http.Route.BASE = self._settings.api_base
        if self._settings.gateway_url:
            address = yarl.URL(self._settings.gateway_url)
            discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = address
        client = await self._logged_in(listens=listens)
        try:
            yield client
        finally:
            self.ready.clear()
            self._limiter.close()
            await self._busy.finish(FINISH_S)  # what is on its way may come twice if it is cut off
            self._outgoing = None
            await client.close()

    async def _serve(self, client: DrillClient, dispatch: Dispatch) -> None:
        assert client.user is not None, "it is logged in"
        places = self._services.places
        application_id = _application_of(client)
        renderer = Renderer(application_id)
        outgoing = Outgoing(client, renderer)
        answers = Answers(renderer, outgoing, places, self._services.opinions)
        deeds = Deeds(dispatch, self._registry, self._services, answers, client.user.id)
        services = self._services
        missed = Missed(client, places, services.inbox, services.clock, deeds.message)
        client.begin(deeds, Lives(places, outgoing), missed)
        tree = client.tree
        assert tree is not None, "it listens"
        await tree.set_translator(Abouts(self._languages))
        build(tree, self._registry, client.call, deeds.complete, deeds.refuse)
        client.add_dynamic_items(ActionButton)
        self._outgoing = outgoing
        async with asyncio.TaskGroup() as group:
            publishing = group.create_task(self._publish(tree, application_id), name="publish")
            await client.connect(reconnect=True)
            publishing.cancel()

    def connected(self) -> bool:
        """Return whether something could be sent now."""
        return self._outgoing is not None and self.ready.is_set()

    def per_second(self) -> float:
        """Return how many requests a second are made at most now."""
        return self._limiter.per_second

    def paused_s(self) -> float:
        """Return for how many seconds Discord wants to hear nothing from us."""
        return self._limiter.paused_s()

    def direct(self, person_id: str) -> ChatRef | None:
        """Return a person's direct messages, which are opened when something is sent."""
        return inbound.direct_place(int(person_id)).ref if person_id.isdecimal() else None

    async def send(
        self,
        chat: ChatRef,
        card: Card,
        *,
        key: str,
        under: MessageRef | None = None,
        retry: bool = False,
    ) -> MessageRef:
        """Post a card, in the thread of the message it belongs to, or in reply to that.

        Raises:
            Unreachable: Stop sending there.
            Delayed: Nothing was sent; try later.
            Unsure: It may have been sent.
        """
        if self._outgoing is None or not self.connected():
            raise NotConnected
        async with self._busy.working():
            return await self._outgoing.send(chat, card, key=key, under=under, retry=retry)

    async def replace(self, address: str, card: Card) -> None:
        """Replace a card that said it is followed by something.

        Raises:
            Unreachable: The message is gone, or can be changed no more.
            Delayed: Try later.
        """
        if self._outgoing is None:
            raise NotConnected
        try:
            await self._outgoing.replace(address, card)
        except Unsure as unsure:  # an edit may be made twice without harm
            raise Delayed(1) from unsure

    async def edit(self, message: MessageRef, card: Card) -> None:
        """Replace a message's card.

        Raises:
            Unreachable: The message or the chat is gone.
            Delayed: Try later.
        """
        if self._outgoing is None:
            raise NotConnected
        try:
            await self._outgoing.edit(message, card)
        except Unsure as unsure:  # an edit may be made twice without harm
            raise Delayed(1) from unsure

    async def _logged_in(self, *, listens: bool) -> DrillClient:
        """Return a client that is logged in; a new one at each try, for one may be used once."""
        wait = 1.0
        while True:
            trace = tracing(self._limiter, self._settings.api_base)
            client = new_client(
                self._busy, self.ready, trace, sharded=self._settings.sharded, listens=listens
            )
            try:
                await client.login(self._settings.token.get_secret_value())
            except BaseException as error:
                await client.close()
                if isinstance(error, discord.LoginFailure):
                    raise _refusal(self._settings.api_base) from None
                if not isinstance(error, (discord.HTTPException, aiohttp.ClientError, OSError)):
                    raise
                log.warning("discord does not answer", reason=type(error).__name__, again_s=wait)
                await asyncio.sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT_S)
            else:
                return client

    async def _publish(self, tree: DrillTree, application_id: int) -> None:
        """Publish the commands; the ones from before work on if that fails."""
        try:
            changed = await publish(tree, application_id, self._services.places)
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            log.warning("commands not published", reason=type(error).__name__)
        else:
            log.info("discord commands", published=changed)


def _application_of(client: DrillClient) -> int:
    assert client.user is not None, "it is logged in"
    return client.application_id or client.user.id


def _refusal(base: str) -> Invalid:
    return Invalid(
        "Discord refuses the token in DRILLMATE_DISCORD__TOKEN.",
        "Copy it anew from the application's Bot page; Reset Token there makes a new one. "
        f"It was shown to {base}.",
    )
