"""Conversations can be pinned."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("conversation", sa.Column("pinned", sa.BigInteger))
