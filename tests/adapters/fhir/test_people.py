"""Who the client and the clinician are."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsrules import Advisor
from cdsrules.adapters.fhir import FhirSettings
from cdsrules.adapters.fhir.people import is_of_register, read_client, read_clinician
from tests.adapters.fhir.records import Resource, coded

AS_OF = date(2026, 8, 3)
OWN = "http://clinic.example"
ADVISOR = Advisor.load(plugins=[], engine="reference", verify=False)


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


def pseudonym(name: object, register: str = "") -> object:
    return read_client(patient(id=name), FhirSettings(register=register), AS_OF)[0]["id"]


@pytest.mark.parametrize("name", ["4711", "c-4711", "Aa0-.", "p-m-ller", "a" * 64, "f" * 128, "urn:uuid:1/2_3"])
def test_an_id_that_a_document_takes_is_the_pseudonym(name: str) -> None:
    assert pseudonym(name) == name


def test_an_id_that_a_document_cannot_take_is_named_by_its_digest() -> None:
    digest = "2dbd218072117713f2d5996a726a9b216ed791ffd0783b6ba4ab6d61b8333192"  # printf %s müller | sha256sum
    assert pseudonym("müller") == f"p-{digest}"


# What hosts are known to have as ids: letters of any language, blanks, separators, some of them much too long.
IDS = (
    st.text(st.sampled_from("aeä1-._:/ p"), min_size=1, max_size=5) | st.text(min_size=1) | st.text("a1", min_size=127)
)


def test_patients_of_several_registers_are_named_with_theirs() -> None:
    assert pseudonym("4711", "north") == "north:4711"
    assert pseudonym("müller", "north") == f"north:{pseudonym('müller')}"
    assert len({pseudonym(name, register) for name in ("4711", "müller") for register in ("", "north", "south")}) == 6


REGISTERS = st.sampled_from(["", "north", "p", "a", "n" * 32])


@given(IDS, IDS, REGISTERS)
def test_two_patients_are_never_one_client(one: str, other: str, register: str) -> None:
    assert (pseudonym(one, register) == pseudonym(other, register)) == (one.strip() == other.strip())


@given(IDS, IDS, st.permutations(["north", "no", "p", "a"]))
def test_patients_of_two_registers_are_never_one_client_and_are_told_by_their_register(
    one: str, other: str, registers: list[str]
) -> None:
    here, there, *_ = registers
    client = pseudonym(one, here)

    assert client != pseudonym(other, there)
    assert is_of_register(str(client), here)
    assert not is_of_register(str(client), there)
    assert is_of_register(str(client), "")


@given(IDS, REGISTERS)
def test_every_pseudonym_is_one_that_a_document_takes(name: str, register: str) -> None:
    client = pseudonym(name, register)
    document = {"schema_version": "1.0", "as_of": str(AS_OF), "client": {"id": client}}

    assert ADVISOR.read(document | {"treatment": {"started_on": "2026-01-05"}}).id == client


@pytest.mark.parametrize("register", ["", "north"])
def test_no_id_can_be_taken_for_the_digest_of_another(register: str) -> None:
    digest = str(pseudonym("müller"))

    assert pseudonym(digest, register) != pseudonym("müller", register)
    assert str(pseudonym(digest.upper(), register)).endswith(digest.upper())


def test_a_patient_without_an_id_is_said_to_be_told_from_nobody() -> None:
    _, notices = read_client({"resourceType": "Patient", "birthDate": "1988-04-17"}, FhirSettings(), AS_OF)

    assert [one.reason for one in notices] == [
        "it has no id, so in records it cannot be told from others without one: record nothing of it"
    ]


@pytest.mark.parametrize("died", [{"deceasedBoolean": True}, {"deceasedDateTime": "2026-07-01"}])
def test_a_patient_who_has_died_is_said(died: Resource) -> None:
    _, notices = read_client(patient(birthDate="1988-04-17", **died), FhirSettings(), AS_OF)

    (notice,) = notices
    assert notice.pressing
    assert str(notice) == (
        "Look first whether the patient has died, as the record says so: nothing here is advice for that "
        "(Patient/4711)."
    )


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


def test_a_role_or_qualification_that_ended_is_one_no_more() -> None:
    settings = FhirSettings(prescribers=frozenset({"|md"}), prescribers_complete=True)
    md: Resource = {"coding": [{"code": "md"}]}
    role: Resource = {"resourceType": "PractitionerRole", "id": "r", "code": [md]}
    person: Resource = {"resourceType": "Practitioner", "id": "p", "qualification": [{"code": md}]}
    ended, running = {"period": {"end": "2026-08-02"}}, {"period": {"end": "2026-08"}}

    def prescribes(roles: list[Resource], persons: list[Resource]) -> object:
        return read_clinician(roles, persons, settings, as_of=date(2026, 8, 3))[0].get("can_prescribe")

    assert prescribes([role | running], []) is True
    assert prescribes([role | ended], []) is None
    assert prescribes([], [person]) is True
    assert prescribes([], [person | {"qualification": [{"code": md, **running}]}]) is True
    assert prescribes([], [person | {"qualification": [{"code": md, **ended}]}]) is None
