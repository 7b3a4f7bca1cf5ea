"""How many requests Discord takes, in windows of time that slide."""

from __future__ import annotations

import hashlib
import math
from collections import deque
from dataclasses import dataclass, field
from typing import Any

EVERYTHING = "*"

# How many requests of a route, each channel (or token) for itself, in how many seconds.
_ROUTES: dict[str, tuple[int, float]] = {
    "POST /channels/{channel_id}/messages": (5, 5),
    "PATCH /channels/{channel_id}/messages/{message_id}": (5, 5),
    "PATCH /channels/{channel_id}": (2, 600),
}
_DM_WINDOW, _EDIT_WINDOW, _INVALID_WINDOW, _DAY = 600.0, 3600.0, 600.0, 86400.0
_OPENING = "POST /users/@me/channels"
_OLD_EDIT = "old edit"
_IDENTIFY = "identify"
_UNCOUNTED = ("/interactions/", "/webhooks/")


def is_counted(route: str) -> bool:
    """Whether requests of a route count towards the limit of the whole bot."""
    return not route.partition(" ")[2].startswith(_UNCOUNTED)


@dataclass
class Verdict:
    """What becomes of a request: `retry_after` (seconds) is None when it goes through."""

    headers: dict[str, str]
    retry_after: float | None = None
    global_: bool = False

    @property
    def body(self) -> dict[str, Any]:
        """Return the JSON of the refusal."""
        return {
            "message": "You are being rate limited.",
            "retry_after": self.retry_after,
            "global": self.global_,
        }


@dataclass
class Limits:
    """The limits and what has been used of them. Times are seconds of one monotonic clock.

    `scale` makes all windows shorter (0.1: ten times); `enabled` false lets everything through.
    """

    enabled: bool = True
    scale: float = 1.0
    per_second: int = 50
    dm_opens: int = 10
    old_edits: int = 30
    active_threads: int = 1000
    identifies: int = 1000
    invalid: int = 0
    _hits: dict[tuple[str, str], deque[float]] = field(default_factory=dict)

    def check(
        self, route: str, major: str, now: float, body: dict[str, Any] | None = None
    ) -> Verdict:
        """Count a request and say whether it goes through; what is refused is not counted.

        Args:
            route: As in "POST /channels/{channel_id}/messages".
            major: The channel's, guild's or webhook's id, each of which has windows of its own.
            now: When it came.
            body: What was sent: a change of a channel counts when it changes its name or topic.
        """
        if not self.enabled:
            return Verdict({})
        counted = is_counted(route)
        if counted:
            wait = self._wait((EVERYTHING, ""), self.per_second, 1.0, now)
            if wait is not None:
                headers = {
                    "X-RateLimit-Global": "true",
                    "X-RateLimit-Scope": "global",
                    "Retry-After": str(math.ceil(wait)),
                }
                return Verdict(headers, wait, global_=True)
        verdict = self._of_route(route, major, now, body)
        if counted and verdict.retry_after is None:
            self._count((EVERYTHING, ""), now)
        return verdict

    def opens_dm(self, now: float) -> bool:
        """Count the opening of a direct message; False: too many in ten minutes."""
        return self._takes((_OPENING, ""), self.dm_opens, _DM_WINDOW, now)

    def edits_old(self, channel: str, now: float) -> bool:
        """Count an edit of a message older than an hour; False: too many in an hour."""
        return self._takes((_OLD_EDIT, channel), self.old_edits, _EDIT_WINDOW, now)

    def identifies_now(self, now: float) -> bool:
        """Count an IDENTIFY; False: there were too many in a day."""
        return self._takes((_IDENTIFY, ""), self.identifies, _DAY, now)

    def answered(self, status: int) -> None:
        """Count an answer: ten thousand invalid ones in ten minutes would block the bot."""
        self.invalid += status in (401, 403, 429)

    def _of_route(self, route: str, major: str, now: float, body: dict[str, Any] | None) -> Verdict:
        if route not in _ROUTES or (
            route == "PATCH /channels/{channel_id}"
            and body is not None
            and not {"name", "topic"} & body.keys()
        ):
            return Verdict({})
        most, window = _ROUTES[route]
        key = (route, major)
        wait = self._wait(key, most, window, now)
        if wait is None:
            self._count(key, now)
        hits = self._hits[key]
        # All of it is there again when the last request has left the window.
        empty_in = hits[-1] + window * self.scale - now
        headers = {
            "X-RateLimit-Limit": str(most),
            "X-RateLimit-Remaining": str(most - len(hits)),
            "X-RateLimit-Reset-After": f"{empty_in:.3f}",
            "X-RateLimit-Bucket": hashlib.sha256(route.encode()).hexdigest()[:32],
        }
        if wait is None:
            return Verdict(headers)
        told = {"Retry-After": str(math.ceil(wait)), "X-RateLimit-Scope": "user"}
        return Verdict({**headers, **told}, wait)

    def _takes(self, key: tuple[str, str], most: int, window: float, now: float) -> bool:
        if self.enabled:
            if self._wait(key, most, window, now) is not None:
                return False
            self._count(key, now)
        return True

    def _wait(self, key: tuple[str, str], most: int, window: float, now: float) -> float | None:
        """Return the seconds until there is room in a window, None if there is."""
        hits = self._hits.setdefault(key, deque())
        while hits and hits[0] + window * self.scale <= now:
            hits.popleft()
        if len(hits) < most:
            return None
        return round(max(hits[len(hits) - most] + window * self.scale - now, 0.001), 3)

    def _count(self, key: tuple[str, str], now: float) -> None:
        self._hits.setdefault(key, deque()).append(now)
