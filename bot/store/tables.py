"""The tables, and the rules they carry so that code need not.

Names follow STYLE's glossary; instants end in `_at`, local dates in `_on` or `day`.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from bot.chat.dialog import Dialog
from bot.domain.critique import Critique
from bot.domain.question import Rubric
from bot.store.records import WRAP_AFTER_H
from bot.store.types import JsonOf, UtcDateTime, Weekdays

BigId = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows by INTEGER only


class Base(DeclarativeBase):
    """All tables. Lower-case constraint names, which Alembic's batch mode needs."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own declaration
        datetime: UtcDateTime,
        frozenset[int]: Weekdays,
        dict[str, Any]: JSON,
        list[str]: JSON,
    }


def _id() -> Mapped[int]:
    return mapped_column(BigId, primary_key=True)


def _user(**options: Any) -> Mapped[Any]:
    return mapped_column(BigId, ForeignKey("users.id", ondelete="CASCADE"), **options)


def _chat(**options: Any) -> Mapped[Any]:
    return mapped_column(BigId, ForeignKey("chats.id", ondelete="CASCADE"), **options)


def one_of(column: str, *values: str) -> CheckConstraint:
    """Return the rule that a column has one of these values."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


class UserRow(Base):
    """A human.

    `consent` names the provider that may be sent their answers; empty: none; null: not asked yet.
    """

    __tablename__ = "users"
    id: Mapped[int] = _id()
    display_name: Mapped[str]
    zone: Mapped[str] = mapped_column(default="UTC")
    zone_chosen: Mapped[bool] = mapped_column(default=False)
    day_starts_at: Mapped[int] = mapped_column(default=0)
    hidden: Mapped[bool] = mapped_column(default=False)
    consent: Mapped[str | None]
    created_at: Mapped[datetime]
    __table_args__ = (CheckConstraint("day_starts_at BETWEEN 0 AND 23", name="day_starts_at"),)


class IdentityRow(Base):
    """A person on one platform."""

    __tablename__ = "identities"
    id: Mapped[int] = _id()
    user_id: Mapped[int] = _user(index=True)
    platform: Mapped[str]
    platform_user_id: Mapped[str]
    display_name: Mapped[str]
    reachable: Mapped[bool] = mapped_column(default=True)
    __table_args__ = (UniqueConstraint("platform", "platform_user_id"),)


class ChatRow(Base):
    """A direct chat or a group."""

    __tablename__ = "chats"
    id: Mapped[int] = _id()
    platform: Mapped[str]
    platform_chat_id: Mapped[str]
    kind: Mapped[str]
    title: Mapped[str] = mapped_column(default="")
    zone: Mapped[str] = mapped_column(default="UTC")
    created_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    greeted_at: Mapped[datetime | None]
    reports_thread: Mapped[str | None]
    __table_args__ = (
        UniqueConstraint("platform", "platform_chat_id"),
        one_of("kind", "dm", "group"),
    )


class ChatAliasRow(Base):
    """An id that a platform once had for a chat: groups on Telegram become supergroups."""

    __tablename__ = "chat_aliases"
    platform: Mapped[str] = mapped_column(primary_key=True)
    platform_chat_id: Mapped[str] = mapped_column(primary_key=True)
    chat_id: Mapped[int] = _chat(index=True)


class ChatMemberRow(Base):
    """Who is known in a chat: who can stand on its board."""

    __tablename__ = "chat_members"
    chat_id: Mapped[int] = _chat(primary_key=True)
    user_id: Mapped[int] = _user(primary_key=True, index=True)
    joined_at: Mapped[datetime]


class QuestionRow(Base):
    """A question by its stable slug; `current_number` is the revision that is asked now."""

    __tablename__ = "questions"
    id: Mapped[int] = _id()
    slug: Mapped[str]
    chat_id: Mapped[int | None] = _chat(index=True)
    status: Mapped[str] = mapped_column(default="published")
    current_number: Mapped[int]
    seed: Mapped[str | None]
    created_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("slug"), one_of("status", "draft", "published", "retired"))


class RevisionRow(Base):
    """One immutable wording of a question; attempts point at it."""

    __tablename__ = "question_revisions"
    id: Mapped[int] = _id()
    question_id: Mapped[int] = mapped_column(BigId, ForeignKey("questions.id", ondelete="CASCADE"))
    number: Mapped[int]
    kind: Mapped[str]
    topic: Mapped[str] = mapped_column(index=True)
    level: Mapped[str]
    difficulty: Mapped[int]
    prompt: Mapped[str]
    tags: Mapped[list[str]]
    covers: Mapped[list[str]]
    rubric: Mapped[Rubric] = mapped_column(JsonOf(Rubric))
    author: Mapped[str]
    licence: Mapped[str]
    content_hash: Mapped[str]
    author_user_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("users.id", ondelete="SET NULL")
    )
    created_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("question_id", "number"),)


class SubscriptionRow(Base):
    """A chat, or a person in their direct chat, asks for questions on a cadence.

    `next_due_at` is a cache of what cadence, zone and `last_day` say; paused or ended: null.
    `ping` is the platform's id of a role to call; `wrap_after_h` is after how many hours a group's
    question is wrapped up, unless the next one comes first.
    """

    __tablename__ = "subscriptions"
    id: Mapped[int] = _id()
    chat_id: Mapped[int] = _chat()
    user_id: Mapped[int | None] = _user(index=True)
    name: Mapped[str] = mapped_column(default="daily")
    thread: Mapped[str] = mapped_column(default="")
    ping: Mapped[str] = mapped_column(default="")
    wrap_after_h: Mapped[int] = mapped_column(default=WRAP_AFTER_H)
    topic: Mapped[str | None]
    difficulty: Mapped[int | None]
    minute: Mapped[int]
    days: Mapped[frozenset[int]]
    around: Mapped[bool] = mapped_column(default=False)
    zone: Mapped[str]
    next_due_at: Mapped[datetime | None] = mapped_column(index=True)
    next_day: Mapped[date | None]
    last_day: Mapped[date | None]
    paused_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    created_by: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("users.id", ondelete="SET NULL")
    )
    created_at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint("chat_id", "name"),
        CheckConstraint("minute BETWEEN 0 AND 1439", name="minute"),
    )


class DeliveryRow(Base):
    """One due occurrence of a subscription, and whether it reached the chat.

    Unique by due time and by local date: whoever inserts second was not needed. `place` is a number
    drawn for each occurrence, which orders those that are due at once: nobody is always last.
    """

    __tablename__ = "deliveries"
    id: Mapped[int] = _id()
    subscription_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("subscriptions.id", ondelete="CASCADE")
    )
    platform: Mapped[str]
    due_at: Mapped[datetime]
    day: Mapped[date]
    state: Mapped[str] = mapped_column(default="pending")
    place: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    error: Mapped[str | None]
    __table_args__ = (
        UniqueConstraint("subscription_id", "due_at"),
        UniqueConstraint("subscription_id", "day"),
        one_of("state", "pending", "leased", "sent", "unsure", "failed", "skipped"),
        Index(
            "ix_deliveries_open",
            "platform",
            "not_before",
            "place",
            sqlite_where=text("state IN ('pending', 'leased', 'unsure')"),
            postgresql_where=text("state IN ('pending', 'leased', 'unsure')"),
        ),
        Index(
            "ix_deliveries_tried_again",
            "due_at",
            sqlite_where=text("tries > 1"),
            postgresql_where=text("tries > 1"),
        ),
    )


class ServingRow(Base):
    """One question shown in one chat at one moment: what people answer.

    `answers` and `answers_shown` tell whether the message's tally is up to date. `wrap_at` is when
    a group's question is to be wrapped up, `wrapped_at` when it was; others have neither.
    """

    __tablename__ = "servings"
    id: Mapped[int] = _id()
    revision_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("question_revisions.id", ondelete="CASCADE")
    )
    question_id: Mapped[int] = mapped_column(BigId, ForeignKey("questions.id", ondelete="CASCADE"))
    chat_id: Mapped[int] = _chat(index=True)
    user_id: Mapped[int | None] = _user(index=True)
    delivery_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("deliveries.id", ondelete="SET NULL")
    )
    platform_message_id: Mapped[str | None]
    served_at: Mapped[datetime]
    answers: Mapped[int] = mapped_column(default=0)
    answers_shown: Mapped[int] = mapped_column(default=0)
    wrap_at: Mapped[datetime | None]
    wrapped_at: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("delivery_id"),
        UniqueConstraint("chat_id", "platform_message_id"),
        Index(
            "ix_servings_untold",
            "id",
            sqlite_where=text("answers <> answers_shown AND platform_message_id IS NOT NULL"),
            postgresql_where=text("answers <> answers_shown AND platform_message_id IS NOT NULL"),
        ),
        Index(
            "ix_servings_unwrapped",
            "wrap_at",
            sqlite_where=text("wrap_at IS NOT NULL AND wrapped_at IS NULL"),
            postgresql_where=text("wrap_at IS NOT NULL AND wrapped_at IS NULL"),
        ),
    )


class TurnRow(Base):
    """What one person did with one serving besides answering: hints, skip, reveal."""

    __tablename__ = "turns"
    serving_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("servings.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = _user(primary_key=True, index=True)
    hints: Mapped[int] = mapped_column(default=0)
    skipped_at: Mapped[datetime | None]
    revealed_at: Mapped[datetime | None]


class AttemptRow(Base):
    """One person's one answer to one serving; the answer is never edited.

    `scores` is null until it is judged; at most one of a person's attempts at a serving scores.
    `shared`: the person lets the group see it in the wrap-up.
    """

    __tablename__ = "attempts"
    id: Mapped[int] = _id()
    user_id: Mapped[int] = _user()
    serving_id: Mapped[int] = mapped_column(BigId, ForeignKey("servings.id", ondelete="CASCADE"))
    answer: Mapped[str]
    submitted_at: Mapped[datetime]
    day: Mapped[date]
    board_day: Mapped[date]
    zone: Mapped[str]
    dedupe_key: Mapped[str]
    scores: Mapped[bool | None]
    score: Mapped[int | None]
    points: Mapped[int] = mapped_column(default=0)
    critique: Mapped[Critique | None] = mapped_column(JsonOf(Critique))
    shared: Mapped[bool] = mapped_column(default=False)
    __table_args__ = (
        UniqueConstraint("dedupe_key"),
        Index("ix_attempts_user_id_submitted_at", "user_id", "submitted_at"),
        Index("ix_attempts_serving_id_user_id", "serving_id", "user_id"),
        Index(
            "uq_attempts_scoring",
            "serving_id",
            "user_id",
            unique=True,
            sqlite_where=text("scores"),
            postgresql_where=text("scores"),
        ),
        Index(
            "ix_attempts_unjudged",
            "id",
            sqlite_where=text("scores IS NULL"),
            postgresql_where=text("scores IS NULL"),
        ),
    )


class StreakDayRow(Base):
    """A local day with an attempt that counts: the only truth about streaks."""

    __tablename__ = "streak_days"
    user_id: Mapped[int] = _user(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    zone: Mapped[str]


class PlanRow(Base):
    """The weekdays that are scheduled for a person from a date on; later plans rewrite nothing."""

    __tablename__ = "plans"
    user_id: Mapped[int] = _user(primary_key=True)
    from_day: Mapped[date] = mapped_column(primary_key=True)
    days: Mapped[frozenset[int]]


class TotalRow(Base):
    """Points of a person in a chat in a period, kept in the attempt's own transaction."""

    __tablename__ = "totals"
    chat_id: Mapped[int] = _chat(primary_key=True)
    period: Mapped[str] = mapped_column(String(20), primary_key=True)
    user_id: Mapped[int] = _user(primary_key=True, index=True)
    points: Mapped[int] = mapped_column(default=0)
    answers: Mapped[int] = mapped_column(default=0)
    __table_args__ = (Index("ix_totals_board", "chat_id", "period", "points", "user_id"),)


