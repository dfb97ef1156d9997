"""Calls keep what they cost, and by which key they came."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("call", sa.Column("key", sa.Text))
    op.add_column("call", sa.Column("cost", sa.BigInteger))
    op.add_column("call", sa.Column("cost_basis", sa.Text))
    op.add_column("call", sa.Column("cached_tokens", sa.BigInteger))
    op.add_column("call", sa.Column("cache_written_tokens", sa.BigInteger))
    op.add_column("call", sa.Column("reasoning_tokens", sa.BigInteger))
    op.create_index("ix_call_at", "call", ["at"])
