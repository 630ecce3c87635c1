"""From the database of a practice to client documents: one JSON object a client, one on each line.

    bhsim generate --seed 42 --clients 200 --months 18 --reference-date 2026-06-01 practice.db
    python examples/practice_db/client_state.py practice.db > clients.jsonl
    cdsrules evaluate clients.jsonl

What the database has goes into the document as it is; what it does not have is left out, so that
cdsrules says that it is not known. README.md beside this file tells which is which.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from itertools import groupby
from pathlib import Path

Document = dict[str, object]

INSTRUMENTS = {"PHQ9": "phq-9", "GAD7": "gad-7"}
# A cancelled visit does not say by whom. A visit that was moved is no visit: the one it was moved to is there.
STATUSES = {"COMPLETED": "attended", "NO_SHOW": "no_show", "CANCELED": "cancelled"}
# The practice judges progress by the PHQ-9, and by the GAD-7 where there is none (a choice, not in the database).
PRIMARY = ("phq-9", "gad-7")
DEFINITION = "nhs-talking-therapies"

CLIENTS = """
    SELECT individual_id, date_of_birth, MIN(start_date)
    FROM individuals JOIN individual_programs USING (individual_id)
    GROUP BY individual_id ORDER BY individual_id
"""
VISITS = (
    "SELECT date(scheduled_start), visit_status FROM visits WHERE individual_id = ? ORDER BY scheduled_start, visit_id"
)
ASSESSMENTS = """
    SELECT instrument_code, date(assessed_at), total_score, assessment_id
    FROM assessments JOIN assessment_instruments USING (instrument_id) LEFT JOIN assessment_scores USING (assessment_id)
    WHERE individual_id = ? ORDER BY instrument_code, assessed_at, assessment_id
"""
ANSWERS = "SELECT item_number, response_value FROM assessment_responses WHERE assessment_id = ? ORDER BY item_number"


def client_documents(database: sqlite3.Connection) -> Iterator[Document]:
    """Yield one client document for every client of a practice, as of the day the database was written."""
    (config,) = database.execute("SELECT value FROM simulation_metadata WHERE key = 'config'").fetchone()
    as_of = json.loads(config)["reference_date"]
    for client, born, started_on in database.execute(CLIENTS).fetchall():
        measures = list(_measures(database, client))
        yield {
            "schema_version": "1.0",
            "as_of": as_of,
            "client": {"id": f"client-{client}", "birth_date": born},
            "treatment": {"started_on": started_on, **_primary(measures)},
            "sessions": list(_sessions(database, client)),
            "measures": measures,
        }


def _sessions(database: sqlite3.Connection, client: str) -> Iterator[Document]:
    for day, status in database.execute(VISITS, (client,)):
        if status in STATUSES:
            yield {"date": day, "status": STATUSES[status]}


def _measures(database: sqlite3.Connection, client: str) -> Iterator[Document]:
    """Yield the questionnaires of a client, each with the answers there are.

    Where one was filled in more than once a day, the last total counts; the others stay with their
    answers, as an answer about suicide must not get lost.
    """
    rows = database.execute(ASSESSMENTS, (client,)).fetchall()
    for (code, day), same_day in groupby(rows, key=lambda row: row[:2]):
        filled_in = [(total, _answers(database, assessment)) for *_, total, assessment in same_day]
        last = max((place for place, (total, _) in enumerate(filled_in) if total is not None), default=None)
        for place, (total, answers) in enumerate(filled_in):
            scored = {"score": total} if place == last else {}
            yield {"instrument": INSTRUMENTS[code], "date": day, **scored, "items": answers}


def _answers(database: sqlite3.Connection, assessment: str) -> dict[str, int]:
    return {str(item): answer for item, answer in database.execute(ANSWERS, (assessment,))}


def _primary(measures: list[Document]) -> Document:
    given = {measure["instrument"] for measure in measures}
    for instrument in PRIMARY:
        if instrument in given:
            return {"primary_measure": {"instrument": instrument, "definition": DEFINITION}}
    return {}


def main(arguments: list[str]) -> int:
    """Print the documents of a database; 0 when done, 2 when it is not there."""
    if len(arguments) != 1 or not Path(arguments[0]).is_file():
        print("Which database? python examples/practice_db/client_state.py practice.db", file=sys.stderr)
        return 2
    with closing(sqlite3.connect(arguments[0])) as database:
        for document in client_documents(database):
            print(json.dumps(document))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
