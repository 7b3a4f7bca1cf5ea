"""How much a bot may send: sliding windows in real time."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field

from tests.telegram.refusals import too_many


@dataclass
class Window:
    """At most so many messages in any stretch of so many seconds."""

    most: int
    seconds: float
    on: bool = True
    _sent: dict[int, deque[float]] = field(default_factory=dict, repr=False)

    def wait(self, key: int, at: float, scale: float) -> float:
        """Return for how long one more is too many."""
        sent = self._sent.setdefault(key, deque())
        while sent and sent[0] <= at - self.seconds * scale:
            sent.popleft()
        return sent[0] + self.seconds * scale - at if self.on and len(sent) >= self.most else 0

    def count(self, key: int, at: float) -> None:
        """Remember one that was sent."""
        self._sent.setdefault(key, deque()).append(at)


class Limits:
    """Telegram's windows. `scale` shortens them: at 0.01 a minute takes 0.6 s.

    The one for a single chat is off unless a test asks for it; a pause that has been told lasts
    as long as the window does, and all that is sent to the chat meanwhile is refused.
    """

    def __init__(self) -> None:
        self.enabled = True
        self.scale = 1.0
        self.overall = Window(30, 1)
        self.group = Window(20, 60)
        self.chat = Window(5, 5, on=False)
        self._paused: dict[int, float] = {}

    def check(self, chat_id: int, at: float) -> None:
        """Refuse to send to a chat that has had enough."""
        if not self.enabled:
            return
        wait = max(
            self._paused.get(chat_id, 0) - at,
            self.overall.wait(0, at, self.scale),
            self.chat.wait(chat_id, at, self.scale),
            self.group.wait(chat_id, at, self.scale) if chat_id < 0 else 0,
        )
        if wait > 0:
            self._paused[chat_id] = at + wait
            raise too_many(max(1, math.ceil(wait)))

    def count(self, chat_id: int, at: float) -> None:
        """Count a message that was sent or edited."""
        self.overall.count(0, at)
        self.chat.count(chat_id, at)
        if chat_id < 0:
            self.group.count(chat_id, at)
