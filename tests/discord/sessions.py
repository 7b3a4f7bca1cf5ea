"""What the gateway remembers of one shard of the bot, connected or not."""

from __future__ import annotations

import asyncio
import json
import secrets
from dataclasses import dataclass, field
from typing import Any


class Line:
    """One connection: frames that are to be written, then perhaps how to end it."""

    def __init__(self) -> None:
        self.outbox: asyncio.Queue[str | int | None] = asyncio.Queue()

    def send(self, op: int, data: Any) -> None:
        """Send what is no event."""
        self.outbox.put_nowait(json.dumps({"op": op, "d": data, "s": None, "t": None}))

    def close(self, code: int | None) -> None:
        """Close the socket with a code, or just cut the line (None)."""
        self.outbox.put_nowait(code)


@dataclass
class Session:
    """Events in order, for whoever identified; the last connection gets them."""

    shard: int
    shards: int
    intents: int
    identified_at: float
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    resumed: int = 0
    line: Line | None = None
    dead: bool = False
    frames: list[str] = field(default_factory=list)

    @property
    def open(self) -> bool:
        """Whether the bot is connected."""
        return self.line is not None

    def holds(self, guild_id: int | None) -> bool:
        """Whether events of a guild come here; those of none come to the first shard."""
        return self.shard == ((guild_id >> 22) % self.shards if guild_id else 0)

    def add(self, name: str, data: Any) -> None:
        """Send an event, now or when the bot resumes."""
        if self.dead:
            return
        frame = json.dumps({"op": 0, "t": name, "s": len(self.frames) + 1, "d": data})
        self.frames.append(frame)
        if self.line is not None:
            self.line.outbox.put_nowait(frame)

    def resume(self, line: Line, sequence: int) -> None:
        """Send on a new connection what came after an event, and go on there."""
        for frame in self.frames[sequence:]:
            line.outbox.put_nowait(frame)
        self.line = line
        self.resumed += 1
        self.add("RESUMED", {})

    def drop(self, code: int | None) -> None:
        """End the connection; what comes now is kept."""
        if self.line is not None:
            self.line.close(code)
            self.line = None
