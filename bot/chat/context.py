"""Who asks, where and what: the request as it comes, the context as a command gets it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Generic, TypeVar

S = TypeVar("S")


class Role(IntEnum):
    """What somebody may do in a chat. In a direct chat everybody is a member."""

    MEMBER = 1
    MODERATOR = 2
    OPERATOR = 3
    """Runs this installation; has nothing to do with what somebody may do in a group."""


class ChatKind(StrEnum):
    """What kind of place a chat is."""

    DM = "dm"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class ChatRef:
    """A chat as its platform names it; ids are strings everywhere.

    Attributes:
        platform: Name of the platform.
        id: The platform's id of the chat.
        thread: The thread or topic inside it, where the platform has such; it is the same chat.
    """

    platform: str
    id: str
    thread: str = field(default="", compare=False)


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
        language: Language of their program ("de", "pt-br"), where the platform tells it.
    """

    id: str
    name: str
    role: Role = Role.MEMBER
    language: str = ""


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


@dataclass(frozen=True, slots=True)
class Spoken:
    """A recorded answer.

    Attributes:
        seconds: How long it is, as the platform says; 0: it does not.
        size: Bytes.
        name: Of the file, with an ending that tells its format.
        mime: Its type.
        fetch: Gets the sound. Raises Unavailable.
    """

    seconds: int
    size: int
    name: str
    mime: str
    fetch: Callable[[], Awaitable[bytes]] = field(repr=False, compare=False)


Event = Said | Called | Pressed | Submitted | Spoken


@dataclass(frozen=True, slots=True)
class Request:
    """Something a person did.

    Attributes:
        sender: Who.
        place: The chat that it concerns.
        event: What.
        key: The platform's id of the message or interaction; the same key twice is the same deed.
        about: The `reply` action of the card that it answers, if it answers one.
        here: Where it was done, if that is not `place`: a group's question can be answered in the
            person's direct chat.
        aside: The person's direct chat, on a platform that cannot show something to one person
            only: private responses go there.
        at: When it was done, if it reached us later; aware.
        native_forms: Whether the platform can show a Form by itself.
        quoted: Text of the message that a command was given on, or in reply to.
    """

    sender: Sender
    place: Place
    event: Event
    key: str
    about: str = ""
    here: Place | None = None
    aside: Place | None = None
    at: datetime | None = None
    native_forms: bool = False
    quoted: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """The person behind a request, as we know them."""

    user_id: int
    name: str
    role: Role = Role.MEMBER
    operates: bool = False

    def may(self, role: Role) -> bool:
        """Return whether they may do what takes a role."""
        return self.operates if role is Role.OPERATOR else self.role >= role


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
        chat: The chat that it concerns.
        here: Where it was done; the same chat, or the person's direct chat.
        services: The product's use cases; generic, so that the kernel never imports the product.
        key: The request's key, for recognising the same deed twice.
        about: The `reply` action of the card that the request answers.
        at: When it was done, if it reached us later.
        language: Language of the actor's program, if the platform tells it.
        private: Whether only the actor will see the response.
        quoted: Text of somebody's message that the command is about.
    """

    actor: Actor
    chat: Chat
    here: Chat
    services: S
    key: str = ""
    about: str = ""
    at: datetime | None = None
    language: str = ""
    private: bool = False
    quoted: str = ""
