"""Captures keep their text and what was read in it: quotes' offsets count in that text."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("document", sa.Column("reading", sa.LargeBinary))
