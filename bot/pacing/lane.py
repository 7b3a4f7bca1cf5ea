"""Which lane a request takes: somebody waits for it, or it is one of many that nobody asked for.

The lane belongs to what is being done, not to who does it: it is set once around a broadcast and
found by whatever requests come of that, deep inside a platform's library.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum


class Lane(StrEnum):
    """Who goes first."""

    INTERACTIVE = "interactive"
    BULK = "bulk"


_lane: ContextVar[Lane] = ContextVar("lane", default=Lane.INTERACTIVE)


def current() -> Lane:
    """Return the lane of what is being done."""
    return _lane.get()


@contextmanager
def in_bulk() -> Iterator[None]:
    """Let everything inside give way to people who wait."""
    token = _lane.set(Lane.BULK)
    try:
        yield
    finally:
        _lane.reset(token)
