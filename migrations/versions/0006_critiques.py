"""What is said of an answer after its first verdict: second opinions, their cost, appeals."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("users", sa.Column("consent", sa.String(), nullable=True))
    op.create_table(
        "opinions",
        sa.Column("attempt_id", _ID, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("asked_at", _WHEN, nullable=False),
        sa.Column("settled_at", _WHEN, nullable=True),
        sa.Column("told_at", _WHEN, nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("address_until", _WHEN, nullable=True),
        sa.Column("offline", sa.JSON(), nullable=True),
        sa.Column("opinion", sa.JSON(), nullable=True),
        sa.Column("cache_key", sa.String(), nullable=True),
        sa.Column("reserved", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'ready', 'failed')", name="ck_opinions_state"),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempts.id"], name="fk_opinions_attempt_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("attempt_id", name="pk_opinions"),
    )
    op.create_index("ix_opinions_cache_key", "opinions", ["cache_key"])
    _partly("ix_opinions_waiting", "opinions", "asked_at", "settled_at IS NULL")
    _partly(
        "ix_opinions_untold", "opinions", "settled_at", "settled_at IS NOT NULL AND told_at IS NULL"
    )
    op.create_table(
        "spending",
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("tokens", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "day", name="pk_spending"),
    )
    op.create_table(
        "appeals",
        sa.Column("id", _ID, nullable=False),
        sa.Column("attempt_id", _ID, nullable=False),
        sa.Column("chat_id", _ID, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("asked_at", _WHEN, nullable=False),
        sa.Column("told_at", _WHEN, nullable=True),
        sa.Column("decided_at", _WHEN, nullable=True),
        sa.Column("decided_by", _ID, nullable=True),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempts.id"], name="fk_appeals_attempt_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["chats.id"], name="fk_appeals_chat_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["users.id"], name="fk_appeals_decided_by", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_appeals"),
    )
    op.create_index("ix_appeals_attempt_id", "appeals", ["attempt_id"])
    op.create_index("ix_appeals_chat_id", "appeals", ["chat_id"])
    _partly("ix_appeals_untold", "appeals", "id", "told_at IS NULL AND decided_at IS NULL")


def _partly(name: str, table: str, column: str, where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, [column], sqlite_where=condition, postgresql_where=condition)


def downgrade() -> None:
    op.drop_table("appeals")
    op.drop_table("spending")
    op.drop_table("opinions")
    op.drop_column("users", "consent")
