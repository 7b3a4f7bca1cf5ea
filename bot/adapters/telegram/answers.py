"""Outcome -> what the person gets to see, and where.

In a group what is private goes to the person's direct chat. Telegram lets a bot write there only
after the person has opened it, so otherwise they get a link that opens it and shows the same.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

import structlog
from telegram.error import TelegramError

from bot.adapters.telegram import wire
from bot.adapters.telegram.inbound import Press, Wrote, direct
from bot.adapters.telegram.outgoing import Outgoing
from bot.cards.errors import incident
from bot.chat.adapter import Delayed, Unreachable, Unsure
from bot.chat.context import ChatRef, MessageRef, Request
from bot.chat.dispatch import Outcome
from bot.chat.markup import escape, plain
from bot.chat.view import Card, Link, Reply
from bot.services.opinions import Opinions
from bot.services.places import Places

log = structlog.get_logger(__name__)

SOON_S = 0.4
"""Seconds after which a person is shown that an answer is being worked on."""
TYPING_S = 4.5
"""Seconds for which Telegram shows that; it is said again then."""
MAX_ALERT = 200
"""UTF-16 units of a press' answer (telegram.constants.CallbackQueryLimit)."""
SENT = "I wrote to you in our private chat."
AWAY = "You pressed this while I was away."
JOIN = "join"
"""Action that says in the direct chat what a group is about."""


