"""A disk that runs full under the records: what was acknowledged stays, the rest is said, and it goes on with room."""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from random import Random

import httpx
import pytest
from sqlalchemy import text

from cdsrules.records.database import open_database, reading
from cdsrules.records.errors import RecordsError
from cdsrules.records.ledger import Ledger
from tests.cli.program import PROGRAM
from tests.full_disk import no_room
from tests.postgres import process_of
from tests.records.test_ledger import said
from tests.service.calls import call
from tests.service.processes import serving

WRITER = """
import json, sys
from random import Random
from cdsrules.records.adding import New
from cdsrules.records.errors import RecordsError
from cdsrules.records.ledger import Ledger

with Ledger.open(sys.argv[1]) as ledger:
    for line in sys.stdin:
        try:
            (row,) = ledger.add([New("evaluation", {"client": "c-1", "said": "x" * int(line)}, "c-1")])
            print(json.dumps([row.seq, row.link]), flush=True)
        except RecordsError as problem:
            print(json.dumps(str(problem)), flush=True)
"""


class Writer:
    """A process that records as much as it is told, and says what became of it."""

    def __init__(self, address: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", WRITER, address], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def write(self, size: int) -> object:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(size, file=self.process.stdin, flush=True)
        return json.loads(self.process.stdout.readline())

    def end(self) -> None:
        self.process.communicate()


@contextmanager
def writing(address: str) -> Iterator[Writer]:
    writer = Writer(address)
    try:
        yield writer
    finally:
        writer.end()


WHAT_TO_DO = "Nothing was recorded by this call. Look whether the disk has room, and whether it is in order."


def test_on_a_full_disk_sqlite_keeps_what_it_had_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    path = tmp_path / "records.db"
    with writing(str(path)) as writer:
        kept = [writer.write(1_000), writer.write(1_000)]
        full = Path(f"{path}-wal").stat().st_size + 20_000
        with no_room(writer.process.pid, above=full):
            refused = [writer.write(100_000), writer.write(100_000)]
            kept.append(writer.write(1_000))  # for so little there is room
        kept.append(writer.write(100_000))

    assert refused == [f"The records in {path} could not be used: disk I/O error. {WHAT_TO_DO}"] * 2
    with Ledger.open(str(path)) as ledger:
        assert [[row.seq, row.link] for row in ledger.rows()] == kept
        assert ledger.verify() == ()


def test_on_a_full_disk_erasing_is_said_not_to_have_been_done(tmp_path: Path) -> None:
    path = tmp_path / "records.db"
    with Ledger.open(str(path)) as ledger:
        ledger.add([said("c-1", "x" * 50_000)])
    command = [*PROGRAM, "records", "--db", str(path)]
    erase = [*command, "erase", "--client", "c-1", "--reason", "asked for it"]
    limited = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (4_096, resource.RLIM_INFINITY))
    full = subprocess.run(erase, capture_output=True, text=True, check=False, preexec_fn=limited)
    assert (full.returncode, full.stdout) == (2, ""), full.stderr
    assert full.stderr.startswith(f"The records in {path} could not be used: ")
    with Ledger.open(str(path)) as ledger:
        assert ledger.row(1).client == "c-1"
    assert subprocess.run(erase, capture_output=True, text=True, check=True).stdout == "1 entry was erased.\n"
    assert b"x" * 1000 not in path.read_bytes()


TOAST = "SELECT pg_relation_size(reltoastrelid) FROM pg_class WHERE relname = 'entries'"
# PostgreSQL writes its log in segments of 16 MB, each whole: the table has to be larger to run full first.
LARGER_THAN_ITS_LOG = 17_000_000


def filled(address: str) -> int:
    """Record so much that the table is the largest file of the database, and return its size."""
    chance = Random(7)
    engine = open_database(address)
    with Ledger(engine) as ledger:
        while True:
            ledger.add([said("c-1", chance.randbytes(500_000).hex())])
            with reading(engine) as connection:
                size = int(connection.execute(text(TOAST)).scalar_one())
            if size > LARGER_THAN_ITS_LOG:
                return size


@pytest.mark.parametrize("address", ["postgresql"], indirect=True)
def test_on_a_full_disk_postgresql_keeps_what_it_had_and_goes_on_when_there_is_room(address: str) -> None:
    size = filled(address)
    with Ledger.open(address) as ledger:
        kept = list(ledger.rows())
        with no_room(process_of(address), above=size), pytest.raises(RecordsError) as refused:
            ledger.add([said("c-1", Random(8).randbytes(500_000).hex())])
        assert list(ledger.rows()) == kept
        assert ledger.verify() == ()
        ledger.add([said("c-1", "after")])
        assert [row.seq for row in ledger.rows()] == [*(row.seq for row in kept), len(kept) + 1]
        assert ledger.verify() == ()

    assert re.search(rf"could not extend file .*: File too large\. {WHAT_TO_DO}$", str(refused.value))


VIEW = "/cds-services/stalled-therapy"
ENOUGH_CALLS = 200


def test_the_service_answers_on_a_full_disk_as_it_says_and_records_again_when_there_is_room(
    address: str, tmp_path: Path
) -> None:
    is_file = "://" not in address
    size = 0 if is_file else filled(address)
    statuses: list[int] = []
    with serving(tmp_path, settings=f'records = "{address}"\n') as service, httpx.Client(timeout=60) as client:

        def view() -> int:
            answer = client.post(f"{service.base}{VIEW}", json=call())
            statuses.append(answer.status_code)
            assert ("cards" in answer.json()) == (answer.status_code == 200)
            return answer.status_code

        assert view() == 200
        if is_file:
            size = Path(f"{address}-wal").stat().st_size
        with no_room(service.process.pid if is_file else process_of(address), above=size):
            assert any(view() == 503 for _ in range(ENOUGH_CALLS))
            answer = client.post(f"{service.base}{VIEW}", json=call())
            assert (answer.status_code, answer.json()) == (
                503,
                {"error": "This could not be recorded, so it does not count."},
            )
            assert client.get(f"{service.base}/health").status_code == 200
            assert client.get(f"{service.base}/cds-services").status_code == 200
        assert view() == 200
    assert {line["because"] for line in service.logged if line["event"] == "not recorded"} == {
        "the disk is full, or not in order"
    }
    with Ledger.open(address) as ledger:
        shown = [row for row in ledger.rows() if row.client == "4711"]
        assert len(shown) == statuses.count(200)
        assert ledger.verify() == ()
