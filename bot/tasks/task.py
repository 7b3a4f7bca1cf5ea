"""What a task is: a function that two engines can run, and how it is tried again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from bot.services import Services


class NotNow(Exception):
    """A job could not be done, for a reason that is nobody's mistake: it is tried again."""


@dataclass(frozen=True, slots=True)
class Retry:
    """When a job that failed is tried again: after waits that double, up to a longest one.

    With the values below that goes on for about three hours, which most outages do not last.

    Attributes:
        tries: How often it is begun in all; after the last it is kept as given up.
        first_s: Seconds until the second try.
        cap_s: Seconds that no wait is longer than.
    """

    tries: int = 12
    first_s: float = 10.0
    cap_s: float = 3600.0

    def wait_s(self, tries: int) -> float | None:
        """Return how long to wait after `tries` that failed; None if that was the last."""
        if tries >= self.tries:
            return None
        return min(self.cap_s, self.first_s * 2.0 ** (tries - 1))


@dataclass(frozen=True, slots=True)
class Task:
    """Something slow that is done later, or every day.

    Attributes:
        name: What its jobs are filed under; never reused for something else.
        run: Does it. Called with the services and the job's key; called twice it does it once.
        retry: How it is tried again.
        daily_at: When it is done by itself every day (UTC); its key is then the date.
        slow: Whether it waits for others most of its time: such jobs have places of their own, so
            that they keep no other job waiting.
    """

    name: str
    run: Callable[[Services, str], Awaitable[None]]
    retry: Retry = field(default_factory=Retry)
    daily_at: time | None = None
    slow: bool = False

    def last_due(self, now: datetime) -> datetime:
        """Return when a daily task was to be done last."""
        assert self.daily_at is not None
        today = datetime.combine(now.astimezone(UTC).date(), self.daily_at, UTC)
        return today if today <= now else today - timedelta(days=1)
