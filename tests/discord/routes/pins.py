"""Pinned messages, by the old paths and the new."""

from __future__ import annotations

from typing import Any

from tests.discord import intents
from tests.discord.asked import Asked, missing_permissions, route
from tests.discord.channels import Channel
from tests.discord.messages import stamp
from tests.discord.posting import announce
from tests.discord.roles import may
from tests.discord.rules.refused import Refused

MOST = 250


def _pinned(channel: Channel) -> list[Any]:
    return [one for one in reversed(channel.messages) if one.pinned]


@route("GET", "/channels/{channel_id}/pins")
def old_pins(asked: Asked) -> Any:
    return [one.shown() for one in _pinned(asked.channel("read_message_history"))]


@route("GET", "/channels/{channel_id}/messages/pins")
def pins(asked: Asked) -> Any:
    items = [
        {"pinned_at": stamp(one.created_at), "message": one.shown()}
        for one in _pinned(asked.channel("read_message_history"))
    ]
    return {"items": items, "has_more": False}


@route("PUT", "/channels/{channel_id}/pins/{message_id}")
@route("PUT", "/channels/{channel_id}/messages/pins/{message_id}")
def pin(asked: Asked) -> Any:
    _set(asked, True)


@route("DELETE", "/channels/{channel_id}/pins/{message_id}")
@route("DELETE", "/channels/{channel_id}/messages/pins/{message_id}")
def unpin(asked: Asked) -> Any:
    _set(asked, False)


def _set(asked: Asked, pinned: bool) -> None:
    channel = asked.channel()
    message = asked.message(channel)
    if channel.guild is not None and not may(asked.api.me, channel, "pin_messages"):
        raise missing_permissions()
    if pinned and len(_pinned(channel)) >= MOST:
        raise Refused(400, 30003, f"Maximum number of pins reached ({MOST})")
    if message.pinned == pinned:
        return
    message.pinned = pinned
    announce(message, "MESSAGE_UPDATE")
    told: dict[str, Any] = {
        "channel_id": str(channel.id),
        "last_pin_timestamp": stamp(asked.api.now()) if pinned else None,
    }
    if channel.guild is not None:
        told["guild_id"] = str(channel.guild.id)
    needs = intents.GUILDS if channel.guild else intents.DIRECT_MESSAGES
    asked.api.gateway_events.dispatch("CHANNEL_PINS_UPDATE", told, guild=channel.guild, needs=needs)
