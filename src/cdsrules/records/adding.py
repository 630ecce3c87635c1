"""Entries added to the end of the chain, with the rows that are drawn from them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Final, NamedTuple

from sqlalchemy import Connection, Insert, Table, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from cdsrules.records.canonical import canonical
from cdsrules.records.chain import GENESIS, Head, Row, leaf_of, link_of
from cdsrules.records.drawn import Drawn, Values
from cdsrules.records.tables import arrivals, entries


@dataclass(frozen=True, slots=True)
class New:
    """An entry to add, with the rows that are drawn from it. A payload of a client names the client under `client`.

    `done_at` is when what it tells was done, in seconds since 1970; where that is not known, or later
    than the entry, it is when the entry is made.
    """

    kind: str
    payload: Mapping[str, object]
    client: str | None = None
    drawn: tuple[Drawn, ...] = ()
    done_at: int | None = None


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


def add(connection: Connection, new: Iterable[Sealed], moment: datetime) -> Sequence[Row]:
    """Add entries behind the last one, made at a moment, and return them; whose turn it is to write calls this."""
    head = head_of(connection)
    seq, before = (head.seq, head.link) if head else (0, GENESIS)
    rows: list[Row] = []
    drawn: dict[Table, list[Values]] = {}
    now = moment.astimezone(UTC)
    at = now.isoformat(timespec="milliseconds")
    for one, salt, payload, leaf in new:
        seq += 1
        before = link_of(before, seq, one.kind, at, leaf)
        rows.append(Row(seq, one.kind, at, one.client, salt, payload, leaf, before))
        made = round(now.timestamp())
        done = made if one.done_at is None else min(made, one.done_at)
        of_all = {"seq": seq, "client": one.client, "at": done}
        for table, values in one.drawn:
            drawn.setdefault(table, []).append(values | {n: v for n, v in of_all.items() if n in table.c})
    if rows:
        connection.execute(_adding(connection.dialect.name, entries), [_columns(row) for row in rows])
    for table, several in drawn.items():
        connection.execute(_adding(connection.dialect.name, table), several)
    return rows


def head_of(connection: Connection) -> Head | None:
    """Return the last entry's place and link; None while there is no entry."""
    last = connection.execute(_LAST).one_or_none()
    return Head(*last) if last else None


def _columns(row: Row) -> dict[str, object]:
    return {name: getattr(row, name) for name in _COLUMNS}


@cache
def _adding(dialect: str, table: Table) -> Insert:
    """The statement that adds rows to a table; what has arrived before stays as it is."""
    if table is not arrivals:
        return insert(table)
    made: postgresql.Insert | sqlite.Insert
    made = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    return made.on_conflict_do_nothing()


_COLUMNS: Final = tuple(column.name for column in entries.columns)
_LAST: Final = select(entries.c.seq, entries.c.link).order_by(entries.c.seq.desc()).limit(1)
