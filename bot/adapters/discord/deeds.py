"""What people do, from the library's objects to what they get to see."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import aiohttp
import discord
import structlog

from bot.adapters.discord import inbound
from bot.adapters.discord.answers import Answers
from bot.adapters.discord.inbound import PLATFORM, Wrote
from bot.adapters.discord.threads import discussion_of
from bot.cards.errors import only_words, user_error
from bot.cards.question import DISCUSS, discussion
from bot.chat.action import pack, unpack
from bot.chat.adapter import Dispatch
from bot.chat.command import RUN, Registry
from bot.chat.context import Called, Event, Pressed, Request, Said, Spoken, Submitted
from bot.chat.dispatch import Outcome
from bot.chat.markup import storable
from bot.chat.parse import is_command
from bot.chat.view import Card, Reply
from bot.errors import Away, Conflict, Unavailable, UserError
from bot.services import Services
from bot.services.twins import MAX_DIGITS

log = structlog.get_logger(__name__)

T = TypeVar("T")

AGAIN_S = 1.0
"""Seconds until what the database did not take is given to it again."""


class Deeds:
    """Takes each deed to its request, and the outcome to the person."""

    def __init__(
        self,
        dispatch: Dispatch,
        registry: Registry,
        services: Services,
        answers: Answers,
        me: int,
    ) -> None:
        """Answer for the bot whose id is `me`."""
        self._dispatch = dispatch
        self._registry = registry
        self._services = services
        self._answers = answers
        self._me = me
        self.working: set[str] = set()
        """Keys of the messages that are being answered."""

    async def call(
        self, interaction: discord.Interaction, name: str, values: dict[str, str], quoted: str = ""
    ) -> None:
        """Answer a slash command, or one from the menu of a message that says `quoted`."""
        await self._do(interaction, Called(name, values), _again(name, values), quoted)

    async def refuse(self, interaction: discord.Interaction, error: UserError) -> None:
        """Say that what was picked for a command would not do."""

        async def go() -> Outcome:
            return Outcome(Reply(user_error(error)), private=True, error=type(error).__name__)

        scene = inbound.scene(interaction)
        await self._answers.to_interaction(interaction, scene, go(), private=True, again="")

    async def press(self, interaction: discord.Interaction, action: str) -> None:
        """Answer a button."""
        if action.startswith(f"{DISCUSS}:"):
            await self._discuss(interaction, action.partition(":")[2])
            return
        await self._do(interaction, Pressed(action), action)

    async def _discuss(self, interaction: discord.Interaction, serving_id: str) -> None:
        """Lead somebody to the thread in which a question is discussed."""

        async def go() -> Outcome:
            try:
                request = self._request(interaction, Pressed(f"{DISCUSS}:{serving_id}"))
                context = await self._services.resolve(request)
                if not serving_id.isdecimal() or len(serving_id) > MAX_DIGITS:
                    raise Conflict("That button leads nowhere.")
                served = await self._services.practice.get(
                    context.actor, context.chat, int(serving_id)
                )
                thread = await discussion_of(interaction, served.question.prompt)
            except UserError as error:
                return Outcome(Reply(user_error(error)), private=True, error=type(error).__name__)
            return Outcome(Reply(discussion(thread)), private=True)

        scene = inbound.scene(interaction)
        await self._answers.to_interaction(interaction, scene, go(), private=True, again="")

    async def submit(self, interaction: discord.Interaction, action: str) -> None:
        """Answer a modal."""
        values = inbound.values_of(interaction.data or {})
        await self._do(interaction, Submitted(action, values), "")

    async def complete(
        self, interaction: discord.Interaction, name: str, parameter: str, typed: str
    ) -> list[tuple[str, str]]:
        """Return what a command's parameter could become; nothing, if that cannot be told."""
        command = self._registry.commands[name]
        option = next(each.option for each in command.parameters if each.name == parameter)
        assert option.complete is not None, "only such parameters are asked about"
        request = self._request(interaction, Called(name))
        if interaction.is_expired() or request.sender.role < command.role:
            return []
        context = await self._services.resolve(request)
        return [(each.label, each.value) for each in await option.complete(context, typed)]

    async def message(self, of: discord.Message, *, again: bool = False) -> None:
        """Answer a message, if it is one for us; each once, unless a crash left it unanswered."""
        wrote = inbound.wrote(of, self._me)
        if wrote is None:
            return
        key, inbox = wrote.message.id, self._services.inbox
        if key in self.working:
            return
        self.working.add(key)
        try:
            new = await _patiently(lambda: inbox.take(PLATFORM, key, "", of.id))
            if new or again:  # else found while looking for what was missed, and told anyway
                await self._answer(of, wrote)
                await _patiently(lambda: inbox.done(PLATFORM, [key]))
        finally:
            self.working.discard(key)

    async def _answer(self, of: discord.Message, wrote: Wrote) -> None:
        spoken = _spoken(of) if not wrote.text else None
        if not wrote.text and spoken is None:
            if not wrote.in_group or wrote.replied is not None:
                await self._notice(wrote, only_words())
            return
        if wrote.in_group and is_command(wrote.text):
            body = "Type / and pick it from the list; then only you see what is yours to see."
            await self._notice(
                wrote, Card("Commands are picked here, not typed.", body, kind="note")
            )
            return
        replied = None
        if wrote.replied is not None:
            to = wrote.replied
            replied = await _patiently(lambda: self._services.places.replied(to))
        request = Request(
            wrote.sender,
            wrote.place,
            spoken or Said(wrote.text),
            f"message:{of.id}",
            replied[1] if replied is not None else "",
            at=of.created_at,
        )
        outcome = await self._dispatch(request)
        await self._answers.to_message(wrote, outcome)

    async def _notice(self, wrote: Wrote, card: Card) -> None:
        number = int(wrote.message.id.partition(":")[2])
        await self._answers.post(wrote.message.chat, card, 0, answering=number)

    async def _do(
        self, interaction: discord.Interaction, event: Event, again: str, quoted: str = ""
    ) -> None:
        await self._answers.to_interaction(
            interaction,
            inbound.scene(interaction),
            self._dispatch(self._request(interaction, event, quoted)),
            private=self._registry.is_private(event),
            again=again,
        )

    def _request(self, interaction: discord.Interaction, event: Event, quoted: str = "") -> Request:
        scene = inbound.scene(interaction)
        key = f"interaction:{interaction.id}"
        return Request(
            scene.sender, scene.place, event, key, native_forms=True, quoted=storable(quoted)
        )


