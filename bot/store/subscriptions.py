"""Subscriptions: who wants questions when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, update

from bot.domain.cadence import Cadence
from bot.store.chats import stored_chat
from bot.store.records import StoredChat, Subscription
from bot.store.repository import Repository
from bot.store.tables import ChatMemberRow, ChatRow, SubscriptionRow


@dataclass(frozen=True, slots=True)
class Advance:
    """When a subscription is due next, and the last local date that has had its question."""

    id: int
    next_due_at: datetime | None
    next_day: date | None
    last_day: date | None


class Subscriptions(Repository):
    """One row a chat and name; ended ones are kept for their history."""

    async def get(self, subscription_id: int) -> Subscription:
        """Return a subscription that is known to exist."""
        return _subscription(await self._session.get_one(SubscriptionRow, subscription_id))

    async def with_chats(self, ids: Sequence[int]) -> dict[int, tuple[Subscription, StoredChat]]:
        """Return subscriptions and their chats, by the subscription's id."""
        query = (
            select(SubscriptionRow, ChatRow)
            .join(ChatRow, ChatRow.id == SubscriptionRow.chat_id)
            .where(SubscriptionRow.id.in_(ids))
        )
        rows = await self._session.execute(query)
        return {row.id: (_subscription(row), stored_chat(chat)) for row, chat in rows}

    async def of_chat(self, chat_id: int, name: str = "daily") -> Subscription | None:
        """Return a chat's subscription, ended or not."""
        query = select(SubscriptionRow).where(
            SubscriptionRow.chat_id == chat_id, SubscriptionRow.name == name
        )
        row = (await self._session.scalars(query)).one_or_none()
        return None if row is None else _subscription(row)

    async def save(
        self,
        chat_id: int,
        user_id: int | None,
        cadence: Cadence,
        zone: str,
        *,
        topic: str | None,
        difficulty: int | None,
        created_by: int,
        now: datetime,
        thread: str = "",
    ) -> Subscription:
        """Set a chat's subscription, new or changed; what was served on which day stays."""
        values: dict[str, Any] = {
            "user_id": user_id,
            "topic": topic,
            "difficulty": difficulty,
            "minute": cadence.minute,
            "days": cadence.days,
            "around": cadence.around,
            "zone": zone,
            "thread": thread,
            "paused_at": None,
            "ended_at": None,
        }
        insert = self._insert(SubscriptionRow).values(
            chat_id=chat_id, name="daily", created_by=created_by, created_at=now, **values
        )
        await self._session.execute(
            insert.on_conflict_do_update(index_elements=["chat_id", "name"], set_=values)
        )
        self._session.expire_all()
        saved = await self.of_chat(chat_id)
        assert saved is not None
        return saved

    async def change(self, subscription_id: int, **values: str | int) -> None:
        """Set some of `thread`, `ping` and `wrap_after_h`."""
        await self._set(subscription_id, **values)

    async def schedule(
        self, subscription_id: int, next_due_at: datetime | None, next_day: date | None
    ) -> None:
        """Set when it is due next; None for never."""
        await self._set(subscription_id, next_due_at=next_due_at, next_day=next_day)

    async def pause(self, subscription_id: int, at: datetime | None) -> None:
        """Pause (or resume, with None); a paused one is due never."""
        await self._set(subscription_id, paused_at=at)

    async def end(self, subscription_id: int, at: datetime) -> None:
        """End it; `save` brings it back."""
        await self._set(
            subscription_id, ended_at=at, paused_at=None, next_due_at=None, next_day=None
        )

    async def due(self, until: datetime, *, limit: int) -> list[tuple[Subscription, str]]:
        """Return the subscriptions due by `until`, longest due first, each with its platform.

        On PostgreSQL the rows are locked, and those that another scheduler has are skipped.
        """
        query = (
            select(SubscriptionRow, ChatRow.platform)
            .join(ChatRow, ChatRow.id == SubscriptionRow.chat_id)
            .where(SubscriptionRow.next_due_at <= until)
            .order_by(SubscriptionRow.next_due_at, SubscriptionRow.id)
            .limit(limit)
            .with_for_update(skip_locked=True, of=SubscriptionRow)
        )
        rows = await self._session.execute(query)
        return [(_subscription(row), platform) for row, platform in rows]

    async def advance(self, next_ones: Sequence[Advance]) -> None:
        """Set when each of many subscriptions is due next, and which date it has had."""
        if next_ones:
            await self._session.execute(
                update(SubscriptionRow), [asdict(each) for each in next_ones]
            )

    async def next_due_at(self) -> datetime | None:
        """Return when the next one is due."""
        return await self._session.scalar(select(func.min(SubscriptionRow.next_due_at)))

    async def running(self) -> int:
        """Return how many are due at some time."""
        query = select(func.count()).where(SubscriptionRow.next_due_at.is_not(None))
        return await self._session.scalar(query) or 0

    async def active(self) -> list[Subscription]:
        """Return all that run: neither paused nor ended, in chats that can be reached."""
        query = (
            select(SubscriptionRow)
            .join(ChatRow, ChatRow.id == SubscriptionRow.chat_id)
            .where(
                SubscriptionRow.paused_at.is_(None),
                SubscriptionRow.ended_at.is_(None),
                ChatRow.left_at.is_(None),
            )
        )
        return [_subscription(row) for row in await self._session.scalars(query)]

    async def of_person(self, user_id: int) -> tuple[list[Subscription], bool]:
        """Return what runs for a person, and whether something of theirs is paused.

        That is their own, and those of the groups they are in. A chat that cannot be reached
        counts as paused.
        """
        groups = select(ChatMemberRow.chat_id).where(ChatMemberRow.user_id == user_id)
        query = (
            select(SubscriptionRow, ChatRow.left_at)
            .join(ChatRow, ChatRow.id == SubscriptionRow.chat_id)
            .where(
                SubscriptionRow.ended_at.is_(None),
                (SubscriptionRow.user_id == user_id)
                | (SubscriptionRow.user_id.is_(None) & SubscriptionRow.chat_id.in_(groups)),
            )
        )
        found = [
            (_subscription(row), row.paused_at is not None or left_at is not None)
            for row, left_at in await self._session.execute(query)
        ]
        return [each for each, still in found if not still], any(still for _, still in found)

    async def _set(self, subscription_id: int, **values: Any) -> None:
        await self._session.execute(
            update(SubscriptionRow).where(SubscriptionRow.id == subscription_id).values(values)
        )


def _subscription(row: SubscriptionRow) -> Subscription:
    return Subscription(
        row.id,
        row.chat_id,
        row.user_id,
        row.name,
        row.topic,
        row.difficulty,
        Cadence(row.minute, row.days, row.around),
        row.zone,
        row.next_due_at,
        row.next_day,
        row.last_day,
        row.paused_at is not None,
        row.ended_at is not None,
        row.thread,
        row.ping,
        row.wrap_after_h,
    )
