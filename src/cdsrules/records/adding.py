"""Entries added to the end of the chain, with the rows that are drawn from them."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Final, NamedTuple

from sqlalchemy import Insert, Table, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from cdsrules.records.canonical import canonical
from cdsrules.records.chain import GENESIS, Row, leaf_of, link_of
from cdsrules.records.drawn import Drawn, Values, seconds_of
from cdsrules.records.driver import Running
from cdsrules.records.tables import answers, arrivals, entries, looks, sightings


@dataclass(frozen=True, slots=True)
class New:
    """An entry to add, with the rows that are drawn from it. A payload of a client names the client under `client`.

    `done_at` is when what it tells was done, in seconds since 1970; where that is not known, or later
    than the entry, it is when the entry is made. `unless` is asked when it is its turn to be added, and
    nobody else writes: the entry that it returns stands for this one, which is not added then.
    """

    kind: str
    payload: Mapping[str, object]
    client: str | None = None
    drawn: tuple[Drawn, ...] = ()
    done_at: int | None = None
    unless: Callable[[Running], Row | None] | None = None


class Sealed(NamedTuple):
    """An entry made ready: its payload as it is written, and the digest of that under its salt."""

    new: New
    salt: str
    payload: str
    leaf: str


def sealed(new: New) -> Sealed:
    """Return an entry made ready under a salt of its own. Raises `ValueError` for a payload that JSON cannot hold."""
    salt, payload = secrets.token_hex(16), canonical(new.payload)
    return Sealed(new, salt, payload, leaf_of(salt, payload))


def add(running: Running, new: Iterable[Sealed], moment: datetime) -> Sequence[Row]:
    """Add entries behind the last one, made at a moment, and return them; whose turn it is to write calls this.

    For one that stands there already, that is returned.
    """
    seq, before = next(iter(running.rows(LAST, {})), (0, GENESIS))
    now = moment.astimezone(UTC)
    at = now.isoformat(timespec="milliseconds")
    made = seconds_of(at)
    stand: list[Row] = []
    added: list[Row] = []
    drawn: dict[Table, list[Values]] = {}
    for one, salt, payload, leaf in new:
        already = None if one.unless is None else one.unless(running)
        if already is not None:
            stand.append(already)
            continue
        seq += 1
        before = link_of(before, seq, one.kind, at, leaf)
        added.append(Row(seq, one.kind, at, one.client, salt, payload, leaf, before))
        stand.append(added[-1])
        done = made if one.done_at is None else min(made, one.done_at)
        of_all = {"seq": seq, "client": one.client, "at": done}
        for table, values in one.drawn:
            of_entry = {name: of_all[name] for name in _OF_ENTRY[table]}
            drawn.setdefault(table, []).append(values | of_entry)
    running.add(_adding(running.database, entries), [_columns(row) for row in added])
    for table, several in drawn.items():
        running.add(_adding(running.database, table), several)
    return stand


def _columns(row: Row) -> Values:
    return {name: getattr(row, name) for name in _COLUMNS}


@cache
def _adding(database: str, table: Table) -> Insert:
    """The statement that adds rows to a table; what has arrived before stays as it is."""
    if table is not arrivals:
        return insert(table)
    made: postgresql.Insert | sqlite.Insert
    made = postgresql.insert(table) if database == "postgresql" else sqlite.insert(table)
    return made.on_conflict_do_nothing()


LAST: Final = select(entries.c.seq, entries.c.link).where(
    entries.c.seq == select(func.max(entries.c.seq)).scalar_subquery()
)
"""The place and the link of the last entry."""

_COLUMNS: Final = tuple(column.name for column in entries.columns)
_OF_ENTRY: Final = {
    table: tuple(name for name in ("seq", "client", "at") if name in table.c)
    for table in (looks, sightings, answers, arrivals)
}
