"""Two hundred made-up clients of a practice: what is measured is what SQL counts in the database."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from bhsim.engine import Config, generate

from cdsrules import Advisor
from cdsrules.loading.client_document import parse_client
from cdsrules.loading.client_schema import ClientSchema
from cdsrules.loading.files import read_rule_files, read_schemas
from cdsrules.loading.library import load_library
from cdsrules.measures.catalogue import Measures, catalogue
from cdsrules.measures.facts import MeasuredFacts
from cdsrules.model.condition import FactKey
from cdsrules.model.facts import NEVER, Known, Measured, Reason, Unknown
from cdsrules.model.time import Duration
from examples.practice_db.client_state import client_documents, main

AS_OF = date(2026, 6, 1)
CLIENTS = 200
ALWAYS = Duration(10, "years")
RECENT = Duration(60, "days")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    database = tmp_path_factory.mktemp("practice") / "practice.db"
    generate(str(database), Config(CLIENTS, 80, 18, 30, AS_OF.isoformat(), 42))
    return database


@pytest.fixture(scope="module")
def practice(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path)) as database:
        yield database


@pytest.fixture(scope="module")
def documents(practice: sqlite3.Connection) -> dict[str, dict[str, object]]:
    found = {}
    for one in client_documents(practice):
        client = one["client"]
        assert isinstance(client, dict)
        found[str(client["id"]).removeprefix("client-")] = one
    return found


@pytest.fixture(scope="module")
def facts(documents: dict[str, dict[str, object]]) -> dict[str, MeasuredFacts]:
    vocabulary = load_library(read_rule_files(), catalogue, None).vocabulary
    measures = Measures(vocabulary)
    return {name: measures.of(parse_client(one, vocabulary), AS_OF) for name, one in documents.items()}


def counted(practice: sqlite3.Connection, query: str, *values: object) -> dict[str, object]:
    """What SQL finds for each client: the first column by the client's number; nothing where it finds none."""
    return dict(practice.execute(query, values).fetchall())


def known(found: Measured) -> object:
    assert isinstance(found, Known), found
    return found.value


def reason(found: Measured) -> Reason:
    assert isinstance(found, Unknown), found
    return found.reason


def test_every_client_has_a_document_that_keeps_to_the_schema(
    documents: dict[str, dict[str, object]], practice: sqlite3.Connection
) -> None:
    schema = ClientSchema(read_schemas(["client-state"])["client-state"])

    assert set(documents) == set(counted(practice, "SELECT individual_id, 1 FROM individuals"))
    assert len(documents) == CLIENTS
    assert [name for name, one in documents.items() if not schema.accepts(one)] == []
    assert {one["as_of"] for one in documents.values()} == {"2026-06-01"}


def test_nobody_can_be_known_by_name(documents: dict[str, dict[str, object]], practice: sqlite3.Connection) -> None:
    text = json.dumps(list(documents.values()))

    assert [name for (name,) in practice.execute("SELECT full_name FROM individuals") if name in text] == []


def test_attendance_is_as_counted(facts: dict[str, MeasuredFacts], practice: sqlite3.Connection) -> None:
    by_status = "SELECT individual_id, COUNT(*) FROM visits WHERE visit_status = ? AND scheduled_start >= ? GROUP BY 1"
    first_recent = (AS_OF - timedelta(days=60)).isoformat()
    no_shows = counted(practice, by_status, "NO_SHOW", "0")
    recent = counted(practice, by_status, "NO_SHOW", first_recent)
    attended = counted(practice, by_status, "COMPLETED", "0")
    cancelled = counted(practice, by_status, "CANCELED", first_recent)
    last = counted(
        practice,
        "SELECT individual_id, MAX(date(scheduled_start)) FROM visits WHERE visit_status = 'COMPLETED' GROUP BY 1",
    )

    for name, of in facts.items():
        assert known(of.get(FactKey("attendance.no_shows", ALWAYS))) == no_shows.get(name, 0)
        assert known(of.get(FactKey("attendance.no_shows", RECENT))) == recent.get(name, 0)
        assert known(of.get(FactKey("attendance.late", ALWAYS))) == 0
        assert known(of.get(FactKey("treatment.sessions_attended"))) == attended.get(name, 0)
        on = known(of.get(FactKey("attendance.last_attended_on")))
        assert (None if on is NEVER else str(on)) == last.get(name)
        by_client = of.get(FactKey("attendance.cancellations_by_client", RECENT))
        if name in cancelled:
            assert reason(by_client) is Reason.UNDECIDABLE
        else:
            assert known(by_client) == 0
    assert len(no_shows) > 100
    assert len(recent) > 20
    assert len(cancelled) > 20


