"""People keep conversations in folders, or only for a time, and prompts to use again."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "folder",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("account", sa.Text, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("removed", sa.BigInteger),
    )
    op.create_index("ix_folder_account", "folder", ["account"])
    op.create_table(
        "prompt",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("account", sa.Text, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("party", sa.Text),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("changed", sa.BigInteger, nullable=False),
        sa.Column("removed", sa.BigInteger),
    )
    op.create_index("ix_prompt_account", "prompt", ["account"])
    op.create_index("ix_prompt_party", "prompt", ["party"])
    op.add_column("conversation", sa.Column("folder", sa.Text))
    op.add_column("conversation", sa.Column("temporary_until", sa.BigInteger))
