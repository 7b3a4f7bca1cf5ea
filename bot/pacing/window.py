"""A sliding window that holds on the platform's clock, whatever the network does to ours."""

from __future__ import annotations

from collections import deque


class Window:
    """At most `most` requests in any stretch of `seconds`, as the platform sees it.

    A request reaches the platform at some moment between its start and its answer. It is counted
    from its start until `seconds` after its answer, so two that are never counted together are at
    least `seconds` apart on the platform's side too. A window that counts at the start only is
    broken by any two requests of different delay.
    """

    def __init__(self, most: int, seconds: float) -> None:
        """Allow `most` requests in any `seconds`."""
        self.most = most
        self.seconds = seconds
        self._under_way = 0
        self._answered: deque[float] = deque()

    def free(self, now: float) -> int:
        """Return how many may start now; below zero after `most` was lowered."""
        while self._answered and self._answered[0] <= now - self.seconds:
            self._answered.popleft()
        return self.most - self._under_way - len(self._answered)

    def opens_at(self, now: float, room: int = 1) -> float | None:
        """Return when `room` may start; None if that hangs on an answer that is still to come."""
        missing = room - self.free(now)
        if missing <= 0:
            return now
        if missing > len(self._answered):
            return None
        return self._answered[missing - 1] + self.seconds

    def enter(self) -> None:
        """Count a request that starts."""
        self._under_way += 1

    def leave(self, now: float) -> None:
        """Note that a request is answered, or given up."""
        self._under_way -= 1
        self._answered.append(now)

    def is_empty(self, now: float) -> bool:
        """Return whether nothing counts any more."""
        return self.free(now) == self.most
