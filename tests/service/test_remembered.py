"""What processes remember together: tokens once, explanations for a while, and nothing that can be read."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from cdsrules.service.remembered import CannotRemember, Kept, Remembered

KEPT = Kept("rules", b"sealed")


def test_a_token_is_used_once_whoever_asks(tmp_path: Path) -> None:
    file = str(tmp_path / "state")
    one, other = Remembered.open(file), Remembered.open(file)

    assert one.first_use("https://ehr.example", "t", until=20, now=10)
    assert not one.first_use("https://ehr.example", "t", until=20, now=11)
    assert not other.first_use("https://ehr.example", "t", until=20, now=11)
    assert other.first_use("https://ehr.example", "u", until=20, now=11)
    assert other.first_use("https://other.example", "t", until=20, now=11)
    one.close()
    other.close()


def test_what_has_run_out_is_forgotten() -> None:
    held = Remembered.open()
    assert held.first_use("i", "t", until=20, now=10)
    assert held.first_use("i", "t", until=40, now=20)

    held.keep("secret", KEPT, until=20, now=10)
    assert held.kept("secret", 19.9) == KEPT
    assert held.kept("secret", 20) is None
    held.keep("new", KEPT, until=40, now=20)
    assert held.kept("secret", 0) is None
    held.close()


def test_of_many_explanations_the_oldest_go() -> None:
    held = Remembered.open(most=2)
    for name in "abc":
        held.keep(name, KEPT, until=20, now=10)

    assert [held.kept(name, 10) for name in "abc"] == [None, KEPT, KEPT]
    held.close()


def test_no_name_stands_in_the_file_and_nobody_else_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "state"
    held = Remembered.open(str(file))
    held.keep("the-secret-of-a-link", KEPT, until=20, now=10)
    held.first_use("https://ehr.example", "the-id-of-a-token", until=20, now=10)
    written = b"".join(one.read_bytes() for one in tmp_path.iterdir())

    assert b"sealed" in written
    assert b"the-secret" not in written
    assert b"the-id" not in written
    assert {one.stat().st_mode & 0o077 for one in tmp_path.iterdir()} == {0}
    held.close()


def test_what_an_older_file_kept_is_not_kept_for_ever(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "state")) as older:
        older.execute("CREATE TABLE kept (number INTEGER PRIMARY KEY, sealed TEXT)")
        older.execute("INSERT INTO kept (sealed) VALUES ('of last year')")
        older.commit()
    Remembered.open(str(tmp_path / "state")).close()
    assert b"of last year" not in (tmp_path / "state").read_bytes()


def test_a_file_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("no database, but long enough to be none" * 50, encoding="utf-8")

    with pytest.raises(CannotRemember, match=r"The state in .*state cannot be used: file is not a database"):
        Remembered.open(str(tmp_path / "state"))
    with pytest.raises(CannotRemember, match=r"cannot be used: No such file or directory\. Set `state` to a file"):
        Remembered.open(str(tmp_path / "nowhere" / "state"))


def test_the_file_of_a_version_before_stays_of_use_to_both(tmp_path: Path) -> None:
    file = str(tmp_path / "state")
    held = Remembered.open(file)
    held.keep("a link", KEPT, until=20, now=10)
    held.close()
    with closing(sqlite3.connect(file)) as before, before:
        before.execute("UPDATE explanations SET sealed = CAST(sealed AS TEXT)")  # as it was sealed once

    held = Remembered.open(file)
    assert held.kept("a link", 11) is None
    held.keep("another", KEPT, until=40, now=20)
    assert held.kept("another", 21) == KEPT
    held.close()
    with closing(sqlite3.connect(file)) as after:
        assert after.execute("SELECT count(*) FROM explanations").fetchone() == (1,)
