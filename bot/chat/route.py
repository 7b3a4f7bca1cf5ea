"""Where a request leads: what runs, and the small steps on the way there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.chat.action import pack, unpack
from bot.chat.command import RUN, Action, Command, Parameter, bind
from bot.chat.context import Context
from bot.chat.markup import storable
from bot.chat.view import Card, Form, Input, Reply, Response
from bot.errors import Conflict, Invalid


@dataclass(frozen=True, slots=True)
class Route:
    """What a request leads to."""

    label: str
    private: bool
    run: Callable[[Context[Any]], Awaitable[Response]]


def kept(values: Mapping[str, str]) -> dict[str, str]:
    """Return values as every database can keep them."""
    return {name: storable(value) for name, value in values.items()}


def unpack_wire(wire: str) -> tuple[str, tuple[str, ...]]:
    """Return the name and the arguments of a wire id.

    Raises:
        Conflict: It is none of ours.
    """
    try:
        return unpack(wire)
    except ValueError:
        raise stale() from None


def bind_action(action: Action, args: tuple[str, ...], values: dict[str, str]) -> dict[str, object]:
    """Return the keyword arguments of an action, from its wire id and a form's values.

    Raises:
        Conflict: They do not fit it.
        Invalid: A value of the form is not of its type.
    """
    names = [parameter.name for parameter in action.parameters]
    given = dict(zip(names, args, strict=False)) | {k: v for k, v in values.items() if k in names}
    required = {parameter.name for parameter in action.parameters if parameter.required}
    if len(args) > len(names) or not required <= given.keys():
        raise stale()
    try:
        return bind(action.parameters, given)
    except Invalid as error:
        if error.field not in values:  # a button's own arguments cannot be mended by the person
            raise stale() from None
        raise


def stale() -> Conflict:
    """Return what is said of a button that leads nowhere any more."""
    return Conflict("That button is from an older version.", "/help shows what works now.")


def form_for(command: Command, missing: list[Parameter], values: dict[str, str]) -> Form:
    """Return the form that asks for what a command lacks."""
    inputs = tuple(
        Input(
            parameter.name,
            parameter.name.replace("_", " ").capitalize(),
            multiline=parameter.option.rest,
            choices=tuple((c.label, c.value) for c in parameter.option.choices),
            about=parameter.option.about,
        )
        for parameter in missing
    )
    submit = pack(RUN, command.name.replace(" ", "_"))
    return Form(f"/{command.name}", submit, inputs, tuple(values.items()))


def say(title: str, body: str) -> Callable[[Context[Any]], Awaitable[Response]]:
    """Return a run that answers with a title and plain words."""
    return show(Card(title, body))


def show(card: Card) -> Callable[[Context[Any]], Awaitable[Response]]:
    """Return a run that answers with a card."""
    return give(Reply(card))


def give(response: Response) -> Callable[[Context[Any]], Awaitable[Response]]:
    """Return a run that answers with this."""

    async def run(ctx: Context[Any]) -> Response:
        return response

    return run
