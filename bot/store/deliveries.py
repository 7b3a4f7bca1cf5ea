"""Deliveries: the outbox of scheduled questions."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select, update

from bot.store.records import Delivery, DeliveryState
from bot.store.repository import Repository
from bot.store.tables import ChatRow, DeliveryRow, SubscriptionRow

OPEN = (DeliveryState.PENDING, DeliveryState.LEASED, DeliveryState.UNSURE)


class Deliveries(Repository):
    """One row an occurrence; unique by due time and by local date."""

    async def get(self, delivery_id: int) -> Delivery:
        """Return a delivery that is known to exist."""
        return _delivery(await self._session.get_one(DeliveryRow, delivery_id))

    async def any_tried_again(self, since: datetime) -> bool:
        """Return whether a delivery that was due since then was tried more than once."""
        query = select(DeliveryRow.id).where(DeliveryRow.due_at >= since, DeliveryRow.tries > 1)
        return (await self._session.execute(query.limit(1))).first() is not None

    async def add(
        self,
        subscription_id: int,
        due_at: datetime,
        day: date,
        state: DeliveryState = DeliveryState.PENDING,
    ) -> bool:
        """Add an occurrence; False if that time or that date has one already."""
        insert = self._insert(DeliveryRow).values(
            subscription_id=subscription_id,
            due_at=due_at,
            day=day,
            state=state.value,
            not_before=due_at,
        )
        statement = insert.on_conflict_do_nothing().returning(DeliveryRow.id)
        return await self._session.scalar(statement) is not None

    async def lease(
        self, now: datetime, *, platforms: frozenset[str], for_s: float, limit: int
    ) -> list[Delivery]:
        """Take open deliveries that nobody works on, oldest first, for `for_s` seconds.

        One whose lease ran out (its sender died) is taken again.
        """
        sendable = (
            select(SubscriptionRow.id)
            .join(ChatRow, ChatRow.id == SubscriptionRow.chat_id)
            .where(ChatRow.platform.in_(platforms))
        )
        free = (
            select(DeliveryRow.id)
            .where(
                DeliveryRow.subscription_id.in_(sendable),
                DeliveryRow.state.in_([state.value for state in OPEN]),
                DeliveryRow.not_before <= now,
                or_(DeliveryRow.lease_until.is_(None), DeliveryRow.lease_until <= now),
            )
            .order_by(DeliveryRow.not_before, DeliveryRow.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        ids = list(await self._session.scalars(free))
        if not ids:
            return []
        await self._session.execute(
            update(DeliveryRow)
            .where(DeliveryRow.id.in_(ids))
            .values(
                state=DeliveryState.LEASED.value,
                lease_until=now + timedelta(seconds=for_s),
                tries=DeliveryRow.tries + 1,
            )
            .execution_options(synchronize_session=False)
        )
        rows = await self._session.scalars(
            select(DeliveryRow)
            .where(DeliveryRow.id.in_(ids))
            .order_by(DeliveryRow.not_before, DeliveryRow.id)
            .execution_options(populate_existing=True)
        )
        return [_delivery(row) for row in rows]

    async def mark(self, delivery_id: int, state: DeliveryState, error: str | None = None) -> None:
        """Say what became of it and give up the lease."""
        await self._set(delivery_id, state=state.value, error=error, lease_until=None)

    async def postpone(self, delivery_id: int, not_before: datetime, error: str) -> None:
        """Try again, but not before."""
        await self._set(
            delivery_id,
            state=DeliveryState.PENDING.value,
            not_before=not_before,
            lease_until=None,
            error=error,
        )

    async def release(self) -> int:
        """Take all leases back; right only where no other sender can be at work."""
        return await self._changed(
            update(DeliveryRow)
            .where(DeliveryRow.state == DeliveryState.LEASED.value)
            .values(state=DeliveryState.PENDING.value, lease_until=None)
        )

    async def next_open_at(self) -> datetime | None:
        """Return when the next open delivery can be worked on."""
        # A lease is always later than the time it was taken at, so it comes first.
        either = func.coalesce(DeliveryRow.lease_until, DeliveryRow.not_before)
        query = select(either).where(DeliveryRow.state.in_([state.value for state in OPEN]))
        return await self._session.scalar(query.order_by(either).limit(1))

    async def _set(self, delivery_id: int, **values: Any) -> None:
        await self._session.execute(
            update(DeliveryRow).where(DeliveryRow.id == delivery_id).values(values)
        )


def _delivery(row: DeliveryRow) -> Delivery:
    return Delivery(
        row.id,
        row.subscription_id,
        row.due_at,
        row.day,
        DeliveryState(row.state),
        row.tries,
        row.error,
    )
