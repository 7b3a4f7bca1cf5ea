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
        "transcripts",
        sa.Column("id", _ID, nullable=False),
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("serving_id", _ID, nullable=False),
        sa.Column("dedupe_key", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("heard_at", _WHEN, nullable=False),
        sa.ForeignKeyConstraint(
            ["serving_id"], ["servings.id"], name="fk_transcripts_serving_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_transcripts_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_transcripts"),
        sa.UniqueConstraint("dedupe_key", name="uq_transcripts_dedupe_key"),
    )
    for column in ("user_id", "serving_id", "heard_at"):
        op.create_index(f"ix_transcripts_{column}", "transcripts", [column])
    op.create_table(
        "spending",
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("tokens", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "day", name="pk_spending"),
    )
    with op.batch_alter_table("reports") as table:
        table.add_column(sa.Column("attempt_id", _ID, nullable=True))
        table.create_foreign_key(
            "fk_reports_attempt_id", "attempts", ["attempt_id"], ["id"], ondelete="CASCADE"
        )
        table.drop_constraint(op.f("ck_reports_kind"), type_="check")
        table.create_check_constraint(
            op.f("ck_reports_kind"), "kind IN ('report', 'suggestion', 'appeal')"
        )
        table.create_index("ix_reports_attempt_id", ["attempt_id"])


def _partly(name: str, table: str, column: str, where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, [column], sqlite_where=condition, postgresql_where=condition)


def downgrade() -> None:
    op.execute("DELETE FROM reports WHERE kind = 'appeal'")
    with op.batch_alter_table("reports") as table:
        table.drop_index("ix_reports_attempt_id")
        table.drop_constraint(op.f("ck_reports_kind"), type_="check")
        table.create_check_constraint(op.f("ck_reports_kind"), "kind IN ('report', 'suggestion')")
        table.drop_constraint("fk_reports_attempt_id", type_="foreignkey")
        table.drop_column("attempt_id")
    op.drop_table("spending")
    op.drop_table("transcripts")
    op.drop_table("opinions")
    op.drop_column("users", "consent")
