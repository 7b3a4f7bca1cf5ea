"""Who asks, where and what: the request as it comes, the context as a command gets it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Generic, TypeVar

S = TypeVar("S")


class Role(IntEnum):
    """What somebody may do in a chat. In a direct chat everybody is a member."""

    MEMBER = 1
    MODERATOR = 2


class ChatKind(StrEnum):
    """What kind of place a chat is."""

    DM = "dm"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class ChatRef:
    """A chat as its platform names it; ids are strings everywhere."""

    platform: str
    id: str


@dataclass(frozen=True, slots=True)
class MessageRef:
    """A message as its platform names it."""

    chat: ChatRef
    id: str


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent a request, as the platform tells it.

    Attributes:
        id: The platform's id of the person.
        name: Their display name there, now.
        role: Their role in that chat, as the platform vouches for it.
    """

    id: str
    name: str
    role: Role = Role.MEMBER


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request was made, as the platform tells it."""

    ref: ChatRef
    kind: ChatKind
    title: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """Text: a command line, the next value of a form, or an answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Called:
    """A command whose arguments the platform has already taken apart."""

    name: str
    args: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button."""

    action: str


@dataclass(frozen=True, slots=True)
class Submitted:
    """A form."""

    action: str
    values: Mapping[str, str] = field(default_factory=dict)


Event = Said | Called | Pressed | Submitted


@dataclass(frozen=True, slots=True)
class Request:
    """Something a person did.

    Attributes:
        sender: Who.
        place: Where.
        event: What.
        key: The platform's id of the message or interaction; the same key twice is the same deed.
        replying_to: The message it answers, if it answers one.
        native_forms: Whether the platform can show a Form by itself.
    """

    sender: Sender
    place: Place
    event: Event
    key: str
    replying_to: MessageRef | None = None
    native_forms: bool = False


@dataclass(frozen=True, slots=True)
class Actor:
    """The person behind a request, as we know them."""

    user_id: int
    name: str
    role: Role = Role.MEMBER


@dataclass(frozen=True, slots=True)
class Chat:
    """The chat behind a request, as we know it."""

    id: int
    ref: ChatRef
    kind: ChatKind
    title: str = ""

    @property
    def is_group(self) -> bool:
        """Whether others can read along."""
        return self.kind is ChatKind.GROUP


@dataclass(frozen=True, slots=True)
class Context(Generic[S]):
    """All a command gets to know.

    Attributes:
        actor: Who asks.
        chat: Where.
        services: The product's use cases; generic, so that the kernel never imports the product.
        key: The request's key, for recognising the same deed twice.
        replying_to: The message that the request answers.
        private: Whether only the actor will see the response.
    """

    actor: Actor
    chat: Chat
    services: S
    key: str = ""
    replying_to: MessageRef | None = None
    private: bool = False
