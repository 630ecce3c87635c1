"""Records as Bundles: whose they are, what names what in them, and what was not sent."""

from __future__ import annotations

from datetime import date

import pytest

from cdsrules.adapters.fhir import FhirError, FhirReading, FhirSettings, client_from_fhir
from cdsrules.adapters.fhir.hooks import FhirRecords
from cdsrules.errors import ClientError
from tests.adapters.fhir.records import (
    ITEM_9,
    PATIENT,
    PHQ_9,
    PLAN,
    Resource,
    appointment,
    bundle,
    observation,
    shipped,
)

AS_OF = date(2026, 8, 3)
LACKING = "Look in the record for what is missing here: not all of it was sent, and it may be a sign of risk"
RECORD = (
    PATIENT,
    PLAN,
    appointment("a1", "2026-01-05T09:00:00Z", "fulfilled"),
    observation("p1", PHQ_9, "2026-01-05", valueInteger=17),
    observation("i1", ITEM_9, "2026-01-05", valueInteger=1),
)


def read(source: object, **more: object) -> FhirReading:
    return client_from_fhir(source, shipped(), as_of=AS_OF, **more)  # type: ignore[arg-type]


def said(reading: FhirReading) -> list[str]:
    return [str(one) for one in reading.notices]


def test_of_several_patients_the_host_says_whose_record_it_is() -> None:
    """What a search brought along of others takes no guidance away."""
    other: Resource = {**PATIENT, "id": "0815", "birthDate": "2001-01-01"}
    reading = read(bundle(other, *RECORD), patient="4711")

    assert reading.document == read(bundle(*RECORD)).document
    assert said(reading) == ["Patient/0815: it is another patient."]
    with pytest.raises(FhirError, match="there is none here"):
        read(bundle(*RECORD), patient="0815")


UUID = "urn:uuid:4c0f3f2e-6f5b-4d0c-9f5e-0c6b6e6c5a01"
OTHER = "urn:uuid:4c0f3f2e-6f5b-4d0c-9f5e-0c6b6e6c5a02"
EHR = "https://ehr.example/fhir"


def entries(*pairs: tuple[str | None, Resource]) -> Resource:
    """A Bundle in which each entry has an address, or none."""
    held = [{"resource": one, **({"fullUrl": address} if address else {})} for address, one in pairs]
    return {"resourceType": "Bundle", "type": "collection", "entry": held}


def of(named: str, one: Resource) -> Resource:
    """A resource about somebody else than the patient of the other tests."""
    return {**one, "subject": {"reference": named}}


def without_id(one: Resource) -> Resource:
    return {name: value for name, value in one.items() if name != "id"}


SCORE = observation("p1", PHQ_9, "2026-01-05", valueInteger=17)
RISK = observation("i1", ITEM_9, "2026-03-05", valueInteger=2)
MEASURES = [{"instrument": "phq-9", "date": "2026-01-05", "score": 17}]


@pytest.mark.parametrize(
    ("patient", "named"),
    [
        ((UUID, without_id(PATIENT)), UUID),
        ((UUID, PATIENT), UUID),
        ((UUID, PATIENT), "Patient/4711"),
        ((f"{EHR}/Patient/4711", PATIENT), "Patient/4711"),
        ((f"{EHR}/Patient/4711", PATIENT), f"{EHR}/Patient/4711"),
        ((f"{EHR}/Patient/4711", PATIENT), f"{EHR}/Patient/4711/_history/3"),
        ((f"{EHR}/Patient/4711/_history/2", PATIENT), f"{EHR}/Patient/4711"),
        ((None, PATIENT), f"{EHR}/Patient/4711"),
        ((None, PATIENT), "Patient/4711/_history/1"),
    ],
)
def test_what_names_the_patient_in_any_way_is_theirs(patient: tuple[str | None, Resource], named: str) -> None:
    for address in (f"{EHR}/Observation/p1", OTHER, None):
        if named == "Patient/4711" and patient[0] == f"{EHR}/Patient/4711" and address == OTHER:
            continue  # said below
        reading = read(entries(patient, (None, PLAN), (address, of(named, SCORE))), started_on=date(2026, 1, 5))

        assert reading.document["measures"] == MEASURES
        assert not [one for one in said(reading) if "p1" in one]


