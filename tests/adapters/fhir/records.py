"""FHIR R4 resources for tests, made by hand from small parts."""

from __future__ import annotations

from collections.abc import Iterable

from cdsrules.model.vocabulary import Vocabulary
from tests.rules.shipped import library

Resource = dict[str, object]

PATIENT: Resource = {"resourceType": "Patient", "id": "4711", "birthDate": "1988-04-17"}
PLAN: Resource = {
    "resourceType": "CarePlan",
    "id": "plan",
    "status": "active",
    "intent": "plan",
    "subject": {"reference": "Patient/4711"},
    "period": {"start": "2026-01-05"},
}
PHQ_9 = "44261-6"
ITEM_9 = "44260-8"
GAD_7 = "70274-6"
ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"


def loinc(code: str) -> Resource:
    """A CodeableConcept of LOINC."""
    return {"coding": [{"system": "http://loinc.org", "code": code}]}


def coded(system: str, code: str) -> Resource:
    """A CodeableConcept of any system."""
    return {"coding": [{"system": system, "code": code}]}


def observation(name: str, code: str | Resource, day: str | None, **more: object) -> Resource:
    """An Observation, final unless said otherwise, of the one patient."""
    when = {} if day is None else {"effectiveDateTime": day}
    return {
        "resourceType": "Observation",
        "id": name,
        "status": "final",
        "code": code if isinstance(code, dict) else loinc(code),
        "subject": {"reference": "Patient/4711"},
        **when,
        **more,
    }


def appointment(name: str, start: str | None, status: str, **more: object) -> Resource:
    """An Appointment of the one patient."""
    when = {} if start is None else {"start": start}
    patient = [{"actor": {"reference": "Patient/4711"}, "status": "accepted"}]
    return {"resourceType": "Appointment", "id": name, "status": status, "participant": patient, **when, **more}


def bundle(*resources: object) -> Resource:
    """A searchset Bundle."""
    return {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": one} for one in resources]}


def answer(link: str, points: int | None = None, **value: object) -> Resource:
    """An answered question; `points` stand in the ordinal extension of a coding, as forms of R4 have it."""
    if points is None:
        return {"linkId": link, "answer": [value]}
    coding = {"code": f"a{points}", "extension": [{"url": ORDINAL, "valueDecimal": points}]}
    return {"linkId": link, "answer": [{"valueCoding": coding}]}


def response(items: Iterable[object], form: str = "http://loinc.org/q/44249-1", **more: object) -> Resource:
    """A QuestionnaireResponse, completed unless said otherwise."""
    return {
        "resourceType": "QuestionnaireResponse",
        "id": "form",
        "status": "completed",
        "questionnaire": form,
        "authored": "2026-03-02T09:30:00+01:00",
        "subject": {"reference": "Patient/4711"},
        "item": list(items),
        **more,
    }


def shipped() -> Vocabulary:
    """The vocabulary of the shipped rulebooks."""
    return library().vocabulary
