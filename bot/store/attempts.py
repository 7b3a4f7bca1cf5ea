"""Attempts: every answer, kept before anything is said of it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import func, select, update

from bot.domain.critique import Critique
from bot.store.records import Attempt
from bot.store.repository import Repository
from bot.store.tables import AttemptRow, ServingRow, UserRow


class Attempts(Repository):
    """One row an answer; the answer itself is never changed."""

    async def add(
        self,
        user_id: int,
        serving_id: int,
        answer: str,
        submitted_at: datetime,
        day: date,
        board_day: date,
        zone: str,
        dedupe_key: str,
    ) -> tuple[Attempt, bool]:
        """Keep an answer; the same deed told twice returns the first one and False."""
        insert = self._insert(AttemptRow).values(
            user_id=user_id,
            serving_id=serving_id,
            answer=answer,
            submitted_at=submitted_at,
            day=day,
            board_day=board_day,
            zone=zone,
            dedupe_key=dedupe_key,
        )
        statement = insert.on_conflict_do_nothing().returning(AttemptRow.id)
        made = await self._session.scalar(statement)
        if made is None:
            query = select(AttemptRow).where(AttemptRow.dedupe_key == dedupe_key)
            return _attempt((await self._session.scalars(query)).one()), False
        return _attempt(await self._session.get_one(AttemptRow, made)), True

    async def get(self, attempt_id: int) -> Attempt:
        """Return an attempt that is known to exist."""
        row = await self._session.get_one(AttemptRow, attempt_id, populate_existing=True)
        return _attempt(row)

    async def find(self, attempt_id: int) -> Attempt | None:
        """Return an attempt, if there is one of that id."""
        row = await self._session.get(AttemptRow, attempt_id)
        return None if row is None else _attempt(row)

    async def by_deed(self, dedupe_key: str) -> Attempt | None:
        """Return the attempt that a message was."""
        query = select(AttemptRow).where(AttemptRow.dedupe_key == dedupe_key)
        row = (await self._session.scalars(query)).one_or_none()
        return None if row is None else _attempt(row)

    async def scoring(self, serving_id: int, user_id: int) -> Attempt | None:
        """Return a person's attempt that scores at a serving."""
        query = select(AttemptRow).where(
            AttemptRow.serving_id == serving_id,
            AttemptRow.user_id == user_id,
            AttemptRow.scores.is_(True),
        )
        row = (await self._session.scalars(query)).one_or_none()
        return None if row is None else _attempt(row)

    async def last(self, serving_id: int, user_id: int) -> Attempt | None:
        """Return a person's last attempt at a serving."""
        query = (
            select(AttemptRow)
            .where(AttemptRow.serving_id == serving_id, AttemptRow.user_id == user_id)
            .order_by(AttemptRow.id.desc())
            .limit(1)
        )
        row = await self._session.scalar(query)
        return None if row is None else _attempt(row)

    async def judge(
        self, attempt_id: int, critique: Critique, *, scores: bool, points: int
    ) -> None:
        """Keep what was said of an answer."""
        await self._session.execute(
            update(AttemptRow)
            .where(AttemptRow.id == attempt_id)
            .values(scores=scores, score=critique.score, points=points, critique=critique)
        )

    async def share(self, attempt_id: int, *, shared: bool) -> None:
        """Let the group see an answer once its question is wrapped up, or no longer."""
        await self._session.execute(
            update(AttemptRow).where(AttemptRow.id == attempt_id).values(shared=shared)
        )

    async def counting(self, serving_id: int) -> list[tuple[str, Attempt]]:
        """Return the answers that score at a serving, best first, each with its writer's name."""
        query = (
            select(UserRow.display_name, AttemptRow)
            .join(UserRow, UserRow.id == AttemptRow.user_id)
            .where(AttemptRow.serving_id == serving_id, AttemptRow.scores.is_(True))
            .order_by(AttemptRow.score.desc(), AttemptRow.id)
        )
        return [(name, _attempt(row)) for name, row in await self._session.execute(query)]

    async def unjudged(self) -> list[Attempt]:
        """Return the answers that a crash left without a verdict, oldest first."""
        query = select(AttemptRow).where(AttemptRow.scores.is_(None)).order_by(AttemptRow.id)
        return [_attempt(row) for row in await self._session.scalars(query)]

    async def practice_answers(
        self, user_id: int, chat_id: int, day: date, before: int | None = None
    ) -> int:
        """Return how many practice answers of a person have counted in a chat on a day.

        With `before`, only those kept before the attempt of that id.
        """
        query = (
            select(func.count())
            .select_from(AttemptRow)
            .join(ServingRow, ServingRow.id == AttemptRow.serving_id)
            .where(
                AttemptRow.user_id == user_id,
                AttemptRow.day == day,
                AttemptRow.scores.is_(True),
                ServingRow.chat_id == chat_id,
                ServingRow.user_id == user_id,
            )
        )
        if before is not None:
            query = query.where(AttemptRow.id < before)
        return await self._session.scalar(query) or 0

    async def figures(self, user_id: int) -> tuple[int, float | None]:
        """Return how many of a person's answers scored, and their mean score."""
        query = select(func.count(), func.avg(AttemptRow.score)).where(
            AttemptRow.user_id == user_id, AttemptRow.scores.is_(True)
        )
        count, mean = (await self._session.execute(query)).one()
        return count, None if mean is None else float(mean)

    async def for_board(self, chat_id: int) -> list[tuple[int, int, date]]:
        """Return person, points and board day of all that scores in a chat: what totals sum up."""
        query = (
            select(AttemptRow.user_id, AttemptRow.points, AttemptRow.board_day)
            .join(ServingRow, ServingRow.id == AttemptRow.serving_id)
            .where(ServingRow.chat_id == chat_id, AttemptRow.scores.is_(True))
        )
        return list(await self._session.execute(query))


def _attempt(row: AttemptRow) -> Attempt:
    return Attempt(
        row.id,
        row.user_id,
        row.serving_id,
        row.answer,
        row.submitted_at,
        row.day,
        row.board_day,
        row.zone,
        row.scores,
        row.score,
        row.points,
        row.critique,
        row.shared,
    )
