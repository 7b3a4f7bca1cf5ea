"""The outbox: takes due deliveries, gives each its question, and keeps what became of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.chat.action import unpack
from bot.chat.context import ChatRef, MessageRef
from bot.clock import Clock
from bot.domain.picking import pick
from bot.services.reach import Loss, lose
from bot.services.views import ServingView, view
from bot.store.records import Delivery, DeliveryState
from bot.store.uow import Database, UnitOfWork

BATCH = 10
"""Deliveries leased at once; a crash puts at most these in doubt, and people who answer meanwhile
wait for no more than these to be packed."""
TALLIES = 50
"""Tallies told at once."""

LONGEST_WAIT_S = 1800.0
"""Waits double with each try, up to this; a delivery is given up when it is stale, not before."""

NO_ANSWER = "no answer in time"
"""Why a delivery is unsure."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A scheduled question on its way.

    Attributes:
        delivery: The occurrence.
        chat: Where it goes.
        served: The question, the same at every try.
        late: Whether it is noticeably later than asked for.
        wrap_after: How long until it is wrapped up at the latest; None: never, it is one person's.
        ping: Role that it calls.
    """

    delivery: Delivery
    chat: ChatRef
    served: ServingView
    late: bool
    wrap_after: timedelta | None = None
    ping: str = ""

    @property
    def key(self) -> str:
        """The same for every try, so that a platform can tell twins."""
        return f"d{self.delivery.id}"


@dataclass(frozen=True, slots=True)
class Tally:
    """A question message whose tally is out of date."""

    message: MessageRef
    served: ServingView
    ping: str = ""


MAX_DIGITS = 18
"""Digits of a row's id that surely fit its column."""

TWINS = timedelta(days=7)
"""How long after an unsure send its first copy is looked for."""

LATE = timedelta(minutes=5)
"""A question later than this says so."""


