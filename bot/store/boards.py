"""Totals: points of people in a chat by period, kept as answers are judged."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, func, select

from bot.domain.leaderboard import Row
from bot.store.repository import Repository
from bot.store.tables import AttemptRow, ServingRow, TotalRow, UserRow


class Boards(Repository):
    """A projection of the attempts: it can be thrown away and built again."""

    async def add(
        self,
        chat_id: int,
        user_id: int,
        periods: Iterable[str],
        points: int,
        *,
        answers: int = 1,
    ) -> None:
        """Add an answer's points to a person's total in each period.

        With no `answers`, the points of one that is counted already are changed by so many.
        """
        for period in periods:
            insert = self._insert(TotalRow).values(
                chat_id=chat_id, period=period, user_id=user_id, points=points, answers=answers
            )
            await self._session.execute(
                insert.on_conflict_do_update(
                    index_elements=["chat_id", "period", "user_id"],
                    set_={
                        "points": TotalRow.points + points,
                        "answers": TotalRow.answers + answers,
                    },
                )
            )

    async def put(self, chat_id: int, user_id: int, period: str, points: int, answers: int) -> None:
        """Set a person's total in a period that was cleared."""
        insert = self._insert(TotalRow).values(
            chat_id=chat_id, period=period, user_id=user_id, points=points, answers=answers
        )
        await self._session.execute(insert)

    async def board(self, chat_id: int, period: str) -> list[Row]:
        """Return everybody's total in a period, best first; those who hide are left out."""
        query = (
            select(TotalRow.user_id, UserRow.display_name, TotalRow.points, TotalRow.answers)
            .join(UserRow, UserRow.id == TotalRow.user_id)
            .where(
                TotalRow.chat_id == chat_id, TotalRow.period == period, UserRow.hidden.is_(False)
            )
            .order_by(TotalRow.points.desc(), TotalRow.user_id)
        )
        rows = await self._session.execute(query)
        return [Row(user_id, name, points, answers) for user_id, name, points, answers in rows]

    async def sums(self, chat_id: int) -> dict[tuple[str, int], tuple[int, int]]:
        """Return points and answers by period and person, as kept."""
        query = select(TotalRow.period, TotalRow.user_id, TotalRow.points, TotalRow.answers).where(
            TotalRow.chat_id == chat_id
        )
        rows = await self._session.execute(query)
        return {(period, user): (points, answers) for period, user, points, answers in rows}

    async def points_of(self, user_id: int) -> int:
        """Return all the points a person has anywhere."""
        query = select(func.sum(TotalRow.points)).where(
            TotalRow.user_id == user_id, TotalRow.period == "all"
        )
        return await self._session.scalar(query) or 0

    async def chats(self) -> list[int]:
        """Return the chats that have answers that score, or totals."""
        answered = (
            select(ServingRow.chat_id)
            .join(AttemptRow, AttemptRow.serving_id == ServingRow.id)
            .where(AttemptRow.scores.is_(True))
        )
        both = answered.union(select(TotalRow.chat_id)).order_by("chat_id")
        return list(await self._session.scalars(both))

    async def clear(self, chat_id: int) -> None:
        """Throw a chat's totals away, to build them again."""
        await self._session.execute(delete(TotalRow).where(TotalRow.chat_id == chat_id))
