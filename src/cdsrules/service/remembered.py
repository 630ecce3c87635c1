"""What the processes of one service remember together, for minutes: tokens that were used, what explanations show.

One file of SQLite, or the memory of a single process. Names are kept as digests, and what
explanations are made of is sealed by whoever keeps it, so the file alone tells nothing of a client.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Final, NamedTuple, Self

from cdsrules.errors import CdsrulesError
from cdsrules.records.write_ahead import write_ahead

IN_THIS_PROCESS: Final = ":memory:"
MOST_KEPT: Final = 20_000
"""So many explanations are kept; beyond that the oldest go."""

_WAIT_SECONDS: Final = 2.0
_TABLES: Final = """
DROP TABLE IF EXISTS kept;
CREATE TABLE IF NOT EXISTS used (name BLOB PRIMARY KEY, until REAL NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS used_until ON used (until);
CREATE TABLE IF NOT EXISTS explanations (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    name BLOB NOT NULL UNIQUE, since REAL NOT NULL, until REAL NOT NULL, rules TEXT NOT NULL, sealed BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS explanations_until ON explanations (until);
"""
_MAKING_ROOM: Final = """
CREATE TEMPORARY TRIGGER making_room AFTER INSERT ON explanations BEGIN
    DELETE FROM explanations WHERE until <= NEW.since OR number <= NEW.number - {most};
END;
"""
"""What runs out goes with the next that comes, in one statement.

Between two statements the thread would have to win back the right to go on from those that work for other calls.
"""


def _opened(file: str, most: int) -> sqlite3.Connection:
    if file != IN_THIS_PROCESS:
        Path(file).touch(mode=0o600)
    connection = sqlite3.connect(
        file, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=32
    )
    try:
        write_ahead(connection, _WAIT_SECONDS)
        # A crash of the machine may cost the last moments, a crash of the service nothing.
        for setting in ("synchronous = OFF", "secure_delete = ON"):
            connection.execute(f"PRAGMA {setting}")
        connection.executescript(_TABLES + _MAKING_ROOM.format(most=most))
    except sqlite3.Error:
        connection.close()
        raise
    return connection


class CannotRemember(CdsrulesError):
    """The file could not be written or read; the text says why."""


class Kept(NamedTuple):
    """What an explanation is made of: the hash of the rules that were in force, and the sealed document."""

    rules: str
    sealed: bytes


class Remembered:
    """The memory of one service; safe to share between threads, each process opens its own."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._lock = Lock()

    @classmethod
    def open(cls, file: str = IN_THIS_PROCESS, *, most: int = MOST_KEPT) -> Self:
        """Return the memory in a file, made where there is none; it keeps so many explanations at most.

        Raises `CannotRemember`.
        """
        try:
            connection = _opened(file, most)
        except (OSError, sqlite3.Error) as problem:
            reason = (isinstance(problem, OSError) and problem.strerror) or str(problem)
            message = f"The state in {file} cannot be used: {reason}. Set `state` to a file that may be written."
            raise CannotRemember(message) from problem
        return cls(connection)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def first_use(self, issuer: str, token: str, until: float, now: float) -> bool:
        """Note that a token was used, and return whether it was for the first time; it is forgotten after `until`."""
        with self._writing() as write:
            write("DELETE FROM used WHERE until <= ?", (now,))
            noted = write("INSERT OR IGNORE INTO used VALUES (?, ?)", (_digest(f"{issuer}\n{token}"), until))
        return noted.rowcount == 1

    def keep(self, name: str, kept: Kept, until: float, now: float) -> None:
        """Keep what an explanation is made of under a secret name, until then."""
        row = (_digest(name), now, until, *kept)
        with self._using():
            self._connection.execute(
                "INSERT INTO explanations (name, since, until, rules, sealed) VALUES (?, ?, ?, ?, ?)", row
            )

    def kept(self, name: str, now: float) -> Kept | None:
        """Return what is kept under a name; None where nothing is, or nothing any more."""
        # What a version before sealed is a text, and goes at its time.
        wanted = "SELECT rules, sealed FROM explanations WHERE name = ? AND until > ? AND typeof(sealed) = 'blob'"
        with self._using():
            found = self._connection.execute(wanted, (_digest(name), now)).fetchone()
        return Kept(*found) if found else None

    @contextmanager
    def _writing(self) -> Iterator[Callable[[str, tuple[object, ...]], sqlite3.Cursor]]:
        """Give what runs statements that count together or not at all."""
        with self._using():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection.execute
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    @contextmanager
    def _using(self) -> Iterator[None]:
        with self._lock:
            try:
                yield
            except sqlite3.Error as problem:
                raise CannotRemember(str(problem)) from problem


def _digest(name: str) -> bytes:
    return sha256(name.encode("utf-8", "surrogatepass")).digest()
