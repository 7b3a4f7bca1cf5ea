"""Jobs that are slow: their table. On PostgreSQL procrastinate's tables come after this.

Those come with the package (bot/store/jobschema.py) and go with this migration.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_DROP_QUEUE = r"""
DO $$
DECLARE
    each record;
BEGIN
    FOR each IN SELECT relname FROM pg_class WHERE relkind = 'r'
        AND relnamespace = current_schema()::regnamespace AND relname LIKE 'procrastinate\_%'
    LOOP EXECUTE format('DROP TABLE %I CASCADE', each.relname); END LOOP;
    FOR each IN SELECT oid::regprocedure AS signature FROM pg_proc
        WHERE pronamespace = current_schema()::regnamespace AND proname LIKE 'procrastinate\_%'
    LOOP EXECUTE 'DROP FUNCTION ' || each.signature || ' CASCADE'; END LOOP;
    FOR each IN SELECT typname FROM pg_type WHERE typtype IN ('c', 'e')
        AND typnamespace = current_schema()::regnamespace AND typname LIKE 'procrastinate\_%'
    LOOP EXECUTE format('DROP TYPE %I CASCADE', each.typname); END LOOP;
END
$$
"""


def upgrade() -> None:
    op.create_table(
        "jobs",
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("task", "key", name=op.f("pk_jobs")),
    )
    op.create_index(
        "ix_jobs_open",
        "jobs",
        ["not_before"],
        sqlite_where=sa.text("failed_at IS NULL"),
        postgresql_where=sa.text("failed_at IS NULL"),
    )


def downgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_DROP_QUEUE, execution_options={"no_parameters": True})
        op.execute("DELETE FROM kv WHERE key = 'procrastinate.migration'")
    op.drop_index("ix_jobs_open", "jobs")
    op.drop_table("jobs")
