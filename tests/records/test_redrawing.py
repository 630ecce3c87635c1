"""The tables that are looked up are held to the entries: every row that differs is named, and can be drawn anew."""

from __future__ import annotations

import json
import sqlite3
import tracemalloc
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import BigInteger, Engine, Integer, Table, insert, select, text, update

from cdsrules import Advisor, Guidance
from cdsrules.records.adding import New
from cdsrules.records.database import writing
from cdsrules.records.drawn import of_evaluation
from cdsrules.records.errors import RecordRefused
from cdsrules.records.feedback import Feedback, Outcome
from cdsrules.records.ledger import Ledger
from cdsrules.records.redrawing import DRAWN
from cdsrules.records.store import Records
from cdsrules.records.tables import answers, arrivals, entries

STALLED = json.loads(Path(__file__).parents[2].joinpath("examples", "stalled.json").read_text(encoding="utf-8"))
BEGINNING = datetime(2026, 8, 3, 12, tzinfo=UTC)
WEEK = timedelta(weeks=1)
Opened = Callable[[], Engine]


class Clock:
    """A clock that shows what it is set to."""

    def __init__(self) -> None:
        self.now = BEGINNING

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(scope="module")
def shown() -> Mapping[date, Guidance]:
    """What a client is shown on three days."""
    with Advisor.load(plugins=[]) as advisor:
        days = [BEGINNING.date() + week * WEEK for week in range(3)]
        return {day: advisor.evaluate(STALLED, as_of=day) for day in days}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ledger(opened: Opened, clock: Clock, shown: Mapping[date, Guidance]) -> Ledger:
    """Three clients over three weeks: looked at, answered, answered again, and one of them put something off."""
    ledger = Ledger(opened(), clock)
    records = Records(ledger)
    for day, guidance in shown.items():
        for client in ("c-1", "c-2", "c-3"):
            mine = records.attended(replace(guidance, client_id=client))
            records.evaluation(mine)
            for item in mine.steps[:2]:
                answer = Feedback(client=client, item=item.id, outcome=Outcome.ACCEPTED, answered_at=clock.now)
                records.feedback(answer)
                records.feedback(replace(answer, answered_at=clock.now - timedelta(microseconds=500_500)))
            if client == "c-2" and day == BEGINNING.date():
                put_off = Feedback(
                    client=client,
                    item=mine.steps[0].id,
                    outcome=Outcome.SNOOZED,
                    reason="not-the-time",
                    until=day + timedelta(days=10),
                )
                records.feedback(put_off)
        clock.now += WEEK + timedelta(microseconds=500_400)
    return ledger


def held(ledger: Ledger) -> Mapping[str, list[tuple[object, ...]]]:
    with ledger.reading() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in DRAWN
        }


def wrong(ledger: Ledger) -> list[str]:
    return [one.words for one in ledger.misdrawn()]


def test_what_was_recorded_erased_and_kept_too_long_agrees_and_drawn_anew_is_the_same(ledger: Ledger) -> None:
    before = held(ledger)
    assert all(before.values())
    assert {row[-1] for row in before["sightings"]} == {0, 1}
    assert wrong(ledger) == []
    assert ledger.redraw() == {name: len(rows) for name, rows in before.items()}
    assert held(ledger) == before

    ledger.erase("c-1", "asked for it")
    assert wrong(ledger) == []
    ledger.erase_before(BEGINNING + timedelta(days=3), "kept for three days")
    assert wrong(ledger) == []
    after = held(ledger)
    assert {row[0] for row in after["arrivals"]} == {"c-2", "c-3"}
    ledger.redraw()
    assert held(ledger) == after
    assert ledger.verify() == ()


def test_what_had_arrived_is_still_there_when_the_entry_that_said_so_first_is_gone(ledger: Ledger) -> None:
    before = {row[:3] for row in held(ledger)["arrivals"]}
    gone = ledger.erase_before(BEGINNING + timedelta(days=3), "kept for three days")
    after = held(ledger)["arrivals"]

    assert gone > 0
    assert {row[:3] for row in after} == before
    assert {row[3] for row in after} <= {row.seq for row in ledger.rows(kind="evaluation") if row.payload}


def evaluation(client: str, day: str, *items: str, newest: str = "2026-08-01", padding: str = "") -> New:
    """An evaluation that shows these items, of a client whose newest score is of a day."""
    now = [{"id": item, "rule": "reassess", "tier": "review"} for item in items]
    guidance = {"as_of": day, "safety": [], "speaking": [], "pathway": {"now": now, "then": []}, "proposals": []}
    on_record = {"newest": {"phq-9": newest}}
    payload: dict[str, object] = {"client": client, "guidance": guidance, "on_record": on_record, "padding": padding}
    return New("evaluation", payload, client, tuple(of_evaluation(payload)))


