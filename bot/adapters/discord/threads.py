"""Threads in which a question is discussed: opened when the first person wants to talk."""

from __future__ import annotations

from typing import Final

import discord

from bot.errors import NotAllowed, Unavailable

MAX_NAME = 100
"""Characters of a thread's name."""
ARCHIVED_MIN: Final = 4320
"""Minutes without a word after which Discord files a thread away: three days."""

_HAS_ONE = 160004
_TOO_MANY = 160006
_NOT_ALLOWED = frozenset({50001, 50013})


async def discussion_of(interaction: discord.Interaction, about: str) -> str:
    """Return the address of the thread below the message with the button, opened if there is none.

    Args:
        interaction: The press.
        about: What is discussed: the thread's name.

    Raises:
        NotAllowed: We may not open threads there.
        Unavailable: The server has as many threads as Discord allows.
    """
    message = interaction.message
    assert message is not None, "a button stands under a message"
    if isinstance(interaction.channel, discord.Thread):
        return _address(interaction, interaction.channel.id)
    if message.thread is None and not message.flags.has_thread:
        try:
            await message.create_thread(name=_name(about), auto_archive_duration=ARCHIVED_MIN)
        except discord.HTTPException as error:
            if error.code in _NOT_ALLOWED:
                raise NotAllowed(
                    "I may not open threads here.",
                    'Somebody who manages the server can allow it: "Create Public Threads".',
                ) from None
            if error.code == _TOO_MANY:
                raise Unavailable(
                    "This server has as many threads as Discord allows.",
                    "Talk here in the channel, or archive some.",
                ) from None
            if error.code != _HAS_ONE:  # somebody else pressed at the same moment
                raise
    return _address(interaction, message.id)  # a thread below a message has the message's id


def _address(interaction: discord.Interaction, thread_id: int) -> str:
    return f"https://discord.com/channels/{interaction.guild_id}/{thread_id}"


def _name(about: str) -> str:
    name = " ".join(about.split())
    return name if len(name) <= MAX_NAME else f"{name[: MAX_NAME - 1]}…"
