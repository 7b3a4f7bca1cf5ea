"""What each chat may get: a window of its own, and a pause when the platform asked for one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.pacing.lane import Lane
from bot.pacing.window import Window

SWEEP_EVERY = 1000
"""Gates beyond those of the last sweep until all are looked through for empty ones."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much one chat may get.

    Attributes:
        most: Requests ...
        seconds: ... in any stretch of so many seconds.
        kept_free: How many of them broadcasts leave to people who wait.
    """

    most: int
    seconds: float
    kept_free: int = 0


class Gate:
    """One chat's."""

    def __init__(self, allowance: Allowance | None) -> None:
        """Let through what `allowance` says; None: all, until a pause."""
        self.paused_until = 0.0
        self._kept_free = allowance.kept_free if allowance is not None else 0
        self._window = Window(allowance.most, allowance.seconds) if allowance is not None else None

    def opens_at(self, now: float, lane: Lane) -> float | None:
        """Return when it is open to a lane; None if that hangs on an answer still to come."""
        if self._window is None:
            return max(now, self.paused_until)
        opens = self._window.opens_at(now, 1 + self._kept_free * (lane is Lane.BULK))
        return None if opens is None else max(opens, self.paused_until)

    def enter(self) -> None:
        """Count a request that starts."""
        if self._window is not None:
            self._window.enter()

    def leave(self, now: float) -> None:
        """Note that it is answered."""
        if self._window is not None:
            self._window.leave(now)

    def is_idle(self, now: float) -> bool:
        """Return whether a new gate would do as well."""
        return self.paused_until <= now and (self._window is None or self._window.is_empty(now))


class Gates:
    """All chats'; those that nothing is counted in are forgotten, so their number stays small."""

    def __init__(self, allowance: Callable[[str], Allowance | None]) -> None:
        """Ask `allowance` what a chat may get."""
        self._allowance = allowance
        self._gates: dict[str, Gate] = {}
        self._sweep_at = SWEEP_EVERY

    def of(self, chat: str, now: float) -> Gate:
        """Return a chat's gate."""
        gate = self._gates.get(chat)
        if gate is None:
            if len(self._gates) >= self._sweep_at:
                self._gates = {c: g for c, g in self._gates.items() if not g.is_idle(now)}
                self._sweep_at = len(self._gates) + SWEEP_EVERY
            gate = self._gates[chat] = Gate(self._allowance(chat))
        return gate

    def __len__(self) -> int:
        return len(self._gates)
