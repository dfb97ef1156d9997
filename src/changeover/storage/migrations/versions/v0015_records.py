"""People remove conversations, and say what they think of answers."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.add_column("conversation", sa.Column("removed", sa.BigInteger))
    op.create_table(
        "feedback",
        sa.Column("turn", sa.Text, sa.ForeignKey("turn.id"), primary_key=True),
        sa.Column("account", sa.Text, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("rating", sa.BigInteger, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_feedback_at", "feedback", ["at"])
