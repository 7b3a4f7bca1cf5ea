"""Messages as people see them and as the API shows them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tests.discord.rules.components import walk

if TYPE_CHECKING:
    from tests.discord.channels import Channel, Thread
    from tests.discord.interactions import Interaction
    from tests.discord.people import Person

SUPPRESS_EMBEDS, CROSSPOSTED, EPHEMERAL, LOADING, SILENT = 1 << 2, 1 << 0, 1 << 6, 1 << 7, 1 << 12
HAS_THREAD, V2 = 1 << 5, 1 << 15
DEFAULT, REPLY, FROM_COMMAND, FROM_MENU = 0, 19, 20, 23

BUTTON, TEXT_DISPLAY = 2, 10
SELECTS = (3, 5, 6, 7, 8)


def stamp(moment: datetime) -> str:
    """Return an instant as the API writes it."""
    return moment.isoformat(timespec="microseconds")


@dataclass
class Attachment:
    """A file in a message or in an option of a command."""

    filename: str
    content: bytes
    description: str | None = None
    id: int = 0
    url: str = ""
    content_type: str = "application/octet-stream"
    seconds: float | None = None

    def shown(self) -> dict[str, Any]:
        """Return it as the API shows it."""
        shown: dict[str, Any] = {
            "id": str(self.id),
            "filename": self.filename,
            "size": len(self.content),
            "url": self.url,
            "proxy_url": self.url,
            "content_type": self.content_type,
        }
        if self.seconds is not None:
            shown |= {"duration_secs": self.seconds, "waveform": "AAAA"}
        if self.description is not None:
            shown["description"] = self.description
        return shown


@dataclass(frozen=True)
class Button:
    """A button that people see."""

    label: str
    custom_id: str | None
    url: str | None
    style: int
    disabled: bool
    emoji: str | None


@dataclass(frozen=True)
class Select:
    """A list to choose from that people see."""

    kind: int
    custom_id: str
    placeholder: str
    options: list[dict[str, Any]]
    min_values: int
    max_values: int
    disabled: bool


@dataclass(eq=False)
class Message:
    """One message; `deleted` ones are kept here only."""

    channel: Channel
    sender: Person
    id: int
    created_at: datetime
    content: str = ""
    embeds: list[dict[str, Any]] = field(default_factory=list)
    components: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    flags: int = 0
    kind: int = DEFAULT
    nonce: str | int | None = None
    reference: Message | None = None
    ephemeral_to: Person | None = None
    interaction: Interaction | None = None
    pings: list[Person] = field(default_factory=list)
    pinged_roles: list[int] = field(default_factory=list)
    pinged_everyone: bool = False
    deleted: bool = False
    loading: bool = False
    pinned: bool = False
    edits: int = 0
    edited_at: datetime | None = None
    thread: Thread | None = None
    reactions: dict[str, list[Person]] = field(default_factory=dict)
    by_webhook: bool = False

    @property
    def author(self) -> Person | None:
        """Return who wrote it; None if that was our bot."""
        return None if self.sender is self.channel.api.me else self.sender

    @property
    def edited(self) -> bool:
        """Whether it shows that it was edited."""
        return self.edits > 0

    @property
    def v2(self) -> bool:
        """Whether it is made of components only."""
        return bool(self.flags & V2)

    @property
    def text(self) -> str:
        """Return everything a person reads in it, one piece a line, without buttons."""
        return "\n".join(piece for piece in self._pieces() if piece)

    def _pieces(self) -> Iterator[str]:
        yield self.content
        if not self.flags & SUPPRESS_EMBEDS:
            for embed in self.embeds:
                yield embed.get("author", {}).get("name", "")
                yield embed.get("title", "")
                yield embed.get("description", "")
                for one in embed.get("fields", []):
                    yield f"{one['name']}\n{one['value']}"
                yield embed.get("footer", {}).get("text", "")
        for component in walk(self.components):
            if component["type"] == TEXT_DISPLAY:
                yield component["content"]
            elif component["type"] in SELECTS:
                yield component.get("placeholder") or ""

    @property
    def buttons(self) -> list[Button]:
        """Return its buttons, in order."""
        return [
            Button(
                one.get("label") or "",
                one.get("custom_id"),
                one.get("url"),
                one["style"],
                bool(one.get("disabled")),
                (one.get("emoji") or {}).get("name"),
            )
            for one in walk(self.components)
            if one["type"] == BUTTON
        ]

    @property
    def selects(self) -> list[Select]:
        """Return its lists to choose from, in order."""
        return [
            Select(
                one["type"],
                one["custom_id"],
                one.get("placeholder") or "",
                one.get("options") or [],
                one.get("min_values", 1),
                one.get("max_values", 1),
                bool(one.get("disabled")),
            )
            for one in walk(self.components)
            if one["type"] in SELECTS
        ]

    def walk(self) -> Iterator[dict[str, Any]]:
        """Return all its components, however deep."""
        yield from walk(self.components)

    def shown_flags(self) -> int:
        """Return its flags, with those that Discord sets by itself."""
        flags = self.flags
        if self.ephemeral_to is not None:
            flags |= EPHEMERAL
        if self.loading:
            flags |= LOADING
        if self.thread is not None:
            flags |= HAS_THREAD
        return flags

    def shown(self, *, deep: bool = True) -> dict[str, Any]:
        """Return it as the API shows it; `deep` shows what it answers too."""
        shown: dict[str, Any] = {
            "id": str(self.id),
            "type": self.kind,
            "channel_id": str(self.channel.id),
            "author": self.sender.shown(),
            "content": self.content,
            "timestamp": stamp(self.created_at),
            "edited_timestamp": stamp(self.edited_at) if self.edited_at else None,
            "mentions": [person.shown() for person in self.pings],
            "mention_roles": [str(number) for number in self.pinged_roles],
            "mention_everyone": self.pinged_everyone,
            "attachments": [one.shown() for one in self.attachments],
            "embeds": self.embeds,
            "components": self.components,
            "flags": self.shown_flags(),
            "pinned": self.pinned,
            "tts": False,
        }
        if self.nonce is not None:
            shown["nonce"] = self.nonce
        if self.by_webhook:
            shown["webhook_id"] = shown["application_id"] = str(self.channel.api.application_id)
        if self.interaction is not None:
            shown["interaction_metadata"] = self.interaction.metadata()
        if self.reference is not None and deep:
            shown["message_reference"] = {
                "type": 0,
                "channel_id": str(self.reference.channel.id),
                "message_id": str(self.reference.id),
            }
            if self.reference.channel.guild:
                guild_id = str(self.reference.channel.guild.id)
                shown["message_reference"]["guild_id"] = guild_id
            gone = self.reference.deleted
            shown["referenced_message"] = None if gone else self.reference.shown(deep=False)
        if self.thread is not None and deep:
            shown["thread"] = self.thread.shown()
        if self.reactions:
            shown["reactions"] = [
                self._reaction(name, people) for name, people in self.reactions.items()
            ]
        return shown

    def _reaction(self, name: str, people: list[Person]) -> dict[str, Any]:
        return {
            "emoji": {"id": None, "name": name},
            "count": len(people),
            "count_details": {"burst": 0, "normal": len(people)},
            "burst_colors": [],
            "me_burst": False,
            "me": self.channel.api.me in people,
        }

    def __repr__(self) -> str:
        private = f" to {self.ephemeral_to.name} only" if self.ephemeral_to else ""
        return f"<Message {self.id} by {self.sender.name}{private}>"
