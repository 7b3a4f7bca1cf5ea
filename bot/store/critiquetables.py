"""Tables of what is said of an answer after its first verdict, and what that takes."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.critique import Critique
from bot.domain.opinion import Opinion
from bot.store.tables import Base, BigId, one_of
from bot.store.types import JsonOf


class OpinionRow(Base):
    """A second opinion on an answer, from the promise of it until the person was shown it.

    `offline` is the verdict that it replaced, kept as a trace. `address` is where the critique
    stands that is to be replaced, in its platform's own words, and good until `address_until`.
    `cache_key` finds what was thought of the same answer before.
    """

    __tablename__ = "opinions"
    attempt_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("attempts.id", ondelete="CASCADE"), primary_key=True
    )
    state: Mapped[str] = mapped_column(default="waiting")
    platform: Mapped[str]
    provider: Mapped[str]
    asked_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    address: Mapped[str | None]
    address_until: Mapped[datetime | None]
    offline: Mapped[Critique | None] = mapped_column(JsonOf(Critique))
    opinion: Mapped[Opinion | None] = mapped_column(JsonOf(Opinion))
    cache_key: Mapped[str | None] = mapped_column(index=True)
    reserved: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str | None]
    __table_args__ = (
        one_of("state", "waiting", "ready", "failed"),
        Index(
            "ix_opinions_waiting",
            "asked_at",
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
        Index(
            "ix_opinions_untold",
            "settled_at",
            sqlite_where=text("settled_at IS NOT NULL AND told_at IS NULL"),
            postgresql_where=text("settled_at IS NOT NULL AND told_at IS NULL"),
        ),
    )


class TranscriptRow(Base):
    """What was heard in a recorded answer, until its person has it graded, or corrects it."""

    __tablename__ = "transcripts"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    serving_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("servings.id", ondelete="CASCADE"), index=True
    )
    dedupe_key: Mapped[str] = mapped_column(unique=True)
    text: Mapped[str]
    heard_at: Mapped[datetime] = mapped_column(index=True)


class SpendingRow(Base):
    """Tokens that second opinions took on a day (UTC), of a person, in a chat, or in all.

    `scope` is "user:5", "chat:7" or "all". They are reserved before they are spent.
    """

    __tablename__ = "spending"
    scope: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    tokens: Mapped[int] = mapped_column(BigInteger, default=0)
