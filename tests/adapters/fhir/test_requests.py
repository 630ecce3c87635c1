"""What was done, what is proposed, and what was flagged."""

from __future__ import annotations

from datetime import date

import pytest

from cdsrules.adapters.fhir import FhirSettings, Notice
from cdsrules.adapters.fhir.requests import read_actions, read_flags, read_proposals
from tests.adapters.fhir.records import Resource, coded

AS_OF = date(2026, 8, 3)
OWN = "http://clinic.example"
SETTINGS = FhirSettings(
    actions={f"{OWN}|refer": "referral", f"{OWN}|consult": "consultation", f"{OWN}|risk": "risk_assessment"},
    flags={f"{OWN}|suicidal": "ideation"},
)


def request(code: str, status: str, intent: str = "order", **more: object) -> Resource:
    kind = {"resourceType": "ServiceRequest", "id": "s", "status": status, "intent": intent}
    return {**kind, "code": coded(OWN, code), "authoredOn": "2026-06-01", **more}


def done(*resources: Resource) -> list[object]:
    return list(read_actions(resources, SETTINGS))


@pytest.mark.parametrize("status", ["active", "on-hold", "completed"])
def test_a_referral_that_was_ordered_was_made(status: str) -> None:
    assert done(request("refer", status)) == [{"action": "referral", "date": "2026-06-01", "status": "done"}]


def test_a_referral_that_was_called_back_was_not() -> None:
    assert "does not count as done" in str(done(request("refer", "revoked"))[0])


def test_the_usual_codes_of_a_referral_are_known() -> None:
    for code, action in [("3457005", "referral"), ("103696004", "specialist_referral")]:
        made = request("x", "active") | {"code": coded("http://snomed.info/sct", code)}
        assert list(read_actions([made], FhirSettings())) == [
            {"action": action, "date": "2026-06-01", "status": "done"}
        ]


def test_a_task_is_done_on_the_day_its_work_ended() -> None:
    task = {
        "resourceType": "Task",
        "id": "t",
        "intent": "order",
        "code": coded(OWN, "consult"),
        "lastModified": "2026-06-03",
    }

    assert done({**task, "status": "completed", "executionPeriod": {"end": "2026-06-02"}}) == [
        {"action": "consultation", "date": "2026-06-02", "status": "done"}
    ]
    assert done({**task, "status": "completed"}) == [{"action": "consultation", "date": "2026-06-03", "status": "done"}]
    assert isinstance(done({**task, "status": "in-progress"})[0], Notice)


def test_a_procedure_is_done_on_the_day_it_was_performed() -> None:
    held = {"resourceType": "Procedure", "id": "p", "code": coded(OWN, "risk"), "performedDateTime": "2026-06-01"}

    assert done({**held, "status": "completed"}) == [
        {"action": "risk_assessment", "date": "2026-06-01", "status": "done"}
    ]
    assert isinstance(done({**held, "status": "not-done"})[0], Notice)


@pytest.mark.parametrize("said_by", ["code", "method"])
def test_an_assessment_of_risk_is_done_on_the_day_it_is_of(said_by: str) -> None:
    held: Resource = {"resourceType": "RiskAssessment", "id": "r", said_by: coded(OWN, "risk"), "status": "final"}
    day = {"occurrenceDateTime": "2026-06-01T15:00:00Z"}

    for status in ("final", "amended", "corrected"):
        assert done({**held, **day, "status": status}) == [
            {"action": "risk_assessment", "date": "2026-06-01", "status": "done"}
        ]
    assert done({**held, "occurrencePeriod": {"start": "2026-06-01", "end": "2026-06-02"}})
    assert "does not count as done" in str(done({**held, **day, "status": "preliminary"})[0])
    assert "no full date" in str(done(held)[0])


def test_an_assessment_of_another_risk_is_none_of_this() -> None:
    heart = {"resourceType": "RiskAssessment", "id": "r", "status": "final", "code": coded(OWN, "heart")}

    assert "no action that is known here" in str(done({**heart, "occurrenceDateTime": "2026-06-01"})[0])


def test_what_has_no_full_date_or_no_known_code_is_named() -> None:
    assert "it gives no full date" in str(done(request("refer", "active", authoredOn="2026-06"))[0])
    unknown = f"ServiceRequest/s: what was done is no action that is known here ({OWN}|other)."
    assert str(done(request("other", "active"))[0]) == unknown


def proposed(*resources: Resource) -> list[object]:
    return list(read_proposals(resources, {}, SETTINGS))


