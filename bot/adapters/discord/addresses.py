"""Where a card stands that something is to follow, in words that outlive the process."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import discord

from bot.adapters.discord.inbound import PLATFORM
from bot.chat.context import ChatRef, MessageRef

TOKEN_LASTS = timedelta(minutes=14)
"""How long an interaction's token changes what was answered with it: Discord gives 15 minutes."""
_HOOK = "hook"


@dataclass(frozen=True, slots=True)
class Behind:
    """A message that only one person sees, and the token that changes it."""

    application: int
    message: int
    token: str = field(repr=False)


def behind(interaction: discord.Interaction, message_id: int) -> str:
    """Return the address of a message that answers an interaction."""
    return f"{_HOOK}/{interaction.application_id}/{message_id}/{interaction.token}"


def read_behind(address: str) -> Behind | None:
    """Return what `behind` has written; None if it was not that."""
    kind, *parts = address.split("/", 3)
    if kind != _HOOK:
        return None
    return Behind(int(parts[0]), int(parts[1]), parts[2])


def standing(message: MessageRef) -> str:
    """Return the address of a message that stands in a channel."""
    return f"{message.chat.id}/{message.id}"


def read_standing(address: str) -> MessageRef:
    """Return what `standing` has written."""
    chat, _, message = address.rpartition("/")
    return MessageRef(ChatRef(PLATFORM, chat), message)