@pytest.mark.parametrize(
    ("address", "named"),
    [
        (f"{EHR}/Observation/p1", "Patient/0815"),
        (f"{EHR}/Observation/p1", "https://other.example/fhir/Patient/4711"),
        ("https://other.example/fhir/Observation/p1", "Patient/4711"),
        (None, f"{EHR}/Patient/0815"),
    ],
)
def test_what_names_another_patient_is_left_out_and_said(address: str | None, named: str) -> None:
    reading = read(entries((f"{EHR}/Patient/4711", PATIENT), (None, PLAN), (address, of(named, SCORE))))

    assert "measures" not in reading.document
    assert said(reading) == ["Observation/p1: it belongs to another patient."]


def test_what_is_not_about_a_patient_is_left_out_and_said() -> None:
    reading = read(bundle(PATIENT, PLAN, of("Group/7", SCORE)))

    assert "measures" not in reading.document
    assert said(reading) == ["Observation/p1: it is about Group/7, and not about the patient."]


@pytest.mark.parametrize("named", [OTHER, "#p", "Patient?identifier=x", "nobody"])
def test_whose_something_is_where_its_name_leads_nowhere_is_to_be_looked_at(named: str) -> None:
    """Neither taken for the patient's, as a sign of risk would be lost on somebody else, nor left out in silence."""
    flag: Resource = {"resourceType": "Flag", "id": "f", "status": "active", "code": {"text": "Suicide risk"}}
    reading = read(entries((UUID, PATIENT), (None, PLAN), (None, of(named, flag)), (None, of(named, RISK))))

    assert "measures" not in reading.document
    assert "risk" not in reading.document
    pressing = [str(one) for one in reading.notices if one.pressing]
    whole = "\n".join(pressing)
    assert len(pressing) == (2 if named == "#p" else 1)
    assert "an observation of 5 March 2026" in whole
    assert "Observation/i1" in whole
    assert "the flag “Suicide risk”" in whole
    assert "Flag/f" in whole
    assert all(one.startswith("See in the record whose ") for one in pressing)


def test_two_that_lead_nowhere_are_one_notice() -> None:
    scores = [of(OTHER, observation(f"p{number}", PHQ_9, f"2026-01-0{number}", valueInteger=3)) for number in (1, 2)]

    (notice,) = said(read(bundle(PATIENT, PLAN, *scores)))
    assert notice == (
        "See in the record whose an observation of 1 January 2026 and an observation of 2 January 2026 are: they name "
        f"somebody who is not in what was sent, and are left out (Observation/p1, Observation/p2; {OTHER})."
    )


def test_of_many_that_lead_nowhere_none_goes_unnamed_and_flags_come_first() -> None:
    names = [f"{number:02}{'p' * 62}" for number in range(30)]  # as long as ids of FHIR may be
    scores = [of(OTHER, observation(name, PHQ_9, "2026-01-05", valueInteger=3)) for name in names]
    flag: Resource = {"resourceType": "Flag", "id": "f", "status": "active", "code": {"text": "Suicide risk"}}
    notices = read(bundle(PATIENT, PLAN, *scores, of(OTHER, flag))).notices

    assert all(one.pressing for one in notices)
    assert "the flag “Suicide risk”" in notices[0].reason
    for name in names:
        assert len([one for one in notices if f"Observation/{name}" in str(one)]) == 1


