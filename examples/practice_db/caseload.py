"""A whole caseload looked at on month ends: every client of a made-up practice, over a year.

The practice is looked at twice: `as recorded`, which is what its database holds, and `fully
recorded`, in which the lists that the database does not have are there, and empty: no step was
ever taken. The one shows what rules say where little is on file, the other the most they can say.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast

from bhsim.engine import Config, generate

from cdsrules import Advisor, Guidance
from examples.practice_db.client_state import Document, client_documents

CLIENTS = 200
SEED = 42
WRITTEN_ON = date(2026, 6, 1)
# Its last visits are of 20 May, and before May 2025 it has few clients.
LAST_MONTH_END = date(2026, 4, 30)
ASSESSED_AFTER = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Look:
    """One client on one day, and what is said."""

    client: str
    day: date
    guidance: Guidance


@dataclass(frozen=True, slots=True)
class Practice:
    """The clients of a practice, and its database for counting."""

    documents: Mapping[str, Document]
    database: sqlite3.Connection

    def begun(self, day: date) -> list[str]:
        """Return the clients whose treatment had begun."""
        return [client for client, one in self.documents.items() if str(_treatment(one)["started_on"]) <= str(day)]

    def in_treatment(self, day: date) -> frozenset[str]:
        """Return the clients who were enrolled in a programme."""
        query = "SELECT individual_id FROM individual_programs WHERE start_date <= ? AND COALESCE(end_date, '9') > ?"
        return frozenset(f"client-{client}" for (client,) in self.database.execute(query, (str(day), str(day))))

    def sessions(self, first: date, last: date) -> int:
        """Return how many sessions were held from the first to the last day."""
        query = """SELECT COUNT(*) FROM visits WHERE visit_status = 'COMPLETED'
                   AND date(scheduled_start) BETWEEN ? AND ?"""
        ((held,),) = self.database.execute(query, (str(first), str(last))).fetchall()
        return int(held)


def made_up(path: Path) -> None:
    """Write the database of a practice that does not exist, the same one every time."""
    generate(str(path), Config(CLIENTS, 80, 18, 30, WRITTEN_ON.isoformat(), SEED))


def as_recorded(path: Path) -> Practice:
    """Return the practice as its database has it. Whoever asks for it closes the database."""
    database = sqlite3.connect(path)
    return Practice({_id(one): one for one in client_documents(database)}, database)


def fully_recorded(practice: Practice) -> Practice:
    """Return the practice with the lists that its database lacks, all empty, and risk assessed a week after item 9."""
    return Practice({client: _filled(one) for client, one in practice.documents.items()}, practice.database)


def month_ends(last: date = LAST_MONTH_END, months: int = 12) -> tuple[date, ...]:
    """Return the last days of so many months, the earliest first.

    >>> [str(day) for day in month_ends(date(2026, 4, 30), 3)]
    ['2026-02-28', '2026-03-31', '2026-04-30']
    """
    days = [last]
    while len(days) < months:
        days.append(days[-1].replace(day=1) - timedelta(days=1))
    return tuple(reversed(days))


def looks(
    advisor: Advisor,
    practice: Practice,
    days: Sequence[date],
    *,
    proposing: Iterable[str] = (),
    only: Mapping[date, frozenset[str]] | None = None,
) -> Iterator[Look]:
    """Yield what is said on each day of each client whose treatment had begun, or of those in `only`."""
    proposed = [{"action": action} for action in proposing]
    more = {"proposed_actions": proposed} if proposed else {}
    clients = {client: advisor.read({**one, **more}) for client, one in practice.documents.items()}
    for day in days:
        for client in practice.begun(day):
            if only is None or client in only[day]:
                yield Look(client, day, advisor.evaluate(clients[client], as_of=day))


def _filled(document: Document) -> Document:
    return {
        **document,
        "actions": [],
        "client_contacts": [],
        "resources_offered": [],
        "medication": {"current": False, "events": []},
        "clinician": {
            "role": "psychologist",
            "can_prescribe": False,
            "supervised": True,
            "strain": False,
            "wants_input": False,
        },
        "risk": {"assessments": [{"date": str(day)} for day in _assessed(document)]},
    }


def _assessed(document: Document) -> list[date]:
    """Return the days of risk assessments: at the start, and a week after each endorsed item 9."""
    measures = cast("list[Any]", document["measures"])
    endorsed = {
        date.fromisoformat(one["date"])
        for one in measures
        if one["instrument"] == "phq-9" and one.get("items", {}).get("9", 0) > 0
    }
    start = date.fromisoformat(str(_treatment(document)["started_on"]))
    return sorted({start, *(day + ASSESSED_AFTER for day in endorsed)})


def _treatment(document: Document) -> Document:
    return cast("Document", document["treatment"])


def _id(document: Document) -> str:
    return str(cast("Document", document["client"])["id"])
