"""What moderators did."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot.store.repository import Repository
from bot.store.tables import AuditRow


class Audit(Repository):
    """Append-only."""

    async def add(
        self,
        at: datetime,
        actor_user_id: int,
        chat_id: int,
        verb: str,
        subject: str,
        *,
        before: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
    ) -> None:
        """Note a deed, with what it changed."""
        self._session.add(
            AuditRow(
                at=at,
                actor_user_id=actor_user_id,
                chat_id=chat_id,
                verb=verb,
                subject=subject,
                before=before,
                after=after,
            )
        )
        await self._session.flush()

    async def of(self, subject: str) -> list[tuple[str, int | None]]:
        """Return the verbs and actors of all that was done to a subject, oldest first."""
        query = (
            select(AuditRow.verb, AuditRow.actor_user_id)
            .where(AuditRow.subject == subject)
            .order_by(AuditRow.id)
        )
        return list(await self._session.execute(query))
