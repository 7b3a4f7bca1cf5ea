"""Questions and their revisions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, true, update
from sqlalchemy.sql import Select

from bot.domain.picking import Candidate
from bot.domain.question import Level, Question
from bot.store.records import StoredQuestion
from bot.store.repository import Repository
from bot.store.tables import AttemptRow, QuestionRow, RevisionRow, ServingRow

Rows = Select[QuestionRow, RevisionRow]

WORDINGS = 2000
"""Wordings that are remembered: reading one again costs a millisecond, mostly for its rubric."""

_wordings: dict[str, Question] = {}
# By the hash of all they hold, so that one is right in any database, and for ever.


class Questions(Repository):
    """The bank as it is asked, and what moderators added to it."""

    async def by_revision(self, revision_id: int) -> StoredQuestion:
        """Return the question in one of its wordings."""
        found = await self._known(RevisionRow.id == revision_id, any_number=True)
        assert found is not None
        return found

    async def by_slug(self, slug: str) -> StoredQuestion | None:
        """Return a question in its current wording."""
        return await self._one(_current().where(QuestionRow.slug == slug))

    async def by_seed(self, seed: str) -> StoredQuestion | None:
        """Return the question with a number of the roadmap's list."""
        query = _current().where(QuestionRow.seed == seed)
        return await self._one(query.order_by(QuestionRow.status, QuestionRow.id.desc()).limit(1))

    async def slugs_like(self, prefix: str) -> set[str]:
        """Return the slugs that begin with `prefix`."""
        query = select(QuestionRow.slug).where(QuestionRow.slug.startswith(prefix, autoescape=True))
        return set(await self._session.scalars(query))

    async def all_public(self) -> dict[str, StoredQuestion]:
        """Return the public bank by slug, retired ones too."""
        found = await self._session.execute(_current().where(QuestionRow.chat_id.is_(None)))
        return {row[0].slug: _stored(*row) for row in found}

    async def search(
        self, chat_id: int, words: list[str], *, limit: int
    ) -> tuple[list[StoredQuestion], int]:
        """Return questions a chat may ask that have all `words`, and how many there are."""
        query = _current().where(_visible(chat_id), QuestionRow.status == "published")
        for word in words:
            query = query.where(
                or_(
                    RevisionRow.prompt.icontains(word, autoescape=True),
                    QuestionRow.slug.icontains(word, autoescape=True),
                    RevisionRow.topic.icontains(word, autoescape=True),
                )
            )
        count = await self._session.scalar(select(func.count()).select_from(query.subquery()))
        rows = await self._session.execute(query.order_by(QuestionRow.id).limit(limit))
        return [_stored(*row) for row in rows], count or 0

    async def candidates(
        self,
        chat_id: int,
        user_id: int | None,
        *,
        topic: str | None = None,
        difficulty: int | None = None,
    ) -> list[Candidate]:
        """Return what may be asked in a chat, with how often it was shown before.

        For a person that counts what was served to them, and what they answered in a group; for a
        chat what was served to all of it.
        """
        if user_id is None:
            shown = (ServingRow.chat_id == chat_id) & ServingRow.user_id.is_(None)
        else:
            answered = select(AttemptRow.serving_id).where(AttemptRow.user_id == user_id)
            shown = (ServingRow.user_id == user_id) | ServingRow.id.in_(answered)
        seen = (
            select(
                ServingRow.question_id,
                func.count().label("times"),
                func.max(ServingRow.id).label("last"),
            )
            .where(shown)
            .group_by(ServingRow.question_id)
            .subquery()
        )
        query = (
            select(QuestionRow.id, QuestionRow.slug, seen.c.times, seen.c.last)
            .join(
                RevisionRow,
                (RevisionRow.question_id == QuestionRow.id)
                & (RevisionRow.number == QuestionRow.current_number),
            )
            .join(seen, seen.c.question_id == QuestionRow.id, isouter=True)
            .where(_visible(chat_id), QuestionRow.status == "published")
        )
        if topic:
            query = query.where(RevisionRow.topic == topic)
        if difficulty:
            query = query.where(RevisionRow.difficulty == difficulty)
        rows = await self._session.execute(query)
        return [Candidate(id_, slug, times or 0, last or 0) for id_, slug, times, last in rows]

    async def by_id(self, question_id: int) -> StoredQuestion:
        """Return a question in its current wording."""
        found = await self._known(QuestionRow.id == question_id)
        assert found is not None
        return found

    async def topic_counts(self, chat_id: int) -> dict[str, int]:
        """Return how many questions a chat may ask, by topic."""
        query = (
            select(RevisionRow.topic, func.count())
            .join(
                QuestionRow,
                (RevisionRow.question_id == QuestionRow.id)
                & (RevisionRow.number == QuestionRow.current_number),
            )
            .where(_visible(chat_id), QuestionRow.status == "published")
            .group_by(RevisionRow.topic)
        )
        return dict((await self._session.execute(query)).all())

    async def add(
        self,
        question: Question,
        content_hash: str,
        now: datetime,
        *,
        chat_id: int | None = None,
        author_user_id: int | None = None,
    ) -> int:
        """Add a question with its first wording; return its id."""
        row = QuestionRow(
            slug=question.slug,
            seed=question.seed,
            chat_id=chat_id,
            current_number=1,
            created_at=now,
        )
        self._session.add(row)
        await self._session.flush()
        self._session.add(_revision(row.id, 1, question, content_hash, now, author_user_id))
        await self._session.flush()
        return row.id

    async def revise(
        self,
        stored: StoredQuestion,
        question: Question,
        content_hash: str,
        now: datetime,
        *,
        author_user_id: int | None = None,
    ) -> None:
        """Give a question a new wording; attempts at older ones keep theirs."""
        query = select(func.max(RevisionRow.number)).where(RevisionRow.question_id == stored.id)
        number = (await self._session.scalar(query) or 0) + 1
        self._session.add(_revision(stored.id, number, question, content_hash, now, author_user_id))
        await self._session.flush()
        await self._session.execute(
            update(QuestionRow)
            .where(QuestionRow.id == stored.id)
            .values(current_number=number, seed=question.seed)
        )

    async def set_status(self, question_id: int, status: str) -> None:
        """Publish or retire a question."""
        await self._session.execute(
            update(QuestionRow).where(QuestionRow.id == question_id).values(status=status)
        )

    async def _known(
        self, which: ColumnElement[bool], *, any_number: bool = False
    ) -> StoredQuestion | None:
        """Return a question whose wording need not be read again if it was read before."""
        current = true() if any_number else RevisionRow.number == QuestionRow.current_number
        same = (RevisionRow.question_id == QuestionRow.id) & current
        head = select(
            QuestionRow.id,
            RevisionRow.id,
            RevisionRow.number,
            QuestionRow.status,
            QuestionRow.chat_id,
            RevisionRow.content_hash,
        ).join(RevisionRow, same)
        found = (await self._session.execute(head.where(which))).one_or_none()
        if found is None:
            return None
        question = _wordings.get(found.content_hash)
        if question is None:
            query = select(QuestionRow, RevisionRow).join(RevisionRow, same).where(which)
            stored = _stored(*(await self._session.execute(query)).one())
            while len(_wordings) >= WORDINGS:
                del _wordings[next(iter(_wordings))]
            _wordings[stored.content_hash] = stored.question
            return stored
        return StoredQuestion(*found, question)

    async def _one(self, query: Rows) -> StoredQuestion | None:
        found = (await self._session.execute(query)).one_or_none()
        return None if found is None else _stored(*found)


