"""Whose a resource is: whatever it names, nothing of anybody else counts, and a possible sign of risk is not lost."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsrules.adapters.fhir import FhirReading, FhirSettings, client_from_fhir
from tests.adapters.fhir.records import (
    ITEM_9,
    PATIENT,
    PHQ_9,
    PLAN,
    Resource,
    answer,
    appointment,
    bundle,
    observation,
    response,
    shipped,
)

AS_OF = date(2026, 8, 3)
NUMBER = {"system": "https://ehr.example/numbers", "value": "77"}
KNOWN: Resource = {**PATIENT, "identifier": [NUMBER]}


def read(*resources: object) -> FhirReading:
    site = FhirSettings(flags={"https://clinic.example|suicidal": "ideation"})
    return client_from_fhir(bundle(KNOWN, PLAN, *resources), shipped(), as_of=AS_OF, settings=site)


def pressing(reading: FhirReading) -> list[str]:
    return [str(one) for one in reading.notices if one.pressing]


SCORE = observation("p1", PHQ_9, "2026-03-02", valueInteger=18)
RISK = observation("i1", ITEM_9, "2026-03-02", valueInteger=2)
FORM = response([answer("/44249-1/44260-8", 2)])
FLAG: Resource = {
    "resourceType": "Flag",
    "id": "f",
    "status": "active",
    "code": {"coding": [{"system": "https://clinic.example", "code": "suicidal"}], "text": "Said she wants to die"},
    "period": {"start": "2026-03-02"},
}
# In every way that FHIR has to name somebody, and some that it has not.
OTHERS: tuple[object, ...] = (
    {"reference": "Patient/0815"},
    {"reference": "Patient/0815/"},
    {"reference": "Patient/0815/_history/4711"},
    {"reference": "patient/4711"},
    {"reference": "RelatedPerson/4711"},
    {"reference": "Group/4711"},
    {"reference": "Practitioner/7"},
    {"reference": "Patient?identifier=https://ehr.example/fhir/Patient/4711"},
    {"reference": "#4711"},
    {"reference": "urn:uuid:4711"},
    {"reference": "4711"},
    {"reference": "x/Patient/4711"},
    {"identifier": {"value": "77"}},
    {"identifier": NUMBER | {"value": "78"}},
    {"identifier": NUMBER | {"system": "https://other.example"}},
    {"display": "The mother"},
    {"type": "Patient"},
    "Patient/0815",
    "Patient/4711",
    ["Patient/4711"],
    4711,
)
OWN: tuple[object, ...] = (
    {"reference": "Patient/4711"},
    {"reference": "Patient/4711/"},
    {"reference": "Patient/4711/_history/2"},
    {"reference": "https://ehr.example/fhir/Patient/4711"},
    {"identifier": NUMBER},
    {"reference": "Patient/4711", "display": "Somebody", "identifier": {"value": "x"}},
    None,
    {},
)
WORDS = st.text(st.sampled_from("Patient/4711Group#?:urn._-https"), max_size=24)
REFERENCES = st.fixed_dictionaries(
    {}, optional={"reference": WORDS, "display": WORDS, "identifier": st.fixed_dictionaries({"value": WORDS})}
)


@pytest.mark.parametrize("subject", OWN)
@pytest.mark.parametrize("one", [SCORE, RISK, FORM, FLAG], ids=["score", "item", "form", "flag"])
def test_what_names_the_patient_or_nobody_is_the_patients(one: Resource, subject: object) -> None:
    reading = read({**one, "subject": subject})

    assert "measures" in reading.document or "risk" in reading.document
    assert pressing(reading) == []


@pytest.mark.parametrize("subject", OTHERS)
@pytest.mark.parametrize("one", [SCORE, RISK, FORM, FLAG], ids=["score", "item", "form", "flag"])
def test_what_names_somebody_else_is_left_out_and_a_sign_of_risk_is_to_be_looked_at(
    one: Resource, subject: object
) -> None:
    reading = read({**one, "subject": subject})

    assert "measures" not in reading.document
    assert "risk" not in reading.document
    assert len(reading.notices) == 1
    assert one is SCORE or len(pressing(reading)) == 1


@given(st.sampled_from([SCORE, RISK, FORM, FLAG]), REFERENCES | st.sampled_from(OTHERS))
def test_whatever_the_subject_nothing_of_somebody_else_counts(one: Resource, subject: object) -> None:
    reading = read({**one, "subject": subject})
    written = subject.get("reference") if isinstance(subject, dict) else subject

    if "measures" in reading.document or "risk" in reading.document:
        named = str(written or "Patient/4711").partition("/_history/")[0].strip("/ ")
        assert named == "Patient/4711" or named.endswith("://Patient/4711")
        assert written or not subject
    else:
        assert len(reading.notices) == 1


@pytest.mark.parametrize("focus", [one for one in OTHERS if isinstance(one, dict)])
def test_what_is_observed_of_somebody_else_on_the_patients_record_is_not_the_patients(focus: Resource) -> None:
    """R4: the focus of an Observation is whom it is really about where that is not the subject, such as a parent."""
    for one, presses in ((SCORE, focus["reference"][:1] in "#u4" if "reference" in focus else True), (RISK, True)):  # type: ignore[index]
        reading = read({**one, "focus": [focus]})

        assert "measures" not in reading.document
        assert bool(pressing(reading)) or not presses


@pytest.mark.parametrize("focus", [*(one for one in OWN if one), {"reference": "Condition/depression"}])
def test_what_is_observed_of_the_patient_or_of_their_condition_is_the_patients(focus: object) -> None:
    assert read({**SCORE, "focus": [focus]}) == read(SCORE)


def test_nothing_of_what_somebody_elses_flag_says_is_shown() -> None:
    (said,) = pressing(read({**FLAG, "subject": {"reference": "Patient/0815"}}))

    assert said == (
        "Look in the record at a flag of 2 March 2026: it may be a sign of risk, and does not count, as it belongs to "
        "another patient (Flag/f)."
    )


def test_somebody_elses_answer_that_says_no_presses_nobody() -> None:
    no = {**RISK, "valueInteger": 0, "subject": {"reference": "RelatedPerson/mother"}}

    assert [(str(one), one.pressing) for one in read(no).notices] == [
        ("Observation/i1: it is about RelatedPerson/mother, and not about the patient.", False)
    ]


def test_an_answer_on_suicide_that_an_extension_may_turn_round_is_to_be_looked_at() -> None:
    turned = {"modifierExtension": [{"url": "http://x/y"}]}

    assert read(SCORE | turned).notices[0].pressing is False
    for one in (RISK, FORM):
        (said,) = pressing(read(one | turned))
        assert "it may be a sign of risk, and does not count, as it has an extension that may turn its meaning" in said


def shared(mine: str | None, status: str = "fulfilled", *others: str, **more: object) -> Resource:
    """An appointment of the patient with others and somebody who treats them."""
    asked: list[Resource] = [{"actor": {"reference": "Practitioner/7"}, "status": "accepted"}]
    asked += [{"actor": {"reference": one}, "status": "accepted"} for one in others]
    asked += [{"actor": {"reference": "Patient/4711"}} | ({"status": mine} if mine else {})]
    return appointment("a1", "2026-07-06T10:00:00Z", status, participant=asked, **more)


def sessions(*appointments: Resource) -> tuple[list[object], list[str]]:
    reading = read(*appointments)
    held = reading.document.get("sessions", [])
    assert isinstance(held, list)
    return [one["status"] for one in held], [one.reason for one in reading.notices]


@pytest.mark.parametrize("others", [("Patient/0815",), ("Patient/0815", "Patient/1234", "Patient/5678")])
@pytest.mark.parametrize("mine", ["accepted", None])
def test_a_session_with_a_couple_or_a_group_is_a_session_of_the_patient(
    mine: str | None, others: tuple[str, ...]
) -> None:
    assert sessions(shared(mine, "fulfilled", *others)) == (["attended"], [])


@pytest.mark.parametrize("mine", ["needs-action", "tentative"])
def test_whether_a_patient_came_who_left_it_open_is_not_known_where_others_were_asked_too(mine: str) -> None:
    assert sessions(shared(mine)) == (["attended"], [])
    held, (said,) = sessions(shared(mine, "fulfilled", "Patient/0815"))
    assert held == []
    assert said.startswith("it is fulfilled, and of several who were asked the patient did not say that they would, ")


def test_a_session_that_a_relative_comes_to_as_well_is_the_patients() -> None:
    for mine in ("accepted", "needs-action"):
        assert sessions(shared(mine, "fulfilled", "RelatedPerson/mother")) == (["attended"], [])
    assert sessions(shared("accepted", "noshow", "RelatedPerson/mother")) == (["no_show"], [])


@pytest.mark.parametrize("theirs", ["accepted", "declined", "needs-action", "tentative"])
def test_what_others_answered_says_nothing_of_the_patient(theirs: str) -> None:
    one = shared("accepted")
    other = {"actor": {"reference": "Patient/0815"}, "status": theirs}
    asked = [*one["participant"], other]  # type: ignore[misc]

    assert sessions({**one, "participant": asked}) == (["attended"], [])


def test_who_cancelled_a_session_of_several_is_not_told_unless_the_patient_declined() -> None:
    system = "http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason"
    by = {name: {"cancelationReason": {"coding": [{"system": system, "code": name}]}} for name in ("pat", "prov")}

    assert sessions(shared("accepted", "cancelled", **by["pat"])) == (["cancelled_by_client"], [])
    assert sessions(shared("accepted", "cancelled", "Patient/0815", **by["pat"])) == (["cancelled"], [])
    assert sessions(shared("declined", "cancelled", "Patient/0815", **by["pat"])) == (["cancelled_by_client"], [])
    assert sessions(shared("accepted", "cancelled", "Patient/0815", **by["prov"])) == (["cancelled_by_clinician"], [])


def test_a_session_of_several_that_was_missed_counts_as_missed_and_who_came_is_said_to_be_open() -> None:
    """R4: with `noshow` some or all did not come. Nothing that may be a missed contact is lost."""
    assert sessions(shared("accepted", "noshow")) == (["no_show"], [])
    assert sessions(shared("accepted", "noshow", "Patient/0815")) == (
        ["no_show"],
        ["some or all of those who take part did not come, and it is not told who; it counts as missed"],
    )


@pytest.mark.parametrize("others", ["Patient/0815", "RelatedPerson/mother"])
def test_a_session_of_others_alone_is_none_of_the_patients(others: str) -> None:
    asked = [{"actor": {"reference": one}, "status": "accepted"} for one in (others, "Practitioner/7")]

    assert sessions(appointment("a1", "2026-07-06", "fulfilled", participant=asked))[0] == []


def test_a_session_that_names_only_who_treats_is_the_patients() -> None:
    asked = [{"actor": {"reference": "Practitioner/7"}, "status": "accepted"}]

    assert sessions(appointment("a1", "2026-07-06", "fulfilled", participant=asked)) == (["attended"], [])
    assert sessions(appointment("a1", "2026-07-06", "fulfilled", participant=[])) == (["attended"], [])


def test_the_patient_may_be_named_by_an_identifier() -> None:
    asked = [{"actor": {"identifier": NUMBER}}, {"actor": {"reference": "Patient/0815"}}]

    assert sessions(appointment("a1", "2026-07-06", "fulfilled", participant=asked)) == (["attended"], [])
