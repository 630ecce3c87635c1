"""The ledger."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the ledger."""
    count = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "entries",
        sa.Column("seq", count, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("client", sa.String(128)),
        sa.Column("salt", sa.String(32)),
        sa.Column("payload", sa.Text),
        sa.Column("leaf", sa.String(64), nullable=False),
        sa.Column("link", sa.String(64), nullable=False),
    )
    op.create_index("entries_of_client", "entries", ["client", "seq"])
    op.create_index("entries_of_kind", "entries", ["kind", "seq"])
