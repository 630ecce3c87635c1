"""The few statements that every evaluation needs, run by the driver of the database itself.

SQLAlchemy puts each together once, in the words of its database. To have it run them as well takes ten times as
long as the database takes for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Final, TypeAlias, TypeVarTuple

from sqlalchemy import Connection, Dialect, Engine, Insert, event
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.sql.selectable import TypedReturnsRows

from cdsrules.records.database import NOTHING_RECORDED, saying_what_failed, take_turn

_AT_HAND: Final = 2

Values = Mapping[str, object]
Found = TypeVarTuple("Found")
Statement: TypeAlias = "TypedReturnsRows[*tuple[object, ...]] | Insert"


class Statements:
    """Statements in the words of one database, each put together when it is first run.

    Values are handed over by name; a statement that brings along values of its own writes them out.
    """

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self._texts: dict[tuple[Statement, tuple[str, ...]], str] = {}

    def text(self, statement: Statement, columns: tuple[str, ...] = ()) -> str:
        """Return a statement as the driver takes it; one that adds to a table fills the columns that are named."""
        found = self._texts.get((statement, columns))
        if found is None:
            compiled = statement.compile(dialect=self.dialect, column_keys=columns or None)
            found = self._texts[statement, columns] = str(compiled)
        return found


class Running:
    """What runs statements on one connection, within the transaction that it is in."""

    def __init__(self, statements: Statements, cursor: DBAPICursor) -> None:
        self.database = statements.dialect.name
        self._statements = statements
        self._cursor = cursor

    def rows(self, asked: TypedReturnsRows[*Found], values: Values) -> Sequence[tuple[*Found]]:
        """Return the rows that are found."""
        self._cursor.execute(self._statements.text(asked), values)
        return self._cursor.fetchall()

    def add(self, adding: Insert, rows: Sequence[Values]) -> None:
        """Add rows to a table, which all fill the same columns."""
        if rows:
            self._cursor.executemany(self._statements.text(adding, tuple(rows[0])), rows)


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
            take_turn(connection.cursor(), self._engine.dialect.name)
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
        with ExitStack() as giving_back:
            giving_back.callback(connection.close)
            yield connection
            if len(self._at_hand) < self._keeps:
                self._at_hand.append(connection)
                giving_back.pop_all()

    def _close(self, _: Engine) -> None:
        """Close what is at hand when the engine is closed, whose pool does not know it."""
        while self._at_hand:
            connection = self._at_hand.pop()
            connection.detach()
            connection.close()