def _current() -> Rows:
    return select(QuestionRow, RevisionRow).join(
        RevisionRow,
        (RevisionRow.question_id == QuestionRow.id)
        & (RevisionRow.number == QuestionRow.current_number),
    )


def _visible(chat_id: int) -> ColumnElement[bool]:
    """Public questions, and the chat's own."""
    return or_(QuestionRow.chat_id.is_(None), QuestionRow.chat_id == chat_id)


def _revision(
    question_id: int,
    number: int,
    question: Question,
    content_hash: str,
    now: datetime,
    author_user_id: int | None,
) -> RevisionRow:
    return RevisionRow(
        question_id=question_id,
        number=number,
        kind=question.kind,
        topic=question.topic,
        level=question.level.value,
        difficulty=question.difficulty,
        prompt=question.prompt,
        tags=list(question.tags),
        covers=list(question.covers),
        rubric=question.rubric,
        author=question.author,
        licence=question.licence,
        content_hash=content_hash,
        author_user_id=author_user_id,
        created_at=now,
    )


def _stored(row: QuestionRow, revision: RevisionRow) -> StoredQuestion:
    question = Question(
        slug=row.slug,
        prompt=revision.prompt,
        topic=revision.topic,
        difficulty=revision.difficulty,
        rubric=revision.rubric,
        level=Level(revision.level),
        kind=revision.kind,
        tags=tuple(revision.tags),
        covers=tuple(revision.covers),
        seed=row.seed,
        author=revision.author,
        licence=revision.licence,
    )
    return StoredQuestion(
        row.id,
        revision.id,
        revision.number,
        row.status,
        row.chat_id,
        revision.content_hash,
        question,
    )
