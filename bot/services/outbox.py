"""The outbox: takes due deliveries, gives each its question, and keeps what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.chat.context import ChatRef, MessageRef
from bot.clock import Clock
from bot.domain.picking import pick
from bot.services.reach import Loss, lose
from bot.services.views import ServingView, view
from bot.store.records import Delivery, DeliveryState, Subscription
from bot.store.uow import Database, UnitOfWork

LONGEST_WAIT_S = 1800.0
"""Waits double with each try, up to this; a delivery is given up when it is stale, not before."""

NO_ANSWER = "no answer in time"
"""Why a delivery is unsure."""

MEMORY = timedelta(days=90)
"""How long it is kept when an occurrence was due and what became of it.

The question that was shown, and the answers to it, stay."""
SWEPT_AT_ONCE = 500
"""Rows forgotten in one transaction: people's answers need not wait for it."""

LATE = timedelta(minutes=5)
"""A question later than this says so."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A scheduled question on its way.

    Attributes:
        delivery: The occurrence.
        chat: Where it goes.
        served: The question, the same at every try.
        late: Whether it is noticeably later than asked for.
        until: When our lease ends: later somebody else may send it.
        wrap_after: How long until it is wrapped up at the latest; None: never, it is one person's.
        ping: Role that it calls.
    """

    delivery: Delivery
    chat: ChatRef
    served: ServingView
    late: bool
    until: datetime
    wrap_after: timedelta | None = None
    ping: str = ""

    @property
    def key(self) -> str:
        """The same for every try, so that a platform can tell twins."""
        return f"d{self.delivery.id}"


@dataclass(frozen=True, slots=True)
class Sent:
    """A question arrived, as which message; `reply` is the action that takes a reply to it."""

    parcel: Parcel
    message: MessageRef
    reply: str = ""


@dataclass(frozen=True, slots=True)
class Postponed:
    """A question was not sent, and is to be tried again after so many seconds."""

    parcel: Parcel
    retry_after_s: float
    reason: str


@dataclass(frozen=True, slots=True)
class Uncertain:
    """A question may have arrived: it is sent once more, and no further.

    A lost question costs a streak, a twin costs nothing: answers to either count once.
    """

    parcel: Parcel


@dataclass(frozen=True, slots=True)
class Undeliverable:
    """A question's chat is gone; nobody else's delivery is touched."""

    parcel: Parcel


@dataclass(frozen=True, slots=True)
class Returned:
    """A question that was taken and not begun to be sent: others may send it."""

    parcel: Parcel


