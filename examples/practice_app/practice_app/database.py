"""The database of the practice: SQLite, in the file that PRACTICE_DB names."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import date
from pathlib import Path

from cdsrules.plugins import NotRead

FILE = os.environ.get("PRACTICE_DB", "practice.db")
SITE = os.environ.get("CDSRULES_SITE")


def rows(query: str, *values: object) -> list[sqlite3.Row]:
    """Run one statement and return what it finds. Raises `NotRead` where the database is not there."""
    if not Path(FILE).is_file():
        message = f"The database of the practice, {FILE}, is not there: name its file in PRACTICE_DB."
        raise NotRead(message)
    with closing(sqlite3.connect(FILE)) as database, database:
        database.row_factory = sqlite3.Row
        return database.execute(query, values).fetchall()


def create() -> None:
    """Fill a new database with the clients of the example."""
    with closing(sqlite3.connect(FILE)) as database:
        database.executescript(Path(__file__).with_name("practice.sql").read_text(encoding="utf-8"))


def today() -> date:
    """The day that the example lives on."""
    return date.fromisoformat(rows("SELECT today FROM practice")[0]["today"])


def clients() -> Iterable[sqlite3.Row]:
    """Every client, with what was open when they were last looked at."""
    return rows("SELECT * FROM clients LEFT JOIN open_items ON client = 'practice-' || number ORDER BY number")


if __name__ == "__main__":
    create()
