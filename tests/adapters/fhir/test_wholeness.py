"""When a list is all that there was: nothing is none where something was not understood."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cdsrules.adapters.fhir import FhirReading, client_from_fhir
from tests.adapters.fhir.records import (
    GAD_7,
    PATIENT,
    PHQ_9,
    PLAN,
    Resource,
    appointment,
    bundle,
    coded,
    loinc,
    observation,
    response,
    shipped,
)

AS_OF = date(2026, 8, 3)
TURNED: dict[str, Any] = {"modifierExtension": [{"url": "https://clinic.example/not", "valueBoolean": True}]}
WITHDRAWN: dict[str, Any] = {"status": "entered-in-error"}
ANOTHER: dict[str, Any] = {"subject": {"reference": "Patient/0815"}}
NOBODY: dict[str, Any] = {"subject": {"reference": "urn:uuid:0"}}
OF_A_GROUP: dict[str, Any] = {"subject": {"reference": "Group/anxiety"}}
TYPES = ("Appointment", "Goal", "MedicationRequest", "Observation")


def goal(**more: object) -> Resource:
    return {"resourceType": "Goal", "id": "g", "lifecycleStatus": "active", "startDate": "2026-02-02", **more}


def score(day: str | None = "2026-07-01", name: str = "p", code: str | Resource = PHQ_9, **more: object) -> Resource:
    return observation(name, code, day, **{"valueInteger": 12, **more})


def visit(day: str | None = "2026-07-01", status: str = "fulfilled", **more: object) -> Resource:
    return appointment("a", None if day is None else f"{day}T09:00:00Z", status, **more)


def meeting(day: str = "2026-07-01", status: str = "finished", **more: object) -> Resource:
    return {"resourceType": "Encounter", "id": "e", "status": status, "period": {"start": day}, **more}


def prescription(code: str = "N06AB04", **more: object) -> Resource:
    medication = {"medicationCodeableConcept": coded("http://www.whocc.no/atc", code)}
    return {
        "resourceType": "MedicationRequest",
        "id": "m",
        "status": "active",
        "authoredOn": "2026-03-02",
        **medication,
        **more,
    }


def read(*resources: Resource, kept: tuple[str, ...] | None = ()) -> FhirReading:
    """What a search that came whole gives: without `kept`, of a record that is kept in full by its host's word."""
    return client_from_fhir(bundle(PATIENT, PLAN, *resources), shipped(), as_of=AS_OF, complete=TYPES, kept=kept)


def lists(reading: FhirReading) -> dict[str, object]:
    """The lists of a document by name."""
    document = reading.document
    treatment = document["treatment"]
    assert isinstance(treatment, dict)
    found = {name: document.get(name) for name in ("sessions", "measures", "medication")}
    return {name: one for name, one in {**found, "goals": treatment.get("goals")}.items() if one is not None}


# What was left out, and may have been one of the list for all that anybody knows.
NOT_UNDERSTOOD = {
    "a goal that may be turned round": (goal(**TURNED),),
    "a goal without a status": (goal(lifecycleStatus=None),),
    "a goal without a day": (goal(startDate=None),),
    "a goal of nobody who can be told": (goal(**NOBODY),),
    "a goal of which nobody can tell the newer": (goal(), goal(startDate="2026-03-03")),
    "a prescription that may be turned round": (prescription(**TURNED),),
    "a prescription of nobody who can be told": (prescription(**NOBODY),),
    "a score that is not final": (score(status="preliminary"),),
    "a score of a month": (score("2026-07"),),
    "a score without a day": (score(None),),
    "a score that is no number": (score(valueInteger=None, valueString="high"),),
    "a score that cannot be": (score(valueInteger=99),),
    "a score that may be turned round": (score(**TURNED),),
    "an observation without a code": (score(code={}),),
    "two scores of one day": (score(), score(name="q", valueInteger=3)),
    "an unfinished questionnaire": (response([], status="in-progress"),),
    "a questionnaire without a name": (response([], questionnaire=None),),
    "an appointment of a day that has passed": (visit(status="booked"),),
    "an appointment of a month": (appointment("a", "2026-07", "booked"),),
    "a visit without a day": (visit(None),),
    "a visit without a status": (visit(status=""),),
    "a visit that the patient declined": (
        visit(participant=[{"actor": {"reference": "Patient/4711"}, "status": "declined"}]),
    ),
    "an encounter of a month": (meeting("2026-07"),),
    "an encounter that was planned": (meeting(status="planned"),),
    "an encounter of a group": (meeting(**OF_A_GROUP),),
}
LISTS = {
    "Goal": "goals",
    "MedicationRequest": "medication",
    "Observation": "measures",
    "QuestionnaireResponse": "measures",
    "Appointment": "sessions",
    "Encounter": "sessions",
}


