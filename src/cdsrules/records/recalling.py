"""What is looked up about a client and an item: when it was shown, and what was done with it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final, NamedTuple

from sqlalchemy import bindparam, func, select

from cdsrules.records.ledger import Ledger, batches
from cdsrules.records.tables import answers, entries, sightings


class Sighting(NamedTuple):
    """When an item was last shown, for whom and by which entry."""

    seq: int
    client: str
    item: str
    rule: str
    tier: str
    shown_on: str


class Answered(NamedTuple):
    """What was done with an item of a rule: the entry that says so, and the last day it rests where it was put off."""

    seq: int
    rule: str
    outcome: str
    until: str | None
    shown_on: str


Seen = Mapping[str, tuple[str, str, int]]
"""For each item that was shown: the first day, the last day, and how often."""


def seen(ledger: Ledger, client: str, items: Collection[str], until: str) -> Seen:
    """Return when those of these items that were shown to this client up to a day were so."""
    return recalled(ledger, client, items, until)[0]


def recalled(ledger: Ledger, client: str, items: Collection[str], until: str) -> tuple[Seen, tuple[Answered, ...]]:
    """Return what `seen` does, and what was done with the client's items up to that day in the order recorded."""
    found: dict[str, tuple[str, str, int]] = {}
    of_client = {"client": client, "until": until}
    with ledger.reading() as connection:
        for some in batches(sorted(items)):
            mine = connection.execute(_SEEN, {**of_client, "items": some})
            found.update({item: (first, last, times) for item, first, last, times in mine})
        rows = connection.execute(_ANSWERED, of_client).all()
    return found, tuple(Answered(*row) for row in rows)


def last_sighting(ledger: Ledger, item: str) -> Sighting | None:
    """Return when an item was last shown, and for whom; None when it never was.

    An item's id is made of its client among other things, so it is of one client alone.
    """
    columns = [sightings.c[name] for name in Sighting._fields]
    wanted = select(*columns).where(sightings.c.item == item, sightings.c.put_off == 0)
    with ledger.reading() as connection:
        last = connection.execute(wanted.order_by(sightings.c.seq.desc()).limit(1)).one_or_none()
    return Sighting(*last) if last else None


def first_shown_at(ledger: Ledger, item: str) -> str | None:
    """Return the moment at which an item was first shown; None when it never was."""
    first = select(func.min(sightings.c.seq)).where(sightings.c.item == item, sightings.c.put_off == 0)
    wanted = select(entries.c.at).where(entries.c.seq == first.scalar_subquery())
    with ledger.reading() as connection:
        return connection.execute(wanted).scalar_one_or_none()


# What every evaluation asks is written once: SQLAlchemy takes longer to put a statement together than SQLite to answer.
_SEEN: Final = (
    select(sightings.c.item, func.min(sightings.c.shown_on), func.max(sightings.c.shown_on), func.count())
    .group_by(sightings.c.item)
    .where(
        sightings.c.client == bindparam("client"),
        sightings.c.put_off == 0,
        sightings.c.shown_on <= bindparam("until"),
        sightings.c.item.in_(bindparam("items", expanding=True)),
    )
)
_ANSWERED: Final = (
    select(*(answers.c[name] for name in Answered._fields))
    .where(answers.c.client == bindparam("client"), answers.c.shown_on <= bindparam("until"))
    .order_by(answers.c.seq)
)
