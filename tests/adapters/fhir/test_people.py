"""Who the client and the clinician are."""

from __future__ import annotations

from datetime import date

import pytest

from cdsrules.adapters.fhir import FhirSettings
from cdsrules.adapters.fhir.people import read_client, read_clinician
from tests.adapters.fhir.records import Resource, coded

AS_OF = date(2026, 8, 3)
OWN = "http://clinic.example"


def patient(**more: object) -> Resource:
    return {"resourceType": "Patient", "id": "4711", **more}


def test_a_birth_date_in_full_is_kept() -> None:
    assert read_client(patient(birthDate="1988-04-17"), FhirSettings(), AS_OF) == (
        {"id": "4711", "birth_date": "1988-04-17"},
        (),
    )


@pytest.mark.parametrize(
    ("born", "youngest", "oldest"), [("1988", 37, 38), ("1988-08", 37, 38), ("1988-04", 38, 38), ("1988-09", 37, 37)]
)
def test_a_birth_date_in_part_is_the_ages_it_leaves_open(born: str, youngest: int, oldest: int) -> None:
    client, _ = read_client(patient(birthDate=born), FhirSettings(), AS_OF)

    assert client["age_band"] == {"from": youngest, "to": oldest}


@pytest.mark.parametrize("born", [None, "unknown", "2030-01-01"])
def test_no_birth_date_is_said(born: str | None) -> None:
    client, notices = read_client(patient(birthDate=born), FhirSettings(), AS_OF)

    assert client == {"id": "4711"}
    assert [one.reason for one in notices] == ["it gives no birth date, so what depends on age is unknown"]


def test_an_id_that_a_document_cannot_take_is_made_one() -> None:
    assert read_client(patient(id="-x y"), FhirSettings(), AS_OF)[0]["id"] == "p--x-y"


@pytest.mark.parametrize("died", [{"deceasedBoolean": True}, {"deceasedDateTime": "2026-07-01"}])
def test_a_patient_who_has_died_is_said(died: Resource) -> None:
    _, notices = read_client(patient(birthDate="1988-04-17", **died), FhirSettings(), AS_OF)

    assert "has died" in notices[0].reason


def role(code: str, **more: object) -> Resource:
    return {"resourceType": "PractitionerRole", "id": "r", "code": [coded(OWN, code)], **more}


def test_role_and_leave_to_prescribe_are_what_the_site_says() -> None:
    settings = FhirSettings(roles={f"{OWN}|psy": "psychologist"}, prescribers=frozenset({f"{OWN}|md"}))

    assert read_clinician([role("psy"), role("md")], [], settings) == (
        {"role": "psychologist", "can_prescribe": True},
        (),
    )


def test_who_may_not_prescribe_is_known_only_where_the_site_names_all_who_may() -> None:
    known = FhirSettings(prescribers=frozenset({f"{OWN}|md"}), prescribers_complete=True)

    assert read_clinician([role("psy")], [], known) == ({"can_prescribe": False}, ())
    found, notices = read_clinician([role("psy")], [], FhirSettings())
    assert found == {}
    assert [one.reason for one in notices] == [f"whether the clinician may prescribe is not known from {OWN}|psy"]


def test_a_qualification_says_it_too_and_a_role_that_ended_does_not() -> None:
    settings = FhirSettings(prescribers=frozenset({f"{OWN}|md"}))
    doctor = {"resourceType": "Practitioner", "id": "p", "qualification": [{"code": coded(OWN, "md")}]}

    assert read_clinician([], [doctor], settings)[0] == {"can_prescribe": True}
    assert read_clinician([role("md", active=False)], [], settings) == ({}, ())


def test_of_several_practitioners_the_clinician_is_the_one_who_is_named() -> None:
    settings = FhirSettings(prescribers=frozenset({f"{OWN}|md"}), prescribers_complete=True)
    therapist = role("psy", practitioner={"reference": "Practitioner/7"})
    referrer = {"resourceType": "Practitioner", "id": "8", "qualification": [{"code": coded(OWN, "md")}]}

    found, notices = read_clinician([therapist], [referrer], settings)
    assert found == {}
    assert [one.reason for one in notices] == [
        "which of Practitioner/7, Practitioner/8 is the clinician is not told, so whether they may prescribe is unknown"
    ]
    assert read_clinician([therapist], [referrer], settings, "Practitioner/7") == ({"can_prescribe": False}, ())
    assert read_clinician([therapist], [referrer], settings, "Practitioner/8") == ({"can_prescribe": True}, ())