def test_that_all_was_left_out_since_it_names_nobody_who_was_sent_is_said_where_that_leaves_no_beginning() -> None:
    """As where the Patient that was sent is bare, and what was sent beside it names it by another name."""
    kept = appointment("a1", "2026-01-05T09:00:00Z", "fulfilled", participant=[{"actor": {"reference": OTHER}}])
    goal: Resource = {"resourceType": "Goal", "id": "g", "lifecycleStatus": "active", "startDate": "2026-01-19"}
    nowhere = [of(OTHER, PLAN), kept, of(OTHER, goal)]
    begins = "Nothing says when the treatment began: there is no running CarePlan with a start, and no session that"
    with pytest.raises(FhirError) as refused:
        read(bundle(PATIENT, *nowhere, of("nobody", {**goal, "id": "h"})))

    assert refused.value.problem == (
        f"3 resources name {OTHER}, who is not in what was sent, and are left out. 1 resource names nobody, who is not "
        f"in what was sent, and is left out. {begins} took place."
    )
    with pytest.raises(FhirError, match=r"^Nothing says when"):
        read(bundle(PATIENT, SCORE))


def test_what_may_be_a_sign_of_risk_of_nobody_who_was_sent_is_to_be_looked_at_where_that_leaves_no_beginning() -> None:
    reading = read(bundle(PATIENT, of(OTHER, PLAN), of(OTHER, RISK)))

    assert "the treatment began; it is taken to begin on the day that is looked at" in said(reading)[1]
    assert "an observation of 5 March 2026" in said(reading)[0]
    assert reading.notices[0].pressing


def test_two_entries_of_one_address_are_said_and_what_names_it_is_not_guessed() -> None:
    medicine: Resource = {
        "resourceType": "Medication",
        "id": "m",
        "code": {"coding": [{"system": "http://www.whocc.no/atc", "code": "N06AB03"}]},
    }
    order: Resource = {
        "resourceType": "MedicationRequest",
        "id": "r",
        "status": "active",
        "intent": "order",
        "subject": {"reference": "Patient/4711"},
        "authoredOn": "2026-03-01",
        "medicationReference": {"reference": UUID},
    }
    told = read(entries((None, PATIENT), (None, PLAN), (UUID, medicine), (None, order)))
    twice = read(entries((None, PATIENT), (None, PLAN), (UUID, medicine), (UUID, SCORE), (None, order)))

    assert told.document["medication"] == {"current": True, "events": [{"date": "2026-03-01", "kind": "started"}]}
    assert "medication" not in twice.document
    assert said(twice) == [
        f"{UUID}: Medication/m and Observation/p1 have this address in the Bundle, so what names it cannot be told.",
        "MedicationRequest/r: which medication it is cannot be told, so whether it is psychotropic is unknown.",
    ]


def test_the_same_resource_twice_counts_once_and_two_of_which_nothing_says_which_is_newer_do_not() -> None:
    changed = {**RISK, "valueInteger": 0}
    dated = {**RISK, "meta": {"lastUpdated": "2026-03-06T10:00:00Z"}}

    assert read(bundle(PATIENT, PLAN, RISK, RISK)).document == read(bundle(PATIENT, PLAN, RISK)).document
    for given_in in ((RISK, changed), (changed, RISK), (without_id(RISK), without_id(changed))):
        reading = read(entries((None, PATIENT), (None, PLAN), *((UUID, one) for one in given_in)))
        assert "measures" not in reading.document
        (notice,) = reading.notices
        assert notice.pressing
        assert notice.reason == (
            "look in the record at an observation of 5 March 2026: it may be a sign of risk, and does not count, as it "
            "comes twice, each time with something else, and nothing says which is the newer"
        )
    for versions in ((RISK, changed, dated), (dated, changed, RISK), (changed, dated, RISK)):
        assert read(bundle(PATIENT, PLAN, *versions)).document == read(bundle(PATIENT, PLAN, dated)).document


