"""The test kit: a whole program in memory, with people who say, press and fill.

Shipped with the program, so that whoever writes a command or an adapter can test it as a
conversation:

    async with World(settings, clock) as world:
        ana = world.person("Ana")
        card = await ana.says("/practice")
        await ana.presses("Answer")
        card = await ana.says("Tuples cannot be changed.")
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Self
from uuid import uuid4

from bot.app import App, start
from bot.chat.context import (
    ChatKind,
    ChatRef,
    Event,
    MessageRef,
    Place,
    Pressed,
    Request,
    Role,
    Said,
    Sender,
    Spoken,
    Submitted,
)
from bot.chat.dispatch import Dispatcher, Outcome
from bot.chat.view import Button, Card, Form, Reply
from bot.clock import MovableClock
from bot.critics.base import Listener, SecondCritic
from bot.settings import Settings


@dataclass
class MemoryAdapter:
    """A platform that keeps what it is told.

    Attributes:
        sent: What was posted: chat, card and key, in order.
        under: Which message each of them belongs to, by key.
        edits: What was edited: message and card, in order.
        faults: Raised by the next sends, one each, before anything is kept; None lets one pass.
    """

    name: str = "memory"
    tally_every_s: float = 0
    in_flight: int = 1
    sent: list[tuple[ChatRef, Card, str]] = field(default_factory=list)
    under: dict[str, MessageRef | None] = field(default_factory=dict)
    edits: list[tuple[MessageRef, Card]] = field(default_factory=list)
    faults: list[Exception | None] = field(default_factory=list)
    replaced: list[tuple[str, Card]] = field(default_factory=list)

    async def run(self, dispatch: object) -> None:
        """Do nothing: people speak through `Person`."""

    async def run_sending(self) -> None:
        """Do nothing: what is sent is kept."""

    def connected(self) -> bool:
        """Return True: there is nothing to connect to."""
        return True

    def per_second(self) -> float:
        """Return more than anybody needs: nothing is too fast here."""
        return 1000.0

    def paused_s(self) -> float:
        """Return 0: nothing is ever too fast here."""
        return 0.0

    def direct(self, person_id: str) -> ChatRef | None:
        """Return None: here people begin."""
        return None

    async def send(
        self,
        chat: ChatRef,
        card: Card,
        *,
        key: str,
        under: MessageRef | None = None,
        retry: bool = False,
    ) -> MessageRef:
        """Keep a card."""
        if self.faults and (fault := self.faults.pop(0)) is not None:
            raise fault
        self.sent.append((chat, card, key))
        self.under[key] = under
        return MessageRef(chat, f"{key}-{len(self.sent)}")

    async def replace(self, address: str, card: Card) -> None:
        """Keep what replaced something."""
        self.replaced.append((address, card))

    async def edit(self, message: MessageRef, card: Card) -> None:
        """Keep an edit."""
        self.edits.append((message, card))


class World:
    """A program with one platform in memory, which can be restarted on its database."""

    def __init__(
        self,
        settings: Settings,
        clock: MovableClock,
        second: SecondCritic | None = None,
        listener: Listener | None = None,
    ) -> None:
        self.settings = settings
        self.clock = clock
        self.second = second
        self.listener = listener
        self.adapter = MemoryAdapter()
        self.native_forms = False
        self._stack = AsyncExitStack()
        self._app: App | None = None

    @property
    def app(self) -> App:
        """The running program."""
        assert self._app is not None, "the world has not been entered"
        return self._app

    @property
    def dispatch(self) -> Dispatcher:
        """What answers requests."""
        return self.app.dispatch

    async def __aenter__(self) -> Self:
        self._app = await self._stack.enter_async_context(
            start(self.settings, self.clock, self.second, self.listener)
        )
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._stack.aclose()

    async def restart(self) -> None:
        """Stop and start again: only what is in the database is left."""
        await self._stack.aclose()
        self._stack = AsyncExitStack()
        await self.__aenter__()

    async def settle(self) -> None:
        """Send all that is due now."""
        await self.app.sender(self.adapter).settle()

    def person(self, name: str, *, group: str = "", role: Role = Role.MEMBER) -> Person:
        """Return a person in a group, or in their direct chat."""
        platform, key = self.adapter.name, name.casefold()
        ref = ChatRef(platform, f"#{group}" if group else f"dm:{key}")
        kind = ChatKind.GROUP if group else ChatKind.DM
        place = Place(ref, kind, f"#{group}" if group else "")
        return Person(self, Sender(key, name, role), place)


class Person:
    """Somebody in a chat. What they do returns the card they get to see."""

    def __init__(self, world: World, sender: Sender, place: Place) -> None:
        self.world = world
        self.sender = sender
        self.place = place
        self.last: Outcome | None = None
        self.form: Form | None = None
        self._buttons: dict[str, str] = {}

    async def says(self, text: str, *, key: str = "", to: Card | None = None) -> Card:
        """Type something, in reply to a card if one is given."""
        return await self._do(Said(text), key=key, about=to.reply if to is not None else "")

    async def speaks(self, spoken: Spoken, *, key: str = "", to: Card | None = None) -> Card:
        """Send a recording, in reply to a card if one is given."""
        return await self._do(spoken, key=key, about=to.reply if to is not None else "")

    async def presses(self, label: str) -> Card:
        """Press a button of the last card that had any.

        Raises:
            KeyError: There is no such button.
        """
        return await self._do(Pressed(self._buttons[label]))

    async def fills(self, **values: str) -> Card:
        """Fill in the form they were shown, on a platform that has native forms."""
        assert self.form is not None, "no form is shown"
        given: Mapping[str, str] = dict(self.form.given) | values
        return await self._do(Submitted(self.form.submit, given))

    def sees(self, card: Card) -> None:
        """Look at a card that came by itself, so that its buttons can be pressed."""
        buttons = [each for row in card.rows for each in row if isinstance(each, Button)]
        if buttons:
            self._buttons = {button.label: button.action for button in buttons}

    def request(self, event: Event | str, *, key: str = "", about: str = "") -> Request:
        """Return what they do as a platform would hand it over."""
        return Request(
            self.sender,
            self.place,
            Said(event) if isinstance(event, str) else event,
            key or uuid4().hex,
            about,
            native_forms=self.world.native_forms,
        )

    async def _do(self, event: Event, *, key: str = "", about: str = "") -> Card:
        request = self.request(event, key=key, about=about)
        outcome = await self.world.dispatch(request)
        self.last = outcome
        match outcome.response:
            case Form() as form:
                self.form = form
                return Card(form.title)
            case Reply(card):
                self.sees(card)
                return card
