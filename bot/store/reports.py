"""What members have told a group's moderators."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, func, select, update

from bot.store.records import Report, ReportKind
from bot.store.repository import Repository
from bot.store.tables import ChatRow, ReportRow, UserRow


class Reports(Repository):
    """One row a report, a suggestion or an appeal."""

    async def add(
        self,
        chat_id: int,
        user_id: int,
        kind: ReportKind,
        body: str,
        now: datetime,
        *,
        question_id: int | None = None,
        attempt_id: int | None = None,
    ) -> int:
        """Keep what somebody said; return its id."""
        row = ReportRow(
            chat_id=chat_id,
            user_id=user_id,
            question_id=question_id,
            attempt_id=attempt_id,
            kind=kind.value,
            body=body,
            created_at=now,
        )
        self._session.add(row)
        await self._session.flush()
        return row.id

    async def find(self, report_id: int) -> Report | None:
        """Return one, if there is one of that id."""
        found = (await self._session.execute(_all().where(ReportRow.id == report_id))).one_or_none()
        return None if found is None else _report(*found)

    async def appeal(self, attempt_id: int) -> Report | None:
        """Return the last appeal about the verdict on an answer, if there was one."""
        query = _all().where(ReportRow.attempt_id == attempt_id).order_by(ReportRow.id.desc())
        found = (await self._session.execute(query.limit(1))).one_or_none()
        return None if found is None else _report(*found)

    async def waiting_of(self, chat_id: int, user_id: int) -> list[Report]:
        """Return what of a person waits for a group's moderators."""
        query = _all().where(ReportRow.user_id == user_id, *_open(chat_id))
        return [_report(*row) for row in await self._session.execute(query)]

    async def waiting(self, chat_id: int, *, limit: int) -> tuple[list[Report], int]:
        """Return what waits for a group's moderators, oldest first, and how much there is."""
        count = select(func.count()).select_from(ReportRow).where(*_open(chat_id))
        query = _all().where(*_open(chat_id)).order_by(ReportRow.id).limit(limit)
        found = [_report(*row) for row in await self._session.execute(query)]
        return found, await self._session.scalar(count) or 0

    async def untold(self, platforms: frozenset[str], *, limit: int) -> list[Report]:
        """Return what the moderators' channels have not been told, oldest first."""
        query = (
            _all()
            .where(
                ReportRow.told_at.is_(None),
                exists().where(
                    ChatRow.id == ReportRow.chat_id,
                    ChatRow.reports_thread.is_not(None),
                    ChatRow.platform.in_(platforms),
                    ChatRow.left_at.is_(None),
                ),
            )
            .order_by(ReportRow.id)
            .limit(limit)
        )
        return [_report(*row) for row in await self._session.execute(query)]

    async def told(self, report_id: int, now: datetime) -> None:
        """Note that the moderators' channel was told."""
        await self._session.execute(
            update(ReportRow).where(ReportRow.id == report_id).values(told_at=now)
        )

    async def close(self, report_id: int, now: datetime) -> None:
        """Note that a moderator dealt with it; their channel need not be told any more."""
        told = func.coalesce(ReportRow.told_at, now)
        await self._session.execute(
            update(ReportRow).where(ReportRow.id == report_id).values(closed_at=now, told_at=told)
        )


def _open(chat_id: int) -> tuple[ColumnElement[bool], ...]:
    return ReportRow.chat_id == chat_id, ReportRow.closed_at.is_(None)


def _all() -> Select[ReportRow, str]:
    return select(ReportRow, UserRow.display_name).join(
        UserRow, UserRow.id == ReportRow.user_id, isouter=True
    )


def _report(row: ReportRow, name: str | None) -> Report:
    return Report(
        row.id,
        row.chat_id,
        row.question_id,
        ReportKind(row.kind),
        row.body,
        name or "Somebody",
        row.closed_at is not None,
        row.attempt_id,
    )
