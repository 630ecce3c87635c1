"""What was shown, drawn from the ledger so that it can be looked up."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_ENTRIES = sa.table(
    "entries", sa.column("seq"), sa.column("kind", sa.String), sa.column("client"), sa.column("payload", sa.Text)
)


def upgrade() -> None:
    """Create the table and fill it from the evaluations that are on record."""
    count = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    sightings = op.create_table(
        "sightings",
        sa.Column("seq", count, sa.ForeignKey("entries.seq"), primary_key=True),
        sa.Column("item", sa.String(64), primary_key=True),
        sa.Column("client", sa.String(128), nullable=False),
        sa.Column("rule", sa.String(128), nullable=False),
        sa.Column("tier", sa.String(16), nullable=False),
        sa.Column("shown_on", sa.String(10), nullable=False),
    )
    op.create_index("sightings_of_client", "sightings", ["client", "item", "seq"])
    op.create_index("sightings_of_item", "sightings", ["item", "seq"])
    op.create_index("sightings_of_rule", "sightings", ["rule", "seq"])
    connection = op.get_bind()
    held = sa.and_(_ENTRIES.c.kind == "evaluation", _ENTRIES.c.payload.is_not(None))
    found = [
        {
            "seq": seq,
            "item": item["id"],
            "client": client,
            "rule": item["rule"],
            "tier": item["tier"],
            "shown_on": guidance["as_of"],
        }
        for seq, client, payload in connection.execute(
            sa.select(_ENTRIES.c.seq, _ENTRIES.c.client, _ENTRIES.c.payload).where(held).order_by(_ENTRIES.c.seq)
        )
        for guidance in [json.loads(payload)["guidance"]]
        for item in {one["id"]: one for one in _items(guidance)}.values()
    ]
    if found:
        connection.execute(sightings.insert(), found)


def _items(guidance: dict[str, object]) -> list[dict[str, str]]:
    """The items of a guidance document as it was when this step was written."""
    pathway = guidance["pathway"]
    cautions = [one for proposal in guidance["proposals"] for one in proposal["cautions"]]  # type: ignore[attr-defined]
    return [*guidance["safety"], *guidance["speaking"], *pathway["now"], *pathway["then"], *cautions]  # type: ignore[misc,index]
