"""A log that is written ahead, whoever else asks for it at the same moment."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from cdsrules.records.write_ahead import write_ahead

PATIENCE_SECONDS = 30.0


def test_who_opens_a_new_file_while_another_does_waits_for_that(tmp_path: Path) -> None:
    path = tmp_path / "records.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as first:
        first.execute("BEGIN IMMEDIATE")

        class Second(sqlite3.Connection):
            def executescript(self, script: str, /) -> sqlite3.Cursor:
                first.execute("COMMIT")  # the first is done once the second has begun to wait
                return super().executescript(script)

        with closing(sqlite3.connect(path, isolation_level=None, factory=Second)) as second:
            write_ahead(second, PATIENCE_SECONDS)

            assert second.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_what_is_no_database_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "records.db"
    path.write_bytes(b"a letter" * 1_000)

    with closing(sqlite3.connect(path)) as connection, pytest.raises(sqlite3.DatabaseError, match="not a database"):
        write_ahead(connection, PATIENCE_SECONDS)


def test_who_does_not_get_it_in_time_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "records.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as first:
        first.execute("BEGIN IMMEDIATE")
        with (
            closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as second,
            pytest.raises(sqlite3.OperationalError, match="locked"),
        ):
            write_ahead(second, 0)