@pytest.fixture
def small(opened: Opened) -> Ledger:
    """One row in every table."""
    ledger = Ledger(opened(), lambda: BEGINNING)
    ledger.add([evaluation("c-1", "2026-08-03", "a")])
    accepted = Feedback(client="c-1", item="a", outcome=Outcome.ACCEPTED, answered_at=BEGINNING - WEEK)
    Records(ledger).feedback(accepted)
    assert wrong(ledger) == []
    return ledger


def spoil(ledger: Ledger, *statements: str) -> None:
    """Write to the database as somebody else might."""
    with writing(ledger._engine) as connection:
        for statement in statements:
            connection.execute(text(statement))


@pytest.mark.parametrize(
    ("table", "column", "stands"),
    [
        (table, column.name, 7 if isinstance(column.type, BigInteger | Integer) else "other")
        for table in DRAWN
        for column in table.columns
        if not column.primary_key and not (table is arrivals and column.name == "seq")
    ],
)
def test_every_value_that_is_changed_is_named_with_what_should_stand_there(
    small: Ledger, table: Table, column: str, stands: object
) -> None:
    with small.reading() as connection:
        row = connection.execute(select(table)).mappings().one()
    spoil(small, f"UPDATE {table.name} SET {column} = {stands!r}")

    key = ", ".join(f"{one.name} {row[one.name]}" for one in table.primary_key)
    should = "nothing" if row[column] is None else row[column]
    assert wrong(small) == [f"table {table.name}, {key}: {column} is {stands} and should be {should}"]
    assert small.verify() == ()
    small.redraw()
    assert wrong(small) == []


def test_a_row_that_is_missing_and_one_that_is_too_many_are_named(small: Ledger) -> None:
    spoil(
        small,
        "DELETE FROM looks",
        "DELETE FROM answers",
        "UPDATE sightings SET item = 'b'",
        "UPDATE arrivals SET arrived_on = '2026-08-02', seq = 2",
        "INSERT INTO sightings VALUES (2, 'c', 'c-1', 'reassess', 'review', '2026-08-03', 0)",
        "INSERT INTO arrivals VALUES ('c-9', 'phq-9', '2026-08-02', 1)",
    )
    moment = round((BEGINNING - WEEK).timestamp())
    first = round(BEGINNING.timestamp())
    with small.reading() as connection:
        assert connection.execute(select(answers)).all() == []

    found = {one.split(": ", 1)[0]: one.split(": ", 1)[1] for one in wrong(small)}
    assert found.pop("table answers, seq 2").startswith(
        "the row is missing; it should have client c-1, item a, rule reassess, outcome accepted, reason nothing, "
        f"until nothing, shown_on 2026-08-03, first_shown_at {first}, at {first}, told "
    )
    assert moment < first
    sighting = "client c-1, rule reassess, tier review, shown_on 2026-08-03, put_off 0"
    assert found == {
        "table looks, seq 1": "the row is missing; it should have client c-1, shown_on 2026-08-03",
        "table sightings, seq 1, item a": f"the row is missing; it should have {sighting}",
        "table sightings, seq 1, item b": f"the row is one too many; it has {sighting}",
        "table sightings, seq 2, item c": f"the row is one too many; it has {sighting}",
        "table arrivals, client c-1, input phq-9, arrived_on 2026-08-01": "the row is missing; it should have seq 1",
        "table arrivals, client c-1, input phq-9, arrived_on 2026-08-02": "the row is one too many; it has seq 2",
        "table arrivals, client c-9, input phq-9, arrived_on 2026-08-02": "the row is one too many; it has seq 1",
    }
    assert small.redraw() == {"looks": 1, "sightings": 1, "answers": 1, "arrivals": 1}
    assert wrong(small) == []


def test_what_arrived_is_told_by_the_first_entry_that_says_so(small: Ledger) -> None:
    small.add([evaluation("c-1", "2026-08-04", "a"), evaluation("c-1", "2026-08-05", "a", newest="2026-08-05")])
    assert wrong(small) == []
    spoil(small, "UPDATE arrivals SET seq = 3 WHERE seq = 1")

    (said,) = wrong(small)
    assert said == "table arrivals, client c-1, input phq-9, arrived_on 2026-08-01: seq is 3 and should be 1"