class DialogRow(Base):
    """A form on its way, one for a person in a chat."""

    __tablename__ = "dialogs"
    chat_id: Mapped[int] = _chat(primary_key=True)
    user_id: Mapped[int] = _user(primary_key=True, index=True)
    dialog: Mapped[Dialog] = mapped_column(JsonOf(Dialog))
    expires_at: Mapped[datetime]


class PostRow(Base):
    """A message of ours, and the action that takes a typed reply to it.

    It stands in one chat and may concern another: a group's question, answered in private.
    """

    __tablename__ = "posts"
    chat_id: Mapped[int] = _chat(primary_key=True)
    message_id: Mapped[str] = mapped_column(primary_key=True)
    about_chat_id: Mapped[int] = _chat(index=True)
    reply: Mapped[str]
    posted_at: Mapped[datetime] = mapped_column(index=True)


class UpdateRow(Base):
    """What a platform told us: kept before it is confirmed there, emptied when it is dealt with."""

    __tablename__ = "updates"
    platform: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    payload: Mapped[str | None]
    number: Mapped[int] = mapped_column(BigId)
    received_at: Mapped[datetime] = mapped_column(index=True)
    __table_args__ = (
        Index(
            "ix_updates_waiting",
            "platform",
            "number",
            sqlite_where=text("payload IS NOT NULL"),
            postgresql_where=text("payload IS NOT NULL"),
        ),
    )


