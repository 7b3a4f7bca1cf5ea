"""Roles, what they and channels allow, and what that comes to for somebody somewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.discord.rules.permissions import PERMISSIONS, compute

if TYPE_CHECKING:
    from tests.discord.channels import Channel
    from tests.discord.guilds import Guild
    from tests.discord.people import Person


class Role:
    """A role of a guild; @everyone has the guild's id and nobody listed."""

    def __init__(self, guild: Guild, role_id: int, name: str, permissions: int) -> None:
        self.guild = guild
        self.id = role_id
        self.name = name
        self.permissions = permissions
        self.members: list[Person] = []
        self.mentionable = False
        self.managed = False
        self.deleted = False

    @property
    def mention(self) -> str:
        """Return how one mentions it."""
        return f"<@&{self.id}>"

    def shown(self) -> dict[str, Any]:
        """Return it as the API shows it."""
        shown: dict[str, Any] = {
            "id": str(self.id),
            "name": self.name,
            "permissions": str(self.permissions),
            "position": self.guild.roles.index(self),
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "managed": self.managed,
            "mentionable": self.mentionable,
            "icon": None,
            "unicode_emoji": None,
            "flags": 0,
        }
        if self.managed:
            shown["tags"] = {"bot_id": str(self.guild.api.bot_id)}
        return shown

    def __repr__(self) -> str:
        return f"<@{self.name}>"


@dataclass
class Overwrite:
    """What one channel allows or denies a role or a member."""

    kind: str
    allow: int = 0
    deny: int = 0

    def shown(self, owner_id: int) -> dict[str, Any]:
        """Return it as the API shows it."""
        return {
            "id": str(owner_id),
            "type": 1 if self.kind == "member" else 0,
            "allow": str(self.allow),
            "deny": str(self.deny),
        }


def bits(*names: str) -> int:
    """Return permissions by their names as a number."""
    total = 0
    for name in names:
        total |= PERMISSIONS[name]
    return total


ALL = bits(*PERMISSIONS)
IN_PRIVATE = bits(
    "view_channel",
    "send_messages",
    "embed_links",
    "attach_files",
    "read_message_history",
    "add_reactions",
    "use_application_commands",
    "mention_everyone",
    "manage_messages",
)
"""There are no roles in private chats; the last two mean one's own."""


def permissions_in_guild(person: Person, guild: Guild) -> int:
    """Return what somebody may do in a guild as such."""
    if not guild.has(person):
        return 0
    mine = [role.permissions for role in guild.roles[1:] if person in role.members]
    owner = person is guild.owner
    return compute(
        owner=owner, everyone=guild.everyone.permissions, roles=mine, overwrites=[], thread=False
    )


def permissions_in(person: Person, channel: Channel) -> int:
    """Return what somebody may do in a channel; nothing where they are not."""
    guild = channel.guild
    if guild is None:
        return IN_PRIVATE if person in channel.recipients else 0
    if not guild.has(person):
        return 0
    roles = [role for role in guild.roles[1:] if person in role.members]
    place = channel.parent or channel
    ids = {guild.id, person.id, *(role.id for role in roles)}
    return compute(
        owner=person is guild.owner,
        everyone=guild.everyone.permissions,
        roles=[role.permissions for role in roles],
        overwrites=[
            (one.kind, one.allow, one.deny) for key, one in place.overwrites.items() if key in ids
        ],
        thread=channel.parent is not None,
    )


def may(person: Person, channel: Channel, *names: str) -> bool:
    """Whether somebody has all of these permissions in a channel."""
    wanted = bits(*names)
    return permissions_in(person, channel) & wanted == wanted
