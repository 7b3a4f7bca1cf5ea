"""Outcome -> what the person gets to see: at once, after a sign of life, or in the chat.

Discord waits three seconds for a first sign. A modal can only be that first sign, so a form that
comes later is behind a button.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import aiohttp
import discord
import structlog

from bot.adapters.discord.addresses import TOKEN_LASTS, behind, standing
from bot.adapters.discord.faults import Answered, TooLate, meaning
from bot.adapters.discord.inbound import Scene, Wrote, message_ref
from bot.adapters.discord.outgoing import Outgoing, edited, sent_as
from bot.adapters.discord.render import Renderer, modal
from bot.cards.errors import incident
from bot.cards.question import unanswerable_by_reply
from bot.chat.adapter import Delayed, Unreachable, Unsure
from bot.chat.context import MessageRef
from bot.chat.dispatch import Outcome
from bot.chat.view import Button, Card, Form, Reply, Style
from bot.services.opinions import Opinions
from bot.services.places import Places

log = structlog.get_logger(__name__)

SOON_S = 2.0
"""Seconds after which Discord is told that an answer comes; it waits three."""
BETWEEN_US = "Got it. Only you can see what is said of it."


class Answers:
    """Shows outcomes."""

    def __init__(
        self, renderer: Renderer, outgoing: Outgoing, places: Places, opinions: Opinions
    ) -> None:
        self._renderer = renderer
        self._outgoing = outgoing
        self._places = places
        self._opinions = opinions

    async def to_interaction(
        self,
        interaction: discord.Interaction,
        scene: Scene,
        work: Awaitable[Outcome],
        *,
        private: bool,
        again: str,
    ) -> None:
        """Wait for an outcome and show it.

        Args:
            interaction: What it answers.
            scene: Where that was.
            work: Gives the outcome.
            private: Whether it is expected to be for the person alone.
            again: Action that leads to the same form, for one that comes too late to be shown.
        """
        hidden = scene.alone or (private and scene.shared)
        task = asyncio.ensure_future(work)
        await asyncio.wait({task}, timeout=SOON_S)
        if not task.done():
            with suppress(discord.HTTPException, aiohttp.ClientError, OSError):
                await interaction.response.defer(ephemeral=hidden, thinking=True)
        outcome = await task
        alone = scene.alone or (outcome.private and scene.shared)
        try:
            match outcome.response:
                case Form() as form if not interaction.response.is_done():
                    await interaction.response.send_modal(modal(form))
                case Form() as form:
                    await self._show(interaction, _late(form, again), alone=alone, hidden=hidden)
                case Reply(card, edit):
                    if alone and scene.shared:  # what only one person sees takes no reply
                        card = unanswerable_by_reply(card)
                    message = await self._reply(
                        interaction, card, edit=edit, alone=alone, hidden=hidden
                    )
                    if message is not None:
                        kept = message_ref(scene.place.ref, message.channel.id, message.id)
                        if card.reply:
                            await self._places.keep(kept, outcome.chat, card.reply)
                        if card.follows:
                            await self._awaits(interaction, message, card, kept)
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            await self._failed(interaction, scene, outcome, error, alone=alone)

    async def to_message(self, wrote: Wrote, outcome: Outcome) -> None:
        """Show what came of a message; what is private stands behind a button in a guild."""
        assert isinstance(outcome.response, Reply), "messages are asked in steps, not in forms"
        card = outcome.response.card
        number = int(wrote.message.id.partition(":")[2])
        if wrote.in_group and outcome.private and not outcome.error:
            card = _between_us(card)
        ref = wrote.message.chat
        await self.post(ref, card, outcome.chat, answering=number if wrote.in_group else None)

    async def post(
        self, chat: Any, card: Card, about: int, *, answering: int | None = None
    ) -> None:
        """Post a card that somebody waits for; what cannot be posted is said to the log."""

        async def go() -> MessageRef:
            return await self._outgoing.send(chat, card, answering=answering)

        try:
            message = await patiently(go)
        except Unreachable:
            log.info("not posted", reason="unreachable")
        except (Delayed, Unsure) as error:
            log.warning("not posted", reason=type(error).__name__)
        except discord.DiscordException:
            log.exception("not posted", ref=secrets.token_hex(3).upper())
        else:
            if card.reply:
                await self._places.keep(message, about, card.reply)
            if card.follows:
                await self._opinions.shown(card.follows, standing(message))

    async def _awaits(
        self,
        interaction: discord.Interaction,
        message: discord.Message,
        card: Card,
        ref: MessageRef,
    ) -> None:
        """Keep where a card stands that something is to follow.

        What only one person sees can be changed with its interaction's token alone.
        """
        if message.flags.ephemeral:
            address = behind(interaction, message.id)
            await self._opinions.shown(card.follows, address, TOKEN_LASTS)
        else:
            await self._opinions.shown(card.follows, standing(ref))

    async def _reply(
        self,
        interaction: discord.Interaction,
        card: Card,
        *,
        edit: bool,
        alone: bool,
        hidden: bool,
    ) -> discord.Message | None:
        made = self._renderer.card(card)[0]
        # A message of one sort cannot become one of the other.
        same = interaction.message is not None and (
            interaction.message.flags.components_v2 is made.is_layout
        )
        if edit and same and self._outgoing.fits(card) and not interaction.response.is_done():
            await interaction.response.edit_message(**edited(made))
            return interaction.message
        return await self._show(interaction, card, alone=alone, hidden=hidden)

    async def _show(
        self, interaction: discord.Interaction, card: Card, *, alone: bool, hidden: bool
    ) -> discord.Message | None:
        """Show a card as the response, or after it; return its last message."""
        last: Any = None
        for made in self._renderer.card(card):
            options: dict[str, Any] = sent_as(made)
            if not interaction.response.is_done():
                given = await interaction.response.send_message(ephemeral=alone, **options)
                last = given.resource
                continue
            if last is None and alone and not hidden:
                # Deferred for all to see, but only for the person: the first sign goes.
                with suppress(discord.HTTPException):
                    await interaction.delete_original_response()
            last = await interaction.followup.send(ephemeral=alone, wait=True, **options)
        return last if isinstance(last, discord.Message) else None

    async def _failed(
        self,
        interaction: discord.Interaction,
        scene: Scene,
        outcome: Outcome,
        error: Exception,
        *,
        alone: bool,
    ) -> None:
        """Show what could not be shown as the response, where that harms nobody."""
        told = meaning(error)
        if not isinstance(told, (TooLate, Answered, Unreachable, Delayed, Unsure)):
            ref = secrets.token_hex(3).upper()
            log.error("not shown", ref=ref, exc_info=error)
            with suppress(discord.DiscordException, aiohttp.ClientError, OSError):
                await self._show(interaction, incident(ref), alone=True, hidden=True)
            return
        log.warning("not shown", reason=type(told).__name__)
        if isinstance(told, (TooLate, Unreachable)) and not alone:
            response = outcome.response
            if isinstance(response, Reply):
                await self.post(scene.place.ref, response.card, outcome.chat)


async def patiently(go: Callable[[], Awaitable[MessageRef]], tries: int = 3) -> MessageRef:
    """Do what a person waits for, and again while the server says that it was not done.

    Raises:
        Unreachable: The chat is gone for us.
        Delayed: It was tried often enough.
        Unsure: It may have been done.
    """
    for _ in range(tries - 1):
        try:
            return await go()
        except Delayed as delay:
            await asyncio.sleep(min(delay.retry_after_s, 10.0))
    return await go()


def _late(form: Form, again: str) -> Card:
    """Return a card that leads to a form which came too late to be the first sign."""
    rows = ((Button("Open the form", again, Style.PRIMARY),),) if again else ()
    return Card(form.title, "It took me a moment.", rows=rows, kind="note")


def _between_us(card: Card) -> Card:
    """Return what all may see of a card for one person: a button that shows it to them."""
    rows = ((Button("Show me", card.again, Style.PRIMARY),),) if card.again else ()
    return Card("", BETWEEN_US, rows=rows, kind="note")
