"""The tables that are looked up, held to the entries they are drawn from, and drawn anew: client by client.

What is kept at one time is what is drawn of one client, and one page of entries.
"""

from __future__ import annotations

from collections import ChainMap, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, Select, Table, and_, delete, insert, not_, select

from cdsrules.records.chain import Fault, Row
from cdsrules.records.drawn import EVALUATION, FEEDBACK, Drawn, Values, done_at, of_evaluation, of_feedback, seconds_of
from cdsrules.records.errors import RecordRefused
from cdsrules.records.tables import answers, arrivals, entries, looks, sightings

DRAWN: Final = (looks, sightings, answers, arrivals)
"""The tables that are drawn from the entries."""

_PAGE: Final = 100
_NO_ROW: Final[Values] = {}
# An entry that says something of a client, and was not erased.
_SPEAKS: Final = and_(entries.c.client.is_not(None), entries.c.payload.is_not(None))
_OF_NOBODY: Final[Mapping[Table, Select[Any]]] = {
    table: select(table).where(not_(select(entries.c.seq).where(_SPEAKS, of_entry).exists()))
    for table, of_entry in (
        *((table, entries.c.seq == table.c.seq) for table in (looks, sightings, answers)),
        (arrivals, entries.c.client == arrivals.c.client),
    )
}

Key: TypeAlias = tuple[object, ...]
Rows: TypeAlias = dict[Key, Values]


def misdrawn(connection: Connection) -> Iterator[Fault]:
    """Yield each row that is not as the entries have it, is missing, or is one too many, with what should stand there.

    The connection sees one state of the records. What the entries themselves say is taken for true: see `faults`.
    """
    drawing = Drawing()
    arrived: dict[str | None, Rows] = {}
    for page in _pages(connection):
        wanted = _keyed(row for entry in page for row in drawing.drawn(entry))
        for table in (looks, sightings, answers):
            held = select(table).where(table.c.seq.in_([entry.seq for entry in page]))
            yield from _compared(connection, held, table, wanted[table])
        for entry in page:
            arrived.setdefault(entry.client, {})
        for key, row in wanted[arrivals].items():
            arrived[str(row["client"])][key] = row
        through = {client: rows for client, rows in arrived.items() if client != page[-1].client}
        yield from _compared_arrivals(connection, through)
        arrived = {client: rows for client, rows in arrived.items() if client not in through}
    yield from _compared_arrivals(connection, arrived)
    for table, of_nobody in _OF_NOBODY.items():
        for stray in connection.execute(of_nobody, execution_options={"yield_per": _PAGE}).mappings():
            yield _fault(table, _NO_ROW, dict(stray))


def redraw(connection: Connection) -> Mapping[str, int]:
    """Draw everything anew in place of what stands there, and return how many rows each table has."""
    for table in DRAWN:
        connection.execute(delete(table))
    return _draw(connection, DRAWN, _pages(connection))


def redraw_rest(connection: Connection, clients: Sequence[str]) -> None:
    """Draw anew of these clients what hangs on more than one entry, after some of theirs have gone."""
    for table in (answers, arrivals):
        connection.execute(delete(table).where(table.c.client.in_(clients)))
    _draw(connection, (answers, arrivals), _pages(connection, clients))


def _draw(connection: Connection, tables: Iterable[Table], pages: Iterable[list[Row]]) -> Mapping[str, int]:
    rows = dict.fromkeys((table.name for table in tables), 0)
    drawing = Drawing()
    for page in pages:
        drawn = _keyed(row for entry in page for row in drawing.drawn(entry))
        for table in tables:
            if drawn[table]:
                connection.execute(insert(table), list(drawn[table].values()))
            rows[table.name] += len(drawn[table])
    return rows


