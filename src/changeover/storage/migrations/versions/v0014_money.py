"""Calls keep what they cost, and by which key they came; limits and what is let out of them."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.add_column("call", sa.Column("key", sa.Text))
    op.add_column("call", sa.Column("cost", sa.BigInteger))
    op.add_column("call", sa.Column("cost_basis", sa.Text))
    op.add_column("call", sa.Column("cached_tokens", sa.BigInteger))
    op.add_column("call", sa.Column("cache_written_tokens", sa.BigInteger))
    op.add_column("call", sa.Column("reasoning_tokens", sa.BigInteger))
    op.create_index("ix_call_at", "call", ["at"])
    op.create_table(
        "spending_limit",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("named", sa.Text, nullable=False),
        sa.Column("measure", sa.Text, nullable=False),
        sa.Column("period", sa.Text, nullable=False),
        sa.Column("amount", sa.BigInteger),
        sa.Column("set_by", sa.Text, nullable=False),
        sa.Column("set_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "allowance",
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("start", sa.Text, primary_key=True),
        sa.Column("drawn", sa.BigInteger, nullable=False),
        sa.Column("settled", sa.BigInteger, nullable=False),
    )