class Answers:
    """Shows outcomes."""

    def __init__(
        self,
        outgoing: Outgoing,
        places: Places,
        opinions: Opinions,
        username: str,
        may_be_linked: Callable[[str], bool],
    ) -> None:
        """Show through `outgoing`.

        Args:
            outgoing: Sends.
            places: Keeps which messages take replies.
            opinions: Keeps which messages are to be replaced by what follows them.
            username: The bot's, for links.
            may_be_linked: Whether an action may come by a link.
        """
        self._may_be_linked = may_be_linked
        self._outgoing = outgoing
        self._places = places
        self._opinions = opinions
        self._username = username

    async def to_message(
        self, wrote: Wrote, request: Request, outcome: Outcome, again: str = ""
    ) -> None:
        """Show what came of a message.

        Args:
            wrote: The message.
            request: What it asked for.
            outcome: What came of it.
            again: Action that shows the same, for where the person can only be sent a link.
        """
        card, number = _card(outcome), int(wrote.message.id)
        if not (outcome.private and request.aside is not None):
            answering = number if wrote.in_group else None
            foreign = request.here is not None
            await self._post(
                wrote.place.ref, card, outcome.chat, foreign=foreign, answering=answering
            )
            return
        try:
            await self._post(request.aside.ref, card, outcome.chat, foreign=True, raises=True)
        except Unreachable:
            link = self._link(card.again or again, outcome.chat)
            await self._post(wrote.place.ref, _private(link), 0, answering=number)
            return
        if not await self._outgoing.react(wrote.place.ref, number):
            note = Card("Got it.", SENT, kind="note")
            await self._post(wrote.place.ref, note, 0, answering=number)

    async def to_press(self, press: Press, request: Request, outcome: Outcome) -> None:
        """Show what came of a press, and end its waiting."""
        card = _card(outcome)
        if outcome.private and request.aside is not None:
            await self._aside(press, request.aside.ref, card, outcome)
            return
        in_time = await self._outgoing.answer(press.id)
        if not in_time:
            card = replace(card, body="\n\n".join(filter(None, (escape(AWAY), card.body))))
        response = outcome.response
        edits = isinstance(response, Reply) and response.edit and self._outgoing.fits(card)
        foreign = request.here is not None
        if edits and await self._replace(press.message, card, outcome.chat, foreign=foreign):
            return
        await self._post(press.place.ref, card, outcome.chat, foreign=foreign)

    async def notice(self, chat: ChatRef, card: Card, *, answering: int | None = None) -> None:
        """Post a card that leads nowhere."""
        await self._post(chat, card, 0, answering=answering)

    async def refuse(self, press: Press, card: Card) -> None:
        """Say in a press' own answer why nothing came of it; only its person sees that."""
        if not await self._outgoing.answer(press.id, alert_of(card), alert=True):
            await self._post(direct(press.sender).ref, card, 0)

    @asynccontextmanager
    async def working(self, chat: ChatRef) -> AsyncIterator[None]:
        """Show that an answer is being worked on, if it takes long."""

        async def show() -> None:
            await asyncio.sleep(SOON_S)
            while True:
                with suppress(Exception):  # what is only shown must not end what is worked on
                    await self._outgoing.typing(chat)
                await asyncio.sleep(TYPING_S)

        async with asyncio.TaskGroup() as group:
            showing = group.create_task(show())
            try:
                yield
            finally:
                showing.cancel()

    async def _aside(self, press: Press, chat: ChatRef, card: Card, outcome: Outcome) -> None:
        """Answer a press in a group where only its person can see it."""
        if outcome.error and not card.rows:
            await self.refuse(press, card)  # a sentence needs no other chat
            return
        try:
            await self._post(chat, card, outcome.chat, foreign=True, raises=True)
        except Unreachable:
            link = self._link(card.again or press.action, outcome.chat)
            if not await self._outgoing.answer(press.id, url=link):
                log.info("press too old for a link")
            return
        await self._outgoing.answer(press.id, SENT)

    async def _replace(self, message: MessageRef, card: Card, about: int, *, foreign: bool) -> bool:
        carried = about if foreign else 0
        try:
            await self._outgoing.patiently(
                lambda: self._outgoing.edit(message, card, about=carried)
            )
        except Unreachable:
            return False  # the message is gone, so it is posted anew
        except (Delayed, Unsure) as error:
            log.warning("not replaced", reason=type(error).__name__)
            return True
        except TelegramError:
            log.exception("not replaced")
            return False
        await self._keep(message, card, about, carried)
        return True

    async def _post(
        self,
        chat: ChatRef,
        card: Card,
        about: int,
        *,
        foreign: bool = False,
        answering: int | None = None,
        raises: bool = False,
    ) -> None:
        """Post a card that somebody waits for; what cannot be posted is said to the log.

        Args:
            chat: Where.
            card: What.
            about: Our id of the chat that it concerns.
            foreign: Whether that is another one, so that its buttons must say so.
            answering: Message that it replies to.
            raises: Whether to raise Unreachable.
        """
        carried = about if foreign else 0

        async def go() -> MessageRef:
            return await self._outgoing.send(chat, card, about=carried, answering=answering)

        try:
            message = await self._outgoing.patiently(go)
        except Unreachable:
            await self._places.lost(chat)
            if raises:
                raise
            log.info("not posted", reason="unreachable")
        except (Delayed, Unsure) as error:
            # It may be there already, and a critique twice is worse than one to ask for again.
            log.warning("not posted", reason=type(error).__name__)
        except TelegramError:
            ref = secrets.token_hex(3).upper()
            log.exception("not posted", ref=ref)
            with suppress(TelegramError, Unreachable, Delayed, Unsure):
                await self._outgoing.send(chat, incident(ref))
        else:
            await self._keep(message, card, about, carried)

    async def _keep(self, message: MessageRef, card: Card, about: int, carried: int) -> None:
        if card.reply:
            await self._places.keep(message, about, card.reply)
        if card.follows:
            await self._opinions.shown(card.follows, address_of(message, carried))

    def _link(self, action: str, chat: int) -> str:
        """Return the address that opens our direct chat and shows there what could not be shown.

        What may not come by a link is replaced by what the group is asked.
        """
        start = wire.start(action, chat) if action and self._may_be_linked(action) else None
        start = start or wire.start(JOIN, chat)
        return f"https://t.me/{self._username}?start={start}"


def address_of(message: MessageRef, carried: int) -> str:
    """Return where a message stands, and our id of the chat that its buttons name (or 0)."""
    return f"{message.chat.id}/{message.id}/{carried}"


def alert_of(card: Card) -> str:
    """Return a card in one line, as short as a press' answer must be."""
    text = " ".join(f"{card.title} {plain(card.body)}".split())
    while len(text.encode("utf-16-le")) // 2 > MAX_ALERT:
        text = text[:-2].rstrip() + "…"
    return text


def _card(outcome: Outcome) -> Card:
    response = outcome.response
    assert isinstance(response, Reply), "without native forms the dispatcher asks in cards"
    return response.card


def _private(link: str) -> Card:
    return Card(
        "That is between you and me.",
        "Open our private chat to see it; from then on I can write to you there.",
        rows=((Link("Open our chat", link),),),
        kind="note",
    )
