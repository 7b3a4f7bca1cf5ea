"""What study groups need: a role to call, wrap-ups, shared answers, reports to moderators.

Deliveries, answers and everything else stay as they are.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _add("subscriptions", "ping", sa.String(), "")
    _add("subscriptions", "wrap_after_h", sa.Integer(), "168")
    _add("attempts", "shared", sa.Boolean(), sa.false())
    _add("chats", "reports_thread", sa.String(), None)
    _add("servings", "wrap_at", sa.DateTime(timezone=True), None)
    _add("servings", "wrapped_at", sa.DateTime(timezone=True), None)
    op.create_index(
        "ix_servings_unwrapped",
        "servings",
        ["wrap_at"],
        sqlite_where=sa.text("wrap_at IS NOT NULL AND wrapped_at IS NULL"),
        postgresql_where=sa.text("wrap_at IS NOT NULL AND wrapped_at IS NULL"),
    )
    op.create_table(
        "reports",
        sa.Column("id", _ID, nullable=False),
        sa.Column("chat_id", _ID, nullable=False),
        sa.Column("user_id", _ID, nullable=True),
        sa.Column("question_id", _ID, nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('report', 'suggestion')", name=op.f("ck_reports_kind")),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["chats.id"], name=op.f("fk_reports_chat_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["questions.id"],
            name=op.f("fk_reports_question_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_reports_user_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
    )
    op.create_index(op.f("ix_reports_chat_id"), "reports", ["chat_id"])
    op.create_index(
        "ix_reports_untold",
        "reports",
        ["id"],
        sqlite_where=sa.text("told_at IS NULL"),
        postgresql_where=sa.text("told_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("reports")
    op.drop_index("ix_servings_unwrapped", "servings")
    for table, columns in (
        ("servings", ("wrapped_at", "wrap_at")),
        ("chats", ("reports_thread",)),
        ("attempts", ("shared",)),
        ("subscriptions", ("wrap_after_h", "ping")),
    ):
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.drop_column(column)


def _add(table: str, name: str, kind: sa.types.TypeEngine[Any], default: Any) -> None:
    """Add a column; rows that are there get `default`, new ones a value from the program."""
    if default is None:
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column(name, kind, nullable=True))
        return
    with op.batch_alter_table(table) as batch:
        batch.add_column(sa.Column(name, kind, nullable=False, server_default=default))
    with op.batch_alter_table(table) as batch:
        batch.alter_column(name, existing_type=kind, server_default=None)
