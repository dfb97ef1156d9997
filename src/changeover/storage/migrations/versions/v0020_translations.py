"""Texts and documents are translated, segment by segment."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.create_table(
        "translation",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("account", sa.Text, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("start", sa.Text),
        sa.Column("changed", sa.BigInteger, nullable=False),
        sa.Column("removed", sa.BigInteger),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("original", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_translation_account", "translation", ["account"])
    op.create_index("ix_translation_state", "translation", ["state"])
    op.create_table(
        "translation_segment",
        sa.Column("translation", sa.Text, sa.ForeignKey("translation.id"), primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_translation_segment_state", "translation_segment", ["translation", "state"])
