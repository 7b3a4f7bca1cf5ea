"""Our limiter in the place that the library has for one.

The library's own lets replies wait behind broadcasts and breaks its promises about groups and
pauses (DELIVERY.md, 8).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import timedelta
from typing import Any

from telegram.constants import FloodLimit
from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from bot.pacing import Lane, Limiter, Pace, Paused
from bot.pacing.gates import Allowance
from bot.pacing.lane import current

GROUP_MARGIN = 2
"""Messages a minute that we leave unused of what a group takes: others speak for us too."""
PATIENCE_S = {Lane.INTERACTIVE: 60.0, Lane.BULK: 2.0}
"""Seconds that a request waits for a closed chat; a broadcast goes on with others meanwhile."""

_PRIVATE = Allowance(10, 10.0)
"""One message a second; short bursts are allowed (PLATFORMS.md, 2), as buttons bring them."""
_GROUP = Allowance(int(FloodLimit.MESSAGES_PER_MINUTE_PER_GROUP) - GROUP_MARGIN, 60.0, kept_free=6)
_COUNTED = ("send", "editMessage", "copyMessage", "forwardMessage")
_UNCOUNTED = ("sendChatAction", "sendMessageDraft")


def new_limiter(per_second: int, name: str, scale: float = 1.0) -> Limiter:
    """Return a limiter for a bot that may send so many messages a second.

    Args:
        per_second: What Telegram takes.
        name: The platform's, for log and metrics.
        scale: Makes all windows so much longer; less than 1 for a server with shorter ones.
    """
    private, group = (replace(each, seconds=each.seconds * scale) for each in (_PRIVATE, _GROUP))
    pace = Pace(per_second, scale)
    return Limiter(name, pace, lambda chat: group if chat.startswith("-") else private)


class Pacer(BaseRateLimiter[int]):
    """Waits for a turn before every request that shows something in a chat."""

    def __init__(self, limiter: Limiter) -> None:
        """Take turns from `limiter`."""
        self._limiter = limiter

    async def initialize(self) -> None:
        """Need nothing."""

    async def shutdown(self) -> None:
        """Leave nothing behind."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Any:
        """Make a request when it is its turn.

        Raises:
            RetryAfter: Telegram refused it, or would: then it was not made.
        """
        chat = str(data.get("chat_id", ""))
        if not endpoint.startswith(_COUNTED) or endpoint in _UNCOUNTED or not chat:
            return await callback(*args, **kwargs)
        try:
            async with self._limiter.slot(chat, PATIENCE_S[current()]) as ticket:
                try:
                    return await callback(*args, **kwargs)
                except RetryAfter as error:
                    self._limiter.refused(ticket, seconds_of(error))
                    raise
        except Paused as paused:
            raise RetryAfter(timedelta(seconds=math.ceil(paused.wait_s))) from None


def seconds_of(error: RetryAfter) -> float:
    """Return how long Telegram wants to hear nothing."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
