"""Interactions and messages -> who did what, where. Pure: nothing is asked of Discord.

A guild is one chat with all its channels: one board, one daily question, one set of moderators.
Its channel or thread is the chat's thread. Whoever uses us where we are not a member (as an app of
their own) is in their direct chat, wherever that is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import discord

from bot.chat.context import ChatKind, ChatRef, MessageRef, Place, Role, Sender

PLATFORM = "discord"
DIRECT = "@"
"""What stands before a person's id in the id of their direct chat."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Where an interaction happened.

    Attributes:
        sender: Who.
        place: The chat.
        shared: Whether others would see an answer that is not kept to the person.
        alone: Whether an answer must be kept to the person in any case: we are a guest there.
    """

    sender: Sender
    place: Place
    shared: bool
    alone: bool


@dataclass(frozen=True, slots=True)
class Wrote:
    """A message to us.

    Attributes:
        text: What it says, less the mention of us.
        replied: Our message that it replies to.
    """

    sender: Sender
    place: Place
    text: str
    message: MessageRef
    replied: MessageRef | None

    @property
    def in_group(self) -> bool:
        """Whether others can read it."""
        return self.place.kind is ChatKind.GROUP


def scene(of: discord.Interaction) -> Scene:
    """Return who acts, and where."""
    member = of.guild_id is not None and of.is_guild_integration()
    moderates = member and of.permissions.manage_guild
    language = of.locale.value.lower()
    sender = Sender(
        str(of.user.id),
        _name(of.user),
        Role.MODERATOR if moderates else Role.MEMBER,
        language,
    )
    if not member:
        direct = of.context.dm_channel is True
        return Scene(sender, direct_place(of.user.id), shared=not direct, alone=not direct)
    title = of.guild.name if of.guild is not None else ""
    thread = str(of.channel_id) if of.channel_id else ""
    ref = ChatRef(PLATFORM, str(of.guild_id), thread)
    return Scene(sender, Place(ref, ChatKind.GROUP, title), shared=True, alone=False)


def wrote(of: discord.Message, me: int) -> Wrote | None:
    """Return what a message is to us; None if it is not for us, or from no person.

    Args:
        of: The message.
        me: Our own id.
    """
    author = of.author
    if (
        author.bot
        or of.webhook_id
        or of.type
        not in (
            discord.MessageType.default,
            discord.MessageType.reply,
        )
    ):
        return None
    if of.guild is None:
        place = direct_place(author.id)
        sender = Sender(str(author.id), _name(author))
    else:
        if not any(user.id == me for user in of.mentions):
            return None  # chatter; what it says is not even told to us
        ref = ChatRef(PLATFORM, str(of.guild.id), str(of.channel.id))
        place = Place(ref, ChatKind.GROUP, of.guild.name)
        rights = getattr(author, "guild_permissions", None)
        moderates = rights is not None and rights.manage_guild
        role = Role.MODERATOR if moderates else Role.MEMBER
        sender = Sender(str(author.id), _name(author), role)
    text = re.sub(rf"<@!?{me}>", "", of.content).strip()
    return Wrote(
        sender, place, text, message_ref(place.ref, of.channel.id, of.id), _replied(of, place)
    )


def _name(of: discord.User | discord.Member) -> str:
    """Return what somebody is called everywhere: a server's nickname is that server's affair."""
    return of.global_name or of.name


def direct_place(user_id: int) -> Place:
    """Return a person's direct chat."""
    return Place(ChatRef(PLATFORM, f"{DIRECT}{user_id}"), ChatKind.DM)


def message_ref(chat: ChatRef, channel_id: int, message_id: int) -> MessageRef:
    """Return a message of a chat; its id tells the channel too."""
    return MessageRef(chat, f"{channel_id}:{message_id}")


def ids_of(message: MessageRef) -> tuple[int, int] | None:
    """Return channel and message; None if it is not known where it stands."""
    found = re.fullmatch(r"(\d+):(\d+)", message.id)
    return None if found is None else (int(found[1]), int(found[2]))


def values_of(data: Mapping[str, Any]) -> dict[str, str]:
    """Return the values of a modal by their inputs' names."""
    return dict(_values(data.get("components", ())))


def _values(components: Any) -> Iterator[tuple[str, str]]:
    for each in components:
        yield from _values(each.get("components", ()))
        inner = each.get("component")
        if inner is not None:
            yield from _values((inner,))
        if "custom_id" in each:
            picked = each.get("values")
            yield each["custom_id"], each.get("value") or (picked[0] if picked else "")


def _replied(of: discord.Message, place: Place) -> MessageRef | None:
    to = of.reference
    if to is None or to.message_id is None:
        return None
    return message_ref(place.ref, to.channel_id, to.message_id)
