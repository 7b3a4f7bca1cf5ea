"""Streak days and plans: the facts that streaks are computed from."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select

from bot.domain.streak import Day, PlanFrom
from bot.store.repository import Repository
from bot.store.tables import PlanRow, StreakDayRow


class StreakDays(Repository):
    """Days with an attempt that counts, and which weekdays were scheduled from when on."""

    async def add(self, user_id: int, day: date, at: datetime, zone: str) -> None:
        """Note a day; the first answer of a day stands for it."""
        insert = self._insert(StreakDayRow).values(user_id=user_id, day=day, at=at, zone=zone)
        await self._session.execute(insert.on_conflict_do_nothing())

    async def days(self, user_id: int) -> list[Day]:
        """Return a person's days, oldest first."""
        query = (
            select(StreakDayRow.day, StreakDayRow.at, StreakDayRow.zone)
            .where(StreakDayRow.user_id == user_id)
            .order_by(StreakDayRow.day)
        )
        rows = await self._session.execute(query)
        return [Day(day, at, zone) for day, at, zone in rows]

    async def has(self, user_id: int, day: date) -> bool:
        """Return whether a person's day counts already."""
        return await self._session.get(StreakDayRow, (user_id, day)) is not None

    async def plan(self, user_id: int) -> list[PlanFrom]:
        """Return a person's plans, oldest first."""
        query = (
            select(PlanRow.from_day, PlanRow.days)
            .where(PlanRow.user_id == user_id)
            .order_by(PlanRow.from_day)
        )
        rows = await self._session.execute(query)
        return [PlanFrom(day, days) for day, days in rows]

    async def plan_from(self, user_id: int, day: date, days: frozenset[int]) -> None:
        """Set which weekdays are scheduled for a person from a date on."""
        insert = self._insert(PlanRow).values(user_id=user_id, from_day=day, days=days)
        await self._session.execute(
            insert.on_conflict_do_update(
                index_elements=["user_id", "from_day"], set_={"days": days}
            )
        )