def test_rows_of_who_was_erased_are_named_and_do_not_come_back(small: Ledger) -> None:
    before = held(small)
    small.erase("c-1", "asked for it")
    assert wrong(small) == []
    with writing(small._engine) as connection:  # as from a copy of before
        for table in DRAWN:
            columns = [column.name for column in table.columns]
            rows = [dict(zip(columns, row, strict=True)) for row in before[table.name]]
            connection.execute(insert(table), rows)

    assert [one.split(",")[0] for one in wrong(small)] == [f"table {table.name}" for table in DRAWN]
    assert all(": the row is one too many; it has " in one for one in wrong(small))
    assert set(small.redraw().values()) == {0}
    assert not any(held(small).values())
    assert wrong(small) == []


def test_nothing_is_drawn_of_entries_that_do_not_verify(small: Ledger) -> None:
    (row, _) = small.rows()
    small.erase("c-1", "asked for it")
    content = {"client": row.client, "salt": row.salt, "payload": row.payload}
    with writing(small._engine) as connection:
        connection.execute(update(entries).where(entries.c.seq == 1).values(content))

    with pytest.raises(RecordRefused, match="do not verify: entry 1 was erased, and its content is there again"):
        small.redraw()
    assert not any(held(small).values())


@pytest.mark.parametrize("payload", ["'garbage'", "'[1]'", "'{}'", "x'00ff'", "replace(payload, '\"a\"', '[{}]')"])
def test_an_entry_that_says_nothing_that_can_be_drawn_has_no_rows(payload: str, tmp_path: Path) -> None:
    with Ledger.open(str(tmp_path / "records.db")) as ledger:
        ledger.add([evaluation("c-1", "2026-08-03", "a"), evaluation("c-2", "2026-08-03", "b")])
        spoil(ledger, f"UPDATE entries SET payload = {payload}, at = 'no moment' WHERE seq = 1")

        assert len(wrong(ledger)) == 3
        assert all("one too many" in one for one in wrong(ledger))


@pytest.mark.parametrize("value", ["x'00ff'", "CAST(x'7bff' AS TEXT)", "3.5", "NULL"])
@pytest.mark.parametrize(("table", "column"), [(one, column.name) for one in DRAWN for column in one.columns])
def test_whatever_else_is_put_into_a_row_of_sqlite_it_is_named(
    table: Table, column: str, value: str, tmp_path: Path
) -> None:
    path = tmp_path / "records.db"
    with Ledger.open(str(path), lambda: BEGINNING) as ledger:
        ledger.add([evaluation("c-1", "2026-08-03", "a")])
        passed_over = Feedback(
            client="c-1", item="a", outcome=Outcome.OVERRIDDEN, reason="does-not-fit", answered_at=BEGINNING
        )
        Records(ledger).feedback(passed_over)
        with closing(sqlite3.connect(path)) as raw, raw:
            with suppress(sqlite3.IntegrityError):  # nothing where something has to be, or no number for a row
                raw.execute(f"UPDATE {table.name} SET {column} = {value} WHERE {column} IS NOT {value}")
            changes = raw.total_changes

        said = wrong(ledger)
        assert all(f"table {table.name}, " in one for one in said)
        assert bool(said) is bool(changes)
        ledger.redraw()
        assert wrong(ledger) == []


@pytest.mark.parametrize("client", ["x'00ff'", "CAST(x'7bff' AS TEXT)", "''", "7"])
def test_a_client_whose_name_was_spoilt_keeps_nothing_from_being_looked_at(client: str, tmp_path: Path) -> None:
    with Ledger.open(str(tmp_path / "records.db")) as ledger:
        ledger.add([evaluation("c-1", "2026-08-03", "a"), evaluation("c-2", "2026-08-03", "b")])
        spoil(ledger, f"UPDATE entries SET client = {client} WHERE seq = 1", "DELETE FROM looks WHERE seq = 2")

        said = wrong(ledger)
        assert "table looks, seq 2: the row is missing; it should have client c-2, shown_on 2026-08-03" in said
        assert any(one.startswith("table sightings, seq 1, item a: ") for one in said)


def test_it_takes_no_more_memory_for_more_clients_or_more_entries(tmp_path: Path) -> None:
    def peak(name: str, clients: int, each: int) -> int:
        with Ledger.open(str(tmp_path / name)) as ledger:
            for number in range(clients):
                padding = "x" * 2_000
                items = [f"{number}-{one}" for one in range(each)]
                ledger.add([evaluation(f"c-{number}", "2026-08-03", item, padding=padding) for item in items])
            tracemalloc.start()
            try:
                assert wrong(ledger) == []
                ledger.redraw()
                return tracemalloc.get_traced_memory()[1]
            finally:
                tracemalloc.stop()

    little = peak("little.db", 11, 100)
    assert peak("long.db", 1, 3_000) < 1.5 * little
    assert peak("many.db", 1_000, 3) < 1.5 * little
