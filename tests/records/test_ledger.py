"""The ledger on real databases: what was acknowledged stays, what is erased is gone, and the chain verifies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, event, select, text, update

from cdsrules.records.adding import New
from cdsrules.records.chain import GENESIS
from cdsrules.records.database import open_database, reading, writing
from cdsrules.records.drawn import Drawn
from cdsrules.records.errors import RecordRefused, RecordsError
from cdsrules.records.ledger import Ledger
from cdsrules.records.migrating import bring_up_to_date
from cdsrules.records.recalling import seen
from cdsrules.records.tables import answers, entries, looks, metadata, sightings

NOON = datetime(2026, 8, 3, 12, tzinfo=UTC)


def said(client: str, what: str = "x", *items: str) -> New:
    """An entry of a client, with items that were shown."""
    return New("evaluation", {"client": client, "said": what}, client, tuple(map(sighting, items)))


def sighting(item: str) -> Drawn:
    """That an item was shown."""
    return Drawn(sightings, {"item": item, "rule": "reassess", "tier": "review", "shown_on": "2026-08-03"})


Opened = Callable[[], Engine]


@pytest.fixture
def ledger(opened: Opened) -> Ledger:
    return Ledger(opened(), lambda: NOON)


def test_entries_stand_in_their_order_and_link_to_one_another(ledger: Ledger) -> None:
    assert ledger.head() is None
    ledger.add([said("c-1"), said("c-2", "ü → 🙂")])
    ledger.add([New("activation", {"rules": "a"})])
    rows = list(ledger.rows())

    assert [(row.seq, row.kind, row.client) for row in rows] == [
        (1, "evaluation", "c-1"),
        (2, "evaluation", "c-2"),
        (3, "activation", None),
    ]
    assert rows[1].payload == '{"client":"c-2","said":"ü → 🙂"}'
    assert {row.at for row in rows} == {"2026-08-03T12:00:00.000+00:00"}
    head = ledger.head()
    assert head is not None
    assert (head.seq, head.link) == (3, rows[2].link)
    assert ledger.verify(head) == ()


def test_adding_nothing_adds_nothing(ledger: Ledger) -> None:
    assert ledger.add([]) == ()
    assert list(ledger.rows()) == []


def test_entries_are_found_by_kind_client_and_number(ledger: Ledger) -> None:
    ledger.add([said("c-1"), said("c-2"), New("activation", {}), said("c-1", "later")])

    assert [row.seq for row in ledger.rows(client="c-1")] == [1, 4]
    assert [row.seq for row in ledger.rows(kind="activation")] == [3]
    assert ledger.row(2).client == "c-2"
    with pytest.raises(RecordRefused, match="no entry 9"):
        ledger.row(9)


def test_more_entries_than_a_page_are_all_read(ledger: Ledger) -> None:
    ledger.add([said(f"c-{number}") for number in range(1201)])

    assert [row.seq for row in ledger.rows()] == list(range(1, 1202))
    assert ledger.verify() == ()


def test_what_was_shown_before_is_known(ledger: Ledger) -> None:
    ledger.add([said("c-1", "x", "a", "b"), said("c-2", "x", "c"), said("c-1", "y", "a")])

    assert seen(ledger, "c-1", ["a", "b", "c"], "2026-08-03") == {
        "a": ("2026-08-03", "2026-08-03", 2),
        "b": ("2026-08-03", "2026-08-03", 1),
    }
    assert seen(ledger, "c-1", [], "2026-08-03") == {}


def test_a_client_who_is_erased_is_gone_and_the_chain_verifies(ledger: Ledger, opened: Opened) -> None:
    ledger.add([said("c-1", "secret", "a"), said("c-2", "kept", "b"), said("c-1", "secret too")])
    head = ledger.head()

    assert ledger.erase("c-1", "the client asked for it") == 2
    assert [(row.seq, row.client, row.salt, row.payload) for row in ledger.rows() if row.seq in (1, 3)] == [
        (1, None, None, None),
        (3, None, None, None),
    ]
    assert ledger.row(4).payload == '{"entries":[1,3],"reason":"the client asked for it"}'
    assert seen(ledger, "c-1", ["a"], "2026-08-03") == {}
    assert seen(ledger, "c-2", ["b"], "2026-08-03") != {}
    assert ledger.verify(head) == ()
    assert ledger.erase("c-1", "again") == 0
    engine = opened()
    if engine.dialect.name == "postgresql":
        with reading(engine) as connection:
            vacuumed = text("SELECT relname FROM pg_stat_user_tables WHERE last_vacuum IS NOT NULL")
            assert set(metadata.tables) <= set(connection.execute(vacuumed).scalars())


def test_what_is_erased_is_in_no_file_though_others_have_the_database_open(tmp_path: Path) -> None:
    def found() -> set[str]:
        return {file.name for file in tmp_path.iterdir() if b"secret" in file.read_bytes()}

    path = str(tmp_path / "records.db")
    with Ledger.open(path) as service, Ledger.open(path) as other:
        service.add([said("c-1", "secret", "a-secret-item")])
        assert found() != set()
        other.erase("c-1", "asked for it")

        assert found() == set()
        assert service.verify() == ()


def test_while_a_reader_keeps_what_is_erased_that_is_said_and_can_be_done_again(tmp_path: Path) -> None:
    engine = open_database(str(tmp_path / "records.db"))
    event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA busy_timeout = 0"))
    engine.dispose()
    with Ledger(engine) as ledger:
        ledger.add([said("c-1", "secret")])
        with ledger.reading() as reader:
            reader.execute(select(entries)).all()
            with pytest.raises(RecordsError, match="erase once more"):
                ledger.erase("c-1", "asked for it")

        assert ledger.erase("c-1", "asked for it") == 0
        assert {file.name for file in tmp_path.iterdir() if b"secret" in file.read_bytes()} == set()
        assert [row.kind for row in ledger.rows()] == ["evaluation", "erasure"]


def test_what_is_older_than_a_moment_can_be_erased(opened: Opened) -> None:
    times = iter([NOON - timedelta(days=400), NOON, NOON])
    ledger = Ledger(opened(), lambda: next(times))
    ledger.add([said("c-1"), New("activation", {})])
    ledger.add([said("c-1", "new")])

    assert ledger.erase_before(NOON - timedelta(days=365), "kept for a year") == 1
    assert [row.seq for row in ledger.rows(client="c-1")] == [3]
    assert ledger.row(2).payload == "{}"
    assert ledger.verify() == ()


def test_a_row_changed_behind_our_back_is_named(ledger: Ledger, opened: Opened) -> None:
    ledger.add([said("c-1"), said("c-1", "y"), said("c-1", "z")])
    engine = opened()
    with writing(engine) as connection:
        connection.execute(update(entries).where(entries.c.seq == 2).values(payload='{"client":"c-1","said":"q"}'))
    assert [fault.words for fault in ledger.verify()] == ["the content of entry 2 was changed"]
    with writing(engine) as connection:
        connection.execute(text("DELETE FROM entries WHERE seq = 2"))
    assert [fault.words for fault in ledger.verify()] == ["entry 2 is missing"]


@pytest.mark.parametrize("place", [0, -7])
def test_a_row_before_the_first_place_is_named(place: int, ledger: Ledger, opened: Opened) -> None:
    ledger.add([said("c-1"), said("c-2")])
    with writing(opened()) as connection:
        columns = "kind, at, client, salt, payload, leaf, link"
        connection.execute(text(f"INSERT INTO entries SELECT {place}, {columns} FROM entries WHERE seq = 2"))

    assert [fault.words for fault in ledger.verify()] == [f"entry {place} stands before the first place"]


@pytest.mark.parametrize("column", ["kind", "at", "client", "salt", "payload", "leaf", "link"])
@pytest.mark.parametrize("value", ["x'00ff'", "CAST(x'7bff' AS TEXT)", "CAST({column} AS BLOB)", "'garbage'", "'[1]'"])
@pytest.mark.parametrize("place", [1, 3])
def test_whatever_is_put_into_a_row_the_row_is_named(column: str, value: str, place: int, tmp_path: Path) -> None:
    engine = open_database(str(tmp_path / "records.db"))
    with Ledger(engine) as ledger:
        ledger.add([said("c-1"), said("c-2")])
        ledger.erase("c-2", "asked for it")
        with writing(engine) as connection:
            new = value.format(column=f"coalesce({column}, 'x')")
            connection.execute(text(f"UPDATE entries SET {column} = {new} WHERE seq = {place}"))

        assert place in {fault.seq for fault in ledger.verify()}


def test_nothing_is_added_when_something_of_it_cannot_be(ledger: Ledger) -> None:
    twice = sighting("a")
    with pytest.raises(RecordsError, match="Nothing was recorded by this call"):
        ledger.add([said("c-1"), New("evaluation", {"client": "c-2"}, "c-2", (twice, twice))])

    assert list(ledger.rows()) == []
    ledger.add([said("c-1")])
    assert ledger.verify() == ()


def test_sixteen_writers_at_once_make_one_chain(opened: Opened) -> None:
    def write(number: int) -> None:
        ledger = Ledger(opened(), lambda: NOON)
        for turn in range(10):
            ledger.add([said(f"c-{number}", str(turn))])

    with ThreadPoolExecutor(16) as writers:
        list(writers.map(write, range(16)))
    ledger = Ledger(opened())

    assert [row.seq for row in ledger.rows()] == list(range(1, 161))
    assert [row.payload for row in ledger.rows(client="c-7")] == [
        f'{{"client":"c-7","said":"{turn}"}}' for turn in range(10)
    ]
    assert ledger.verify() == ()


WRITER = """
import sys
from cdsrules.records.database import open_database
from cdsrules.records.adding import New
from cdsrules.records.ledger import Ledger
ledger = Ledger(open_database(sys.argv[1]))
for turn in range(100_000):
    (row,) = ledger.add([New("evaluation", {"client": "c-1", "said": str(turn)}, "c-1")])
    print(row.seq, row.link, flush=True)