Outcome = Sent | Postponed | Uncertain | Undeliverable | Returned


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken: the parcels, and whether there was anything at all.

    What is not to be sent any more is settled on the way, so that there may be more though no
    parcel came of it.
    """

    parcels: list[Parcel]
    any: bool


class Outbox:
    """Scheduled questions between due and sent."""

    def __init__(self, database: Database, clock: Clock, *, lease_s: float, grace_s: float) -> None:
        self._database = database
        self._clock = clock
        self._lease_s = lease_s
        self._grace = timedelta(seconds=grace_s)

    @property
    def lease(self) -> timedelta:
        """How long what was taken is ours."""
        return timedelta(seconds=self._lease_s)

    async def take(self, platform: str, limit: int) -> Taken:
        """Lease some of what is due on a platform and return it, each with its question.

        The question is picked and kept before it is sent: a try after a crash sends the same one.
        """
        now = self._clock.now()
        async with self._database.write() as unit:
            leased = await unit.deliveries.lease(
                now, platform=platform, for_s=self._lease_s, limit=limit
            )
            packed = await self._pack(unit, leased, now)
            if leased:
                await unit.commit()
        return Taken(packed, bool(leased))

    async def note(self, outcomes: Sequence[Outcome]) -> list[Loss | None]:
        """Keep what became of parcels, all of it or nothing; safe to be told twice.

        Returns:
            For each, who is to be told of it: whoever had set the schedule of a group that is gone.
        """
        now = self._clock.now()
        async with self._database.write() as unit:
            sent = [each.parcel.delivery.id for each in outcomes if isinstance(each, Sent)]
            if sent:
                await unit.deliveries.mark(sent, DeliveryState.SENT)
            losses = [await _keep(unit, outcome, now) for outcome in outcomes]
            await unit.commit()
        return losses

    async def release(self, platforms: frozenset[str] | None = None) -> int:
        """Take back what a sender that died had leased; for the only sender, at its start."""
        async with self._database.write() as unit:
            released = await unit.deliveries.release(platforms)
            await unit.commit()
            return released

    async def backlog(self, platform: str) -> tuple[int, datetime | None]:
        """Return how many questions are due and not settled, and since when the first is due."""
        async with self._database.read() as unit:
            return await unit.deliveries.backlog(self._clock.now(), platform)

    async def next_open_at(self) -> datetime | None:
        """Return when there will be something to send."""
        async with self._database.read() as unit:
            return await unit.deliveries.next_open_at()

    async def sweep(self) -> int:
        """Forget old deliveries that are settled; return how many."""
        before = self._clock.now() - MEMORY
        swept = 0
        last: int | None = 0
        while last is not None:
            async with self._database.write() as unit:
                gone, last = await unit.deliveries.forget(before, last, SWEPT_AT_ONCE)
                await unit.commit()
            swept += gone
        return swept

    async def _pack(
        self, unit: UnitOfWork, leased: Sequence[Delivery], now: datetime
    ) -> list[Parcel]:
        """Return parcels of what is still to be sent; the rest is settled."""
        wishes = await unit.subscriptions.with_chats([each.subscription_id for each in leased])
        begun = await unit.servings.of_deliveries([each.id for each in leased])
        parcels = []
        for delivery in leased:
            subscription, chat = wishes[delivery.subscription_id]
            stale = now - delivery.due_at > self._grace
            if subscription.paused or subscription.ended or chat.left or stale:
                reason = "stale" if stale else "unreachable" if chat.left else "paused"
                await unit.deliveries.mark([delivery.id], DeliveryState.SKIPPED, reason)
                continue
            serving = begun.get(delivery.id)
            served = (
                await view(unit, serving)
                if serving is not None
                else await _serve(unit, delivery, subscription, now)
            )
            if served is None:
                reason = "no question fits"
                await unit.deliveries.mark([delivery.id], DeliveryState.FAILED, reason)
                continue
            group = subscription.user_id is None
            parcel = Parcel(
                delivery,
                replace(chat.ref, thread=subscription.thread),
                served,
                late=now - delivery.due_at > LATE,
                until=now + self.lease,
                wrap_after=timedelta(hours=subscription.wrap_after_h) if group else None,
                ping=subscription.ping,
            )
            parcels.append(parcel)
        return parcels


async def _serve(
    unit: UnitOfWork, delivery: Delivery, wish: Subscription, now: datetime
) -> ServingView | None:
    """Pick a question for a delivery and keep it, so that every try sends the same one."""
    candidates = await unit.questions.candidates(
        wish.chat_id, wish.user_id, topic=wish.topic, difficulty=wish.difficulty
    )
    if not candidates:
        return None
    chosen = await unit.questions.by_id(pick(candidates, f"chat:{wish.chat_id}").question_id)
    serving = await unit.servings.add(
        chosen, wish.chat_id, wish.user_id, now, delivery_id=delivery.id
    )
    return ServingView(serving, chosen.question)


async def _keep(unit: UnitOfWork, outcome: Outcome, now: datetime) -> Loss | None:
    parcel = outcome.parcel
    delivery, serving = parcel.delivery, parcel.served.serving
    match outcome:
        case Sent(_, message, reply):
            await unit.servings.posted(serving.id, message.id, _wrap_at(parcel, now))
            if parcel.wrap_after is not None:
                await unit.servings.wrap_earlier(serving, now)
            if reply:
                await unit.posts.keep(serving.chat_id, message.id, serving.chat_id, reply, now)
        case Postponed(_, retry_after_s, reason):
            # After what the platform asks for, and longer with every try.
            doubled = retry_after_s * 2 ** min(delivery.tries - 1, 10)
            wait_s = max(retry_after_s, min(doubled, LONGEST_WAIT_S))
            await unit.deliveries.postpone(delivery.id, now + timedelta(seconds=wait_s), reason)
        case Uncertain():
            again = delivery.error != NO_ANSWER
            # It may stand there, so it can be answered, though we do not know as which message.
            await unit.servings.posted(serving.id, f"unsure:{delivery.id}", _wrap_at(parcel, now))
            await unit.servings.wrap_earlier(serving, now)
            state = DeliveryState.UNSURE if again else DeliveryState.FAILED
            await unit.deliveries.mark([delivery.id], state, NO_ANSWER)
        case Undeliverable():
            await unit.deliveries.mark([delivery.id], DeliveryState.FAILED, "unreachable")
            return await lose(unit, serving.chat_id, now)
        case Returned():
            # What made an earlier try unsure is still to be known at the next.
            await unit.deliveries.mark([delivery.id], DeliveryState.PENDING, delivery.error)
    return None


def _wrap_at(parcel: Parcel, now: datetime) -> datetime | None:
    return None if parcel.wrap_after is None else now + parcel.wrap_after