def test_a_draft_of_a_referral_or_a_prescription_is_a_proposed_action() -> None:
    drug = coded("http://www.whocc.no/atc", "N06AB04")
    order: Resource = {
        "resourceType": "MedicationRequest",
        "id": "m",
        "status": "draft",
        "medicationCodeableConcept": drug,
    }

    assert proposed(request("refer", "draft"), request("refer", "draft"), order) == [
        {"action": "referral"},
        {"action": "medication_evaluation"},
    ]


@pytest.mark.parametrize("intent", ["proposal", "plan", "option"])
def test_a_referral_that_is_only_proposed_was_not_made(intent: str) -> None:
    assert proposed(request("refer", "active", intent)) == [{"action": "referral"}]
    assert done(request("refer", "active", intent)) == []


@pytest.mark.parametrize("status", ["revoked", "completed", "rejected", "cancelled"])
def test_a_proposal_that_is_over_is_none(status: str) -> None:
    (said,) = proposed(request("refer", status, "proposal"))

    assert str(said) == f"ServiceRequest/s: it was proposed, and is {status}: nobody is about to do it."


def test_what_is_proposed_and_not_understood_is_named() -> None:
    unclear: Resource = {"resourceType": "MedicationRequest", "id": "m", "status": "draft"}

    unknown = f"ServiceRequest/s: what is proposed is no action that is known here ({OWN}|other)."
    assert str(proposed(request("other", "draft"))[0]) == unknown
    assert "which medication is proposed cannot be told" in str(proposed(unclear)[0])


def flag(code: str = "suicidal", status: str = "active", **more: object) -> Resource:
    return {"resourceType": "Flag", "id": "f", "status": status, "code": coded(OWN, code), **more}


def flags(*given: Resource) -> list[object]:
    return list(read_flags(given, SETTINGS, AS_OF))


@pytest.mark.parametrize("status", ["active", "inactive"])
def test_a_flag_is_a_sign_of_risk_until_an_assessment_closes_it(status: str) -> None:
    assert flags(flag(status=status, period={"start": "2026-06-01", "end": "2026-06-08"})) == [
        {"date": "2026-06-01", "kind": "ideation"},
    ]


@pytest.mark.parametrize(
    ("period", "day"), [({"start": "2026-06"}, "2026-06-30"), ({"start": "2026"}, "2026-08-03"), (None, "2026-08-03")]
)
def test_a_flag_without_a_full_date_counts_from_the_last_day_it_can_be_of(period: object, day: str) -> None:
    notice, sign = flags(flag(period=period))

    assert sign == {"date": day, "kind": "ideation"}
    assert f"counts from {day}" in str(notice)


@pytest.mark.parametrize(
    ("code", "named", "told"),
    [
        (coded(OWN, "other"), "a flag without words", f"{OWN}|other"),
        ({"text": " Suicide risk "}, "the flag “Suicide risk”", "without a code"),
        (
            {
                "coding": [
                    {"system": OWN, "code": "other"},
                    {"system": OWN, "code": "s", "display": "Risk of self-harm"},
                ]
            },
            "the flag “Risk of self-harm”",
            f"{OWN}|other, {OWN}|s",
        ),
        ({"text": "Suicide\n\x1b[31m risk \u202e"}, "the flag “Suicide [31m risk”", "without a code"),
        ({"text": "x" * 200}, f"the flag “{'x' * 79}…”", "without a code"),
        (None, "a flag without words", "without a code"),
    ],
    ids=["code", "text", "display", "unseen", "long", "nothing"],
)
def test_a_flag_that_is_not_understood_is_quoted_and_presses(code: object, named: str, told: str) -> None:
    (notice,) = read_flags([flag() | {"code": code}], SETTINGS, AS_OF)

    assert str(notice) == f"Look in the record at {named}: it is not understood here (active; {told}; Flag/f)."
    assert isinstance(notice, Notice)
    assert notice.pressing


@pytest.mark.parametrize(("day", "said"), [("2026-08-04", "4 August 2026"), ("2026-12-20", "20 December 2026")])
def test_a_flag_of_a_later_day_counts_at_once_and_is_named(day: str, said: str) -> None:
    notice, sign = flags(flag(period={"start": day}))

    assert sign == {"date": str(AS_OF), "kind": "ideation"}
    assert str(notice) == (
        f"Flag/f: the flag is dated {said}, after the day that is looked at; a sign of risk is not left out and counts "
        f"from 3 August 2026."
    )
