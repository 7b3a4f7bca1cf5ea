"""What time it is: the only file that may ask the system."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time. Tests and the terminal chat bring a clock that can be moved."""

    def now(self) -> datetime:
        """Return the current instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the current instant."""
        return datetime.now(UTC)  # noqa: TID251 - the one place


class MovableClock:
    """A clock that can be moved: it stands still, or runs on from where it was set."""

    def __init__(self, start: datetime | None = None, *, running: bool = False) -> None:
        """Start at `start` (default: now); `running` lets it go on with the machine's clock."""
        self._system = SystemClock()
        self._set_to = start or self._system.now()
        self._set_at = self._system.now() if running else None

    def now(self) -> datetime:
        """Return the instant it shows."""
        if self._set_at is None:
            return self._set_to
        return self._set_to + (self._system.now() - self._set_at)

    def set(self, instant: datetime) -> None:
        """Show `instant` from now on."""
        self._set_to = instant.astimezone(UTC)
        if self._set_at is not None:
            self._set_at = self._system.now()

    def advance(self, by: timedelta) -> None:
        """Move on by `by`."""
        self.set(self.now() + by)
