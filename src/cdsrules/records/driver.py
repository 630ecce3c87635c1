"""The few statements that every evaluation needs, run by the driver of the database itself.

SQLAlchemy puts each together once, in the words of its database. To have it run them as well takes ten times as
long as the database takes for them.

While a statement runs, other threads go on. Python's driver of SQLite lets them do so for each row that is added or
found and for each value that is handed over by name, and has to win its turn back each time: so a table's rows go
into one statement, and values are handed over in their order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final, NamedTuple, TypeAlias, TypeVarTuple

from sqlalchemy import BindParameter, Connection, Dialect, Engine, Insert, bindparam, event
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.sql.selectable import TypedReturnsRows

from cdsrules.records.database import NOTHING_RECORDED, saying_what_failed, take_turn
from cdsrules.records.pages import batches

_AT_HAND: Final = 2
# SQLite keeps 128 statements ready: those for each number of rows of five tables are 80.
_ROWS_AT_ONCE: Final = 16

Values = Mapping[str, object]
Found = TypeVarTuple("Found")
Asking: TypeAlias = "TypedReturnsRows[*tuple[object, ...]]"


class Written(NamedTuple):
    """A statement in the words of one database, and the names of the values that it takes, in that order."""

    text: str
    names: tuple[str, ...]


class Adding(NamedTuple):
    """A statement that adds several rows at once, and which value of which row it takes, in that order."""

    text: str
    places: tuple[tuple[int, str], ...]


class Statements:
    """Statements in the words of one database, each put together when it is first run.

    A statement that brings along values of its own writes them out.
    """

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self._asking: dict[Asking, Written] = {}
        self._adding: dict[tuple[Insert, tuple[str, ...], int], Adding] = {}

    def asking(self, asked: Asking) -> Written:
        """Return a statement as the driver takes it."""
        found = self._asking.get(asked)
        if found is None:
            found = self._asking[asked] = self._written(asked)
        return found

    def adding(self, adding: Insert, columns: tuple[str, ...], rows: int) -> Adding:
        """Return what adds so many rows, which fill these columns, as the driver takes it."""
        found = self._adding.get((adding, columns, rows))
        if found is None:
            places = {f"{column}_{row}": (row, column) for row in range(rows) for column in columns}
            values: list[dict[str, BindParameter[object]]] = [{} for _ in range(rows)]
            for name, (row, column) in places.items():
                values[row][column] = bindparam(name, type_=adding.table.c[column].type)
            text, names = self._written(adding.values(values))
            found = self._adding[adding, columns, rows] = Adding(text, tuple([places[name] for name in names]))
        return found

    def _written(self, statement: Asking | Insert) -> Written:
        compiled = statement.compile(dialect=self.dialect)
        return Written(str(compiled), tuple(compiled.positiontup or ()))


class Running:
    """What runs statements on one connection, within the transaction that it is in."""

    def __init__(self, statements: Statements, cursor: DBAPICursor) -> None:
        self.database = statements.dialect.name
        self._statements = statements
        self._cursor = cursor

    def rows(self, asked: TypedReturnsRows[*Found], values: Values) -> Sequence[tuple[*Found]]:
        """Return the rows that are found."""
        text, names = self._statements.asking(asked)
        self._cursor.execute(text, [values[name] for name in names])
        return self._cursor.fetchall()

    def add(self, adding: Insert, rows: Sequence[Values]) -> None:
        """Add rows to a table, which all fill the same columns."""
        for some in batches(rows, _ROWS_AT_ONCE):
            text, places = self._statements.adding(adding, tuple(some[0]), len(some))
            self._cursor.execute(text, [some[row][column] for row, column in places])


class Driver:
    """The driver of one database, with the statements it has been given.

    To take a connection from the pool and to give it back takes longer than to look something up. A file is there
    as long as it is open, so for whoever writes and whoever reads one stays at hand; a server may have ended a
    connection that rested, and the pool asks it first.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._statements = Statements(engine.dialect)
        self._at_hand: list[PoolProxiedConnection] = []
        self._keeps = _AT_HAND if engine.dialect.name == "sqlite" else 0
        event.listen(engine, "engine_disposed", self._close)

    def running(self, connection: Connection | PoolProxiedConnection) -> Running:
        """Return what runs statements on a connection, within the transaction that it is in."""
        held = connection.connection if isinstance(connection, Connection) else connection
        return Running(self._statements, held.cursor())

    @contextmanager
    def writing(self) -> Iterator[Running]:
        """Give what runs statements when it is its turn to write; as `cdsrules.records.database.writing` does."""
        with saying_what_failed(self._engine, NOTHING_RECORDED), self._connected() as connection:
            take_turn(connection, self._engine.dialect.name)
            yield self.running(connection)
            connection.commit()

    def rows(self, asked: TypedReturnsRows[*Found], values: Values) -> Sequence[tuple[*Found]]:
        """Return the rows that one statement finds, which sees one state of the database."""
        with saying_what_failed(self._engine), self._connected() as connection:
            return self.running(connection).rows(asked, values)

    @contextmanager
    def _connected(self) -> Iterator[PoolProxiedConnection]:
        """Give a connection; what was begun on it and not committed is undone when it goes back to the pool."""
        try:
            connection = self._at_hand.pop()
        except IndexError:
            connection = self._engine.raw_connection()
        kept = False
        try:
            yield connection
            kept = len(self._at_hand) < self._keeps
        finally:
            if kept:
                self._at_hand.append(connection)
            else:
                connection.close()

    def _close(self, _: Engine) -> None:
        """Close what is at hand when the engine is closed, whose pool does not know it."""
        while self._at_hand:
            connection = self._at_hand.pop()
            connection.detach()
            connection.close()
