"""Conversations that came in from files know it, so that a file is taken in once."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "imported_conversation",
        sa.Column("conversation", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("file", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("source_id", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("conversation", name="pk_imported_conversation"),
        sa.ForeignKeyConstraint(
            ["conversation"],
            ["conversation.id"],
            name="fk_imported_conversation_conversation",
        ),
        sa.UniqueConstraint("account", "digest", name="uq_imported_conversation_account"),
    )
    op.create_index(
        "ix_imported_conversation_account_source_id",
        "imported_conversation",
        ["account", "source_id"],
    )
