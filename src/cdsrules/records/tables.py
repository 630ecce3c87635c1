"""The tables: one ledger that is only added to, and what was drawn from it to be looked up.

The ledger alone counts. The others can be made anew from it, and go with a client who is erased:
`looks` has each evaluation, `sightings` each item of each guidance, `answers` what was done with
items, and `arrivals` the days on which there was something new of a kind about a client.
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

looks: Final = Table(
    "looks",
    metadata,
    Column("seq", _COUNT, ForeignKey("entries.seq"), primary_key=True),
    Column("client", String(128), nullable=False),
    Column("shown_on", String(10), nullable=False),
    Index("looks_on", "shown_on", "client"),
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
    Column("put_off", Integer, nullable=False, server_default="0"),
    Index("sightings_of_client", "client", "item", "put_off", "shown_on"),
    Index("sightings_of_item", "item", "seq"),
    Index("sightings_on", "rule", "shown_on", "client", "put_off", "item"),
)

answers: Final = Table(
    "answers",
    metadata,
    Column("seq", _COUNT, ForeignKey("entries.seq"), primary_key=True),
    Column("client", String(128), nullable=False),
    Column("item", String(64), nullable=False),
    Column("rule", String(128), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("reason", String(32)),
    Column("until", String(10)),
    Column("shown_on", String(10), nullable=False),
    Column("first_shown_at", _COUNT),
    Column("at", _COUNT, nullable=False),
    Column("told", String(64)),
    Index("answers_of_client", "client", "seq"),
    # The same answer, told twice at once by several processes, is on record once.
    Index("answers_told", "told", unique=True),
    Index("answers_on", "rule", "shown_on"),
)

arrivals: Final = Table(
    "arrivals",
    metadata,
    Column("client", String(128), primary_key=True),
    Column("input", String(64), primary_key=True),
    Column("arrived_on", String(10), primary_key=True),
    Column("seq", _COUNT, ForeignKey("entries.seq"), nullable=False),
    Index("arrivals_on", "input", "arrived_on"),
    Index("arrivals_of_entry", "seq"),
)
