"""What is looked up about a client and an item: when it was shown, and what was done with it."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    JSON,
    CompoundSelect,
    Connection,
    FromClause,
    Integer,
    Select,
    String,
    Text,
    and_,
    bindparam,
    cast,
    func,
    literal_column,
    null,
    select,
    union_all,
)

from cdsrules.records.canonical import canonical
from cdsrules.records.ledger import Asked, Ledger
from cdsrules.records.tables import answers, entries, sightings


class Sighting(NamedTuple):
    """When an item was shown, for whom and by which entry."""

    seq: int
    client: str
    item: str
    rule: str
    tier: str
    shown_on: str


class Answered(NamedTuple):
    """What was done with an item of a rule: when, which entry says so, the last day it rests if it was put off."""

    at: int
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
    """Return what `seen` does, and what was done with the client's items up to that day, in the order it was done."""
    asked = {"client": client, "until": until, "items": canonical(sorted(items))}
    shown: dict[str, tuple[str, str, int]] = {}
    answered: list[Answered] = []
    ((told,),) = ledger.found(RECALLED, asked)
    for outcome, name, first, last, number, at in json.loads(told or "[]"):
        if outcome is None:
            shown[name] = (first, last, number)
        else:
            answered.append(Answered(at, number, name, outcome, last, first))
    return shown, tuple(sorted(answered))


def last_sighting(ledger: Ledger, item: str) -> Sighting | None:
    """Return when an item was last shown, and for whom; None when it never was.

    An item's id is made of its client among other things, so it is of one client alone.
    """
    with ledger.reading() as connection:
        return _sighting(connection, _shown(item).order_by(sightings.c.seq.desc()))


def sighting_answered(ledger: Ledger, client: str, item: str, answered_at: datetime | None) -> Sighting | None:
    """Return which showing of an item to a client an answer is about; None when there was none.

    That is the last one by the moment of the answer: what was shown since, the clinician had not seen. Where there
    is none the caller's clock is behind, and it is the first; where the answer names no moment it is the last.
    """
    shown = _shown(item).where(sightings.c.client == client)
    last = shown.order_by(sightings.c.seq.desc())
    with ledger.reading() as connection:
        if answered_at is None:
            return _sighting(connection, last)
        moment = answered_at.astimezone(UTC).isoformat(timespec="milliseconds")  # as entries have theirs
        by_then = last.join(entries, entries.c.seq == sightings.c.seq).where(entries.c.at <= moment)
        return _sighting(connection, by_then) or _sighting(connection, shown.order_by(sightings.c.seq))


def _shown(item: str) -> Select[*tuple[Any, ...]]:
    columns = [sightings.c[name] for name in Sighting._fields]
    return select(*columns).where(sightings.c.item == item, sightings.c.put_off == 0)


def _sighting(connection: Connection, wanted: Select[*tuple[Any, ...]]) -> Sighting | None:
    found = connection.execute(wanted.limit(1)).one_or_none()
    return Sighting(*found) if found else None


def first_shown_at(ledger: Ledger, item: str) -> str | None:
    """Return the moment at which an item was first shown; None when it never was."""
    first = select(func.min(sightings.c.seq)).where(sightings.c.item == item, sightings.c.put_off == 0)
    wanted = select(entries.c.at).where(entries.c.seq == first.scalar_subquery())
    with ledger.reading() as connection:
        return connection.execute(wanted).scalar_one_or_none()


def _recalled(items: FromClause) -> CompoundSelect[str | None, str, str, str, int, int]:
    """What every evaluation asks, in one statement: each item with its days, and each answer with its outcome."""
    client, until = bindparam("client", type_=String), bindparam("until", type_=String)
    days = (
        func.min(sightings.c.shown_on).label("first"),
        func.max(sightings.c.shown_on).label("last"),
        func.count().label("number"),
        literal_column("0", Integer).label("at"),
    )
    of_these = and_(
        sightings.c.client == client,
        sightings.c.item.in_(select(items.c[0])),
        sightings.c.put_off == literal_column("0"),
        sightings.c.shown_on <= until,
    )
    return union_all(
        select(null().label("outcome"), sightings.c.item, *days).where(of_these).group_by(sightings.c.item),
        select(*(answers.c[name] for name in ("outcome", "rule", "shown_on", "until", "seq", "at"))).where(
            answers.c.client == client, answers.c.shown_on <= until
        ),
    )


_ITEMS: Final = bindparam("items", type_=String)
_OF_SQLITE: Final = _recalled(func.json_each(_ITEMS).table_valued("value")).subquery()
_OF_POSTGRESQL: Final = _recalled(func.json_array_elements_text(cast(_ITEMS, JSON)).table_valued("value")).subquery()
# However many items there are, they are one parameter, and what is found of them is one row: lists in JSON.
RECALLED: Final[Asked[str | None]] = {
    "sqlite": select(func.json_group_array(func.json_array(*_OF_SQLITE.c), type_=Text)),
    "postgresql": select(cast(func.json_agg(func.json_build_array(*_OF_POSTGRESQL.c)), Text)),
}
