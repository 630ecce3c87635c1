"""What the driver runs by itself: the same rows as SQLAlchemy finds, on connections that are given back and closed."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import Engine, delete, insert, select

from cdsrules.records.adding import LAST, New
from cdsrules.records.database import open_database, reading, writing
from cdsrules.records.driver import Driver
from cdsrules.records.errors import RecordsError
from cdsrules.records.ledger import Ledger
from cdsrules.records.tables import entries

Opened = Callable[[], Engine]

ROW: dict[str, object] = {
    "seq": 1,
    "kind": "note",
    "at": "",
    "client": None,
    "salt": None,
    "payload": "ü 🙂",
    "leaf": "a",
    "link": "b",
}


def test_what_is_added_is_found_as_sqlalchemy_finds_it(opened: Opened) -> None:
    engine = opened()
    driver = Driver(engine)
    with driver.writing() as running:
        running.add(insert(entries), [])
        running.add(insert(entries), [ROW, ROW | {"seq": 2}])
        assert running.rows(LAST, {}) == [(2, "b")]
    with reading(engine) as connection:
        assert [tuple(row) for row in connection.execute(select(entries).order_by(entries.c.seq))] == list(
            driver.rows(select(entries).order_by(entries.c.seq), {})
        )


@pytest.mark.parametrize("number", [1, 2, 15, 16, 17, 40])
def test_however_many_are_added_at_once_each_stands_as_sqlalchemy_writes_it(opened: Opened, number: int) -> None:
    engine = opened()
    texts = ["", None, "%s", "?", ":seq", "null", "7", "🙂"]
    rows = [ROW | {"seq": n, "client": texts[n % 8], "salt": texts[n % 7], "at": str(n)} for n in range(number)]
    with Driver(engine).writing() as running:
        running.add(insert(entries), rows)
    in_order = select(entries).order_by(entries.c.seq)
    with writing(engine) as connection:
        found = connection.execute(in_order).all()
        connection.execute(delete(entries))
        connection.execute(insert(entries), rows)
        assert found == connection.execute(in_order).all()
        assert [row.at for row in found] == [str(n) for n in range(number)]


def write(driver: Driver, *rows: dict[str, object], then: Exception | None = None) -> None:
    with driver.writing() as running:
        running.add(insert(entries), rows)
        if then is not None:
            raise then


def test_what_breaks_off_leaves_nothing_and_the_next_has_its_turn(opened: Opened) -> None:
    driver = Driver(opened())
    with pytest.raises(ZeroDivisionError):
        write(driver, ROW, then=ZeroDivisionError())
    assert driver.rows(select(entries), {}) == []
    write(driver, ROW)
    assert driver.rows(LAST, {}) == [(1, "b")]


def test_what_the_database_refuses_is_said_in_words(opened: Opened) -> None:
    driver = Driver(opened())
    with pytest.raises(RecordsError, match=r"could not be used: .*Nothing was recorded by this call"):
        write(driver, ROW, ROW)
    assert driver.rows(select(entries), {}) == []


def test_more_at_once_than_connections_stay_at_hand_are_all_served(opened: Opened) -> None:
    engine = opened()
    ledger, meeting = Ledger(engine), Barrier(8)
    ledger.add([New("note", {})])

    def look(_: int) -> int:
        meeting.wait()
        return sum(ledger.head() == ledger.head() for _ in range(20))

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(look, range(8))) == [20] * 8
    # Whoever uses SQLAlchemy finds connections as well: nearly all went back to the pool.
    with reading(engine), reading(engine), reading(engine):
        assert ledger.head() is not None


def test_whoever_closes_the_database_closes_every_connection(tmp_path: Path) -> None:
    path = tmp_path / "records.db"
    ledger = Ledger(open_database(str(path)))
    ledger.add([New("note", {})])
    assert Path(f"{path}-wal").exists()
    ledger.close()
    # SQLite puts its log away when the last connection is closed.
    assert not Path(f"{path}-wal").exists()
    assert ledger.head() is not None  # and whoever asks again gets a new one
    ledger.close()
