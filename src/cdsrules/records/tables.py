"""The tables: one ledger that is only added to, and what was drawn from it to be looked up.

The ledger alone counts. `sightings` holds each item of each guidance, so that "shown before?"
is one look; it can be made anew from the ledger, and goes with a client who is erased.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, MetaData, String, Table, Text

metadata: Final = MetaData()

# SQLite counts rows in its own integers, which are as wide.
_COUNT: Final = BigInteger().with_variant(Integer, "sqlite")

entries: Final = Table(
    "entries",
    metadata,
    Column("seq", _COUNT, primary_key=True, autoincrement=False),
    Column("kind", String(16), nullable=False),
    Column("at", String(32), nullable=False),
    Column("client", String(128)),
    Column("salt", String(32)),
    Column("payload", Text),
    Column("leaf", String(64), nullable=False),
    Column("link", String(64), nullable=False),
    Index("entries_of_client", "client", "seq"),
    Index("entries_of_kind", "kind", "seq"),
)

sightings: Final = Table(
    "sightings",
    metadata,
    Column("seq", _COUNT, ForeignKey("entries.seq"), primary_key=True),
    Column("item", String(64), primary_key=True),
    Column("client", String(128), nullable=False),
    Column("rule", String(128), nullable=False),
    Column("tier", String(16), nullable=False),
    Column("shown_on", String(10), nullable=False),
    Index("sightings_of_client", "client", "item", "seq"),
    Index("sightings_of_item", "item", "seq"),
    Index("sightings_of_rule", "rule", "seq"),
)
