"""Sending and editing messages, whatever the server says."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, TypeVar

import aiohttp
import discord
import structlog

from bot.adapters.discord.addresses import read_behind, read_standing
from bot.adapters.discord.faults import AUTOMOD, NoMessage, TooLate, meaning
from bot.adapters.discord.inbound import DIRECT, ids_of, message_ref
from bot.adapters.discord.lookup import sent_before
from bot.adapters.discord.render import Rendered, Renderer
from bot.adapters.discord.rights import Place, allow, lacking
from bot.chat.adapter import Unreachable
from bot.chat.context import ChatRef, MessageRef
from bot.chat.view import Card

log = structlog.get_logger(__name__)

T = TypeVar("T")
Channel = discord.abc.Messageable | discord.ForumChannel

MAX_POST = 100
"""Characters of a forum post's name."""


class Outgoing:
    """Messages of one bot. What it raises is what bot.chat.adapter.Adapter may raise."""

    def __init__(self, client: discord.Client, renderer: Renderer) -> None:
        self._client = client
        self._renderer = renderer

    async def send(
        self,
        chat: ChatRef,
        card: Card,
        *,
        key: str = "",
        answering: int | None = None,
        under: MessageRef | None = None,
        retry: bool = False,
    ) -> MessageRef:
        """Post a card; return its last message, the one with the buttons.

        Args:
            chat: Where; in a guild its `thread` is the channel.
            card: What.
            key: The same at every try; Discord then shows it once, for the next few minutes.
            answering: Message of that channel that it replies to.
            retry: Whether it may be there already.
            under: Message in whose thread it is to stand; it replies to it if there is none.

        Raises:
            Unreachable: The channel is gone for us.
            Delayed: Nothing was sent; try later.
            Unsure: It may have been sent.
        """
        try:
            try:
                return await self._send(chat, card, key, answering, under, retry=retry)
            except Unreachable:
                ids = ids_of(under) if under is not None else None
                if ids is None:
                    raise
            # Its thread is closed to us: then in the channel, in reply to it.
            channel = replace(chat, thread=str(ids[0]))
            return await self._send(channel, card, key, ids[1], None, retry=retry)
        except NoMessage:
            raise
        except Unreachable as gone:
            raise Unreachable(gone.reason, self._advice(chat, gone)) from gone

    async def _send(
        self,
        chat: ChatRef,
        card: Card,
        key: str,
        answering: int | None,
        under: MessageRef | None,
        *,
        retry: bool,
    ) -> MessageRef:
        messages = self._renderer.card(self._with_known_role(chat, card))
        beside = await _meant(lambda: self._beside(under)) if under is not None else None
        if beside is not None:
            place, answering = beside
        else:
            place = await _meant(lambda: self._place(chat))
        if retry and self._client.user is not None:
            there, me = place, self._client.user.id
            before = await _meant(lambda: sent_before(there, card, me))
            if before is not None:
                return message_ref(chat, before.channel.id, before.id)
        if isinstance(place, discord.ForumChannel):
            forum, first = place, messages.pop(0)
            place, sent = await _meant(lambda: self._post(forum, card, first))
        for number, made in enumerate(messages):
            nonce = f"{key}.{number}" if key and number else key
            reply_to = answering if number == 0 else None
            sent = await _meant(lambda: self._one(place, made, nonce, reply_to))  # noqa: B023
        return message_ref(chat, sent.channel.id, sent.id)

    def _with_known_role(self, chat: ChatRef, card: Card) -> Card:
        """Return a card without the call of a role that has been deleted."""
        if not card.ping:
            return card
        guild = self._client.get_guild(int(chat.id)) if chat.id.isdecimal() else None
        known = guild is not None and card.ping.isdecimal()
        if guild is not None and known and guild.get_role(int(card.ping)) is not None:
            return card
        return replace(card, ping="")

    def _advice(self, chat: ChatRef, gone: Unreachable) -> str:
        """Return what would let us post in a guild's channel again; empty: being let in again."""
        if chat.id.startswith(DIRECT) or not chat.thread:
            return ""
        if self._client.get_guild(int(chat.id)) is None:
            return ""
        place = self._client.get_channel(int(chat.thread))
        if place is None and gone.reason.endswith(("/10003", "/50001")):
            return "I cannot see its channel any more. /schedule place in another one moves it."
        if gone.reason.endswith(("/50083", "/160005")):
            return "Its thread is locked. /schedule place in another one moves it."
        if not isinstance(place, Place):
            return ""
        if gone.reason.endswith(f"/{AUTOMOD}"):
            return f"AutoMod blocked it in #{place.name}: its settings can let me pass."
        if gone.reason.endswith("/40067"):
            return f"#{place.name} requires a tag and has none to give: add one there."
        lacks = lacking(place)
        return allow(place, lacks) if lacks else ""

    def fits(self, card: Card) -> bool:
        """Return whether a card is one message, so that it can take another's place."""
        return len(self._renderer.card(card)) == 1

    async def edit(self, message: MessageRef, card: Card) -> None:
        """Replace what a message says; of a card in several messages that is the last of them.

        Raises:
            Unreachable: The message or its channel is gone.
            Delayed: Try later.
            Unsure: It may have been replaced.
        """
        ids = ids_of(message)
        if ids is None:
            raise NoMessage(f"{message.id} is not known to stand anywhere")
        made = self._renderer.card(card)[-1]
        channel = self._client.get_partial_messageable(ids[0])
        partial = channel.get_partial_message(ids[1])
        await _meant(lambda: partial.edit(**edited(made)))

    async def replace(self, address: str, card: Card) -> None:
        """Replace what stands at an address that was kept.

        Raises:
            Unreachable: It is gone, or can be changed no more.
            Delayed: Try later.
            Unsure: It may have been replaced.
        """
        hook = read_behind(address)
        if hook is None:
            await self.edit(read_standing(address), card)
            return
        webhook = discord.Webhook.partial(hook.application, hook.token, client=self._client)
        made = self._renderer.card(card)[-1]
        try:
            await _meant(lambda: webhook.edit_message(hook.message, **edited(made)))
        except TooLate as late:
            raise Unreachable("its interaction is over") from late

    async def _beside(self, under: MessageRef) -> tuple[Channel, int | None] | None:
        """Return where to write below a message, and whether in reply; None if it is gone."""
        ids = ids_of(under)
        if ids is None:
            return None
        channel, message_id = self._client.get_partial_messageable(ids[0]), ids[1]
        thread = self._client.get_partial_messageable(message_id)  # a thread has the message's id
        if self._client.get_channel(message_id) is not None:
            return thread, None
        try:  # a thread that was filed away is not in the library's memory
            message = await channel.fetch_message(message_id)
        except discord.NotFound:
            return None
        except discord.Forbidden:  # without the history there is nothing to reply to either
            return channel, None
        return (thread, None) if message.flags.has_thread else (channel, message_id)

    async def _one(
        self, place: Channel, made: Rendered, nonce: str, answering: int | None
    ) -> discord.Message:
        assert not isinstance(place, discord.ForumChannel)
        options = sent_as(made)
        if nonce:
            options["nonce"] = nonce
        if answering is not None and isinstance(place, discord.PartialMessageable):
            options["reference"] = discord.MessageReference(
                message_id=answering, channel_id=place.id, fail_if_not_exists=False
            )
        sent: discord.Message = await place.send(**options)
        return sent

    async def _post(
        self, forum: discord.ForumChannel, card: Card, made: Rendered
    ) -> tuple[Channel, discord.Message]:
        name = " ".join(card.title.split())[:MAX_POST] or "A question"
        tags = forum.available_tags[:1] if forum.flags.require_tag else []
        post = await forum.create_thread(name=name, applied_tags=tags, **sent_as(made))
        return post.thread, post.message

    async def _place(self, chat: ChatRef) -> Channel:
        if chat.id.startswith(DIRECT):
            return await self._client.create_dm(discord.Object(int(chat.id[len(DIRECT) :])))
        if chat.thread:
            found = self._client.get_channel(int(chat.thread))
            if isinstance(found, discord.ForumChannel):
                return found
            return self._client.get_partial_messageable(int(chat.thread), guild_id=int(chat.id))
        guild = self._client.get_guild(int(chat.id))
        channel = None if guild is None else first_channel(guild)
        if channel is None:
            raise Unreachable("no channel to write in")
        return self._client.get_partial_messageable(channel.id, guild_id=int(chat.id))


def first_channel(guild: discord.Guild) -> discord.TextChannel | None:
    """Return where to write in a guild when nothing was chosen: its system channel, else any."""
    system = [guild.system_channel] if guild.system_channel is not None else []
    for channel in (*system, *guild.text_channels):
        rights = channel.permissions_for(guild.me)
        if rights.view_channel and rights.send_messages:
            return channel
    return None


def sent_as(made: Rendered) -> dict[str, Any]:
    """Return what the library's `send` takes for a message."""
    options: dict[str, Any] = {}
    if made.content:
        options["content"] = made.content
    if made.view is not None:
        options["view"] = made.view
    if made.files:
        options["files"] = list(made.files)
    if made.ping:
        roles = [discord.Object(made.ping)]
        options["allowed_mentions"] = discord.AllowedMentions(
            everyone=False, users=False, roles=roles, replied_user=False
        )
    return options


def edited(made: Rendered) -> dict[str, Any]:
    """Return what the library's `edit` takes for a message."""
    if made.is_layout:
        return {"view": made.view}
    return {"content": made.content, "view": made.view}


async def _meant(go: Callable[[], Awaitable[T]]) -> T:
    try:
        return await go()
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        told = meaning(error)
        if told is error:
            raise
        raise told from error
