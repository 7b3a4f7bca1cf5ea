"""How sending goes: what operators see of it, whichever process sends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import TypeAdapter, ValidationError

from bot.chat.context import Actor, Role
from bot.clock import Clock
from bot.errors import NotAllowed
from bot.store.uow import Database

FRESH = timedelta(seconds=60)
"""A sender that has said nothing for so long does not run."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What a sender last said of itself.

    Attributes:
        at: When it said so.
        allowed: Requests a second that it makes at most.
        began_at: Since when it has been at what it sends; None: nothing is waiting.
        sent: Questions of that which were sent.
        failed: Questions of that which were not: the chat is gone, or they are tried again.
        paused_s: For how long the platform wants to hear nothing.
    """

    at: datetime
    allowed: float
    began_at: datetime | None = None
    sent: int = 0
    failed: int = 0
    paused_s: float = 0.0

    @property
    def per_second(self) -> float:
        """Questions sent a second, on average since it began."""
        if self.began_at is None or self.at <= self.began_at:
            return 0.0
        return self.sent / (self.at - self.began_at).total_seconds()


_PROGRESS = TypeAdapter(Progress)


@dataclass(frozen=True, slots=True)
class PlatformStatus:
    """A platform, as an operator sees it.

    Attributes:
        name: Which.
        waiting: Questions that are due and not sent.
        oldest_due_at: Since when the first of them is due.
        progress: What its sender last said; None if there has been none.
        sends: Whether a sender is at work.
    """

    name: str
    waiting: int
    oldest_due_at: datetime | None
    progress: Progress | None
    sends: bool

    @property
    def left_s(self) -> float | None:
        """How long what waits will take; None if that cannot be told."""
        if self.progress is None or not self.waiting:
            return None
        rate = self.progress.per_second or self.progress.allowed
        return self.waiting / rate if rate else None


@dataclass(frozen=True, slots=True)
class Status:
    """How the whole installation does.

    Attributes:
        platforms: Those that a sender has spoken for, or that something waits for.
        subscriptions: Schedules that run.
        next_due_at: When the next question is due.
        jobs: Slow jobs that wait or run.
        given_up: Slow jobs that were given up.
        now: When that was.
    """

    platforms: tuple[PlatformStatus, ...]
    subscriptions: int
    next_due_at: datetime | None
    jobs: int
    given_up: int
    now: datetime


class Broadcasts:
    """Keeps what senders say, and tells it to operators."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def report(self, platform: str, progress: Progress) -> None:
        """Keep what a platform's sender says of itself."""
        async with self._database.write() as unit:
            await unit.kv.put(_key(platform), _PROGRESS.dump_json(progress).decode())
            await unit.commit()

    async def status(self, actor: Actor) -> Status:
        """Return how sending goes.

        Raises:
            NotAllowed: They do not operate this installation.
        """
        if not actor.may(Role.OPERATOR):
            raise NotAllowed(
                "That is for whoever runs this bot.",
                "DRILLMATE_OPERATORS names them; /help lists what you can do.",
            )
        now = self._clock.now()
        async with self._database.read() as unit:
            told = {
                key.removeprefix(_key("")): _read(value)
                for key, value in (await unit.kv.beginning(_key(""))).items()
            }
            waiting = await unit.deliveries.backlogs(now)
            jobs, given_up = await unit.jobs.count()
            platforms = []
            for name in sorted({*told, *waiting}):
                count, oldest = waiting.get(name, (0, None))
                progress = told.get(name)
                sends = progress is not None and now - progress.at < FRESH
                platforms.append(PlatformStatus(name, count, oldest, progress, sends))
            return Status(
                tuple(platforms),
                await unit.subscriptions.running(),
                await unit.subscriptions.next_due_at(),
                jobs,
                given_up,
                now,
            )


def _key(platform: str) -> str:
    return f"progress:{platform}"


def _read(value: str) -> Progress | None:
    try:
        return _PROGRESS.validate_json(value)
    except ValidationError:  # of another version
        return None
