"""What we say, as frozen values: Card, Button, Link, Media, Form, Input, Reply. Pure.

These seven nouns are the whole vocabulary of a command. What a platform lacks is emulated, never
dropped, so an eighth noun needs its emulation on every platform in the same change.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from bot.chat.action import check_wire

MAX_TITLE = 45
"""Characters of a form's title and an input's label: what a Discord modal takes."""
MAX_INPUTS = 5
"""Inputs of a form: components a Discord modal takes."""
MAX_VALUE = 4000
"""Characters of an input's value: what a Discord text input takes."""


class Style(StrEnum):
    """How much a button asks to be pressed."""

    PRIMARY = "primary"
    NEUTRAL = "neutral"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press; `action` names what happens and carries the ids it needs."""

    label: str
    action: str
    style: Style = Style.NEUTRAL

    def __post_init__(self) -> None:
        check_wire(self.action)


INVITE = "drillmate:invite"
"""Address of a link that adds the bot to a group; each platform has its own way to do it."""


@dataclass(frozen=True, slots=True)
class Link:
    """A button that opens an address."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Media:
    """A picture or file, with the text that stands for it where it cannot be seen."""

    name: str
    content: bytes
    mime: str
    alt: str


@dataclass(frozen=True, slots=True)
class Card:
    """One message.

    Attributes:
        title: Plain text, no markup.
        body: Our Markdown subset (see bot.chat.markup); other people's words go through `escape`.
        fields: Name (plain) and value (markup) pairs, shown in order.
        rows: Rows of buttons and links.
        media: Pictures and files.
        kind: Hint for a renderer that can draw this card more richly; changes looks, never meaning.
        reply: Action that takes a typed reply to this message, as the keyword `text`.
        again: Action that shows this card again, for where it could not be shown at first.
        discuss: Action that a platform with threads leads to one by, where the card is discussed;
            the platform carries it out. Elsewhere people talk below the card anyway.
        ping: The platform's id of a role that the card calls when it is posted.
        follows: What will replace this card, where it stands, when it is there; the platform tells
            where that is.
    """

    title: str
    body: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    rows: tuple[tuple[Button | Link, ...], ...] = ()
    media: tuple[Media, ...] = ()
    kind: str = ""
    reply: str = ""
    again: str = ""
    discuss: str = ""
    ping: str = ""
    follows: str = ""

    def __post_init__(self) -> None:
        for wire in filter(None, (self.reply, self.again, self.discuss)):
            check_wire(wire)


@dataclass(frozen=True, slots=True)
class Input:
    """One value that a form asks for.

    Attributes:
        name: Keyword under which the action receives it.
        label: What is asked, at most 45 characters.
        multiline: Whether line breaks are expected.
        required: Whether it may be left empty.
        max_length: Characters at most.
        choices: Label and value pairs, when only these are possible.
        value: What stands in it already.
        about: A longer explanation, for where there is room.
    """

    name: str
    label: str
    multiline: bool = False
    required: bool = True
    max_length: int = MAX_VALUE
    choices: tuple[tuple[str, str], ...] = ()
    value: str = ""
    about: str = ""

    def __post_init__(self) -> None:
        if not 1 <= len(self.label) <= MAX_TITLE:
            raise ValueError(f"label of input {self.name!r} has {len(self.label)} characters")


@dataclass(frozen=True, slots=True)
class Form:
    """A question back to the person: a modal, steps of replies, or prompts.

    Attributes:
        title: At most 45 characters.
        submit: Action that receives the values as keyword arguments.
        inputs: One to five.
        given: Values already known, handed to the action with the rest.
    """

    title: str
    submit: str
    inputs: tuple[Input, ...]
    given: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        check_wire(self.submit)
        if not 1 <= len(self.title) <= MAX_TITLE:
            raise ValueError(f"form title {self.title!r} has {len(self.title)} characters")
        if not 1 <= len(self.inputs) <= MAX_INPUTS:
            raise ValueError(f"form {self.title!r} has {len(self.inputs)} inputs")


@dataclass(frozen=True, slots=True)
class Reply:
    """A card in answer.

    Attributes:
        card: What to show.
        edit: Replace the message whose button was pressed, instead of adding one.
    """

    card: Card
    edit: bool = field(default=False)


Response = Reply | Form
"""All that a command may answer with."""