def _spoken(of: discord.Message) -> Spoken | None:
    """Return what was spoken in a message: a voice message, or a sound file."""
    for file in of.attachments:
        mime = (file.content_type or "").partition(";")[0]
        if mime.startswith("audio/"):
            seconds = round(file.duration or 0)
            return Spoken(seconds, file.size, file.filename, mime, lambda: _fetched(file))  # noqa: B023
    return None


async def _fetched(file: discord.Attachment) -> bytes:
    """Return what is in a file.

    Raises:
        Unavailable: Discord does not hand it out.
    """
    try:
        return await file.read()
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        log.warning("file not fetched", reason=type(error).__name__)
        raise Unavailable(
            "Discord did not give me that recording.", "Send it again, or type it."
        ) from None


async def _patiently(ask: Callable[[], Awaitable[T]]) -> T:
    """Ask the database, and again while it is away: Discord tells of a message only once."""
    while True:
        try:
            return await ask()
        except Away:
            log.warning("message waits", reason=Away.__name__, again_s=AGAIN_S)
        await asyncio.sleep(AGAIN_S)


def _again(name: str, values: dict[str, str]) -> str:
    """Return the action that does what a command does; empty if its values do not fit in one."""
    try:
        wire = pack(RUN, name.replace(" ", "_"))
        unpack(wire)
    except ValueError:
        return ""
    return "" if values else wire
