"""One limiter for all requests of a token: two lanes, a gate for each chat, pauses that hold.

Rates and their sources: DELIVERY.md, 8; docs/decisions/0011-pacing.md says what was measured.
"""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import structlog

from bot import metrics
from bot.pacing.gates import Allowance, Gate, Gates
from bot.pacing.lane import Lane, current
from bot.pacing.window import Window

log = structlog.get_logger(__name__)

LOWER = 0.7
"""What is left of the rate after a refusal."""
RAISE_S = 60.0
"""Seconds after which a lowered rate rises by one."""
CATCH_UP = 3
"""Broadcast requests that may follow at once when earlier ones came late; keeps the pace."""
WIDE_S = 2.0
"""Refusals in two chats within so many seconds are about the whole bot."""


class Paused(Exception):
    """It would have to wait for longer than it can."""

    def __init__(self, wait_s: float) -> None:
        """Keep the wait in seconds."""
        super().__init__(f"paused for {wait_s:.1f} s")
        self.wait_s = wait_s


@dataclass(frozen=True, slots=True)
class Pace:
    """What a platform allows one token.

    Attributes:
        most: Requests ...
        seconds: ... in any stretch of so many seconds.
        kept_free: How many of them broadcasts never take, so that somebody who waits finds one
            free at once; when all are in use, people who wait get the next.
    """

    most: int
    seconds: float = 1.0
    kept_free: int = 1


@dataclass(eq=False, slots=True)
class Ticket:
    """A request that waits, or is under way."""

    chat: str
    lane: Lane
    gate: Gate
    turn: asyncio.Future[None]
    began: float = 0.0


@dataclass(slots=True)
class _Lanes:
    interactive: deque[Ticket] = field(default_factory=deque)
    bulk: deque[Ticket] = field(default_factory=deque)

    def of(self, lane: Lane) -> deque[Ticket]:
        return self.bulk if lane is Lane.BULK else self.interactive


