"""Calls of hooks as EHRs send them: about each client of a made-up practice, and the record of the FHIR example."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from datetime import date
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

from bhsim.engine import Config, generate

from examples.practice_db.client_state import client_documents

CLIENTS: Final = 200
_SEED: Final = 42
_VISITS, _MONTHS, _STAFF = 80, 18, 30
_EXAMPLE: Final = Path(__file__).parents[2] / "examples" / "fhir" / "bundle.json"
_EVERY_SO_MANY: Final = 10
"""After so many calls about the practice comes one about the example."""

_PATHS: Final = {
    "patient-view": "stalled-therapy",
    "encounter-start": "before-the-session",
    "org.cdsrules.session-end": "after-the-session",
    "order-sign": "before-signing",
}
_STATUSES: Final = {"attended": "fulfilled", "no_show": "noshow", "cancelled": "cancelled"}
_TOTALS: Final = {"phq-9": "44261-6", "gad-7": "70274-6"}
_PHQ_9_ITEM_9: Final = "44260-8"
_NOTHING: Final = (
    *("encounters", "responses", "prescriptions", "statements", "goals"),
    *("requests", "procedures", "tasks", "assessments", "flags"),
)

Resource = dict[str, Any]


class Call(NamedTuple):
    """A call of a hook: the path, and the body before and after the id of the call."""

    path: str
    before: bytes
    after: bytes

    def body(self, instance: str) -> bytes:
        """Return the body of a call with this id."""
        return b"".join((self.before, instance.encode(), self.after))


def calls(as_of: date, clients: int = CLIENTS) -> tuple[Call, ...]:
    """Return a call about each client of a practice looked at on a day, and now and then one about the example."""
    hooks = ("patient-view", "encounter-start", "patient-view", "org.cdsrules.session-end")
    made: list[Call] = []
    for place, document in enumerate(_practice(as_of, clients)):
        client = document["client"]["id"]
        made.append(_call(hooks[place % len(hooks)], client, _prefetch(client, document)))
        if place % _EVERY_SO_MANY == 0:
            made.append(_about_example("patient-view" if place % (2 * _EVERY_SO_MANY) else "order-sign"))
    return tuple(made)


def _practice(as_of: date, clients: int) -> Iterator[Resource]:
    with TemporaryDirectory() as folder:
        path = Path(folder, "practice.db")
        generate(str(path), Config(clients, _VISITS, _MONTHS, _STAFF, as_of.isoformat(), _SEED))
        with closing(sqlite3.connect(path)) as database:
            yield from client_documents(database)


def _call(hook: str, client: str, prefetch: Mapping[str, object], **context: object) -> Call:
    more = {"encounterId": "1"} if hook == "encounter-start" else {}
    document = {
        "hook": hook,
        "hookInstance": "?",
        "context": {"userId": "Practitioner/7", "patientId": client, **more, **context},
        "prefetch": prefetch,
    }
    before, after = json.dumps(document).split('"?"', 1)
    return Call(f"/cds-services/{_PATHS[hook]}", f'{before}"'.encode(), f'"{after}'.encode())


def _prefetch(client: str, document: Resource) -> Mapping[str, object]:
    """Return the record of a client of the practice, of which there are visits and scores and nothing else."""
    subject = {"subject": {"reference": f"Patient/{client}"}}
    plan = {"resourceType": "CarePlan", "id": "plan", "status": "active", "intent": "plan", **subject}
    return {
        "patient": {"resourceType": "Patient", "id": client, "birthDate": document["client"]["birth_date"]},
        "plans": _search([{**plan, "period": {"start": document["treatment"]["started_on"]}}]),
        "appointments": _search(map(_appointment, count(1), document["sessions"])),
        "scores": _search(_score(place, one, subject) for place, one in enumerate(document["measures"])),
        **dict.fromkeys(_NOTHING, _search(())),
        "conditions": None,
    }


def _appointment(number: int, session: Resource) -> Resource:
    visit = {"id": f"visit-{number}", "status": _STATUSES[session["status"]], "start": f"{session['date']}T09:00:00Z"}
    return {"resourceType": "Appointment", **visit}


def _score(number: int, measure: Resource, subject: Resource) -> Resource:
    item = measure["items"].get("9") if measure["instrument"] == "phq-9" else None
    answers = [{"code": _code(_PHQ_9_ITEM_9), "valueInteger": item}] if item is not None else []
    return {
        "resourceType": "Observation",
        "id": f"score-{number}",
        "status": "final",
        "code": _code(_TOTALS[measure["instrument"]]),
        **subject,
        "effectiveDateTime": measure["date"],
        **({"valueInteger": measure["score"]} if measure.get("score") is not None else {}),
        **({"component": answers} if answers else {}),
    }


def _about_example(hook: str) -> Call:
    """Return a call about the record of the example; the referral in it is a draft, which is signed."""
    entries = json.loads(_EXAMPLE.read_text(encoding="utf-8"))["entry"]
    resources: list[Resource] = [entry["resource"] for entry in entries]

    def found(kind: str) -> Resource:
        return _search(one for one in resources if one["resourceType"] == kind)

    kinds = {"plans": "CarePlan", "appointments": "Appointment", "scores": "Observation", "conditions": "Condition"}
    (patient,) = (one for one in resources if one["resourceType"] == "Patient")
    prefetch = {"patient": patient, **{key: found(kind) for key, kind in kinds.items()}}
    drafts = {"draftOrders": found("ServiceRequest")} if hook == "order-sign" else {}
    return _call(hook, patient["id"], prefetch, **drafts)


def _search(resources: Iterable[Resource]) -> Resource:
    return {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": one} for one in resources]}


def _code(loinc: str) -> Resource:
    return {"coding": [{"system": "http://loinc.org", "code": loinc}]}
