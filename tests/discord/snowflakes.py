"""Ids that carry the real time, unique and increasing."""

from __future__ import annotations

from bot.clock import SystemClock

EPOCH_MS = 1_420_070_400_000
"""The first second of 2015."""

FIRST_GUILD_MS = 240 * 800_000_000
"""Guilds are old, one millisecond apart, so that the n-th of them is on shard n modulo shards."""


class Snowflakes:
    """Where ids come from."""

    def __init__(self) -> None:
        self._last = 0
        self._guilds = 0
        self._clock = SystemClock()

    def next(self, ago_s: float = 0) -> int:
        """Return a new id, as of some seconds ago."""
        milliseconds = round((self._clock.now().timestamp() - ago_s) * 1000) - EPOCH_MS
        made = milliseconds << 22
        if ago_s:
            return made + (self._last & 0xFFF) + 1
        self._last = max(self._last + 1, made)
        return self._last

    def next_guild(self) -> int:
        """Return the id of one more guild."""
        self._guilds += 1
        return (FIRST_GUILD_MS + self._guilds - 1) << 22
