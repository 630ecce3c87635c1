"""A long FHIR record read into a client document."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from statistics import median
from typing import Any

from benchmarks.part import Goal, Part
from benchmarks.tables import duration, table
from benchmarks.timing import OF_THE_PROCESSOR, ON_THE_WALL, Candidate, pooled
from cdsrules.adapters.fhir import FhirReading, client_from_fhir
from cdsrules.loading.files import read_rule_files
from cdsrules.loading.library import load_library
from cdsrules.measures.catalogue import catalogue

RESOURCES = 10_000
BEGINNING = date(2020, 1, 6)
AS_OF = date(2026, 8, 3)
_LOINC = "http://loinc.org"
_PATIENT = {"reference": "Patient/p"}


def report(rounds: int, say: Callable[[str], None]) -> Part:
    """Return how long it takes to read a record of so many resources."""
    say("a record from FHIR")
    vocabulary = load_library(read_rule_files([]), catalogue).vocabulary

    def read(bundle: Any) -> FhirReading:
        return client_from_fhir(bundle, vocabulary, as_of=AS_OF)

    sizes, clocks = (RESOURCES // 100, RESOURCES), (ON_THE_WALL, OF_THE_PROCESSOR)
    taken = {
        (size, clock): median(pooled([Candidate("read", read, [record(size)])], rounds, clock)["read"])
        for size in sizes
        for clock in clocks
    }
    rows = [[f"{size:,} resources", *(duration(taken[size, clock]) for clock in clocks)] for size in sizes]
    whole = taken[RESOURCES, OF_THE_PROCESSOR]
    goal = Goal(f"{RESOURCES:,} FHIR resources read in under a second, of the processor", duration(whole), whole < 1e9)
    return Part(table(["a Bundle read into a document", "on the wall", "of the processor"], rows), (goal,))


def record(size: int) -> dict[str, Any]:
    """Return a Bundle of so many resources of one patient, the same on every run."""
    kinds = (_total, _answer, _appointment, _form, _diagnosis)
    made = [kinds[number % len(kinds)](number) for number in range(size - 2)]
    start = {"period": {"start": str(BEGINNING)}, "status": "active", "intent": "plan"}
    plan = {"resourceType": "CarePlan", "id": "plan", "subject": _PATIENT, **start}
    patient = {"resourceType": "Patient", "id": "p", "birthDate": "1988-04-17"}
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "entry": [{"resource": one} for one in (patient, plan, *made)],
    }


def _day(number: int) -> str:
    return str(BEGINNING + timedelta(days=number // 5 % 2_000))


def _coded(code: str, system: str = _LOINC) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}]}


def _observation(number: int, code: str, value: int) -> dict[str, Any]:
    when = {"effectiveDateTime": f"{_day(number)}T09:{number % 60:02}:00Z", "valueInteger": value, "status": "final"}
    return {"resourceType": "Observation", "id": f"o{number}", "subject": _PATIENT, "code": _coded(code), **when}


def _total(number: int) -> dict[str, Any]:
    return _observation(number, "44261-6", number % 28)


def _answer(number: int) -> dict[str, Any]:
    return _observation(number, "44260-8", 0)


def _appointment(number: int) -> dict[str, Any]:
    when = {"start": f"{_day(number)}T09:00:00Z", "status": "fulfilled", "participant": [{"actor": _PATIENT}]}
    return {"resourceType": "Appointment", "id": f"a{number}", **when}


def _form(number: int) -> dict[str, Any]:
    answers = [{"linkId": f"q{item}", "answer": [{"valueInteger": 1}]} for item in range(7)]
    form = {"questionnaire": f"{_LOINC}/q/70274-6", "status": "completed", "authored": _day(number), "item": answers}
    return {"resourceType": "QuestionnaireResponse", "id": f"q{number}", "subject": _PATIENT, **form}


def _diagnosis(number: int) -> dict[str, Any]:
    code = _coded("F32.1", "http://hl7.org/fhir/sid/icd-10")
    return {
        "resourceType": "Condition",
        "id": f"c{number}",
        "subject": _PATIENT,
        "code": code,
        "recordedDate": _day(number),
    }
