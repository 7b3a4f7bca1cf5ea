"""A product of a few commands, which the kernel is tried on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any

from bot.chat.action import pack
from bot.chat.command import Option, Registry
from bot.chat.context import (
    Actor,
    Called,
    Chat,
    ChatKind,
    ChatRef,
    Context,
    Event,
    Place,
    Pressed,
    Request,
    Role,
    Said,
    Sender,
    Submitted,
)
from bot.chat.dialog import Dialog
from bot.chat.dispatch import Dispatcher, Failures, Outcome
from bot.chat.view import Card, Form, Input, Reply, Response
from bot.errors import Away, UserError


class Size(StrEnum):
    SMALL = "small"
    LARGE = "large"


@dataclass
class Kitchen:
    """The product behind the commands: what was ordered, and what it fails with next.

    Attributes:
        away: How often its notes are out of reach before an order can be taken.
    """

    orders: list[dict[str, object]] = field(default_factory=list)
    failure: Exception | None = None
    away: int = 0

    def take(self, **order: object) -> None:
        if self.away:
            self.away -= 1
            raise Away
        if self.failure is not None:
            raise self.failure
        self.orders.append(order)


Ctx = Context[Kitchen]
registry = Registry()


def _done(ctx: Ctx, **order: object) -> Response:
    ctx.services.take(**order)
    return Reply(Card("Done", str(ctx.private)))


@registry.command("order", private=True)
async def order(
    ctx: Ctx,
    dish: Annotated[str, Option("What to cook", rest=False)],
    count: int,
    size: Size = Size.SMALL,
) -> Response:
    """Order something."""
    return _done(ctx, dish=dish, count=count, size=size)


@registry.command("menu")
async def menu(ctx: Ctx) -> Response:
    """See what there is."""
    return _done(ctx)


@registry.command("menu set", role=Role.MODERATOR)
async def menu_set(ctx: Ctx, dish: str) -> Response:
    """Change what there is."""
    return _done(ctx, dish=dish)


@registry.command("complain", private=True)
async def complain(ctx: Ctx) -> Response:
    """Say what was wrong."""
    inputs = (Input("what", "What was wrong"), Input("stars", "Stars"))
    return Form("Complaint", pack("complaint", 7), inputs)


@registry.action("complaint", private=True)
async def complaint(ctx: Ctx, order_id: int, what: str, stars: int) -> Response:
    return _done(ctx, order_id=order_id, what=what, stars=stars)


@registry.action("again")
async def again(ctx: Ctx, order_id: int, size: Size = Size.SMALL) -> Response:
    return _done(ctx, order_id=order_id, size=size)


@registry.text
async def typed(ctx: Ctx, text: str) -> Response:
    return _done(ctx, text=text)


class Memory:
    """Dialogs, as the product keeps them."""

    def __init__(self) -> None:
        self.kept: dict[tuple[int, int], Dialog] = {}

    async def get(self, chat_id: int, user_id: int) -> Dialog | None:
        return self.kept.get((chat_id, user_id))

    async def put(self, chat_id: int, user_id: int, dialog: Dialog) -> None:
        self.kept[chat_id, user_id] = dialog

    async def drop(self, chat_id: int, user_id: int) -> bool:
        return self.kept.pop((chat_id, user_id), None) is not None


def _tell(error: UserError) -> Card:
    return Card(error.message, error.hint, kind="error")


def _incident(ref: str) -> Card:
    return Card("Broken", ref, kind="error")


class Room:
    """A chat in which people speak to the product."""

    def __init__(self) -> None:
        self.kitchen = Kitchen()
        self.dialogs = Memory()
        self.role = Role.MEMBER
        self.user_id = 1
        self.native_forms = False
        self.lost: Exception | None = None
        """What finding out who somebody is fails with."""
        failures = Failures(_tell, _incident)
        self._dispatch = Dispatcher(registry, self._resolve, self.dialogs, failures)

    async def _resolve(self, request: Request) -> Context[Any]:
        if self.lost is not None:
            raise self.lost
        actor = Actor(self.user_id, request.sender.name, request.sender.role)
        chat = Chat(4, request.place.ref, request.place.kind)
        return Context(actor, chat, chat, self.kitchen, request.key, request.about)

    async def __call__(self, event: Event) -> Outcome:
        place = Place(ChatRef("memory", "room"), ChatKind.GROUP)
        sender = Sender(str(self.user_id), "Ana", self.role)
        return await self._dispatch(
            Request(sender, place, event, "key", native_forms=self.native_forms)
        )

    async def says(self, text: str) -> Outcome:
        return await self(Said(text))

    async def presses(self, action: str) -> Outcome:
        return await self(Pressed(action))

    async def calls(self, name: str, args: Mapping[str, str] | None = None) -> Outcome:
        return await self(Called(name, args or {}))

    async def submits(self, action: str, values: Mapping[str, str]) -> Outcome:
        return await self(Submitted(action, values))


def card(outcome: Outcome) -> Card:
    assert isinstance(outcome.response, Reply)
    return outcome.response.card