MISSES_IN_A_ROW = """
    WITH held AS (SELECT individual_id, MAX(date(scheduled_start)) AS last FROM visits
                  WHERE visit_status = 'COMPLETED' GROUP BY 1)
    SELECT v.individual_id,
           SUM(visit_status = 'NO_SHOW') * 1000 + SUM(visit_status = 'CANCELED')
    FROM visits v LEFT JOIN held USING (individual_id)
    WHERE visit_status IN ('NO_SHOW', 'CANCELED') AND date(scheduled_start) > COALESCE(last, '0')
    GROUP BY 1
"""


def test_misses_in_a_row_are_as_counted_since_the_last_held_visit(
    facts: dict[str, MeasuredFacts], practice: sqlite3.Connection
) -> None:
    since = counted(practice, MISSES_IN_A_ROW)

    for name, of in facts.items():
        coded = since.get(name, 0)
        assert isinstance(coded, int)
        no_shows, cancelled = divmod(coded, 1000)
        row = of.get(FactKey("attendance.consecutive_misses"))
        if cancelled:
            assert reason(row) is Reason.UNDECIDABLE
        else:
            assert known(row) == no_shows
    assert len(since) > 20


LAST_TOTALS = """
    WITH totals AS (
        SELECT individual_id, date(assessed_at) AS day, total_score,
               ROW_NUMBER() OVER (PARTITION BY individual_id, date(assessed_at)
                                  ORDER BY assessed_at DESC, assessment_id DESC) AS place
        FROM assessments JOIN assessment_scores USING (assessment_id) JOIN assessment_instruments USING (instrument_id)
        WHERE instrument_code = ?)
    SELECT individual_id, day, total_score FROM totals WHERE place = 1 ORDER BY individual_id, day
"""


@pytest.mark.parametrize(("code", "instrument"), [("PHQ9", "phq-9"), ("GAD7", "gad-7")])
def test_scores_are_as_counted(
    facts: dict[str, MeasuredFacts], practice: sqlite3.Connection, code: str, instrument: str
) -> None:
    totals: dict[str, list[tuple[str, int]]] = {}
    for client, day, total in practice.execute(LAST_TOTALS, (code,)):
        totals.setdefault(client, []).append((day, total))
    current, improved = 0, 0

    for name, of in facts.items():
        scores = totals.get(name, [])
        prefix = f"measure.{instrument}"
        assert known(of.get(FactKey(f"{prefix}.count"))) == len(scores)
        on = known(of.get(FactKey(f"{prefix}.latest_on")))
        assert (None if on is NEVER else str(on)) == (scores[-1][0] if scores else None)
        latest = of.get(FactKey(f"{prefix}.latest"))
        if scores and scores[-1][0] >= (AS_OF - timedelta(weeks=6)).isoformat():
            assert known(latest) == scores[-1][1]
            current += 1
        else:
            assert reason(latest) is (Reason.TOO_OLD if scores else Reason.NOT_RECORDED)
        change = of.get(FactKey(f"{prefix}.improvement"))
        if isinstance(change, Known):
            assert change.value == scores[0][1] - scores[-1][1]
            improved += 1
    assert current > 30
    assert improved > 3


BASELINES = """
    SELECT individual_id, MIN(date(assessed_at))
    FROM assessments JOIN assessment_scores USING (assessment_id) JOIN assessment_instruments USING (instrument_id)
         JOIN (SELECT individual_id, MIN(start_date) AS start FROM individual_programs GROUP BY 1) USING (individual_id)
    WHERE instrument_code = 'PHQ9' AND date(assessed_at) BETWEEN date(start, '-28 days') AND date(start, '+28 days')
    GROUP BY 1
"""


