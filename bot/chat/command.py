"""Commands, declared once: a typed async function's signature and docstring are the declaration."""

from __future__ import annotations

import contextlib
import inspect
import re
import types
import typing
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from bot.chat.action import unpack
from bot.chat.context import Called, Context, Event, Pressed, Role, Said, Spoken, Submitted
from bot.chat.view import MAX_INPUTS, Response
from bot.errors import Invalid

MAX_NAME = 32
"""Characters of a command's name: what Discord and Telegram take."""
MAX_HELP = 100
"""Characters of a description: what Discord takes."""
MAX_CHOICES = 25
"""Choices of a parameter: what Discord takes."""
MAX_WHOLE = 2**63 - 1
"""Greatest whole number: what a database column takes."""
RUN = "run"
"""The kernel's own action: a command, with the values that it was called with."""
OWN = frozenset({RUN, "pick", "refill", "step"})
"""Names that the kernel keeps for itself."""

_NAME = re.compile(r"[a-z]+( [a-z]+)?")

Handler = Callable[..., Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Choice:
    """One possible value, with the label people read."""

    label: str
    value: str


Completer = Callable[[Context[Any], str], Awaitable[list[Choice]]]
"""From what is typed so far to the values it could become."""


class Pick(StrEnum):
    """Something of a platform's own that its apps let people pick; it comes as an id."""

    CHANNEL = "channel"
    ROLE = "role"


@dataclass(frozen=True, slots=True)
class Option:
    """What a parameter is for; stands in its annotation.

    Attributes:
        about: One line for the person.
        complete: Offers values while typing.
        choices: The only values possible.
        rest: Takes all the text that is left, spaces and all.
        pick: It is picked and never typed; where there is nothing to pick it is left out.
    """

    about: str
    complete: Completer | None = None
    choices: tuple[Choice, ...] = ()
    rest: bool = False
    pick: Pick | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter as read from the signature."""

    name: str
    type: type
    required: bool
    option: Option

    def convert(self, text: str) -> object:
        """Return `text` as the parameter's type.

        Raises:
            Invalid: It is not one.
        """
        if self.option.choices:
            for choice in self.option.choices:
                if text.casefold() in (choice.value.casefold(), choice.label.casefold()):
                    return self._cast(choice.value)
            allowed = ", ".join(choice.value for choice in self.option.choices)
            message = f"{_short(text)} is not a value for {self.name}"
            raise Invalid(message, f"Use one of: {allowed}.", field=self.name)
        return self._cast(text)

    def _cast(self, text: str) -> object:
        value: object = None
        with contextlib.suppress(ValueError):
            value = self.type(text)
        if value is None or (isinstance(value, int) and abs(value) > MAX_WHOLE):
            wanted = "a whole number" if self.type is int else "one of its values"
            message = f"{_short(text)} is not a value for {self.name}"
            raise Invalid(message, f"{self.name} takes {wanted}.", field=self.name)
        return value


def _short(text: str) -> str:
    return f'"{text[:40]}…"' if len(text) > 41 else f'"{text}"'


@dataclass(frozen=True, slots=True)
class Command:
    """A command that people call by name."""

    name: str
    about: str
    parameters: tuple[Parameter, ...]
    handler: Handler
    role: Role = Role.MEMBER
    private: bool = False
    by_link: bool = False
    on_message: str = ""

    @property
    def typed(self) -> tuple[Parameter, ...]:
        """Its parameters that can be typed."""
        return tuple(each for each in self.parameters if each.option.pick is None)

    @property
    def usage(self) -> str:
        """How to type it: "/practice [topic] [difficulty]"."""
        parts = [p.name if p.required else f"[{p.name}]" for p in self.typed]
        return " ".join([f"/{self.name}", *parts])

    def missing(self, values: Mapping[str, str]) -> list[Parameter]:
        """Return the parameters that it needs and `values` lacks."""
        return [p for p in self.parameters if p.required and not values.get(p.name)]


@dataclass(frozen=True, slots=True)
class Action:
    """What a button or a form leads to."""

    name: str
    parameters: tuple[Parameter, ...]
    handler: Handler
    private: bool = False
    by_link: bool = False


class Registry:
    """All commands and actions of the product, and what becomes of plain text."""

    def __init__(self) -> None:
        self.commands: dict[str, Command] = {}
        self.actions: dict[str, Action] = {}
        self.on_text: Handler | None = None
        self.on_voice: Handler | None = None

    def command(
        self,
        name: str,
        *,
        role: Role = Role.MEMBER,
        private: bool = False,
        by_link: bool = False,
        on_message: str = "",
    ) -> Callable[[Handler], Handler]:
        """Declare a command; its docstring's first line is its help on every platform.

        Args:
            name: "practice", or "question add" for one of a family.
            role: The least role that may call it.
            private: Whether only the person sees the response in a group.
            by_link: Whether a link may lead to it; see `action`.
            on_message: Label of it in the menu of a message, where a platform has such a menu; the
                message's text is then the context's `quoted`, as it is for a typed reply.
        """

        def declare(handler: Handler) -> Handler:
            about = (inspect.getdoc(handler) or "").partition("\n")[0]
            if name in self.commands or not _is_name(name):
                raise ValueError(f"command {name!r} is declared twice or not a name")
            if not 1 <= len(about) <= MAX_HELP:
                raise ValueError(f"help of {name!r} has {len(about)} characters")
            parameters = _parameters(handler)
            if sum(parameter.required for parameter in parameters) > MAX_INPUTS:
                raise ValueError(f"{name!r} needs more than a form can ask for")
            if on_message and (len(on_message) > MAX_NAME or any(p.required for p in parameters)):
                raise ValueError(f"{name!r} cannot stand in the menu of a message")
            self.commands[name] = Command(
                name, about, parameters, handler, role, private, by_link, on_message
            )
            return handler

        return declare

    def action(
        self, name: str, *, private: bool = False, by_link: bool = False
    ) -> Callable[[Handler], Handler]:
        """Declare what a button or a form leads to.

        The first parameters take the arguments in the wire id, a form's values come by name.

        Args:
            name: "hint"; the wire id of a button is "hint:51".
            private: Whether only the person sees the response in a group.
            by_link: Whether a link may lead to it too. Anybody can write links and send them to
                others, so it must change nothing that they would mind.
        """

        def declare(handler: Handler) -> Handler:
            if name in self.actions or name in OWN or unpack(name) != (name, ()):
                raise ValueError(f"action {name!r} is declared twice or not a name")
            self.actions[name] = Action(name, _parameters(handler), handler, private, by_link)
            return handler

        return declare

    def text(self, handler: Handler) -> Handler:
        """Declare what becomes of text that is no command and no form's value."""
        if self.on_text is not None:
            raise ValueError("plain text is declared twice")
        self.on_text = handler
        return handler

    def voice(self, handler: Handler) -> Handler:
        """Declare what becomes of something that was spoken."""
        if self.on_voice is not None:
            raise ValueError("what is spoken is declared twice")
        self.on_voice = handler
        return handler

    def is_private(self, event: Event) -> bool:
        """Return whether only the person is to see what comes of an event.

        It is told before anything is done: a platform may have to say it first.
        """
        match event:
            case Called(name):
                command = self.commands.get(name)
                return command is None or command.private
            case Pressed(wire) | Submitted(wire):
                name, *args = wire.split(":")
                if name == RUN and args:
                    return self.is_private(Called(args[0].replace("_", " ")))
                action = self.actions.get(name)
                return action is None or action.private
            case Said() | Spoken():
                return True

    def include(self, other: Registry) -> None:
        """Take over all that `other` declares.

        Raises:
            ValueError: A name is declared in both.
        """
        for mine, theirs in (
            (self.commands, other.commands),
            (self.actions, other.actions),
        ):
            if twice := mine.keys() & theirs.keys():
                raise ValueError(f"declared twice: {', '.join(sorted(twice))}")
            typing.cast("dict[str, object]", mine).update(theirs)
        if other.on_text is not None:
            self.text(other.on_text)
        if other.on_voice is not None:
            self.voice(other.on_voice)


def bind(parameters: tuple[Parameter, ...], given: Mapping[str, str]) -> dict[str, object]:
    """Return the keyword arguments that `given` makes, converted; empty optional ones are left out.

    Raises:
        Invalid: A value is not of its parameter's type.
    """
    return {
        parameter.name: parameter.convert(given[parameter.name])
        for parameter in parameters
        if given.get(parameter.name, "") != "" or (parameter.required and parameter.name in given)
    }


def _is_name(name: str) -> bool:
    """Return whether every platform takes it, and "a b" and "a_b" can only mean the same."""
    return len(name) <= MAX_NAME and _NAME.fullmatch(name) is not None


def _parameters(handler: Handler) -> tuple[Parameter, ...]:
    hints = typing.get_type_hints(handler, include_extras=True)
    found = []
    for name, parameter in list(inspect.signature(handler).parameters.items())[1:]:
        hint, option = _not_none(hints[name]), Option(name)
        if typing.get_origin(hint) is typing.Annotated:
            hint, *extras = typing.get_args(hint)
            option = next((extra for extra in extras if isinstance(extra, Option)), option)
            hint = _not_none(hint)
        if not (hint in (str, int) or (isinstance(hint, type) and issubclass(hint, StrEnum))):
            raise TypeError(f"{handler.__name__}: {name} must be str, int or a StrEnum")
        if not option.choices and issubclass(hint, StrEnum):
            choices = tuple(Choice(member.value, member.value) for member in hint)
            option = replace(option, choices=choices)
        if len(option.choices) > MAX_CHOICES or len(option.about) > MAX_HELP:
            raise ValueError(f"{handler.__name__}: too many choices or too long a text: {name}")
        required = parameter.default is inspect.Parameter.empty
        if option.pick is not None and (required or hint is not str):
            raise TypeError(f"{handler.__name__}: {name} is picked, so it is an optional str")
        found.append(Parameter(name, hint, required, option))
    return tuple(found)


def _not_none(hint: Any) -> Any:
    """Return the type that is left of "T | None"."""
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return next(arg for arg in typing.get_args(hint) if arg is not types.NoneType)
    return hint
