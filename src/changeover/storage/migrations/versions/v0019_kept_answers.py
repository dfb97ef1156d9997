"""Answers are kept under idempotency keys, and processes tell how routes are doing."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.create_table(
        "kept_answer",
        sa.Column("caller", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("asked", sa.LargeBinary, nullable=False),
        sa.Column("start", sa.Text, nullable=False),
        sa.Column("began", sa.BigInteger, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.Column("sealed", sa.LargeBinary),
    )
    op.create_index("ix_kept_answer_until", "kept_answer", ["until"])
    op.create_table(
        "process_health",
        sa.Column("start", sa.Text, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("told", sa.LargeBinary, nullable=False),
    )