def test_baselines_are_the_first_scores_around_the_first_enrolment(
    facts: dict[str, MeasuredFacts], practice: sqlite3.Connection
) -> None:
    first = counted(practice, BASELINES)

    for name, of in facts.items():
        baseline = of.get(FactKey("measure.phq-9.baseline"))
        if name in first:
            assert [str(one.on) for one in baseline.evidence] == [first[name]]
        else:
            assert reason(baseline) is Reason.NOT_RECORDED
    assert len(first) > 20


ITEM_NINE = """
    SELECT individual_id, {what}
    FROM assessments JOIN assessment_responses USING (assessment_id) JOIN assessment_instruments USING (instrument_id)
    WHERE instrument_code = 'PHQ9' AND item_number = 9 AND response_value > 0 GROUP BY 1
"""


def test_item_nine_is_as_counted(facts: dict[str, MeasuredFacts], practice: sqlite3.Connection) -> None:
    highest = counted(practice, ITEM_NINE.format(what="MAX(response_value)"))
    last = counted(practice, ITEM_NINE.format(what="MAX(date(assessed_at))"))

    for name, of in facts.items():
        found = of.get(FactKey("risk.item.open_score"))
        if name in highest:
            assert known(found) == highest[name]
            assert str(known(of.get(FactKey("risk.item.endorsed_on")))) == last[name]
            assert str(known(of.get(FactKey("risk.disclosed_on")))) == last[name]
        else:
            assert isinstance(found, Unknown) or found.value == 0
            assert isinstance(of.get(FactKey("risk.disclosed_on")), Unknown)
    assert len(highest) > 50


MISSED_SINCE = """
    WITH said AS (
        SELECT individual_id, MIN(date(assessed_at)) AS day
        FROM assessments JOIN assessment_responses USING (assessment_id)
             JOIN assessment_instruments USING (instrument_id)
        WHERE instrument_code = 'PHQ9' AND item_number = 9 AND response_value > 0 GROUP BY 1),
    held AS (SELECT individual_id, MAX(date(scheduled_start)) AS last FROM visits
             WHERE visit_status = 'COMPLETED' GROUP BY 1)
    SELECT individual_id, COUNT(*) FROM visits JOIN said USING (individual_id) LEFT JOIN held USING (individual_id)
    WHERE visit_status = 'NO_SHOW' AND date(scheduled_start) >= day AND date(scheduled_start) >= COALESCE(last, '0')
    GROUP BY 1
"""


def test_who_missed_a_visit_after_item_nine_and_was_not_seen_since(
    facts: dict[str, MeasuredFacts], practice: sqlite3.Connection
) -> None:
    """No risk assessment is in the database, so that no disclosure is ever behind a client."""
    missed = counted(practice, MISSED_SINCE)

    for name, of in facts.items():
        found = of.get(FactKey("risk.missed_after_disclosure"))
        assert (isinstance(found, Known) and found.value is True) == (name in missed), name
    assert missed


def test_all_clients_go_the_whole_road_on_both_engines(
    documents: dict[str, dict[str, object]], practice: sqlite3.Connection
) -> None:
    """Both engines conclude alike, and every endorsed item 9 is a safety item."""
    endorsed = counted(practice, ITEM_NINE.format(what="MAX(response_value)"))

    with (
        Advisor.load(plugins=[], engine="reference") as reference,
        Advisor.load(plugins=[], engine="durable", verify=True, on_disagreement="raise") as durable,
    ):
        for place, (name, one) in enumerate(documents.items()):
            plain, chained = reference.evaluate(one), durable.evaluate(one)
            assert replace(chained, engine=plain.engine) == plain
            assert ("risk-item-endorsed" in {item.rule.id for item in plain.safety}) == (name in endorsed)
            assert plain.notices == ()
            if place % 20 == 0:
                # Explanations are written when they are read, and take most of the time.
                assert {**plain.to_dict(), "engine": None} == {**chained.to_dict(), "engine": None}


def test_the_program_prints_one_document_a_line(path: Path, documents: dict[str, dict[str, object]]) -> None:
    program = Path(__file__).parents[2] / "examples" / "practice_db" / "client_state.py"

    done = subprocess.run([sys.executable, program, path], capture_output=True, text=True, check=True)

    assert [json.loads(line) for line in done.stdout.splitlines()] == list(documents.values())


def test_the_program_says_when_there_is_no_database(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none.db")]) == 2
    assert main([]) == 2
    assert "Which database?" in capsys.readouterr().err
