"""The bot's reactions."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from tests.discord.asked import Asked, missing_permissions, route
from tests.discord.roles import may
from tests.discord.rules.refused import Refused

_PATH = "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}"


@route("PUT", _PATH + "/@me")
def react(asked: Asked) -> Any:
    channel = asked.channel("read_message_history")
    message, emoji = asked.message(channel), unquote(asked.path["emoji_name"])
    if not emoji or emoji.isascii():
        raise Refused(400, 10014, "Unknown Emoji")
    if emoji not in message.reactions and not may(asked.api.me, channel, "add_reactions"):
        raise missing_permissions()
    if asked.api.me not in message.reactions.get(emoji, []):
        asked.api.me.reacts(message, emoji)


@route("DELETE", _PATH + "/@me")
def unreact(asked: Asked) -> Any:
    message, emoji = asked.message(asked.channel()), unquote(asked.path["emoji_name"])
    if asked.api.me not in message.reactions.get(emoji, []):
        raise Refused(404, 10014, "Unknown Emoji")
    asked.api.me.unreacts(message, emoji)


@route("GET", _PATH)
def reacted(asked: Asked) -> Any:
    message, emoji = asked.message(asked.channel()), unquote(asked.path["emoji_name"])
    return [person.shown() for person in message.reactions.get(emoji, [])]
