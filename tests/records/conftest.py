"""Databases for tests: files of SQLite, and a real PostgreSQL server that the suite starts by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from cdsrules.records.database import open_database
from tests.postgres import postgres_server

_NUMBERS = count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server for the whole session."""
    with postgres_server() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, once of each kind."""
    if request.param == "sqlite":
        return str(tmp_path / "records.db")
    server = request.getfixturevalue("postgres")
    name = f"records_{next(_NUMBERS)}"
    engine = create_engine(server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return str(server.replace("/postgres?", f"/{name}?"))


@pytest.fixture
def opened(address: str) -> Iterator[Callable[[], Engine]]:
    """Opens the database of `address`, as often as it is called, and closes what was opened at the end."""
    with ExitStack() as closing:

        def once_more() -> Engine:
            engine = open_database(address)
            closing.callback(engine.dispose)
            return engine

        yield once_more
