"""What chats on real platforms need: topics, moved chats, messages that take replies, an inbox.

Deliveries, answers and everything else stay as they are.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("chats") as chats:
        chats.add_column(sa.Column("greeted_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("subscriptions") as subscriptions:
        subscriptions.add_column(
            sa.Column("thread", sa.String(), nullable=False, server_default="")
        )
    with op.batch_alter_table("subscriptions") as subscriptions:
        subscriptions.alter_column("thread", existing_type=sa.String(), server_default=None)
    op.create_table(
        "chat_aliases",
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("platform_chat_id", sa.String(), nullable=False),
        sa.Column("chat_id", _ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["chats.id"], name=op.f("fk_chat_aliases_chat_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("platform", "platform_chat_id", name=op.f("pk_chat_aliases")),
    )
    op.create_index(op.f("ix_chat_aliases_chat_id"), "chat_aliases", ["chat_id"])
    op.create_table(
        "posts",
        sa.Column("chat_id", _ID, nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("about_chat_id", _ID, nullable=False),
        sa.Column("reply", sa.String(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["about_chat_id"],
            ["chats.id"],
            name=op.f("fk_posts_about_chat_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["chats.id"], name=op.f("fk_posts_chat_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("chat_id", "message_id", name=op.f("pk_posts")),
    )
    op.create_index(op.f("ix_posts_about_chat_id"), "posts", ["about_chat_id"])
    op.create_index(op.f("ix_posts_posted_at"), "posts", ["posted_at"])
    op.create_table(
        "updates",
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("payload", sa.String(), nullable=True),
        sa.Column("number", _ID, nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("platform", "key", name=op.f("pk_updates")),
    )
    op.create_index(op.f("ix_updates_received_at"), "updates", ["received_at"])
    op.create_index(
        "ix_updates_waiting",
        "updates",
        ["platform", "number"],
        sqlite_where=sa.text("payload IS NOT NULL"),
        postgresql_where=sa.text("payload IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_table("updates")
    op.drop_table("posts")
    op.drop_table("chat_aliases")
    with op.batch_alter_table("subscriptions") as subscriptions:
        subscriptions.drop_column("thread")
    with op.batch_alter_table("chats") as chats:
        chats.drop_column("greeted_at")
