"""What tells of clients is made for its owner alone, whatever the system gives everybody else."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from cdsrules.cli.app import run
from cdsrules.records.database import open_database

STALLED = str(Path(__file__).parents[2] / "examples" / "stalled.json")


@pytest.fixture(autouse=True)
def readable_by_all() -> Iterator[None]:
    """Files are readable by all where nothing else is said, as on most systems."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode_of(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def test_records_and_what_lies_beside_them(tmp_path: Path) -> None:
    file = tmp_path / "records.db"
    engine = open_database(str(file))
    with engine.connect():
        made = {one.name: mode_of(one) for one in tmp_path.iterdir()}
    engine.dispose()

    assert made == dict.fromkeys(("records.db", "records.db-shm", "records.db-wal"), 0o600)


def test_records_that_are_there_stay_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / "records.db"
    open_database(str(file)).dispose()
    file.chmod(0o640)
    open_database(str(file)).dispose()

    assert mode_of(file) == 0o640


def test_a_receipt(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    records = ["records", "--db", str(tmp_path / "records.db")]
    assert run([*records, "activate", "--approved-by", "the lead"]) == 0
    assert run([*records, "add", STALLED, "--keep", "plain"]) == 0
    file = tmp_path / "receipt.json"
    assert run([*records, "receipt", "2", "--output", str(file)]) == 0

    assert mode_of(file) == 0o600
    assert capsys.readouterr().err == ""


def test_answers_and_a_file_of_answers_that_is_there(tmp_path: Path) -> None:
    new, old = tmp_path / "new.txt", tmp_path / "old.txt"
    old.write_text("from yesterday", encoding="utf-8")
    old.chmod(0o644)
    for file in (new, old):
        assert run(["evaluate", STALLED, "--output", str(file)]) == 0

    assert (mode_of(new), mode_of(old)) == (0o600, 0o644)
    assert new.read_text(encoding="utf-8") == old.read_text(encoding="utf-8")
