"""One request of the bot as its route reads it, and the routes there are."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.discord.messages import Attachment, Message
from tests.discord.roles import may
from tests.discord.rules.refused import Refused, invalid

if TYPE_CHECKING:
    from tests.discord.api import DiscordApi
    from tests.discord.channels import Channel
    from tests.discord.guilds import Guild

Result = Any
Work = Callable[["Asked"], Result | Awaitable[Result]]


@dataclass(frozen=True)
class Reply:
    """An answer with a status of its own."""

    status: int
    body: Any = None


@dataclass(frozen=True)
class Route:
    """One method on one path; those with tokens in their paths need no other."""

    method: str
    path: str
    work: Work
    auth: bool

    @property
    def name(self) -> str:
        """Return it as calls and faults name it."""
        return f"{self.method} {self.path}"


ROUTES: list[Route] = []


def route(method: str, path: str, *, auth: bool = True) -> Callable[[Work], Work]:
    """Let a function answer a route."""

    def register(work: Work) -> Work:
        ROUTES.append(Route(method, path, work, auth))
        return work

    return register


def missing_access() -> Refused:
    """Return the refusal of what the bot does not see."""
    return Refused(403, 50001, "Missing Access")


def missing_permissions() -> Refused:
    """Return the refusal of what the bot sees but may not do."""
    return Refused(403, 50013, "Missing Permissions")


@dataclass
class Asked:
    """A request with what its path, query and body hold."""

    api: DiscordApi
    path: dict[str, str]
    query: dict[str, str]
    body: Any = None
    files: list[Attachment] = field(default_factory=list)

    def number(self, name: str) -> int:
        """Return an id from the path."""
        value = self.path[name]
        if not value.isascii() or not value.isdigit():
            error = ("NUMBER_TYPE_COERCE", f'Value "{value}" is not snowflake.')
            raise invalid({(name,): error})
        return int(value)

    @property
    def form(self) -> dict[str, Any]:
        """Return the body, which must be an object."""
        if not isinstance(self.body, dict):
            raise invalid({(): ("MODEL_TYPE_CONVERT", "Only dictionaries may be used.")})
        return self.body

    def guild(self, number: int | None = None) -> Guild:
        """Return the guild of the path, if the bot is in it."""
        found = self.api.guilds.get(number or self.number("guild_id"))
        if found is None or not found.has_bot:
            raise Refused(404, 10004, "Unknown Guild")
        if not found.available:
            raise missing_access()
        return found

    def channel(self, *needed: str) -> Channel:
        """Return the channel of the path, where the bot must see it and have permissions."""
        found = self.api.channels.get(self.number("channel_id"))
        if found is None or found.deleted:
            raise Refused(404, 10003, "Unknown Channel")
        if not found.of_bot or not may(self.api.me, found, "view_channel"):
            if found.guild is None:
                raise Refused(404, 10003, "Unknown Channel")
            raise missing_access()
        if found.guild is not None and not found.guild.available:
            raise missing_access()
        if found.guild is None and not found.opened:
            raise Refused(404, 10003, "Unknown Channel")
        if needed and found.guild is not None and not may(self.api.me, found, *needed):
            raise missing_permissions()
        return found

    def message(self, channel: Channel) -> Message:
        """Return the message of the path."""
        found = channel.message(self.number("message_id"))
        if found is None:
            raise Refused(404, 10008, "Unknown Message")
        return found
