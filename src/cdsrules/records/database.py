"""A database to keep records in: SQLite in one file, or PostgreSQL by its address, brought to the present tables.

A write waits for its turn and is on the disk when it returns: SQLite with its log written
ahead and flushed, PostgreSQL as it does by itself. One writer at a time, whatever the
database: the chain has one end.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from sqlite3 import Connection as SQLite
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, InterfaceError, NoSuchModuleError
from sqlalchemy.pool import PoolProxiedConnection

from cdsrules.errors import ExtraMissing
from cdsrules.records.errors import DiskFailed, RecordRefused, RecordsError
from cdsrules.records.migrating import bring_up_to_date
from cdsrules.records.tables import metadata
from cdsrules.records.write_ahead import write_ahead

_WAIT_SECONDS: Final = 30
_FOR_ITS_OWNER: Final = 0o600
# Any number will do, as long as nobody else in the database takes the same.
_LOCK: Final = 7_233_918_422
_TURN: Final = {"sqlite": "BEGIN IMMEDIATE", "postgresql": f"SELECT pg_advisory_xact_lock({_LOCK})"}
# Values are handed over in their order, which SQLite has by itself; a server may have closed a connection that rested.
_WAYS: Final[Mapping[str, Mapping[str, Any]]] = {
    "sqlite": {},
    "postgresql": {"paramstyle": "format", "pool_pre_ping": True},
}
# What SQLite and PostgreSQL say of a disk that takes no more; the latter in a hint, or in the words of the system.
_OF_A_DISK: Final = ("disk is full", "disk I/O error", "Check free disk space", "No space left on device")
_READ_ONLY: Final = "readonly database"
NOTHING_RECORDED: Final = "Nothing was recorded by this call."


def open_database(address: str, *, make: bool = True) -> Engine:
    """Return an engine for a file of SQLite, or for an address such as `postgresql://user@host/name`.

    The tables are brought to the present version. Raises `RecordsError` when the database
    cannot be reached, is newer than this version, or is a file that is not there, or empty,
    and not to be made; `ExtraMissing` without the driver.
    """
    url = _url(address)
    if not make and url.get_backend_name() == "sqlite":
        _check_that_there_are_any(url)
    try:
        engine = create_engine(url, **_WAYS[url.get_backend_name()])
    except ModuleNotFoundError as missing:
        message = "Records in PostgreSQL need a driver: pip install 'cdsrules[postgres]'."
        raise ExtraMissing(message) from missing
    if url.get_backend_name() == "sqlite":
        _made_for_its_owner(url)
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
    try:
        with saying_what_failed(engine), _turn(engine) as connection:
            bring_up_to_date(connection)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _check_that_there_are_any(url: URL) -> None:
    """Raise `RecordsError` where a file is not there, or holds nothing: to look at it is not to make it."""
    file = Path(url.database or "")
    if not file.is_file():
        message = f"There are no records in {file}: nothing was ever recorded there, or the path is another."
        raise RecordsError(message)
    if not file.stat().st_size and not file.with_name(f"{file.name}-wal").exists():
        message = f"There are no records in {file}: the file is empty."
        raise RecordsError(message)


def _url(address: str) -> URL:
    """The address, where a bare path is a file of SQLite and PostgreSQL is spoken to through psycopg."""
    if "://" not in address:
        return URL.create("sqlite", database=str(Path(address)))  # as it is: a name may hold what an address escapes
    try:
        url = make_url(address)
        known = url.get_backend_name() in ("sqlite", "postgresql")
    except (ArgumentError, NoSuchModuleError):
        known = False
    if not known:
        message = (
            "Records are kept in SQLite or PostgreSQL: write the path of a file, or an address like "
            "postgresql://user@host/name."
        )
        raise RecordsError(message)
    return url.set(drivername="postgresql+psycopg") if url.get_backend_name() == "postgresql" else url


def _made_for_its_owner(url: URL) -> None:
    """Make a file that is not there yet so that its owner alone may read it; SQLite's files beside it are as it is.

    Where it cannot be made, SQLite says why. One that is there stays as it is.
    """
    if url.database and url.database != ":memory:" and not url.query:
        with suppress(OSError):
            os.close(os.open(url.database, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FOR_ITS_OWNER))


def _prepare(connection: Any, _: object) -> None:
    """Settings of each connection to SQLite: transactions are begun by us, and what is erased is overwritten."""
    connection.isolation_level = None
    connection.text_factory = _as_text
    connection.execute(f"PRAGMA busy_timeout = {_WAIT_SECONDS * 1000}")
    write_ahead(connection, _WAIT_SECONDS)
    for setting in ("synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
        connection.execute(f"PRAGMA {setting}")


def _as_text(raw: bytes) -> str:
    """Text of SQLite, where others may have put bytes that are none: the chain is read to its end, and shows it."""
    return str(raw, "utf-8", "replace")


def _begin(connection: Connection) -> None:
    """Take the turn at the beginning: a transaction that reads first could not be made a writing one later."""
    connection.exec_driver_sql("BEGIN" if connection.get_execution_options().get("reading") else _TURN["sqlite"])


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Give a connection whose turn it is to write; all of it counts when the block ends, or nothing."""
    with saying_what_failed(engine, NOTHING_RECORDED), _turn(engine) as connection:
        yield connection