class ReportRow(Base):
    """What somebody told the moderators of a group about a question, or suggested as one.

    A suggestion is about no question, an appeal about the verdict on an answer. `told_at` is when
    the moderators' channel was told, null while it was not; `closed_at` is when a moderator dealt
    with it.
    """

    __tablename__ = "reports"
    id: Mapped[int] = _id()
    chat_id: Mapped[int] = _chat(index=True)
    user_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("users.id", ondelete="SET NULL"))
    question_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("questions.id", ondelete="CASCADE")
    )
    attempt_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("attempts.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str]
    body: Mapped[str]
    created_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    __table_args__ = (
        one_of("kind", "report", "suggestion", "appeal"),
        Index(
            "ix_reports_untold",
            "id",
            sqlite_where=text("told_at IS NULL"),
            postgresql_where=text("told_at IS NULL"),
        ),
    )


class AuditRow(Base):
    """What a moderator did; written in the same transaction, never changed."""

    __tablename__ = "audit_log"
    id: Mapped[int] = _id()
    at: Mapped[datetime]
    actor_user_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("users.id", ondelete="SET NULL")
    )
    chat_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("chats.id", ondelete="SET NULL"))
    verb: Mapped[str]
    subject: Mapped[str]
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]


class KeyValueRow(Base):
    """Small facts about this installation: the imported bank's hash, for instance."""

    __tablename__ = "kv"
    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class JobRow(Base):
    """Something slow that is to be done, in one process; on PostgreSQL procrastinate keeps them.

    `asked` counts the promises, so that one made while the job runs is not lost. `failed_at` is
    when it was given up.
    """

    __tablename__ = "jobs"
    task: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    not_before: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    asked: Mapped[int] = mapped_column(default=1)
    error: Mapped[str | None]
    failed_at: Mapped[datetime | None]
    __table_args__ = (
        Index(
            "ix_jobs_open",
            "not_before",
            sqlite_where=text("failed_at IS NULL"),
            postgresql_where=text("failed_at IS NULL"),
        ),
    )