class Limiter:
    """Lets requests start when the platform can take them."""

    def __init__(
        self,
        platform: str,
        pace: Pace,
        allowance: Callable[[str], Allowance | None] = lambda _chat: None,
    ) -> None:
        """Let requests through at a pace.

        Args:
            platform: Its name, for log and metrics.
            pace: What all requests together may be.
            allowance: What one chat may get; None: as much as all.
        """
        self._platform = platform
        self._pace = pace
        self._window = Window(pace.most, pace.seconds)
        self.chats = Gates(allowance)
        self._lanes = _Lanes()
        self._bulk_at = 0.0
        self._paused_until = 0.0
        self._lowered_at = 0.0
        self._last_refusal = ("", -math.inf)
        self._closed = False
        self._timer: asyncio.TimerHandle | None = None
        metrics.ALLOWED.labels(platform).set(pace.most / pace.seconds)

    @property
    def per_second(self) -> float:
        """How many requests a second are let through now."""
        return self._window.most / self._window.seconds

    def paused_s(self) -> float:
        """Return for how many seconds nothing starts, because the platform asked for that."""
        return max(0.0, self._paused_until - asyncio.get_running_loop().time())

    @asynccontextmanager
    async def slot(self, chat: str, patience_s: float = math.inf) -> AsyncIterator[Ticket]:
        """Wait for a turn, and count what is done inside as one request.

        Raises:
            Paused: The pause that the platform asked for, or the chat's gate, is closed for longer
                than `patience_s`.
        """
        ticket = await self.enter(chat, patience_s)
        try:
            yield ticket
        finally:
            self.leave(ticket)

    def close(self) -> None:
        """Let nobody wait any more; what can start at once still may."""
        self._closed = True
        for waiting in (self._lanes.interactive, self._lanes.bulk):
            for ticket in waiting:
                if not ticket.turn.done():
                    ticket.turn.set_exception(Paused(1.0))
            waiting.clear()

    async def enter(self, chat: str, patience_s: float = math.inf) -> Ticket:
        """Wait for a turn; `leave` is to be called with what this returns.

        Raises:
            Paused: See `slot`.
        """
        loop = asyncio.get_running_loop()
        now = loop.time()
        lane = current()
        gate = self.chats.of(chat, now)
        opens = max(gate.opens_at(now, lane) or now, self._paused_until)
        if opens - now > (0 if self._closed else patience_s):
            raise Paused(opens - now)
        ticket = Ticket(chat, lane, gate, loop.create_future(), now)
        self._lanes.of(lane).append(ticket)
        self._pump()
        if self._closed and not ticket.turn.done():
            self._lanes.of(lane).remove(ticket)
            raise Paused(1.0)
        try:
            await ticket.turn
        except asyncio.CancelledError:
            if not ticket.turn.cancelled():
                self.leave(ticket)  # its turn had just come
            elif ticket in self._lanes.of(lane):
                self._lanes.of(lane).remove(ticket)
            raise
        metrics.WAITED.labels(self._platform, lane.value).observe(loop.time() - now)
        return ticket

    def leave(self, ticket: Ticket) -> None:
        """Note that a request is answered, or given up."""
        now = asyncio.get_running_loop().time()
        self._window.leave(now)
        ticket.gate.leave(now)
        self._pump()

    def refused(self, ticket: Ticket, retry_after_s: float, *, wide: bool | None = None) -> None:
        """Note that the platform refused a request for coming too soon.

        Args:
            ticket: The request.
            retry_after_s: For how long the platform wants to hear nothing.
            wide: Whether that is about the whole bot; None: not said. Then it is if another chat
                was refused just now: one person who floods must not make all others wait.
        """
        now = asyncio.get_running_loop().time()
        chat, at = self._last_refusal
        self._last_refusal = (ticket.chat, now)
        metrics.REFUSED.labels(self._platform).inc()
        if wide is None:
            wide = chat not in ("", ticket.chat) and now - at <= WIDE_S
        until = now + retry_after_s
        ticket.gate.paused_until = max(ticket.gate.paused_until, until)
        if wide:
            if now >= self._paused_until:  # those that were under way together are one refusal
                self._window.most = max(1, int(self._window.most * LOWER))
                self._lowered_at = now
                metrics.ALLOWED.labels(self._platform).set(self.per_second)
            self._paused_until = max(self._paused_until, until)
        log.warning(
            "refused for its rate",
            platform=self._platform,
            retry_after_s=round(retry_after_s, 1),
            all_chats=wide,
            per_second=round(self.per_second, 1),
        )

    def _pump(self) -> None:
        """Let start what may start, and be woken when the next may."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        self._rise(now)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if now < self._paused_until:
            if self._lanes.interactive or self._lanes.bulk:
                self._timer = loop.call_at(self._paused_until, self._pump)
            return
        people = self._start(Lane.INTERACTIVE, now)
        crowd = self._start(Lane.BULK, now)
        if (next_at := min(people, crowd)) < math.inf:
            self._timer = loop.call_at(next_at, self._pump)

    def _start(self, lane: Lane, now: float) -> float:
        """Start what may start of a lane; return when it is to be looked at again."""
        waiting = self._lanes.of(lane)
        room = 1 + self._pace.kept_free * (lane is Lane.BULK and self._window.most > 1)
        gap = self._window.seconds / self._window.most
        again = math.inf
        for ticket in [*waiting]:
            if ticket.turn.done():  # given up
                waiting.remove(ticket)
                continue
            opens = self._window.opens_at(now, room)
            if opens is None:
                return again  # an answer will wake us
            if lane is Lane.BULK:
                opens = max(opens, self._bulk_at)
            if opens > now:
                return min(again, opens)
            gate = ticket.gate.opens_at(now, lane)
            if gate is None or gate > now:
                again = min(again, math.inf if gate is None else gate)
                continue
            waiting.remove(ticket)
            if lane is Lane.BULK:
                self._bulk_at = max(self._bulk_at, now - CATCH_UP * gap) + gap
            self._window.enter()
            ticket.gate.enter()
            ticket.turn.set_result(None)
        return again

    def _rise(self, now: float) -> None:
        """Raise a lowered rate by one for each minute without a refusal."""
        while self._window.most < self._pace.most and now >= self._lowered_at + RAISE_S:
            self._lowered_at += RAISE_S
            self._window.most += 1
            metrics.ALLOWED.labels(self._platform).set(self.per_second)
