"""Having SQLite write a file's log ahead, so that who reads and who writes do not wait for each other."""

from __future__ import annotations

from sqlite3 import SQLITE_BUSY, Connection, OperationalError
from time import monotonic
from typing import Final

_PRIMARY: Final = 0xFF
"""The part of an error's number that says what it is; the rest says where it came from."""


def write_ahead(connection: Connection, patience: float) -> None:
    """Have the file of a connection keep its log written ahead, once whoever else is changing that has done so.

    The connection is in no transaction, and waits for locks by itself for `patience` seconds.
    SQLite does not wait, though, where two are changing this: one of them is told at once that
    the file is locked. Raises `sqlite3.OperationalError` when it still is after so long.
    """
    until = monotonic() + patience
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except OperationalError as problem:
            if problem.sqlite_errorcode & _PRIMARY != SQLITE_BUSY or monotonic() > until:
                raise
            connection.executescript("BEGIN EXCLUSIVE; COMMIT")  # waits for the others, and does nothing
        else:
            return