def test_the_same_id_on_two_servers_is_two_resources() -> None:
    later = observation("p1", PHQ_9, "2026-02-05", valueInteger=9, subject={"reference": f"{EHR}/Patient/4711"})
    reading = read(
        entries(
            (f"{EHR}/Patient/4711", PATIENT),
            (None, PLAN),
            (f"{EHR}/Observation/p1", SCORE),
            ("https://other.example/fhir/Observation/p1", later),
        )
    )

    assert reading.notices == ()
    assert reading.document["measures"] == [*MEASURES, {"instrument": "phq-9", "date": "2026-02-05", "score": 9}]


def test_names_lead_from_one_part_of_a_prefetch_to_another() -> None:
    prefetch = {"patient": PATIENT, "plans": bundle(PLAN), "scores": entries((f"{EHR}/Observation/p1", SCORE))}
    named = {**prefetch, "scores": entries((f"{EHR}/Observation/p1", of(f"{EHR}/Patient/4711", SCORE)))}

    assert read(prefetch).document["measures"] == read(named).document["measures"] == MEASURES
    assert read(prefetch).notices == read(named).notices == ()


def test_an_export_that_names_everything_by_uuid_is_read_as_one_that_does_not() -> None:
    """As Synthea and others write them: no id that anything else names, every reference a urn:uuid."""
    kept = appointment("a1", "2026-01-05T09:00:00Z", "fulfilled", participant=[{"actor": {"reference": UUID}}])
    held: Resource = {
        "resourceType": "Encounter",
        "id": "e1",
        "status": "finished",
        "class": {"code": "AMB"},
        "subject": {"reference": UUID},
        "appointment": [{"reference": f"{UUID[:-1]}3"}],
        "period": {"start": "2026-01-06T09:00:00Z"},
    }
    goal: Resource = {
        "resourceType": "Goal",
        "id": "g",
        "lifecycleStatus": "active",
        "startDate": "2026-01-05",
        "subject": {"reference": UUID},
        "expressedBy": {"reference": UUID},
    }
    ones = [of(UUID, PLAN), without_id(kept), of(UUID, without_id(SCORE)), of(UUID, without_id(RISK)), held, goal]
    whole = entries((UUID, without_id(PATIENT)), *((f"{UUID[:-1]}{number}", one) for number, one in enumerate(ones, 2)))
    reading = read(whole)

    assert reading.notices == ()
    assert reading.document["client"]["id"] == UUID.removeprefix("urn:uuid:")  # type: ignore[index]
    assert reading.document["sessions"] == [{"date": "2026-01-05", "status": "attended"}]
    assert reading.document["measures"] == [
        *MEASURES,
        {"instrument": "phq-9", "date": "2026-03-05", "risk_items": {"9": 2}},
    ]
    assert reading.document["treatment"]["goals"] == [{"set_on": "2026-01-05", "agreed": True}]  # type: ignore[index]


def test_a_session_names_its_appointment_or_it_is_said() -> None:
    held: Resource = {
        "resourceType": "Encounter",
        "id": "e1",
        "status": "finished",
        "class": {"code": "AMB"},
        "subject": {"reference": "Patient/4711"},
        "appointment": [{"reference": "Appointment/a9"}],
        "period": {"start": "2026-02-06T09:00:00Z"},
    }
    reading = read(bundle(PATIENT, PLAN, held))

    assert reading.document["sessions"] == [{"date": "2026-02-06", "status": "attended"}]
    assert said(reading) == ["Encounter/e1: it names Appointment/a9, which is not in the record, and counts by itself."]


def test_sessions_without_an_id_are_each_a_session() -> None:
    first, second = (without_id(appointment("", f"2026-01-{day}T09:00:00Z", "fulfilled")) for day in ("05", "12"))

    assert read(bundle(PATIENT, PLAN, first, second)).document["sessions"] == [
        {"date": "2026-01-05", "status": "attended"},
        {"date": "2026-01-12", "status": "attended"},
    ]


