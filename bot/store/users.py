"""People and their identities."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from bot.store.records import User
from bot.store.repository import Repository
from bot.store.tables import IdentityRow, UserRow


class Users(Repository):
    """One row a human, one a platform they use."""

    async def get(self, user_id: int) -> User:
        """Return a person who is known to exist."""
        row = await self._session.get_one(UserRow, user_id)
        return _user(row)

    async def many(self, user_ids: set[int]) -> dict[int, User]:
        """Return people by id."""
        rows = await self._session.scalars(select(UserRow).where(UserRow.id.in_(user_ids)))
        return {row.id: _user(row) for row in rows}

    async def find(self, platform: str, platform_user_id: str) -> tuple[User, str] | None:
        """Return the person behind an identity, and the name they bore there last."""
        query = (
            select(UserRow, IdentityRow.display_name)
            .join(IdentityRow, IdentityRow.user_id == UserRow.id)
            .where(
                IdentityRow.platform == platform,
                IdentityRow.platform_user_id == platform_user_id,
            )
        )
        found = (await self._session.execute(query)).one_or_none()
        return None if found is None else (_user(found[0]), found[1])

    async def add(self, platform: str, platform_user_id: str, name: str, now: datetime) -> User:
        """Make a person of an identity seen for the first time.

        Whoever meets the same identity at the same moment gets the same person.
        """
        row = UserRow(display_name=name, created_at=now)
        self._session.add(row)
        await self._session.flush()
        insert = self._insert(IdentityRow).values(
            user_id=row.id,
            platform=platform,
            platform_user_id=platform_user_id,
            display_name=name,
        )
        statement = insert.on_conflict_do_nothing().returning(IdentityRow.id)
        if await self._session.scalar(statement) is not None:
            return _user(row)
        await self._session.delete(row)
        await self._session.flush()
        found = await self.find(platform, platform_user_id)
        assert found is not None
        return found[0]

    async def identity(self, user_id: int, platform: str) -> str:
        """Return a person's id on a platform; empty if they are not there any more."""
        query = select(IdentityRow.platform_user_id).where(
            IdentityRow.user_id == user_id, IdentityRow.platform == platform
        )
        return await self._session.scalar(query.limit(1)) or ""

    async def rename(self, user_id: int, platform: str, platform_user_id: str, name: str) -> None:
        """Keep the name that a platform shows now."""
        await self._session.execute(
            update(IdentityRow)
            .where(
                IdentityRow.platform == platform,
                IdentityRow.platform_user_id == platform_user_id,
            )
            .values(display_name=name)
        )
        await self._session.execute(
            update(UserRow).where(UserRow.id == user_id).values(display_name=name)
        )

    async def change(
        self,
        user_id: int,
        *,
        zone: str | None = None,
        day_starts_at: int | None = None,
        hidden: bool | None = None,
        consent: str | None = None,
    ) -> None:
        """Change a person's settings; None leaves one as it is."""
        values: dict[str, object] = {}
        if zone is not None:
            values |= {"zone": zone, "zone_chosen": True}
        if day_starts_at is not None:
            values["day_starts_at"] = day_starts_at
        if hidden is not None:
            values["hidden"] = hidden
        if consent is not None:
            values["consent"] = consent
        if values:
            await self._session.execute(update(UserRow).where(UserRow.id == user_id).values(values))

    async def adopt_zone(self, user_ids: list[int], zone: str) -> None:
        """Give a zone to those who have not chosen one."""
        await self._session.execute(
            update(UserRow)
            .where(UserRow.id.in_(user_ids), UserRow.zone_chosen.is_(False))
            .values(zone=zone)
        )


def _user(row: UserRow) -> User:
    return User(
        row.id,
        row.display_name,
        row.zone,
        row.zone_chosen,
        row.day_starts_at,
        row.hidden,
        row.consent,
    )
