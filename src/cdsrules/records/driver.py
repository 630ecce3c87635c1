"""The few statements that every evaluation needs, run by the driver of the database itself.

SQLAlchemy puts each together once, in the words of its database. To have it run them as well takes ten times as
long as the database takes for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import TypeAlias, TypeVarTuple

from sqlalchemy import Connection, Dialect, Engine, Insert
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.sql.selectable import TypedReturnsRows

from cdsrules.records.database import NOTHING_RECORDED, saying_what_failed, take_turn

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
    """The driver of one database, with the statements it has been given."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._statements = Statements(engine.dialect)

    def running(self, connection: Connection | PoolProxiedConnection) -> Running:
        """Return what runs statements on a connection, within the transaction that it is in."""
        held = connection.connection if isinstance(connection, Connection) else connection
        return Running(self._statements, held.cursor())

    @contextmanager
    def writing(self) -> Iterator[Running]:
        """Give what runs statements when it is its turn to write; as `cdsrules.records.database.writing` does."""
        with self._connected(NOTHING_RECORDED) as connection:
            take_turn(connection.cursor(), self._engine.dialect.name)
            yield self.running(connection)
            connection.commit()

    def rows(self, asked: TypedReturnsRows[*Found], values: Values) -> Sequence[tuple[*Found]]:
        """Return the rows that one statement finds, which sees one state of the database."""
        with self._connected() as connection:
            return self.running(connection).rows(asked, values)

    @contextmanager
    def _connected(self, so: str = "") -> Iterator[PoolProxiedConnection]:
        """Give a connection; what was begun on it and not committed is undone when it is given back."""
        with saying_what_failed(self._engine, so), closing(self._engine.raw_connection()) as connection:
            yield connection