def with_patients(*statuses: tuple[str, str]) -> Resource:
    taking_part = [{"actor": {"reference": named}, "status": status} for named, status in statuses]
    return appointment("a1", "2026-01-05T09:00:00Z", "fulfilled", participant=taking_part)


def test_a_session_with_others_is_a_session_of_the_patient() -> None:
    """A couple, a family, a group: each of them is a patient of the session."""
    kept = with_patients(("Patient/0815", "accepted"), ("Patient/4711", "accepted"), ("Practitioner/7", "accepted"))
    others = with_patients(("Patient/0815", "accepted"), ("Practitioner/7", "accepted"))

    assert read(bundle(PATIENT, PLAN, kept)).document["sessions"] == [{"date": "2026-01-05", "status": "attended"}]
    assert said(read(bundle(PATIENT, PLAN, others))) == ["Appointment/a1: it belongs to another patient."]


def test_a_session_that_the_patient_declined_is_none_of_theirs_and_said() -> None:
    kept = with_patients(("Patient/0815", "accepted"), ("Patient/4711", "declined"))
    reading = read(bundle(PATIENT, PLAN, kept))

    assert "sessions" not in reading.document
    assert said(reading) == [
        "Appointment/a1: it is fulfilled, and the patient declined to take part, so whether they came is not known."
    ]


def test_a_search_that_found_more_than_was_sent_says_so() -> None:
    assert said(read({**bundle(PATIENT, PLAN), "total": 3})) == [
        f"{LACKING} (its search found more).",
    ]
    assert said(read({**bundle(PATIENT, PLAN), "total": 2})) == []
    assert said(read({**bundle(PATIENT, PLAN), "total": 10**5_000})) != []


@pytest.mark.parametrize(
    ("held", "presses"),
    [
        ([observation("o", PHQ_9, "2026-03-02", valueInteger=3)], True),
        ([{"resourceType": "QuestionnaireResponse", "id": "q", "status": "completed"}], True),
        ([{"resourceType": "Flag", "id": "f", "status": "active"}], True),
        ([{"resourceType": "RiskAssessment", "id": "r", "status": "final"}], True),
        ([{"resourceType": "Condition", "id": "c", "code": {"text": "Asthma"}}], True),
        ([], True),
        ([{"resourceType": "Appointment", "id": "a"}], False),
        ([{"resourceType": "Goal", "id": "g"}], False),
    ],
)
def test_that_a_search_was_cut_short_presses_unless_it_is_known_to_be_of_nothing_that_tells_of_risk(
    held: list[Resource], presses: bool
) -> None:
    for cut in ({"total": len(held) + 1}, {"link": [{"relation": "next", "url": "b"}]}):
        reading = client_from_fhir([PATIENT, PLAN, {**bundle(*held), **cut}], shipped(), as_of=AS_OF)
        pressing = [str(one) for one in reading.notices if one.pressing]

        assert any(one.startswith("Look in the record for what is missing here") for one in pressing) is presses


def draft(**more: object) -> Resource:
    """A draft of a prescription of psychotropic medication, as the bundle of drafts names it."""
    held: Resource = {"resourceType": "MedicationRequest", "id": "d", "status": "draft", "intent": "order"}
    return {**held, "medicationReference": {"reference": "Medication/m"}, **more}


def test_a_draft_for_another_patient_is_none_for_this_one() -> None:
    referral: Resource = {
        "resourceType": "ServiceRequest",
        "id": "s",
        "status": "draft",
        "intent": "order",
        "code": {"coding": [{"system": "http://snomed.info/sct", "code": "3457005"}]},
    }
    mine, other = of("Patient/4711", referral), of("Patient/0815", referral)

    assert read(bundle(PATIENT, PLAN), drafts=[mine]).document["proposed_actions"] == [{"action": "referral"}]
    reading = read(bundle(PATIENT, PLAN), drafts=[other])
    assert "proposed_actions" not in reading.document
    assert said(reading) == ["ServiceRequest/s: it belongs to another patient."]


