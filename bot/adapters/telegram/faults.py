"""What a failed request means: whether it was done, and whether to try again.

The library wraps all that takes too long in `TimedOut` and all that breaks in `NetworkError`; only
their cause tells whether anything was sent (DELIVERY.md, 6).
"""

from __future__ import annotations

from datetime import timedelta

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.chat.adapter import Delayed, Unreachable, Unsure

AGAIN_S = 1.0
"""Seconds to wait after a failure that names no time."""

_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
_GONE = (
    "chat not found",
    "not enough rights",
    "have no rights to send",
    "chat_write_forbidden",
    "chat_send_plain_forbidden",
    "need administrator rights",
    "user not found",
    "peer_id_invalid",
    "group chat was deactivated",
    "chat_restricted",
    "chat_guest_send_forbidden",
)
_NO_MESSAGE = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "message to delete not found",
)
_NO_TOPIC = ("message thread not found", "topic_closed", "topic_deleted", "topic_id_invalid")


class Moved(Exception):
    """The group has become a supergroup with another id."""

    def __init__(self, new_id: str) -> None:
        """Keep the new id."""
        super().__init__(new_id)
        self.new_id = new_id


class NoTopic(Exception):
    """The topic is closed or gone; the group is still there."""


class NoMessage(Unreachable):
    """The message is gone; the chat is still there."""


class Unchanged(Exception):
    """The message says that already."""


class TooOld(Exception):
    """The press can no longer be answered: it was made long ago, or is answered already."""


class Unreadable(Exception):
    """Our markup was refused; it is sent as plain text instead."""


def meaning(error: TelegramError) -> Exception:
    """Return what an error of the library means; itself, if it is none that we expect."""
    match error:
        case RetryAfter():
            wait = error.retry_after
            seconds = wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
            return Delayed(max(seconds, AGAIN_S))
        case ChatMigrated():
            return Moved(str(error.new_chat_id))
        case Forbidden():
            return Unreachable(error.message)
        case BadRequest():
            return _refused(error)
        case NetworkError():
            return _broken(error)
        case _:
            return error


def _refused(error: BadRequest) -> Exception:
    text = error.message.casefold()
    if "message is not modified" in text:
        return Unchanged()
    if "query is too old" in text or "query_id_invalid" in text:
        return TooOld()
    if any(each in text for each in _NO_TOPIC):
        return NoTopic()
    if any(each in text for each in _NO_MESSAGE):
        return NoMessage(error.message)
    if any(each in text for each in _GONE):
        return Unreachable(error.message)
    if "can't parse entities" in text or "too long" in text.replace("_", " "):
        return Unreadable(error.message)
    return error


def _broken(error: NetworkError) -> Exception:
    cause = error.__cause__
    if isinstance(cause, _NOT_SENT):
        return Delayed(AGAIN_S)
    if cause is None or isinstance(cause, TelegramError):
        return Delayed(AGAIN_S)  # an answer came, and it was not the Bot API's: a gateway's, say
    return Unsure(type(cause).__name__)
