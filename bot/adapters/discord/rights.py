"""Which permissions we lack in a channel, by the names that Discord's apps show in English."""

from __future__ import annotations

import discord

Place = (
    discord.TextChannel
    | discord.ForumChannel
    | discord.VoiceChannel
    | discord.StageChannel
    | discord.Thread
)

_SEE = "View Channel"
_SEND = "Send Messages"
_SEND_IN_THREADS = "Send Messages in Threads"
_POST = "Create Posts"


def lacking(place: Place) -> list[str]:
    """Return what we lack to post a question there; nothing, if all is right."""
    rights = place.permissions_for(place.guild.me)
    needed = {_SEE: rights.view_channel}
    match place:
        case discord.Thread():
            needed[_SEND_IN_THREADS] = rights.send_messages_in_threads
        case discord.ForumChannel():
            needed |= {
                _POST: rights.send_messages,
                _SEND_IN_THREADS: rights.send_messages_in_threads,
            }
        case _:
            needed[_SEND] = rights.send_messages
    return [name for name, granted in needed.items() if not granted]


def allow(place: Place, names: list[str]) -> str:
    """Return what somebody who manages the server is to allow, and where."""
    wanted = " and ".join(f'"{name}"' for name in names)
    return f"Allow me {wanted} in #{place.name}."