def test_a_draft_names_medication_that_stands_beside_it() -> None:
    medicine: Resource = {
        "resourceType": "Medication",
        "id": "m",
        "code": {"coding": [{"system": "http://www.whocc.no/atc", "code": "N06AB03"}]},
    }
    reading = read(bundle(PATIENT, PLAN), drafts=[draft(), medicine])

    assert reading.document["proposed_actions"] == [{"action": "medication_evaluation"}]
    assert said(reading) == []


def test_what_is_proposed_to_come_or_ended_makes_no_treatment_and_no_prescriber() -> None:
    early = {**PLAN, "id": "early", "intent": "proposal", "period": {"start": "2019-01-05"}}
    late = {**PLAN, "id": "late", "period": {"start": "2026-09-01"}}
    role: Resource = {"resourceType": "PractitionerRole", "id": "r", "code": [{"coding": [{"code": "md"}]}]}
    settings = FhirSettings(prescribers=frozenset({"|md"}))
    ended = {**role, "period": {"end": "2026-08-02"}}
    reading = read(bundle(PATIENT, PLAN, early, late, ended), settings=settings)

    assert reading.document["treatment"] == {"started_on": "2026-01-05"}
    assert "clinician" not in reading.document
    assert read(bundle(PATIENT, PLAN, role), settings=settings).document["clinician"] == {"can_prescribe": True}
    assert said(reading) == [
        "CarePlan/early: it is only a proposal, and the treatment does not count from it.",
        "CarePlan/late: it begins on 2026-09-01, after the day that is looked at.",
    ]


def test_what_stands_inside_another_resource_is_said_and_looked_at_where_it_is_of_risk() -> None:
    """Nothing names what is contained but what contains it."""
    inner = {name: value for name, value in RISK.items() if name != "subject"} | {"id": "c"}
    low = inner | {"valueInteger": 0}
    for one, presses in ((inner, True), (low, False)):
        panel = observation("p", "44249-1", "2026-03-05", contained=[one], hasMember=[{"reference": "#c"}])
        (notice,) = read(bundle(PATIENT, PLAN, panel)).notices
        assert (notice.resource, notice.pressing) == ("Observation/p#c", presses)
        assert "it stands inside Observation/p, where nothing is read" in notice.reason


CODED = [
    ("http://snomed.info/sct", "6471006"),
    ("http://hl7.org/fhir/sid/icd-10-cm", "R45.851"),
    ("http://hl7.org/fhir/sid/icd-10-cm", "T1491XA"),
    ("http://hl7.org/fhir/sid/icd-10", "X70"),
    ("https://clinic.example", "suicidal"),
]


@pytest.mark.parametrize(("system", "code"), CODED)
def test_what_is_about_risk_by_its_code_is_looked_at_in_whatever_it_stands(system: str, code: str) -> None:
    """No rule speaks of it, and it is not one line among many."""
    settings = FhirSettings(flags={"https://clinic.example|suicidal": "ideation"})
    concept: Resource = {"coding": [{"system": system, "code": code}]}
    diagnosis: Resource = {"resourceType": "Condition", "id": "c", "code": concept}
    provisional = diagnosis | {"verificationStatus": {"coding": [{"code": "provisional"}]}}
    seen = observation("o", concept, "2026-03-05", valueBoolean=True)
    for one in (diagnosis, provisional, seen):
        (notice,) = read(bundle(PATIENT, PLAN, one), settings=settings).notices
        assert notice.pressing
        assert notice.reason.endswith(": by its code it is about risk, and nothing is read from it here")
        assert notice.named == f"{system}|{code}"
    refuted = diagnosis | {"verificationStatus": {"coding": [{"code": "refuted"}]}}
    resolved = diagnosis | {"clinicalStatus": {"coding": [{"code": "resolved"}]}}
    assert not [
        one for one in read(bundle(PATIENT, PLAN, refuted, resolved), settings=settings).notices if one.pressing
    ]


