"""Wrap-ups: what a group's question has brought, once nobody else is to answer it for a score."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from bot.chat.context import ChatRef, MessageRef
from bot.clock import Clock
from bot.domain.critique import PointState
from bot.domain.question import KeyPoint
from bot.services.views import ServingView, view
from bot.store.records import Attempt, Serving
from bot.store.uow import Database, UnitOfWork

BATCH = 10
"""Wrap-ups read at once."""
CROWD = 3
"""Answers from which on it is said what was missed: with fewer, everybody could tell by whom."""
MISSED = 3
"""Missed points that are named."""
BEST = 3
"""Shared answers that are shown."""

_HEARD = frozenset({PointState.COVERED, PointState.PARTLY})


@dataclass(frozen=True, slots=True)
class Missed:
    """A key point, and how many did not say it."""

    point: KeyPoint
    people: int


@dataclass(frozen=True, slots=True)
class Shared:
    """An answer that its writer lets the group see."""

    name: str
    score: int
    answer: str


@dataclass(frozen=True, slots=True)
class WrapUp:
    """What a group's question has brought.

    Attributes:
        served: The question.
        chat: Where it was asked.
        message: The message that asks it; None if that is not known.
        answered: How many people's answers count.
        missed: What more than half of them did not say, most often missed first.
        best: The best of the answers that their writers share.
    """

    served: ServingView
    chat: ChatRef
    message: MessageRef | None
    answered: int
    missed: tuple[Missed, ...] = ()
    best: tuple[Shared, ...] = ()

    @property
    def key(self) -> str:
        """The same for every try, so that a platform can tell twins."""
        return f"w{self.served.serving.id}"


class WrapUps:
    """Wrap-ups between due and posted."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def due(self, platforms: frozenset[str]) -> list[WrapUp]:
        """Return some wrap-ups that are to be posted by now, those waiting longest first."""
        now = self._clock.now()
        async with self._database.read() as unit:
            servings = await unit.servings.to_wrap(now, platforms, limit=BATCH)
            return [await _wrap_up(unit, serving) for serving in servings]

    async def before(self, serving: Serving) -> list[WrapUp]:
        """Return the wrap-ups that are to stand right before a question which is being sent.

        That is of what the chat was asked before it and somebody has answered.
        """
        if serving.user_id is not None:
            return []
        async with self._database.read() as unit:
            earlier = await unit.servings.unwrapped_before(serving)
            found = [await _wrap_up(unit, each) for each in earlier]
        return [each for each in found if each.answered]

    async def done(self, wrap_up: WrapUp) -> None:
        """Note that a question is wrapped up; answers from now on do not score."""
        async with self._database.write() as unit:
            await unit.servings.wrapped(wrap_up.served.serving.id, self._clock.now())
            await unit.commit()

    async def delayed(self, wrap_up: WrapUp, retry_after_s: float) -> None:
        """Try again after so many seconds."""
        later = self._clock.now() + timedelta(seconds=retry_after_s)
        async with self._database.write() as unit:
            await unit.servings.wrap_later(wrap_up.served.serving.id, later)
            await unit.commit()


async def _wrap_up(unit: UnitOfWork, serving: Serving) -> WrapUp:
    chat = await unit.chats.get(serving.chat_id)
    subscription = await unit.subscriptions.of_chat(chat.id)
    thread = subscription.thread if subscription is not None else ""
    ref = replace(chat.ref, thread=thread)
    message = MessageRef(ref, serving.message_id) if serving.message_id is not None else None
    served = await view(unit, serving)
    counting = await unit.attempts.counting(serving.id)
    best = tuple(
        Shared(name, attempt.score or 0, attempt.answer)
        for name, attempt in counting
        if attempt.shared and attempt.score
    )
    missed = _missed(served, [attempt for _, attempt in counting])
    return WrapUp(served, ref, message, len(counting), missed, best[:BEST])


def _missed(served: ServingView, attempts: list[Attempt]) -> tuple[Missed, ...]:
    if len(attempts) < CROWD:
        return ()
    found = []
    for point in served.question.rubric.points:
        said = sum(_says(attempt, point.id) for attempt in attempts)
        if (len(attempts) - said) * 2 > len(attempts):
            found.append(Missed(point, len(attempts) - said))
    found.sort(key=lambda each: (each.people, each.point.weight), reverse=True)
    return tuple(found[:MISSED])


def _says(attempt: Attempt, point_id: str) -> bool:
    assert attempt.critique is not None, "what counts has been judged"
    return any(each.id == point_id and each.state in _HEARD for each in attempt.critique.points)
