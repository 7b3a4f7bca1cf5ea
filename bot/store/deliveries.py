"""Deliveries: the outbox of scheduled questions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, select, update

from bot.store.records import Delivery, DeliveryState
from bot.store.repository import Repository
from bot.store.tables import DeliveryRow

OPEN = (DeliveryState.PENDING, DeliveryState.LEASED, DeliveryState.UNSURE)


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """An occurrence that has come due.

    Attributes:
        subscription_id: Whose.
        platform: Where that is.
        due_at: When it was due.
        day: The local date that it is for.
        state: What becomes of it: to be sent, or skipped because it is too old.
        place: Orders those that are due at the same time.
    """

    subscription_id: int
    platform: str
    due_at: datetime
    day: date
    state: DeliveryState
    place: int


class Deliveries(Repository):
    """One row an occurrence; unique by due time and by local date."""

    async def get(self, delivery_id: int) -> Delivery:
        """Return a delivery that is known to exist."""
        return _delivery(await self._session.get_one(DeliveryRow, delivery_id))

    async def any_tried_again(self, since: datetime) -> bool:
        """Return whether a delivery that was due since then was tried more than once."""
        query = select(DeliveryRow.id).where(DeliveryRow.due_at >= since, DeliveryRow.tries > 1)
        return (await self._session.execute(query.limit(1))).first() is not None

    async def add(self, new: Iterable[NewDelivery]) -> None:
        """Add occurrences, but none whose time or date has one already."""
        rows = [{**asdict(each), "not_before": each.due_at, "tries": 0} for each in new]
        if rows:
            insert = self._insert(DeliveryRow).on_conflict_do_nothing()
            await self._session.execute(insert, rows)

    async def lease(
        self, now: datetime, *, platform: str, for_s: float, limit: int
    ) -> list[Delivery]:
        """Take open deliveries that nobody works on, those due first first, for `for_s` seconds.

        One whose lease ran out (its sender died) is taken again.
        """
        query = (
            select(DeliveryRow)
            .where(*is_ready(now, platform))
            .order_by(DeliveryRow.not_before, DeliveryRow.place, DeliveryRow.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        rows = list(await self._session.scalars(query))
        for row in rows:
            row.state = DeliveryState.LEASED.value
            row.lease_until = now + timedelta(seconds=for_s)
            row.tries += 1
        await self._session.flush()
        return [_delivery(row) for row in rows]

    async def backlog(self, now: datetime, platform: str) -> tuple[int, datetime | None]:
        """Return how many are due and not settled, and since when the first of them is due."""
        query = select(func.count(), func.min(DeliveryRow.due_at)).where(
            DeliveryRow.platform == platform, _is_open(), DeliveryRow.not_before <= now
        )
        count, oldest = (await self._session.execute(query)).one()
        return count, oldest

    async def backlogs(self, now: datetime) -> dict[str, tuple[int, datetime]]:
        """Return the same for all platforms that have any."""
        query = (
            select(DeliveryRow.platform, func.count(), func.min(DeliveryRow.due_at))
            .where(_is_open(), DeliveryRow.not_before <= now)
            .group_by(DeliveryRow.platform)
        )
        return {name: (count, due) for name, count, due in await self._session.execute(query)}

    async def mark(
        self, delivery_ids: Sequence[int], state: DeliveryState, error: str | None = None
    ) -> None:
        """Say what became of them and give up their leases."""
        await self._session.execute(
            update(DeliveryRow)
            .where(DeliveryRow.id.in_(delivery_ids))
            .values(state=state.value, error=error, lease_until=None)
            .execution_options(synchronize_session=False)
        )

    async def postpone(self, delivery_id: int, not_before: datetime, error: str) -> None:
        """Try again, but not before."""
        await self._set(
            delivery_id,
            state=DeliveryState.PENDING.value,
            not_before=not_before,
            lease_until=None,
            error=error,
        )

    async def release(self, platforms: Iterable[str] | None = None) -> int:
        """Take all leases back; right only where no other sender can be at work."""
        query = update(DeliveryRow).where(DeliveryRow.state == DeliveryState.LEASED.value)
        if platforms is not None:
            query = query.where(DeliveryRow.platform.in_(sorted(platforms)))
        return await self._changed(
            query.values(state=DeliveryState.PENDING.value, lease_until=None)
        )

    async def forget(self, before: datetime, after: int, limit: int) -> tuple[int, int | None]:
        """Forget settled ones due before an instant, of the next `limit` behind the id `after`.

        Ids grow with time, so no index on the time is needed, and none that is open is in the way.

        Returns:
            How many, and the id to go on behind; None where those that are too young begin.
        """
        query = select(DeliveryRow.id, DeliveryRow.due_at, DeliveryRow.state)
        query = query.where(DeliveryRow.id > after).order_by(DeliveryRow.id).limit(limit)
        rows = (await self._session.execute(query)).all()
        old = [row for row in rows if row.due_at < before]
        gone = [row.id for row in old if row.state not in OPEN]
        await self._session.execute(
            delete(DeliveryRow)
            .where(DeliveryRow.id.in_(gone))
            .execution_options(synchronize_session=False)
        )
        return len(gone), rows[-1].id if len(old) == limit else None

    async def next_open_at(self) -> datetime | None:
        """Return when the next open delivery can be worked on; reads all that are open."""
        # A lease is always later than the time it was taken at, so it comes first.
        either = func.coalesce(DeliveryRow.lease_until, DeliveryRow.not_before)
        query = select(either).where(_is_open())
        return await self._session.scalar(query.order_by(either).limit(1))

    async def _set(self, delivery_id: int, **values: Any) -> None:
        await self._session.execute(
            update(DeliveryRow)
            .where(DeliveryRow.id == delivery_id)
            .values(values)
            .execution_options(synchronize_session=False)
        )


def _is_open() -> ColumnElement[bool]:
    return DeliveryRow.state.in_([state.value for state in OPEN])


def is_ready(now: datetime, platform: str) -> tuple[ColumnElement[bool], ...]:
    """Return what is true of deliveries that can be sent on a platform now."""
    return (
        DeliveryRow.platform == platform,
        _is_open(),
        DeliveryRow.not_before <= now,
        or_(DeliveryRow.lease_until.is_(None), DeliveryRow.lease_until <= now),
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