def test_a_bundle_by_itself_is_looked_at_on_the_day_that_its_moments_fall_on() -> None:
    """What was recorded in the evening is not of tomorrow, where nothing counts yet."""
    risk = observation("i1", ITEM_9, "2026-08-03T23:10:00-05:00", valueInteger=2)
    handed = {**bundle(PATIENT, PLAN, risk), "timestamp": "2026-08-03T23:30:00-05:00"}
    found = FhirRecords(shipped()).cdsrules_client_from_record(handed)

    assert found is not None
    assert found.client["as_of"] == "2026-08-04"  # type: ignore[index]
    assert found.client["measures"] == [{"instrument": "phq-9", "date": "2026-08-04", "risk_items": {"9": 2}}]  # type: ignore[index]
    with pytest.raises(ClientError, match="has no `timestamp`") as refused:
        FhirRecords(shipped()).cdsrules_client_from_record({**handed, "timestamp": "2026-08"})
    for how in ("`--as-of 2026-08-03` on the command line", "`as_of=date(2026, 8, 3)` in Python", "write `timestamp`"):
        assert how in str(refused.value)


def test_what_contradicts_itself_on_one_day_is_said_of_a_whole_record() -> None:
    other = observation("p2", PHQ_9, "2026-01-05", valueInteger=9)
    reading = read(bundle(PATIENT, PLAN, SCORE, other))

    assert "measures" not in reading.document
    assert said(reading) == ["Observation/p1: PHQ-9 of 2026-01-05 is unknown: there are totals of 9 and 17 on one day."]


def test_who_accepted_a_goal_is_followed_and_what_is_nested_without_end_is_not() -> None:
    said_so = [{"url": "individual", "valueReference": {"reference": UUID}}, {"url": "status", "valueCode": "agree"}]
    acceptance = {"url": "http://hl7.org/fhir/StructureDefinition/goal-acceptance", "extension": said_so}
    nested: Resource = {"url": "x"}
    for _ in range(2_000):
        nested = {"url": "x", "extension": [nested]}
    goal: Resource = {"resourceType": "Goal", "id": "g", "lifecycleStatus": "active", "startDate": "2026-01-05"}
    whole = entries((UUID, PATIENT), (None, PLAN), (None, {**goal, "extension": [nested, acceptance]}))

    assert read(whole).document["treatment"]["goals"] == [{"set_on": "2026-01-05", "agreed": True}]  # type: ignore[index]


def part_of(one: object) -> object:
    """What is sent, each Bundle of it with more pages."""
    if isinstance(one, dict) and one.get("resourceType") == "Bundle":
        return {**one, "link": [{"relation": "next"}]}
    if isinstance(one, dict):
        return {key: part_of(held) for key, held in one.items()}
    return [part_of(held) for held in one] if isinstance(one, list) else one


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"patient": PATIENT, ", scores": bundle(PLAN)}, " (, scores)"),
        ({"patient": PATIENT, "What was sent": bundle(PLAN)}, " (What was sent)"),
        ({"patient": PATIENT, "plans": [bundle(PLAN)]}, " (plans[0])"),
        ([PATIENT, bundle(PLAN)], " ([1])"),
    ],
)
def test_of_what_not_all_was_sent_is_called_as_it_was_sent(sent: object, said: str) -> None:
    assert [str(one) for one in read(part_of(sent)).notices] == [
        f"Not all of the record was sent{said}: there are more pages."
    ]


def test_a_whole_record_of_which_not_all_was_sent_has_to_be_looked_at() -> None:
    [notice] = read(part_of(bundle(PATIENT, PLAN))).notices
    assert notice.pressing
    assert str(notice) == (
        "Look in the record for what is missing here: not all of it was sent, and it may be a sign of risk "
        "(there are more pages)."
    )