class Drawing:
    """Draws entries, those of one client after those of another, each client's in their order."""

    def __init__(self) -> None:
        self._client: str | None = None
        self._forget()

    def _forget(self) -> None:
        self._begun: dict[object, int] = {}
        self._told: set[object] = {None}
        self._arrived: set[Key] = set()

    def drawn(self, entry: Row) -> Iterator[Drawn]:
        """Yield the rows of an entry, whole; none where it says nothing that can be drawn."""
        if entry.client != self._client:
            self._client = entry.client
            self._forget()
        with suppress(KeyError, TypeError, ValueError, RecordRefused):  # somebody else made it, or changed it
            said, done = _said(entry)
            made = seconds_of(entry.at)
            of_all = {"seq": entry.seq, "client": entry.client, "at": made if done is None else min(made, done)}
            for table, values in said:
                row = values | {name: value for name, value in of_all.items() if name in table.c}
                if self._is_new(table, row, made):
                    yield Drawn(table, self._answer(row) if table is answers else row)

    def _is_new(self, table: Table, row: Values, made: int) -> bool:
        """Whether a row is one of its own: what has arrived before arrives no more."""
        if table is sightings and not row["put_off"]:
            self._begun.setdefault(row["item"], made)
        if table is not arrivals:
            return True
        arrived = (row["input"], row["arrived_on"])
        is_new = arrived not in self._arrived
        self._arrived.add(arrived)
        return is_new

    def _answer(self, row: Values) -> Values:
        """An answer of before may not say when its item was first shown, nor whether it had been told already."""
        told = None if row["told"] in self._told else row["told"]
        self._told.add(told)
        first = row["first_shown_at"]
        return row | {"told": told, "first_shown_at": self._begun.get(row["item"]) if first is None else first}


def _said(entry: Row) -> tuple[list[Drawn], int | None]:
    """What an entry gives, and when that was done where it says so. Raises where it is not made as we make it."""
    payload = entry.content() or {}
    if entry.kind == EVALUATION:
        said, done = list(of_evaluation(payload)), None
    elif entry.kind == FEEDBACK:
        said, done = [of_feedback(payload)], done_at(payload)
    else:
        said, done = [], None
    if not all(isinstance(value, str | int | None) for one in said for value in one.values.values()):
        raise TypeError(said)
    return said, done


def _pages(connection: Connection, clients: Sequence[str] | None = None) -> Iterator[list[Row]]:
    """Yield what was recorded of these clients, or of all, client by client.

    The database keeps the place: by a name that somebody has spoilt it could not be found again.
    """
    wanted = select(entries).where(_SPEAKS).order_by(entries.c.client, entries.c.seq)
    wanted = wanted if clients is None else wanted.where(entries.c.client.in_(clients))
    for page in connection.execute(wanted, execution_options={"yield_per": _PAGE}).partitions():
        yield [Row.of(held) for held in page]


def _keyed(drawn: Iterable[Drawn]) -> dict[Table, Rows]:
    found: dict[Table, Rows] = defaultdict(dict)
    for table, row in drawn:
        found[table][_key(table, row)] = row
    return found


def _key(table: Table, row: Mapping[Any, object]) -> Key:
    return tuple(row[column.name] for column in table.primary_key)


def _compared_arrivals(connection: Connection, arrived: Mapping[str | None, Rows]) -> Iterator[Fault]:
    """Compare all that has arrived of some clients: each thing once, by the first entry that says so."""
    held = select(arrivals).where(arrivals.c.client.in_(list(arrived)))
    return _compared(connection, held, arrivals, dict(ChainMap(*arrived.values())))


def _compared(connection: Connection, asked: Select[Any], table: Table, wanted: Rows) -> Iterator[Fault]:
    held = {_key(table, row): dict(row) for row in connection.execute(asked).mappings()}
    for key in (*wanted, *(key for key in held if key not in wanted)):
        if wanted.get(key) != held.get(key):
            yield _fault(table, wanted.get(key, _NO_ROW), held.get(key, _NO_ROW))


def _fault(table: Table, wanted: Values, held: Values) -> Fault:
    """What is wrong with a row: what stands there, and what should."""
    row = wanted or held
    key = ", ".join(f"{column.name} {_told(row[column.name])}" for column in table.primary_key)
    where = f"table {table.name}, {key}"
    seq = row["seq"] if isinstance(row["seq"], int) else 0
    if not held:
        return Fault(seq, f"{where}: the row is missing; it should have {_listed(table, wanted)}")
    if not wanted:
        return Fault(seq, f"{where}: the row is one too many; it has {_listed(table, held)}")
    other = [name for name in wanted if held[name] != wanted[name]]
    stands = "; ".join(f"{name} is {_told(held[name])} and should be {_told(wanted[name])}" for name in other)
    return Fault(seq, f"{where}: {stands}")


def _listed(table: Table, row: Values) -> str:
    rest = [column.name for column in table.columns if not column.primary_key]
    return ", ".join(f"{name} {_told(row[name])}" for name in rest)


def _told(value: object) -> str:
    return "nothing" if value is None else f"x'{value.hex()}'" if isinstance(value, bytes) else str(value)