class Outbox:
    """Scheduled questions between due and sent."""

    def __init__(self, database: Database, clock: Clock, *, lease_s: float, grace_s: float) -> None:
        self._database = database
        self._clock = clock
        self._lease_s = lease_s
        self._grace = timedelta(seconds=grace_s)
        self._twins: bool | None = None

    @property
    def lease(self) -> timedelta:
        """How long what was taken is ours."""
        return timedelta(seconds=self._lease_s)

    async def take(self, platforms: frozenset[str]) -> list[Parcel]:
        """Lease what is due and return it, each with its question.

        The question is picked and kept before it is sent: a try after a crash sends the same one.

        Args:
            platforms: Names of the platforms that can be sent to now.
        """
        now = self._clock.now()
        async with self._database.read() as unit:
            ready = await unit.deliveries.next_open_at()
        if ready is None or ready > now:
            return []
        parcels = []
        async with self._database.write() as unit:
            leased = await unit.deliveries.lease(
                now, platforms=platforms, for_s=self._lease_s, limit=BATCH
            )
            for delivery in leased:
                parcel = await self._pack(unit, delivery, now)
                if parcel is not None:
                    parcels.append(parcel)
            await unit.commit()
        return parcels

    async def sent(self, parcel: Parcel, message: MessageRef, reply: str = "") -> None:
        """Note that it arrived, as which message, and which action takes a reply to it."""
        serving, now = parcel.served.serving, self._clock.now()
        if parcel.delivery.tries > 1:
            self._twins = True
        async with self._database.write() as unit:
            await unit.servings.posted(serving.id, message.id, _wrap_at(parcel, now))
            await unit.servings.wrap_earlier(serving, now)
            if reply:
                await unit.posts.keep(serving.chat_id, message.id, serving.chat_id, reply, now)
            await unit.deliveries.mark(parcel.delivery.id, DeliveryState.SENT)
            await unit.commit()

    async def is_twin(self, message: MessageRef, action: str) -> bool:
        """Return whether a message is a second copy of a scheduled question.

        That can be after an unsure send: the question is sent once more, and the first copy turns
        up when somebody presses one of its buttons (DELIVERY.md, 6).
        """
        try:
            name, args = unpack(action)
        except ValueError:
            return False
        if not await self._has_twins():
            return False
        if name not in ("answer", "hint", "skip") or not args or not _is_id(args[0]):
            return False
        async with self._database.read() as unit:
            chat = await unit.chats.find(message.chat)
            serving = await unit.servings.get(int(args[0]))
            if chat is None or serving is None or serving.delivery_id is None:
                return False
            if serving.chat_id != chat.id or serving.message_id in (None, message.id):
                return False
            if await unit.posts.find(chat.id, message.id) is not None:
                return False  # a card of ours that shows the same question: a hint, for one
            delivery = await unit.deliveries.get(serving.delivery_id)
            return delivery.tries > 1

    async def _has_twins(self) -> bool:
        """Return whether anything was sent more than once lately; asked of the database once."""
        if self._twins is None:
            async with self._database.read() as unit:
                since = self._clock.now() - TWINS
                self._twins = await unit.deliveries.any_tried_again(since)
        return self._twins

    async def delayed(self, parcel: Parcel, retry_after_s: float, reason: str) -> None:
        """Try again later: after what the platform asks for, and longer with every try."""
        doubled = retry_after_s * 2 ** min(parcel.delivery.tries - 1, 10)
        wait_s = max(retry_after_s, min(doubled, LONGEST_WAIT_S))
        async with self._database.write() as unit:
            later = self._clock.now() + timedelta(seconds=wait_s)
            await unit.deliveries.postpone(parcel.delivery.id, later, reason)
            await unit.commit()

    async def unsure(self, parcel: Parcel) -> None:
        """Note that it may have arrived: it is sent once more, and no further.

        A lost question costs a streak, a twin costs nothing: answers to either count once.
        """
        again = parcel.delivery.error != NO_ANSWER
        serving = parcel.served.serving
        async with self._database.write() as unit:
            # It may stand there, so it can be answered, though we do not know as which message.
            known_as, wrap_at = f"unsure:{parcel.delivery.id}", _wrap_at(parcel, self._clock.now())
            await unit.servings.posted(serving.id, known_as, wrap_at)
            await unit.servings.wrap_earlier(serving, self._clock.now())
            state = DeliveryState.UNSURE if again else DeliveryState.FAILED
            await unit.deliveries.mark(parcel.delivery.id, state, NO_ANSWER)
            await unit.commit()

    async def give_back(self, parcels: list[Parcel]) -> None:
        """Let others send what we took and have not begun to send."""
        async with self._database.write() as unit:
            for parcel in parcels:
                # What made an earlier try unsure is still to be known at the next.
                state, error = DeliveryState.PENDING, parcel.delivery.error
                await unit.deliveries.mark(parcel.delivery.id, state, error)
            await unit.commit()

    async def unreachable(self, parcel: Parcel) -> Loss | None:
        """Note that the chat is gone; nobody else's delivery is touched.

        Returns:
            Who is to be told, if somebody had set the schedule of a group.
        """
        now = self._clock.now()
        async with self._database.write() as unit:
            await unit.deliveries.mark(parcel.delivery.id, DeliveryState.FAILED, "unreachable")
            loss = await lose(unit, parcel.served.serving.chat_id, now)
            await unit.commit()
            return loss

    async def release(self) -> int:
        """Take back what a process that died had leased; for the only sender, at its start."""
        async with self._database.write() as unit:
            released = await unit.deliveries.release()
            await unit.commit()
            return released

    async def tallies(self, platforms: frozenset[str]) -> list[Tally]:
        """Return question messages whose tally is out of date."""
        async with self._database.read() as unit:
            found = []
            for serving in await unit.servings.untold(platforms, limit=TALLIES):
                chat = await unit.chats.get(serving.chat_id)
                assert serving.message_id is not None
                message = MessageRef(chat.ref, serving.message_id)
                subscription = await unit.subscriptions.of_chat(chat.id)
                ping = subscription.ping if subscription is not None else ""
                found.append(Tally(message, await view(unit, serving), ping))
            return found

    async def told(self, tally: Tally) -> None:
        """Note which tally the message shows now."""
        async with self._database.write() as unit:
            await unit.servings.told(tally.served.serving.id, tally.served.serving.answers)
            await unit.commit()

    async def next_open_at(self) -> datetime | None:
        """Return when there will be something to send."""
        async with self._database.read() as unit:
            return await unit.deliveries.next_open_at()

    async def _pack(self, unit: UnitOfWork, delivery: Delivery, now: datetime) -> Parcel | None:
        subscription = await unit.subscriptions.get(delivery.subscription_id)
        chat = await unit.chats.get(subscription.chat_id)
        stale = now - delivery.due_at > self._grace
        if subscription.paused or subscription.ended or chat.left or stale:
            reason = "stale" if stale else "unreachable" if chat.left else "paused"
            await unit.deliveries.mark(delivery.id, DeliveryState.SKIPPED, reason)
            return None
        serving = await unit.servings.of_delivery(delivery.id)
        if serving is None:
            candidates = await unit.questions.candidates(
                chat.id,
                subscription.user_id,
                topic=subscription.topic,
                difficulty=subscription.difficulty,
            )
            if not candidates:
                reason = "no question fits"
                await unit.deliveries.mark(delivery.id, DeliveryState.FAILED, reason)
                return None
            chosen = await unit.questions.by_id(pick(candidates, f"chat:{chat.id}").question_id)
            serving = await unit.servings.add(
                chosen, chat.id, subscription.user_id, now, delivery_id=delivery.id
            )
        late = now - delivery.due_at > LATE
        ref = replace(chat.ref, thread=subscription.thread)
        group = subscription.user_id is None
        wrap_after = timedelta(hours=subscription.wrap_after_h) if group else None
        return Parcel(delivery, ref, await view(unit, serving), late, wrap_after, subscription.ping)


def _wrap_at(parcel: Parcel, now: datetime) -> datetime | None:
    return None if parcel.wrap_after is None else now + parcel.wrap_after


def _is_id(text: str) -> bool:
    """Return whether `text`, which anybody can forge, can be the id of a row."""
    return text.isdecimal() and len(text) <= MAX_DIGITS
