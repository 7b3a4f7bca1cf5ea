"""Leaving a server alone that fails again and again, and trying it once before trusting it."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bot.critics.llm.failures import Held, ServerFailure, Unusable


class Breaker:
    """Counts a server's failures; after too many it holds calls back for a while."""

    def __init__(
        self, failures: int, window_s: float, rest_s: float, clock: Callable[[], float]
    ) -> None:
        """Start closed.

        Args:
            failures: Failures that open it.
            window_s: Seconds within which they must fall.
            rest_s: Seconds for which it stays open.
            clock: A clock that only runs forwards, in seconds.
        """
        self._most = failures
        self._window_s = window_s
        self._rest_s = rest_s
        self._clock = clock
        self._failed_at: deque[float] = deque(maxlen=failures)
        self._opened_at: float | None = None
        self._probing = False
        self._last = ""

    @contextmanager
    def call(self) -> Iterator[None]:
        """Let one call through, and learn from how it ends.

        Only a ServerFailure speaks against the server; a call that is cancelled says nothing.

        Raises:
            Held: The server rests, or is being tried by another call.
        """
        probe = self._admit()
        try:
            yield
        except ServerFailure as failure:
            self.failed(failure.reason)
            raise
        except Unusable:  # the server is well; what models write can be provoked by anybody
            self._succeeded()
            raise
        else:
            self._succeeded()
        finally:
            if probe:
                self._probing = False

    def check(self) -> None:
        """Raise Held if a call would be held back now."""
        if self._opened_at is not None and (self._probing or self._left() > 0):
            raise Held("the server rests after failures")

    def failed(self, reason: str) -> None:
        """Count a failure of the server."""
        now = self._clock()
        self._last = reason
        if self._opened_at is not None:
            if self._left() <= 0:  # the call that tried it
                self._opened_at = now
            return
        self._failed_at.append(now)
        if len(self._failed_at) == self._most and now - self._failed_at[0] <= self._window_s:
            self._opened_at = now

    def state(self) -> str:
        """Return how the server does, for operators; empty when all is well."""
        if self._opened_at is not None:
            left = self._left()
            when = f"{math.ceil(left)} s more" if left > 0 else "until the next call"
            return f"left alone {when}: {self._last}"
        now = self._clock()
        recent = sum(now - each <= self._window_s for each in self._failed_at)
        return f"{recent} failed lately: {self._last}" if recent else ""

    def _succeeded(self) -> None:
        self._opened_at = None
        self._failed_at.clear()

    def _admit(self) -> bool:
        """Return whether the call is the one that tries the server."""
        self.check()
        self._probing = self._opened_at is not None
        return self._probing

    def _left(self) -> float:
        assert self._opened_at is not None
        return self._opened_at + self._rest_s - self._clock()