@contextmanager
def _turn(engine: Engine) -> Iterator[Connection]:
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(_TURN["postgresql"])
        yield connection


def take_turn(connection: PoolProxiedConnection, database: str) -> None:
    """Return when it is the turn of a connection that is in no transaction yet; it has it until that ends."""
    held = connection.driver_connection
    if isinstance(held, SQLite):
        held.executescript(_TURN[database])  # as a cursor does, without looking for rows
    else:
        connection.cursor().execute(_TURN[database])


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Give a connection that sees one state of the database from its first look to its last."""
    with saying_what_failed(engine), engine.connect() as plain:
        isolation: dict[str, Any] = {"reading": True}
        if plain.dialect.name == "postgresql":
            isolation["isolation_level"] = "REPEATABLE READ"
        connection = plain.execution_options(**isolation)
        with connection.begin():
            yield connection


def clean(engine: Engine) -> None:
    """Return when what was erased stands neither in the log of SQLite nor in rows that PostgreSQL has given up.

    Raises `RecordsError` while somebody who began to read before keeps SQLite from emptying its log.
    """
    with saying_what_failed(engine):
        if engine.dialect.name == "postgresql":
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql(f"VACUUM {', '.join(metadata.tables)}")
        elif _log_is_in_use(engine):
            message = (
                "What was erased can still be read in the log beside the records, since somebody is reading them: "
                "erase once more when they are done."
            )
            raise RecordsError(message)


def _log_is_in_use(engine: Engine) -> bool:
    with closing(engine.raw_connection()) as connection:
        # In no transaction: SQLAlchemy would begin one.
        cursor = connection.cursor()
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        ((busy, *_),) = cursor.fetchall()
    return bool(busy)


@contextmanager
def saying_what_failed(engine: Engine, so: str = "") -> Iterator[None]:
    """Turn what the database says into a `RecordsError` in words, and what follows from it where that is given."""
    try:
        yield
    except (DatabaseError, InterfaceError) as problem:
        raise _failure(engine.url, problem.orig, so) from problem
    except engine.dialect.loaded_dbapi.Error as problem:
        raise _failure(engine.url, problem, so) from problem
    except UnicodeEncodeError as problem:
        message = f"What is to be recorded or looked for holds something that is no character: write it anew. {so}"
        raise RecordRefused(message.rstrip()) from problem


def _failure(url: URL, problem: BaseException | None, so: str) -> RecordsError:
    whole = str(problem or "").strip()
    said = next(iter(whole.splitlines()), "no reason given").rstrip(".")
    message = f"The records in {_place(url)} could not be used: {said}. {so}".rstrip()
    if _READ_ONLY in whole:
        message = f"{message} To read them too, the file and its folder have to be such that you may write there."
    if any(words in whole for words in _OF_A_DISK):
        return DiskFailed(f"{message} Look whether the disk has room, and whether it is in order.")
    return RecordsError(message)


def _place(url: URL) -> str:
    """Where records are, as it was written: a file, or an address without its password and the driver."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return url.set(drivername=url.get_backend_name()).render_as_string()
