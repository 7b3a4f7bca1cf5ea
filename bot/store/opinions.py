"""Second opinions from their promise to the moment somebody was shown them, and what they cost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, select, update

from bot.domain.critique import Critique
from bot.domain.opinion import Opinion, OpinionState
from bot.store.critiquetables import OpinionRow, SpendingRow
from bot.store.repository import Repository


@dataclass(frozen=True, slots=True)
class Asked:
    """A second opinion that was asked for.

    Attributes:
        attempt_id: On which answer.
        state: How far it has come.
        platform: Where its writer waits for it.
        provider: Whom they agreed to ask.
        asked_at: Since when.
        told: Whether they were shown what came of it.
        address: Where the critique stands that it is to replace; None: that is not known.
        address_until: Until when it can be replaced there.
        offline: The verdict that it replaced, once there is another.
        reserved: Tokens that were set aside for it.
        reason: Why there is none.
    """

    attempt_id: int
    state: OpinionState
    platform: str
    provider: str
    asked_at: datetime
    told: bool
    address: str | None
    address_until: datetime | None
    offline: Critique | None
    reserved: int
    reason: str | None


class Opinions(Repository):
    """One row an answer that somebody else is asked about."""

    async def ask(
        self, attempt_id: int, platform: str, provider: str, now: datetime, reserved: int
    ) -> bool:
        """Keep that an opinion is wanted; False if it was before."""
        insert = self._insert(OpinionRow).values(
            attempt_id=attempt_id,
            platform=platform,
            provider=provider,
            asked_at=now,
            reserved=reserved,
        )
        statement = insert.on_conflict_do_nothing().returning(OpinionRow.attempt_id)
        return await self._session.scalar(statement) is not None

    async def find(self, attempt_id: int) -> Asked | None:
        """Return what is known of the opinion on an answer, if one was asked for."""
        query = select(OpinionRow).where(OpinionRow.attempt_id == attempt_id)
        row = await self._session.scalar(query.execution_options(populate_existing=True))
        return None if row is None else _asked(row)

    async def lock(self, attempt_id: int) -> Asked | None:
        """Return the same, and keep it from all others until the end."""
        query = select(OpinionRow).where(OpinionRow.attempt_id == attempt_id).with_for_update()
        row = await self._session.scalar(query.execution_options(populate_existing=True))
        return None if row is None else _asked(row)

    async def known(self, cache_key: str) -> Opinion | None:
        """Return what was thought of the same answer before."""
        query = (
            select(OpinionRow.opinion)
            .where(OpinionRow.cache_key == cache_key, OpinionRow.opinion.is_not(None))
            .limit(1)
        )
        return await self._session.scalar(query)

    async def ready(
        self, attempt_id: int, now: datetime, offline: Critique, opinion: Opinion, cache_key: str
    ) -> None:
        """Keep an opinion, and the verdict that it replaces."""
        await self._set(
            attempt_id,
            state=OpinionState.READY.value,
            settled_at=now,
            offline=offline,
            opinion=opinion,
            cache_key=cache_key,
        )

    async def failed(self, attempt_id: int, now: datetime, reason: str) -> None:
        """Keep that there will be none."""
        await self._set(attempt_id, state=OpinionState.FAILED.value, settled_at=now, reason=reason)

    async def shown(self, attempt_id: int, address: str, until: datetime | None) -> None:
        """Keep where the critique stands that is to be replaced."""
        await self._set(attempt_id, address=address, address_until=until)

    async def untold(self, platforms: frozenset[str], limit: int) -> list[Asked]:
        """Return settled ones that nobody was shown yet, the oldest first."""
        query = (
            select(OpinionRow)
            .where(
                OpinionRow.settled_at.is_not(None),
                OpinionRow.told_at.is_(None),
                OpinionRow.platform.in_(sorted(platforms)),
            )
            .order_by(OpinionRow.settled_at)
            .limit(limit)
        )
        return [_asked(row) for row in await self._session.scalars(query)]

    async def told(self, attempt_id: int, now: datetime) -> None:
        """Keep that its writer was shown what came of it; the address is needed no more."""
        await self._set(attempt_id, told_at=now, address=None, address_until=None)

    async def waiting(self) -> tuple[int, datetime | None]:
        """Return how many wait, and since when the first of them does."""
        query = select(func.count(), func.min(OpinionRow.asked_at)).where(
            OpinionRow.settled_at.is_(None)
        )
        count, oldest = (await self._session.execute(query)).one()
        return count, oldest

    async def spend(self, scopes: Iterable[str], day: date, tokens: int) -> None:
        """Add tokens to what was spent on a day; less than 0 gives back what was reserved."""
        for scope in scopes:
            insert = self._insert(SpendingRow).values(scope=scope, day=day, tokens=tokens)
            await self._session.execute(
                insert.on_conflict_do_update(
                    index_elements=["scope", "day"],
                    set_={"tokens": SpendingRow.tokens + tokens},
                )
            )

    async def spent(self, scopes: Iterable[str], day: date) -> dict[str, int]:
        """Return the tokens spent on a day by scope, 0 where there were none."""
        wanted = list(scopes)
        query = select(SpendingRow.scope, SpendingRow.tokens).where(
            SpendingRow.scope.in_(wanted), SpendingRow.day == day
        )
        found = {row.scope: row.tokens for row in await self._session.execute(query)}
        return {scope: max(0, found.get(scope, 0)) for scope in wanted}

    async def forget(self, before: date) -> int:
        """Forget what was spent before a day; return how many rows."""
        return await self._changed(delete(SpendingRow).where(SpendingRow.day < before))

    async def _set(self, attempt_id: int, **values: Any) -> None:
        await self._session.execute(
            update(OpinionRow)
            .where(OpinionRow.attempt_id == attempt_id)
            .values(values)
            .execution_options(synchronize_session=False)
        )


def _asked(row: OpinionRow) -> Asked:
    return Asked(
        row.attempt_id,
        OpinionState(row.state),
        row.platform,
        row.provider,
        row.asked_at,
        row.told_at is not None,
        row.address,
        row.address_until,
        row.offline,
        row.reserved,
        row.reason,
    )
