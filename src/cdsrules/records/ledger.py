"""The ledger: entries are added, read, verified and, client by client, erased; none is ever changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final, Self, TypeAlias

from sqlalchemy import Connection, Engine, Select, delete, func, select, update
from sqlalchemy.sql.selectable import TypedReturnsRows

from cdsrules.records.adding import LAST, New, Sealed, add, sealed
from cdsrules.records.chain import ERASURE, Fault, Head, Row, faults
from cdsrules.records.database import clean, open_database, reading, writing
from cdsrules.records.driver import Driver, Found
from cdsrules.records.errors import RecordRefused
from cdsrules.records.pages import batches
from cdsrules.records.redrawing import DRAWN, misdrawn, redraw, redraw_rest
from cdsrules.records.tables import entries
from cdsrules.records.together import Together

Asked: TypeAlias = Mapping[str, "TypedReturnsRows[*Found]"]
"""A statement by the kind of database that it is written for."""

# Every database takes so many values with one statement.
_PAGE: Final = 500


def _now() -> datetime:
    return datetime.now(UTC)


class Ledger:
    """The entries of one database, in one chain."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = _now) -> None:
        self._engine = engine
        self._driver = Driver(engine)
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

    def found(self, asked: Asked[*Found], values: Mapping[str, object]) -> Sequence[tuple[*Found]]:
        """Return the rows that one statement finds, which is written for each kind of database.

        It sees one state of the records.
        """
        return self._driver.rows(asked[self._engine.dialect.name], values)

    def add(self, new: Iterable[New]) -> tuple[Row, ...]:
        """Add entries, all of them or none, and return them; when this returns they are on the disk.

        Those of several threads go to the disk together. Raises `RecordsError` when the database refuses.
        """
        return tuple(self._together.add([sealed(one) for one in new]))

    def _write(self, new: Iterable[Sealed]) -> Sequence[Row]:
        with self._driver.writing() as running:
            return add(running, new, self._clock())

    def rows(self, *, kind: str | None = None, client: str | None = None) -> Iterator[Row]:
        """Yield the entries in their order, of one kind or one client where that is asked, page by page."""
        wanted = select(entries)
        if kind is not None:
            wanted = wanted.where(entries.c.kind == kind)
        if client is not None:
            wanted = wanted.where(entries.c.client == client)
        with reading(self._engine) as connection:
            yield from _in_order(connection, wanted)

    def row(self, seq: int) -> Row:
        """Return one entry. Raises `RecordRefused` where there is none."""
        with reading(self._engine) as connection:
            found = connection.execute(select(entries).where(entries.c.seq == seq)).one_or_none()
        if found is None:
            message = f"There is no entry {seq} in these records."
            raise RecordRefused(message)
        return Row.of(found)

    def head(self) -> Head | None:
        """Return the last entry's place and link; None while there is no entry."""
        last = self._driver.rows(LAST, {})
        return Head(*last[0]) if last else None

    def verify(self, anchor: Head | None = None) -> tuple[Fault, ...]:
        """Return everything that does not verify, a sentence each; nothing when the whole chain does."""
        return tuple(faults(self.rows(), anchor))

    def misdrawn(self) -> Iterator[Fault]:
        """Yield a sentence on each row that is not drawn as the entries have it; see `redraw`."""
        with reading(self._engine) as connection:
            yield from misdrawn(connection)

    def redraw(self) -> Mapping[str, int]:
        """Draw anew all that is looked up, and return how many rows each table has.

        Raises `RecordRefused` where the chain does not verify: what was erased and is there again must not come back.
        """
        with writing(self._engine) as connection:
            wrong = next(faults(_in_order(connection, select(entries))), None)
            if wrong is not None:
                message = f"Nothing was drawn, since the entries do not verify: {wrong.words}."
                raise RecordRefused(message)
            return redraw(connection)

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
            clients: set[str] = set()
            for some in batches(erased, _PAGE):
                of = select(entries.c.client).where(entries.c.seq.in_(some), entries.c.client.is_not(None))
                clients.update(connection.execute(of).scalars())
                for table in DRAWN:
                    connection.execute(delete(table).where(table.c.seq.in_(some)))
                gone = {"client": None, "salt": None, "payload": None}
                connection.execute(update(entries).where(entries.c.seq.in_(some)).values(gone))
            for several in batches(sorted(clients), _PAGE):  # what is left of them says anew what had arrived
                redraw_rest(connection, several)
            tombstones = [New(ERASURE, {"entries": erased, "reason": reason})] if erased else []
            add(self._driver.running(connection), map(sealed, tombstones), self._clock())
        clean(self._engine)
        return len(erased)


def _in_order(connection: Connection, wanted: Select[Any]) -> Iterator[Row]:
    """Yield the entries that are wanted, page by page; those in places before the first, too, where nothing belongs."""
    pages = rest = wanted.order_by(entries.c.seq).limit(_PAGE)
    while page := connection.execute(rest).all():
        yield from map(Row.of, page)
        rest = pages.where(entries.c.seq > page[-1].seq)