@pytest.mark.parametrize("resources", NOT_UNDERSTOOD.values(), ids=NOT_UNDERSTOOD)
@pytest.mark.parametrize("kept", [(), TYPES, None], ids=["not kept", "kept", "the word of the host"])
def test_nothing_is_none_where_something_was_not_understood(
    resources: tuple[Resource, ...], kept: tuple[str, ...] | None
) -> None:
    reading = read(*resources, kept=kept)

    assert LISTS[str(resources[0]["resourceType"])] not in lists(reading)
    assert reading.notices != ()


OTHERS = {
    "a goal of another": (goal(**ANOTHER), "goals", []),
    "a goal in error": (goal(lifecycleStatus="entered-in-error"), "goals", []),
    "a goal that was rejected": (goal(lifecycleStatus="rejected"), "goals", []),
    "a prescription of another": (prescription(**ANOTHER), "medication", {"current": False, "events": []}),
    "a prescription in error": (prescription(**WITHDRAWN), "medication", {"current": False, "events": []}),
    "a prescription of something else": (prescription("C07AB02"), "medication", {"current": False, "events": []}),
    "a prescription withdrawn": (prescription(status="cancelled"), "medication", {"current": False, "events": []}),
    "a score of another": (score(**ANOTHER), "measures", []),
    "a score in error": (score(**WITHDRAWN), "measures", []),
    "a score that was not taken": (score(status="cancelled"), "measures", []),
    "an observation of something else": (score(code=loinc("8867-4")), "measures", []),
    "a visit of another": (
        visit(participant=[{"actor": {"reference": "Patient/0815"}, "status": "accepted"}]),
        "sessions",
        [],
    ),
    "a visit to come": (visit("2026-08-10", "booked"), "sessions", []),
    "an encounter to come": (meeting("2026-08-10", "planned"), "sessions", []),
}


@pytest.mark.parametrize(("resource", "name", "none"), OTHERS.values(), ids=OTHERS)
def test_what_was_found_and_is_none_of_the_list_says_only_of_a_record_that_keeps_one_that_there_is_none(
    resource: Resource, name: str, none: object
) -> None:
    assert name not in lists(read(resource))
    assert lists(read(resource, kept=TYPES))[name] == none
    assert lists(read(resource, kept=None))[name] == none


@pytest.mark.parametrize("kind", ["Practitioner", "Medication"])
def test_what_came_along_is_nothing_that_was_found(kind: str) -> None:
    assert lists(read({"resourceType": kind, "id": "1"})) == {}


def test_a_list_of_which_all_was_read_is_whole() -> None:
    reading = read(goal(), score(), visit(), prescription())

    assert set(lists(reading)) == {"goals", "measures", "sessions", "medication"}
    assert "recorded_since" not in reading.document


def test_medication_that_was_stopped_says_that_none_is_taken() -> None:
    assert lists(read(prescription(status="stopped")))["medication"] == {
        "current": False,
        "events": [{"date": "2026-03-02", "kind": "started"}],
    }


@pytest.mark.parametrize(
    ("read_one", "other", "since"),
    [
        (goal(id="first"), goal(startDate="2026-07"), {"goals": "2026-02-02"}),
        (score("2026-05-01", "first", GAD_7), score("2026-07"), {"measures": "2026-05-01"}),
        (score("2026-05-01", "first", GAD_7), score(status="registered"), {"measures": "2026-05-01"}),
        (visit("2026-05-01", id="first"), visit(status="booked"), {"sessions": "2026-05-01"}),
        (visit("2026-05-01", id="first"), visit(**TURNED), {"sessions": "2026-05-01"}),
        (prescription(id="first"), prescription(authoredOn="2026-07"), {"medication": "2026-08-03"}),
        (prescription(id="first"), prescription("", status="stopped"), {"medication": "2026-08-03"}),
    ],
)
def test_a_list_of_which_one_was_not_read_is_not_whole(read_one: Resource, other: Resource, since: object) -> None:
    assert "recorded_since" not in read(read_one).document
    assert read(read_one, other).document["recorded_since"] == since


def test_what_another_patients_record_holds_makes_no_list_whole() -> None:
    form = response([], form="http://loinc.org/q/44249-1")
    answers = [{"linkId": f"/{number}", "answer": [{"valueInteger": 1}]} for number in range(9)]
    reading = read(score(**ANOTHER), form | {"item": answers})

    assert reading.document["recorded_since"] == {"measures": "2026-03-02"}
