"""What a failed request means: whether it was done, and whether to try again.

Codes: Discord's documentation, "Opcodes and Status Codes", JSON error codes.
"""

from __future__ import annotations

import asyncio

import aiohttp
import discord

from bot.chat.adapter import Delayed, Unreachable, Unsure

AGAIN_S = 2.0
"""Seconds until a try after a failure that names no time; well within a nonce's memory."""
TOO_MANY_DMS_S = 600.0
"""Seconds until another direct chat is opened after Discord said that it is too fast."""

AUTOMOD = 200000
"""A guild's own filter has blocked the message."""

_NOT_SENT = aiohttp.ClientConnectorError
_GONE = frozenset(
    {
        10003,  # unknown channel
        10004,  # unknown guild
        10013,  # unknown user
        50001,  # missing access
        50007,  # cannot send messages to this user
        50008,  # not a text channel
        50013,  # missing permissions
        50083,  # thread is archived and locked
        50278,  # no mutual guilds
        160005,  # thread is locked
        40067,  # a tag is required, and there is none
        AUTOMOD,
    }
)
_NO_MESSAGE = frozenset({10008, 30046})
"""The message is gone, or too old to be edited as often as that."""
_TOO_LATE = frozenset({10015, 10062, 50027})
"""The interaction is over."""
_ANSWERED = 40060


class NoMessage(Unreachable):
    """The message is gone or cannot be changed; the chat is still there."""


class TooLate(Exception):
    """The interaction can no longer be answered."""


class Answered(Exception):
    """The interaction has been answered already."""


def meaning(error: Exception) -> Exception:
    """Return what an error of the library means; itself, if it is none that we expect."""
    match error:
        case discord.RateLimited():
            return Delayed(max(error.retry_after, AGAIN_S))
        case discord.DiscordServerError():
            return Delayed(AGAIN_S)
        case discord.HTTPException():
            return _refused(error)
        case asyncio.TimeoutError() | aiohttp.ClientError() | OSError():
            return Delayed(AGAIN_S) if _was_not_sent(error) else Unsure(type(error).__name__)
        case _:
            return error


def _refused(error: discord.HTTPException) -> Exception:
    reason = f"{error.status}/{error.code}"
    if error.code in _GONE:
        return Unreachable(reason)
    if error.code in _NO_MESSAGE:
        return NoMessage(reason)
    if error.code in _TOO_LATE:
        return TooLate(reason)
    if error.code == _ANSWERED:
        return Answered(reason)
    if error.code == 40003:
        return Delayed(TOO_MANY_DMS_S)
    if error.status == 429:
        return Delayed(AGAIN_S)
    return error


def _was_not_sent(error: Exception) -> bool:
    return isinstance(error, _NOT_SENT)
