"""What many deliveries at once need: their platform and their place in the queue, in one index.

Those that are there keep their order: their place is 0.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_OPEN = sa.text("state IN ('pending', 'leased', 'unsure')")


def upgrade() -> None:
    op.drop_index("ix_deliveries_open", "deliveries")
    with op.batch_alter_table("deliveries") as batch:
        batch.add_column(sa.Column("platform", sa.String(), nullable=False, server_default=""))
        batch.add_column(sa.Column("place", sa.Integer(), nullable=False, server_default="0"))
    op.execute(
        "UPDATE deliveries SET platform = (SELECT chats.platform FROM subscriptions "
        "JOIN chats ON chats.id = subscriptions.chat_id "
        "WHERE subscriptions.id = deliveries.subscription_id)"
    )
    with op.batch_alter_table("deliveries") as batch:
        batch.alter_column("platform", existing_type=sa.String(), server_default=None)
        batch.alter_column("place", existing_type=sa.Integer(), server_default=None)
    op.create_index(
        "ix_deliveries_open",
        "deliveries",
        ["platform", "not_before", "place"],
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    again = sa.text("tries > 1")
    op.create_index(
        "ix_deliveries_tried_again",
        "deliveries",
        ["due_at"],
        sqlite_where=again,
        postgresql_where=again,
    )


def downgrade() -> None:
    op.drop_index("ix_deliveries_tried_again", "deliveries")
    op.drop_index("ix_deliveries_open", "deliveries")
    with op.batch_alter_table("deliveries") as batch:
        batch.drop_column("place")
        batch.drop_column("platform")
    op.create_index(
        "ix_deliveries_open",
        "deliveries",
        ["not_before"],
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
