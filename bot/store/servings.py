"""Servings, and what people did with them besides answering."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, false, select, true, update

from bot.store.records import Serving, StoredQuestion, Turn
from bot.store.repository import Repository
from bot.store.tables import AttemptRow, ChatRow, ServingRow, TurnRow

FRESH = timedelta(days=1)
"""A model answer that was seen so shortly before the question was served is still remembered."""

UNTOLD = -1
"""A number of answers that no message shows."""

_LATEST = datetime.max.replace(tzinfo=UTC)


class Servings(Repository):
    """One question shown in one chat at one moment."""

    async def get(self, serving_id: int) -> Serving | None:
        """Return a serving."""
        row = await self._session.get(ServingRow, serving_id)
        return None if row is None else _serving(row)

    async def add(
        self,
        stored: StoredQuestion,
        chat_id: int,
        user_id: int | None,
        now: datetime,
        *,
        delivery_id: int | None = None,
    ) -> Serving:
        """Serve a question; a delivery that has its serving keeps that one."""
        insert = self._insert(ServingRow).values(
            revision_id=stored.revision_id,
            question_id=stored.id,
            chat_id=chat_id,
            user_id=user_id,
            delivery_id=delivery_id,
            served_at=now,
        )
        statement = insert.on_conflict_do_nothing().returning(ServingRow)
        made = (await self._session.scalars(statement)).one_or_none()
        if made is None:
            assert delivery_id is not None
            found = await self.of_delivery(delivery_id)
            assert found is not None
            return found
        return _serving(made)

    async def lock(self, serving_id: int) -> None:
        """Let nobody else judge answers to it until the end of this unit of work."""
        query = select(ServingRow.id).where(ServingRow.id == serving_id).with_for_update()
        await self._session.execute(query)

    async def of_delivery(self, delivery_id: int) -> Serving | None:
        """Return the serving that a delivery brought."""
        query = select(ServingRow).where(ServingRow.delivery_id == delivery_id)
        row = (await self._session.scalars(query)).one_or_none()
        return None if row is None else _serving(row)

    async def of_deliveries(self, delivery_ids: Sequence[int]) -> dict[int, Serving]:
        """Return the servings that deliveries brought, by the delivery's id."""
        query = select(ServingRow).where(ServingRow.delivery_id.in_(delivery_ids))
        found = [_serving(row) for row in await self._session.scalars(query)]
        return {each.delivery_id: each for each in found if each.delivery_id is not None}

    async def latest_open(
        self, chat_id: int, user_id: int, *, alone: bool = False, by: datetime | None = None
    ) -> Serving | None:
        """Return what a person would answer in a chat now, newest first.

        That is what was served to them, or to the whole chat (unless only what was asked for
        `alone` is wanted), and what they have neither answered for a score nor skipped, what is not
        wrapped up, and what had been asked `by` then.
        """
        to_all = false() if alone else ServingRow.user_id.is_(None)
        unasked = ServingRow.delivery_id.is_(None) if alone else true()
        answered = exists().where(
            AttemptRow.serving_id == ServingRow.id,
            AttemptRow.user_id == user_id,
            AttemptRow.scores.is_(True),
        )
        skipped = exists().where(
            TurnRow.serving_id == ServingRow.id,
            TurnRow.user_id == user_id,
            TurnRow.skipped_at.is_not(None) | TurnRow.revealed_at.is_not(None),
        )
        query = (
            select(ServingRow)
            .where(
                ServingRow.chat_id == chat_id,
                (ServingRow.user_id == user_id) | to_all,
                _shown(),
                unasked,
                ServingRow.wrapped_at.is_(None),
                ServingRow.served_at <= by if by is not None else true(),
                ~answered,
                ~skipped,
            )
            .order_by(ServingRow.id.desc())
            .limit(1)
        )
        row = (await self._session.scalars(query)).one_or_none()
        return None if row is None else _serving(row)

    async def latest(
        self, chat_id: int, user_id: int, by: datetime | None = None
    ) -> Serving | None:
        """Return the newest serving of a chat that a person can see, or could `by` then."""
        query = (
            select(ServingRow)
            .where(
                ServingRow.chat_id == chat_id,
                (ServingRow.user_id == user_id) | ServingRow.user_id.is_(None),
                _shown(),
                ServingRow.served_at <= by if by is not None else true(),
            )
            .order_by(ServingRow.id.desc())
            .limit(1)
        )
        row = (await self._session.scalars(query)).one_or_none()
        return None if row is None else _serving(row)

    async def posted(
        self, serving_id: int, message_id: str, wrap_at: datetime | None = None
    ) -> None:
        """Keep which message shows it, and when it is to be wrapped up at the latest."""
        await self._set(serving_id, platform_message_id=message_id, wrap_at=wrap_at)

    async def wrap_earlier(self, serving: Serving, at: datetime) -> None:
        """Have what a chat was asked before `serving` wrapped up at an instant, if not sooner."""
        await self._session.execute(
            update(ServingRow)
            .where(
                ServingRow.chat_id == serving.chat_id,
                ServingRow.wrap_at > at,
                ServingRow.wrapped_at.is_(None),
                ServingRow.id < serving.id,
            )
            .values(wrap_at=at)
        )

    async def unwrapped_before(self, serving: Serving) -> list[Serving]:
        """Return what a chat was asked before `serving` and is not wrapped up, oldest first."""
        query = (
            select(ServingRow)
            .where(
                ServingRow.chat_id == serving.chat_id,
                ServingRow.wrap_at.is_not(None),
                ServingRow.wrapped_at.is_(None),
                ServingRow.id < serving.id,
            )
            .order_by(ServingRow.id)
        )
        return [_serving(row) for row in await self._session.scalars(query)]

    async def to_wrap(
        self, now: datetime, platforms: frozenset[str], *, limit: int
    ) -> list[Serving]:
        """Return the servings that are to be wrapped up by now, those waiting longest first."""
        query = (
            select(ServingRow)
            .where(
                ServingRow.wrap_at <= now,
                ServingRow.wrapped_at.is_(None),
                exists().where(ChatRow.id == ServingRow.chat_id, ChatRow.platform.in_(platforms)),
            )
            .order_by(ServingRow.wrap_at, ServingRow.id)
            .limit(limit)
        )
        return [_serving(row) for row in await self._session.scalars(query)]

    async def wrap_later(self, serving_id: int, at: datetime) -> None:
        """Wrap it up at another instant."""
        await self._set(serving_id, wrap_at=at)

    async def wrapped(self, serving_id: int, at: datetime) -> None:
        """Note that it is wrapped up: it scores no more, and its message is to say so."""
        await self._set(serving_id, wrapped_at=at, answers_shown=UNTOLD)

    async def count_answer(self, serving_id: int) -> None:
        """Count one more person who answered."""
        await self._set(serving_id, answers=ServingRow.answers + 1)

    async def untold(self, platforms: frozenset[str], *, limit: int) -> list[Serving]:
        """Return servings whose message shows an old tally."""
        query = (
            select(ServingRow)
            .where(
                ServingRow.answers != ServingRow.answers_shown,
                ServingRow.platform_message_id.is_not(None),
                # Asked row by row: there are few such rows, and many chats.
                exists().where(ChatRow.id == ServingRow.chat_id, ChatRow.platform.in_(platforms)),
            )
            .order_by(ServingRow.id)
            .limit(limit)
        )
        return [_serving(row) for row in await self._session.scalars(query)]

    async def told(self, serving_id: int, answers: int) -> None:
        """Keep which tally the message shows."""
        await self._set(serving_id, answers_shown=answers)

    async def turn(self, serving: Serving, user_id: int, by: datetime | None = None) -> Turn:
        """Return what a person did with a serving, its model answer by the instant `by`.

        A model answer is seen wherever it was seen: the same question may have been served to
        them in another way meanwhile.
        """
        other = (
            select(TurnRow.serving_id)
            .join(ServingRow, ServingRow.id == TurnRow.serving_id)
            .where(
                TurnRow.user_id == user_id,
                ServingRow.question_id == serving.question_id,
                TurnRow.revealed_at >= serving.served_at - FRESH,
                TurnRow.revealed_at <= (by or _LATEST),
            )
        )
        revealed = (await self._session.execute(other.limit(1))).first() is not None
        row = await self._session.get(TurnRow, (serving.id, user_id), populate_existing=True)
        if row is None:
            return Turn(revealed=revealed)
        return Turn(row.hints, row.skipped_at is not None, revealed)

    async def take_hint(self, serving_id: int, user_id: int) -> None:
        """Count a hint taken."""
        insert = self._insert(TurnRow).values(serving_id=serving_id, user_id=user_id, hints=1)
        await self._session.execute(
            insert.on_conflict_do_update(
                index_elements=["serving_id", "user_id"], set_={"hints": TurnRow.hints + 1}
            )
        )

    async def skip(self, serving_id: int, user_id: int, at: datetime) -> None:
        """Note that a person lets it pass."""
        await self._turn_at(serving_id, user_id, skipped_at=at)

    async def reveal(self, serving_id: int, user_id: int, at: datetime) -> None:
        """Note that a person has seen the model answer."""
        await self._turn_at(serving_id, user_id, revealed_at=at)

    async def _turn_at(self, serving_id: int, user_id: int, **values: datetime) -> None:
        insert = self._insert(TurnRow).values(
            serving_id=serving_id, user_id=user_id, hints=0, **values
        )
        await self._session.execute(
            insert.on_conflict_do_update(index_elements=["serving_id", "user_id"], set_=values)
        )

    async def _set(self, serving_id: int, **values: Any) -> None:
        await self._session.execute(
            update(ServingRow).where(ServingRow.id == serving_id).values(values)
        )


def _shown() -> ColumnElement[bool]:
    """Leave out a scheduled question that is still on its way: nobody has seen it."""
    return ServingRow.delivery_id.is_(None) | ServingRow.platform_message_id.is_not(None)


def _serving(row: ServingRow) -> Serving:
    return Serving(
        row.id,
        row.question_id,
        row.revision_id,
        row.chat_id,
        row.user_id,
        row.delivery_id,
        row.platform_message_id,
        row.served_at,
        row.answers,
        row.wrapped_at,
    )
