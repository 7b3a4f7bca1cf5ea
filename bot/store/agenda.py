"""What is to be done now, in one statement: most beats find nothing, and must cost nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select

from bot.store.critiquetables import OpinionRow
from bot.store.deliveries import is_ready
from bot.store.repository import Repository
from bot.store.tables import ChatRow, DeliveryRow, ReportRow, ServingRow, SubscriptionRow


@dataclass(frozen=True, slots=True)
class ToDo:
    """What is to be done now.

    Attributes:
        dues: Whether a subscription is due.
        deliveries: The platforms on which something is to be sent.
        chatter: Whether there are wrap-ups, tallies or reports to tell.
        verdicts: Whether second opinions are there that their people were not shown.
    """

    dues: bool
    deliveries: frozenset[str]
    chatter: bool
    verdicts: bool


class Agenda(Repository):
    """Reads only; each part is answered by an index that holds just what is open."""

    async def look(self, now: datetime, platforms: frozenset[str]) -> ToDo:
        """Return what is to be done on these platforms."""
        asked = sorted(platforms)
        here = ChatRow.platform.in_(asked)
        first_due = select(func.min(SubscriptionRow.next_due_at)).scalar_subquery()
        wrap_ups = exists().where(
            ServingRow.wrap_at <= now,
            ServingRow.wrapped_at.is_(None),
            exists().where(ChatRow.id == ServingRow.chat_id, here),
        )
        tallies = exists().where(
            ServingRow.answers != ServingRow.answers_shown,
            ServingRow.platform_message_id.is_not(None),
            exists().where(ChatRow.id == ServingRow.chat_id, here),
        )
        reports = exists().where(
            ReportRow.told_at.is_(None),
            exists().where(
                ChatRow.id == ReportRow.chat_id,
                ChatRow.reports_thread.is_not(None),
                ChatRow.left_at.is_(None),
                here,
            ),
        )
        verdicts = exists().where(
            OpinionRow.settled_at.is_not(None),
            OpinionRow.told_at.is_(None),
            OpinionRow.platform.in_(asked),
        )
        ready = [exists(select(DeliveryRow.id).where(*is_ready(now, each))) for each in asked]
        query = select(first_due, wrap_ups, tallies, reports, verdicts, *ready)
        due_at, wraps, counts, told, settled, *there = (await self._session.execute(query)).one()
        return ToDo(
            dues=due_at is not None and due_at <= now,
            deliveries=frozenset(p for p, is_there in zip(asked, there, strict=True) if is_there),
            chatter=wraps or counts or told,
            verdicts=settled,
        )
