"""The ledger: entries are added, read, verified and, client by client, erased; none is ever changed."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from types import TracebackType
from typing import Any, Final, NamedTuple, Self

from sqlalchemy import Connection, Engine, Insert, Select, Table, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from cdsrules.records.canonical import canonical
from cdsrules.records.chain import ERASURE, GENESIS, Fault, Head, Row, faults, leaf_of, link_of
from cdsrules.records.database import clean, open_database, reading, writing
from cdsrules.records.drawn import Drawn, Values
from cdsrules.records.errors import RecordRefused
from cdsrules.records.tables import answers, arrivals, entries, looks, sightings
from cdsrules.records.together import Together

_PAGE: Final = 500


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


class _Sealed(NamedTuple):
    """An entry made ready: its payload as it is written, and the digest of that under its salt."""

    new: New
    salt: str
    payload: str
    leaf: str


def _sealed(new: New) -> _Sealed:
    salt, payload = secrets.token_hex(16), canonical(new.payload)
    return _Sealed(new, salt, payload, leaf_of(salt, payload))


def _now() -> datetime:
    return datetime.now(UTC)


class Ledger:
    """The entries of one database, in one chain."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = _now) -> None:
        self._engine = engine
        self._clock = clock
        self._together = Together(self._write)

    @classmethod
    def open(cls, address: str, clock: Callable[[], datetime] = _now, *, make: bool = True) -> Self:
        """Return the ledger of a database, made and brought up to date where needed; see `open_database`."""
        return cls(open_database(address, make=make), clock)

    def close(self) -> None:
        """Give back the connections to the database."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one state of the records from its first look to its last."""
        with reading(self._engine) as connection:
            yield connection

    def add(self, new: Iterable[New]) -> tuple[Row, ...]:
        """Add entries, all of them or none, and return them; when this returns they are on the disk.

        Those of several threads go to the disk together. Raises `RecordsError` when the database refuses.
        """
        return tuple(self._together.add([_sealed(one) for one in new]))

    def _write(self, new: Iterable[_Sealed]) -> Sequence[Row]:
        with writing(self._engine) as connection:
            return self._add(connection, new)

    def _add(self, connection: Connection, new: Iterable[_Sealed]) -> Sequence[Row]:
        head = _head(connection)
        seq, before = (head.seq, head.link) if head else (0, GENESIS)
        rows: list[Row] = []
        drawn: dict[Table, list[Values]] = {}
        now = self._clock().astimezone(UTC)
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

    def rows(self, *, kind: str | None = None, client: str | None = None, after: int = 0) -> Iterator[Row]:
        """Yield the entries in their order, of one kind or one client where that is asked, page by page."""
        wanted = select(entries).order_by(entries.c.seq).limit(_PAGE)
        if kind is not None:
            wanted = wanted.where(entries.c.kind == kind)
        if client is not None:
            wanted = wanted.where(entries.c.client == client)
        with reading(self._engine) as connection:
            while page := connection.execute(wanted.where(entries.c.seq > after)).all():
                yield from map(_row, page)
                after = page[-1].seq

    def row(self, seq: int) -> Row:
        """Return one entry. Raises `RecordRefused` where there is none."""
        with reading(self._engine) as connection:
            found = connection.execute(select(entries).where(entries.c.seq == seq)).one_or_none()
        if found is None:
            message = f"There is no entry {seq} in these records."
            raise RecordRefused(message)
        return _row(found)

    def head(self) -> Head | None:
        """Return the last entry's place and link; None while there is no entry."""
        with reading(self._engine) as connection:
            return _head(connection)

    def verify(self, anchor: Head | None = None) -> tuple[Fault, ...]:
        """Return everything that does not verify, a sentence each; nothing when the whole chain does."""
        return tuple(faults(self.rows(), anchor))

    def erase(self, client: str, reason: str) -> int:
        """Erase what is recorded of a client and return how many entries that were.

        Salt, payload and name go; a tombstone says which entries were erased, when and why. The
        chain still verifies. Raises `RecordsError` where the database could not clean up after it
        yet: erase once more, then.
        """
        return self._erase(reason, select(entries.c.seq).where(entries.c.client == client))

    def erase_before(self, moment: datetime, reason: str) -> int:
        """Erase what was recorded of any client before a moment, as `erase` does, and return how many entries."""
        until = moment.astimezone(UTC).isoformat(timespec="milliseconds")
        of_someone = select(entries.c.seq).where(entries.c.client.is_not(None))
        return self._erase(reason, of_someone.where(entries.c.at < until))

    def due(self, moment: datetime) -> Mapping[str, int]:
        """Return how many entries of clients were recorded before a moment and hold something still, by kind."""
        until = moment.astimezone(UTC).isoformat(timespec="milliseconds")
        of_someone = select(entries.c.kind, func.count()).where(entries.c.client.is_not(None), entries.c.at < until)
        with reading(self._engine) as connection:
            rows = connection.execute(of_someone.group_by(entries.c.kind).order_by(entries.c.kind))
            return dict(rows.all())

    def _erase(self, reason: str, wanted: Select[tuple[int]]) -> int:
        with writing(self._engine) as connection:
            erased = sorted(connection.execute(wanted).scalars())
            for some in _batches(erased):
                for table in (looks, sightings, answers, arrivals):
                    connection.execute(delete(table).where(table.c.seq.in_(some)))
                gone = {"client": None, "salt": None, "payload": None}
                connection.execute(update(entries).where(entries.c.seq.in_(some)).values(gone))
            tombstones = [New(ERASURE, {"entries": erased, "reason": reason})] if erased else []
            self._add(connection, map(_sealed, tombstones))
        clean(self._engine)
        return len(erased)

    def seen(self, client: str, items: Collection[str], until: str) -> Mapping[str, tuple[str, str, int]]:
        """Return for each of these items that was shown to this client up to a day: first day, last day, how often."""
        return self.recalled(client, items, until)[0]

    def recalled(
        self, client: str, items: Collection[str], until: str
    ) -> tuple[Mapping[str, tuple[str, str, int]], tuple[Answered, ...]]:
        """Return what `seen` does, and what was done with the client's items up to that day in the order recorded."""
        found: dict[str, tuple[str, str, int]] = {}
        of_client = {"client": client, "until": until}
        with reading(self._engine) as connection:
            for some in _batches(sorted(items)):
                mine = connection.execute(_SEEN, {**of_client, "items": some})
                found.update({item: (first, last, times) for item, first, last, times in mine})
            rows = connection.execute(_ANSWERED, of_client).all()
        return found, tuple(Answered(*row) for row in rows)

    def last_sighting(self, item: str) -> Sighting | None:
        """Return when an item was last shown, and for whom; None when it never was.

        An item's id is made of its client among other things, so it is of one client alone.
        """
        columns = [sightings.c[name] for name in Sighting._fields]
        wanted = select(*columns).where(sightings.c.item == item, sightings.c.put_off == 0)
        with reading(self._engine) as connection:
            last = connection.execute(wanted.order_by(sightings.c.seq.desc()).limit(1)).one_or_none()
        return Sighting(*last) if last else None

    def first_shown_at(self, item: str) -> str | None:
        """Return the moment at which an item was first shown; None when it never was."""
        first = select(func.min(sightings.c.seq)).where(sightings.c.item == item, sightings.c.put_off == 0)
        with reading(self._engine) as connection:
            return connection.execute(
                select(entries.c.at).where(entries.c.seq == first.scalar_subquery())
            ).scalar_one_or_none()


def _head(connection: Connection) -> Head | None:
    last = connection.execute(_LAST).one_or_none()
    return Head(*last) if last else None


def _row(held: Iterable[Any]) -> Row:
    """An entry as it is held; bytes where text belongs are told as SQL writes them, and fit no digest."""
    told: list[Any] = [f"x'{one.hex()}'" if isinstance(one, bytes) else one for one in held]
    return Row(*told)


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


# What every evaluation asks is written once: SQLAlchemy takes longer to put a statement together than SQLite to answer.
_COLUMNS: Final = tuple(column.name for column in entries.columns)
_LAST: Final = select(entries.c.seq, entries.c.link).order_by(entries.c.seq.desc()).limit(1)
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


def _batches(values: Sequence[object]) -> Iterator[Sequence[object]]:
    """Pieces that every database takes as parameters of one statement."""
    return (values[start : start + _PAGE] for start in range(0, len(values), _PAGE))
