"""What was heard in recorded answers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from bot.store.critiquetables import TranscriptRow
from bot.store.records import Transcript
from bot.store.repository import Repository


class Transcripts(Repository):
    """One row a recording."""

    async def add(
        self, user_id: int, serving_id: int, dedupe_key: str, text: str, now: datetime
    ) -> Transcript:
        """Keep what was heard; the same recording told twice returns what was heard first."""
        insert = self._insert(TranscriptRow).values(
            user_id=user_id,
            serving_id=serving_id,
            dedupe_key=dedupe_key,
            text=text,
            heard_at=now,
        )
        await self._session.execute(insert.on_conflict_do_nothing())
        found = await self.by_key(dedupe_key)
        assert found is not None, "it was there or is now"
        return found

    async def by_key(self, dedupe_key: str) -> Transcript | None:
        """Return what was heard in a recording, if it was listened to before."""
        query = select(TranscriptRow).where(TranscriptRow.dedupe_key == dedupe_key)
        row = await self._session.scalar(query)
        return None if row is None else _transcript(row)

    async def find(self, transcript_id: int) -> Transcript | None:
        """Return one, if there is one of that id."""
        row = await self._session.get(TranscriptRow, transcript_id)
        return None if row is None else _transcript(row)

    async def forget(self, before: datetime) -> int:
        """Forget what was heard before an instant; return how many."""
        return await self._changed(delete(TranscriptRow).where(TranscriptRow.heard_at < before))


def _transcript(row: TranscriptRow) -> Transcript:
    return Transcript(row.id, row.user_id, row.serving_id, row.text, row.heard_at)