"""


def test_a_kill_in_the_middle_of_writing_loses_nothing_that_was_acknowledged(address: str, opened: Opened) -> None:
    writer = subprocess.Popen([sys.executable, "-c", WRITER, address], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    acknowledged = [writer.stdout.readline().split() for _ in range(25)]
    os.kill(writer.pid, signal.SIGKILL)
    acknowledged += [
        line.split() for line in writer.stdout.read().splitlines() if line.endswith(tuple("0123456789abcdef"))
    ]
    writer.wait()
    writer.stdout.close()
    ledger = Ledger(opened())
    kept = {(str(row.seq), row.link) for row in ledger.rows()}

    assert {(seq, link) for seq, link in acknowledged if len(link) == len(GENESIS)} <= kept
    assert ledger.verify() == ()
    ledger.add([said("c-1", "after")])
    assert ledger.verify() == ()


def test_a_full_disk_is_said_and_what_was_written_stays(tmp_path: Path) -> None:
    path = str(tmp_path / "records.db")
    engine = open_database(path)
    ledger = Ledger(engine)
    ledger.add([said("c-1")])
    with engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    # SQLite then answers as it does when the disk is full.
    event.listen(engine, "connect", lambda raw, _: raw.execute(f"PRAGMA max_page_count = {pages + 1}"))
    engine.dispose()
    with pytest.raises(RecordsError, match="full"):
        ledger.add([said("c-1", "x" * 100_000)])

    assert [row.seq for row in ledger.rows()] == [1]
    assert ledger.verify() == ()
    ledger.close()


def test_a_database_of_the_version_before_is_brought_up_to_date(opened: Opened) -> None:
    engine = opened()
    with writing(engine) as connection:
        metadata.drop_all(connection)
        connection.execute(text("DROP TABLE alembic_version"))
        bring_up_to_date(connection, "0001")
    item = {"id": "a", "rule": "reassess", "tier": "review"}
    pathway = {"now": [item], "then": []}
    guidance = {"as_of": "2026-08-03", "safety": [], "speaking": [], "pathway": pathway, "proposals": []}
    Ledger(engine, lambda: NOON).add([New("evaluation", {"client": "c-1", "guidance": guidance}, "c-1")])
    ledger = Ledger(opened())

    assert seen(ledger, "c-1", ["a"], "2026-08-03") == {"a": ("2026-08-03", "2026-08-03", 1)}
    assert ledger.verify() == ()
    with reading(engine) as connection:
        assert connection.execute(select(sightings.c.rule)).scalars().all() == ["reassess"]
    assert list(ledger.misdrawn()) == []


def test_a_database_of_a_later_version_is_refused(opened: Opened) -> None:
    engine = opened()
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(RecordsError, match="of version 9999"):
        opened()


def test_the_tables_are_those_that_the_steps_make(opened: Opened) -> None:
    with writing(opened()) as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


@pytest.mark.parametrize("wrong", ["mysql://somewhere/x", "nonsense://", "http://example.org"])
def test_another_kind_of_database_is_refused(wrong: str) -> None:
    with pytest.raises(RecordsError, match="SQLite or PostgreSQL"):
        open_database(wrong)


@pytest.mark.parametrize("name", ["a?b=c.db", "50%20.db", "ours & theirs.db"])
def test_a_file_may_be_called_anything(name: str, tmp_path: Path) -> None:
    open_database(str(tmp_path / name)).dispose()

    assert name in {file.name for file in tmp_path.iterdir()}


def test_a_file_that_is_no_database_is_said_without_harm(tmp_path: Path) -> None:
    path = tmp_path / "records.db"
    path.write_bytes(b"not a database, but someone's thesis" * 100)
    with pytest.raises(RecordsError) as refused:
        open_database(str(path))

    assert str(refused.value) == f"The records in {path} could not be used: file is not a database."
    assert path.read_bytes().startswith(b"not a database, but someone's thesis")


def test_an_empty_file_holds_no_records_and_stays_empty_where_nothing_is_to_be_made(tmp_path: Path) -> None:
    path = tmp_path / "records.db"
    path.touch()
    with pytest.raises(RecordsError) as refused:
        open_database(str(path), make=False)

    assert str(refused.value) == f"There are no records in {path}: the file is empty."
    assert [(one.name, one.stat().st_size) for one in tmp_path.iterdir()] == [("records.db", 0)]


def test_records_that_nobody_may_write_say_what_it_takes_to_read_them(tmp_path: Path) -> None:
    path = tmp_path / "records.db"
    engine = open_database(str(path))
    with reading(engine) as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")  # as where the file may only be read
    with pytest.raises(RecordsError) as refused, writing(engine) as connection:
        connection.execute(looks.insert().values(seq=1, client="c-1", shown_on="2026-08-03"))
    engine.dispose()

    assert "attempt to write a readonly database" in str(refused.value)
    assert str(refused.value).endswith(
        "To read them too, the file and its folder have to be such that you may write there."
    )


def test_an_address_is_printed_without_its_password() -> None:
    with pytest.raises(RecordsError) as refused:
        open_database("postgresql://someone:hunter2@127.0.0.1:1/records")

    assert "hunter2" not in str(refused.value)
    assert str(refused.value).startswith(
        "The records in postgresql://someone:***@127.0.0.1:1/records could not be used"
    )
    assert "recorded by this call" not in str(refused.value)


def test_what_was_shown_and_answered_before_is_counted_after_the_tables_for_it_came(opened: Opened) -> None:
    engine = opened()
    with writing(engine) as connection:
        metadata.drop_all(connection)
        connection.execute(text("DROP TABLE alembic_version"))
        bring_up_to_date(connection, "0002")
    shown: dict[str, object] = {"client": "c-1", "guidance": {"as_of": "2026-08-03"}}
    put_off = {"item": "a", "rule": "reassess", "outcome": "snoozed", "until": "2026-08-10", "shown_on": "2026-08-03"}
    Ledger(engine, lambda: NOON).add([New("evaluation", shown, "c-1"), New("activation", {})])
    with writing(engine) as connection:
        connection.execute(
            text("INSERT INTO sightings VALUES (1, 'a', 'c-1', 'reassess', 'review', '2026-08-03')"),
        )
    later = Ledger(engine, lambda: NOON + timedelta(hours=3))
    later.add([New("feedback", {"client": "c-1", "reason": "not-the-time", **put_off}, "c-1")])
    ledger = Ledger(opened())

    with reading(engine) as connection:
        assert connection.execute(select(looks)).all() == [(1, "c-1", "2026-08-03")]
        (answer,) = connection.execute(select(answers)).all()
        assert connection.execute(select(sightings.c.put_off)).scalars().all() == [0]
    noon = round(NOON.timestamp())
    assert answer._asdict() == {
        **put_off,
        "seq": 3,
        "client": "c-1",
        "reason": "not-the-time",
        "first_shown_at": noon,
        "at": noon + 3 * 3600,
        "told": None,
    }
    assert seen(ledger, "c-1", ["a"], "2026-08-03") == {"a": ("2026-08-03", "2026-08-03", 1)}
    assert ledger.verify() == ()
