"""A whole FHIR record as a client state, and everything that was not understood."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from types import MappingProxyType

import pytest
from carebundle import PROFILES, generate_history, to_json
from hypothesis import given
from hypothesis import strategies as st

from cdsrules import Advisor
from cdsrules.adapters.fhir import FhirError, FhirReading, FhirSettings, SettingsError, check_settings, client_from_fhir
from cdsrules.model.client import ROLES
from tests.adapters.fhir.records import (
    GAD_7,
    ITEM_9,
    ORDINAL,
    PATIENT,
    PHQ_9,
    PLAN,
    Resource,
    appointment,
    bundle,
    coded,
    loinc,
    observation,
    shipped,
)

AS_OF = date(2026, 8, 3)
LACKING = "Look in the record for what is missing here: not all of it was sent, and it may be a sign of risk"
RECORD = (
    PATIENT,
    PLAN,
    appointment("a1", "2026-01-05T09:00:00Z", "fulfilled"),
    appointment("a2", "2026-01-12T09:00:00Z", "noshow"),
    observation("p1", PHQ_9, "2026-01-05", valueInteger=17),
    observation("i1", ITEM_9, "2026-01-05", valueInteger=0),
    observation("g1", GAD_7, "2026-01-05", valueInteger=11),
)


def read(*resources: object, **more: object) -> FhirReading:
    return client_from_fhir(bundle(*resources), shipped(), as_of=AS_OF, **more)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def advisor() -> Advisor:
    return Advisor.load(plugins=[])


def test_a_record_becomes_the_document_that_its_resources_say() -> None:
    reading = read(*RECORD, complete={"Appointment", "Observation"})

    assert reading.notices == ()
    assert reading.document == {
        "schema_version": "1.0",
        "as_of": "2026-08-03",
        "client": {"id": "4711", "birth_date": "1988-04-17"},
        "treatment": {"started_on": "2026-01-05"},
        "sessions": [{"date": "2026-01-05", "status": "attended"}, {"date": "2026-01-12", "status": "no_show"}],
        "measures": [
            {"instrument": "gad-7", "date": "2026-01-05", "score": 11},
            {"instrument": "phq-9", "date": "2026-01-05", "score": 17, "risk_items": {"9": 0}},
        ],
    }


def test_what_the_source_does_not_hold_in_full_counts_from_its_first_record() -> None:
    assert read(*RECORD).document["recorded_since"] == {"sessions": "2026-01-05", "measures": "2026-01-05"}


def test_an_empty_list_is_known_to_be_empty_only_where_the_source_is_whole() -> None:
    assert "sessions" not in read(PATIENT, PLAN).document
    assert read(PATIENT, PLAN, complete={"Appointment"}).document["sessions"] == []


def test_that_something_was_not_done_is_never_told_from_what_was() -> None:
    made = {
        "resourceType": "ServiceRequest",
        "id": "s",
        "status": "active",
        "intent": "order",
        "authoredOn": "2026-06-01",
        "code": coded("http://snomed.info/sct", "3457005"),
    }
    document = read(PATIENT, PLAN, made).document

    assert document["actions"] == [{"action": "referral", "date": "2026-06-01", "status": "done"}]
    assert document["recorded_since"] == {"actions": "2026-08-03"}


def test_a_prefetch_is_read_by_key_and_what_is_missing_in_it_is_no_record() -> None:
    outcome = {"resourceType": "OperationOutcome", "issue": [{"code": "forbidden", "diagnostics": "No access."}]}
    prefetch = {"patient": PATIENT, "plan": bundle(PLAN), "sessions": None, "scores": outcome, "flags": "x"}
    reading = client_from_fhir(prefetch, shipped(), as_of=AS_OF)

    assert "sessions" not in reading.document
    assert [str(one) for one in reading.notices] == [
        "OperationOutcome: the record's server answered: No access.",
        "What was sent as flags: there is no resource where one was expected.",
    ]


def test_drafts_are_what_the_clinician_proposes() -> None:
    draft = {
        "resourceType": "ServiceRequest",
        "id": "d",
        "status": "draft",
        "intent": "order",
        "code": coded("http://snomed.info/sct", "3457005"),
    }

    assert read(PATIENT, PLAN, drafts=[draft]).document["proposed_actions"] == [{"action": "referral"}]
    assert read(PATIENT, PLAN, draft).document["proposed_actions"] == [{"action": "referral"}]


def test_a_draft_that_says_what_is_not_to_be_done_is_no_proposal() -> None:
    draft = {
        "resourceType": "ServiceRequest",
        "id": "d",
        "status": "draft",
        "intent": "order",
        "doNotPerform": True,
        "code": coded("http://snomed.info/sct", "3457005"),
    }
    for reading in (read(PATIENT, PLAN, drafts=[draft]), read(PATIENT, PLAN, draft)):
        assert "proposed_actions" not in reading.document
        assert "ServiceRequest/d: it says what is not to be done, and nothing here is advice for that." in [
            str(one) for one in reading.notices
        ]


def test_what_an_extension_may_turn_round_does_not_count() -> None:
    turned = observation("p1", PHQ_9, "2026-03-02", valueInteger=9, modifierExtension=[{"url": "http://x/not"}])
    reading = read(PATIENT, PLAN, turned)

    assert "measures" not in reading.document
    assert [str(one) for one in reading.notices] == [
        "Observation/p1: it has an extension that may turn its meaning round (http://x/not)."
    ]


def test_a_flag_that_an_extension_may_turn_round_is_to_be_looked_at() -> None:
    flag: Resource = {"resourceType": "Flag", "id": "f", "status": "active", "code": {"text": "Suicide risk"}}
    turned: Resource = {**flag, "modifierExtension": [{"url": "http://x/y", "valueBoolean": True}]}
    (notice,) = read(PATIENT, PLAN, turned).notices
    (void,) = read(PATIENT, PLAN, {**turned, "status": "entered-in-error"}).notices

    assert str(notice) == (
        "Look in the record at the flag “Suicide risk”: it may be a sign of risk, and does not count, as it has an "
        "extension that may turn its meaning round (http://x/y) (Flag/f)."
    )
    assert notice.pressing
    assert not void.pressing


def test_versions_are_told_apart_by_the_moment_whatever_its_zone() -> None:
    early = observation("p1", PHQ_9, "2026-03-02", valueInteger=12, meta={"lastUpdated": "2026-03-02T11:00:00+05:00"})
    late = early | {"valueInteger": 9, "meta": {"lastUpdated": "2026-03-02T10:00:00Z"}}

    for given_in in ([early, late], [late, early]):
        assert read(PATIENT, PLAN, *given_in).document["measures"] == [
            {"instrument": "phq-9", "date": "2026-03-02", "score": 9}
        ]


def test_what_a_bundle_holds_besides_resources_is_named() -> None:
    whole = bundle(PATIENT, PLAN)
    refused = {"response": {"status": "403", "outcome": {"resourceType": "OperationOutcome", "issue": [{"code": "x"}]}}}
    odd = {
        **whole,
        "entry": [*whole["entry"], {"fullUrl": "urn:uuid:1"}, "x", refused],  # type: ignore[misc]
        "link": [{"relation": "self", "url": "a"}, {"relation": "next", "url": "b"}],
    }
    reading = client_from_fhir(odd, shipped(), as_of=AS_OF)

    assert [str(one) for one in reading.notices[:4]] == [
        f"{LACKING} (there are more pages).",
        "What was sent, entry 3: there is no resource where one was expected.",
        "What was sent, entry 4: there is no resource where one was expected.",
        "OperationOutcome: the record's server answered: x.",
    ]


def test_what_is_nested_beyond_measure_is_named() -> None:
    nested: object = PATIENT
    for _ in range(20):
        nested = [nested]
    reading = client_from_fhir([PATIENT, PLAN, nested], shipped(), as_of=AS_OF)

    assert [one.reason for one in reading.notices] == ["it is nested too deeply to be read"]


def test_the_version_last_updated_counts_and_one_entered_in_error_takes_back_what_came_before() -> None:
    old = observation("p1", PHQ_9, "2026-03-02", valueInteger=12, meta={"lastUpdated": "2026-03-02T10:00:00Z"})
    new = old | {"valueInteger": 9, "meta": {"lastUpdated": "2026-03-03T10:00:00Z"}}
    void = new | {"status": "entered-in-error", "meta": {"lastUpdated": "2026-03-04T10:00:00Z"}}

    for given_in in ([old, new], [new, old]):
        measures = read(PATIENT, PLAN, *given_in).document["measures"]
        assert measures == [{"instrument": "phq-9", "date": "2026-03-02", "score": 9}]
    reading = read(PATIENT, PLAN, void, new, old)
    assert "measures" not in reading.document
    assert [str(one) for one in reading.notices] == ["Observation/p1: it was entered in error and does not count."]


def test_what_belongs_to_another_patient_is_left_out_and_named() -> None:
    other = observation("p2", PHQ_9, "2026-03-02", valueInteger=3, subject={"reference": "Patient/0815"})
    reading = read(PATIENT, PLAN, other)

    assert "measures" not in reading.document
    assert [str(one) for one in reading.notices] == ["Observation/p2: it belongs to another patient."]


def test_a_flag_that_is_not_understood_is_named_before_all_else_and_never_read_as_risk() -> None:
    flag: Resource = {"resourceType": "Flag", "id": "f", "status": "active", "code": {"text": "Suicide risk"}}
    reading = read(PATIENT, PLAN, {"resourceType": "Immunization"}, observation("p", "0-0", "2026-03-02"), flag)

    assert [(one.resource, one.pressing) for one in reading.notices] == [
        ("Flag/f", True),
        ("Immunization", False),
        ("Observation/p", False),
    ]
    assert "risk" not in reading.document


def test_that_the_patient_has_died_is_said_before_all_else() -> None:
    """Also before an answer on suicide that nobody can read, beside cards that say to ask directly."""
    answered = observation("i2", ITEM_9, "2026-07-20", valueString="often")
    flag: Resource = {"resourceType": "Flag", "id": "f", "status": "active", "code": {"text": "Suicide risk"}}
    turned: Resource = {**flag, "id": "g", "modifierExtension": [{"url": "http://x/y", "valueBoolean": True}]}
    reading = read(PATIENT | {"deceasedBoolean": True}, PLAN, turned, answered, flag)

    assert [one.resource for one in reading.notices] == ["Patient/4711", "Observation/i2", "Flag/g", "Flag/f"]
    assert all(one.pressing for one in reading.notices)


def test_that_the_patient_has_died_is_no_sign_of_risk() -> None:
    with pytest.raises(FhirError, match="Nothing says when the treatment began"):
        read(PATIENT | {"deceasedBoolean": True})


def test_a_reference_with_server_and_version_names_the_same_patient() -> None:
    mine = observation(
        "p2",
        PHQ_9,
        "2026-03-02",
        valueInteger=3,
        subject={"reference": "https://ehr.example/fhir/Patient/4711/_history/2"},
    )

    assert read(PATIENT, PLAN, mine).notices == ()


def test_a_type_that_is_not_read_is_named_once() -> None:
    reading = read(PATIENT, PLAN, {"resourceType": "Immunization"}, {"resourceType": "Immunization"})

    assert [str(one) for one in reading.notices] == ["Immunization: this type of resource is not read."]


@pytest.mark.parametrize("patients", [(), (PATIENT, {**PATIENT, "id": "0815"})])
def test_a_record_is_of_one_patient(patients: tuple[Resource, ...]) -> None:
    with pytest.raises(FhirError, match="one Patient"):
        read(PLAN, *patients)


def test_a_treatment_without_a_beginning_is_refused_with_what_to_send() -> None:
    with pytest.raises(FhirError, match="Send one of them, or say `started_on`"):
        read(PATIENT)
    assert read(PATIENT, started_on=date(2026, 1, 5)).document["treatment"] == {"started_on": "2026-01-05"}


def test_guidance_from_a_record_is_the_guidance_of_its_document(advisor: Advisor) -> None:
    risk = observation("i2", ITEM_9, "2026-07-27", valueInteger=2)
    guidance = advisor.evaluate(read(*RECORD, risk).document)

    assert [item.rule.id for item in guidance.safety] != []
    assert "27 July 2026" in guidance.safety[0].text


def test_a_total_of_nought_never_clears_the_question_on_suicide(advisor: Advisor) -> None:
    risk = observation("i2", ITEM_9, "2026-07-20", valueInteger=2)
    later = observation("p2", PHQ_9, "2026-07-27", valueInteger=0)
    guidance = advisor.evaluate(read(*RECORD, risk, later).document)

    assert [item.rule.id for item in guidance.safety] == [
        item.rule.id for item in advisor.evaluate(read(*RECORD, risk).document).safety
    ]


@pytest.mark.parametrize(
    ("more", "read_as"),
    [
        ({}, [{"set_on": "2026-02-02"}]),
        ({"lifecycleStatus": "rejected"}, []),
        ({"startDate": "2026-02"}, None),
        ({"startDate": None}, None),
    ],
    ids=["set", "rejected", "month", "no day"],
)
def test_goals_are_none_only_where_each_that_was_found_is_none(more: Resource, read_as: object) -> None:
    goal = {"resourceType": "Goal", "id": "g", "lifecycleStatus": "active", "startDate": "2026-02-02", **more}
    treatment = read(*RECORD, goal, complete={"Goal"}).document["treatment"]

    assert treatment.get("goals") == read_as  # type: ignore[attr-defined]


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_records_of_somatic_care_that_others_made_are_read_and_what_is_strange_is_named(
    profile: str, advisor: Advisor
) -> None:
    foreign = json.loads(to_json(generate_history(profile=profile, seed=7)))
    reading = client_from_fhir(foreign, shipped(), as_of=AS_OF)

    assert {one.resource.partition("/")[0] for one in reading.notices} >= {"Observation"}
    assert advisor.evaluate(reading.document).safety == ()


# How records write that a day is not known, and days of other centuries.
FAR = ("0001-01-01", "0001-01-01T00:00:00+14:00", "1800", "1899-12-31", "1901", "2200-01-01", "9999-12-31", "9999-12")
# JSON writes numbers that no computer's number holds, and Python reads some of them.
HUGE = st.integers(1, 6_000).map(lambda digits: 10**digits) | st.sampled_from([-(10**400), 1e308, 5e-324])
NUMBERS = st.integers() | st.floats() | HUGE
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(max_size=8) | st.sampled_from(["2026-03", "final", *FAR]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
KEYS = sorted(
    {
        "id", "status", "intent", "code", "subject", "effectiveDateTime", "effectivePeriod", "valueQuantity",
        "valueString",
        "valueInteger", "component", "item", "authored", "questionnaire", "start", "participant", "cancelationReason",
        "period", "lifecycleStatus", "startDate", "statusDate", "authoredOn", "medicationCodeableConcept", "birthDate",
        "clinicalStatus", "verificationStatus", "extension", "meta", "contained", "activity", "recordedDate",
    }
)  # fmt: skip
TYPES = (
    "Observation", "QuestionnaireResponse", "Appointment", "Encounter", "Condition", "MedicationRequest",
    "MedicationStatement", "Goal", "CarePlan", "ServiceRequest", "Task", "Procedure", "Practitioner",
    "PractitionerRole", "Flag", "OperationOutcome", "Bundle",
)  # fmt: skip
KNOWN = [resource for resource in RECORD if resource["resourceType"] != "Patient"]


@st.composite
def damaged(draw: st.DrawFn) -> Resource:
    """A resource in which anything may stand anywhere."""
    whole = draw(st.sampled_from(KNOWN)) if draw(st.booleans()) else {"resourceType": draw(st.sampled_from(TYPES))}
    return whole | draw(st.dictionaries(st.sampled_from(KEYS), JSON, max_size=4))


@pytest.mark.parametrize("far", FAR)
def test_a_day_that_cannot_be_takes_no_sign_of_risk_with_it(far: str, advisor: Advisor) -> None:
    scored = observation("p9", PHQ_9, far, valueInteger=9)
    begun = {"resourceType": "Goal", "id": "g", "lifecycleStatus": "active", "startDate": far}
    kept = appointment("a9", far, "fulfilled")
    risk = observation("i2", ITEM_9, "2026-07-27", valueInteger=2)
    reading = read(PATIENT | {"birthDate": far}, *RECORD[1:], risk, scored, begun, kept)

    assert [item.rule.id for item in advisor.evaluate(reading.document).safety] == [
        item.rule.id for item in advisor.evaluate(read(*RECORD, risk).document).safety
    ]
    if far != "1901":  # a day like others, but for somebody's birth
        assert {"Observation/p9", "Appointment/a9"} <= {one.resource for one in reading.notices}
    assert "Patient/4711" in {one.resource for one in reading.notices}


@given(st.lists(damaged(), max_size=6))
def test_whatever_a_record_holds_the_document_is_one_that_is_read(resources: list[Resource]) -> None:
    reading = read(PATIENT, *resources, started_on=date(2026, 1, 5))

    ADVISOR.read(reading.document)


@given(st.lists(damaged(), max_size=6))
def test_whatever_a_record_holds_its_sign_of_risk_is_told(resources: list[Resource]) -> None:
    """Also where nothing in it says when the treatment began."""
    guidance = ADVISOR.evaluate(read(PATIENT, SIGN, *resources).document)

    assert "risk-item-endorsed" in [item.rule.id for item in guidance.safety]


def another(value: object) -> object:
    """The same value with mappings that are no dict."""
    if isinstance(value, dict):
        return MappingProxyType({name: another(held) for name, held in value.items()})
    return [another(one) for one in value] if isinstance(value, list) else value


@given(st.lists(damaged(), max_size=6))
def test_however_a_record_is_held_it_is_read_alike_and_stays_as_it_is(resources: list[Resource]) -> None:
    before = deepcopy(resources)
    reading = read(PATIENT, *resources, started_on=date(2026, 1, 5))
    held = read(*map(another, (PATIENT, *resources)), started_on=date(2026, 1, 5))

    assert held == reading
    assert resources == before


ADVISOR = Advisor.load(plugins=[], engine="reference", verify=False)


NINE = {"linkId": "/44249-1/44260-8"}
ANSWERED: Resource = {
    "resourceType": "QuestionnaireResponse",
    "id": "q",
    "status": "completed",
    "questionnaire": "http://loinc.org/q/44249-1",
    "authored": "2026-07-27",
}
# Every place of a record where a number stands that is read.
NUMERIC: tuple[Callable[[object], Resource], ...] = (
    lambda number: observation("n", PHQ_9, "2026-07-27", valueInteger=number),
    lambda number: observation("n", PHQ_9, "2026-07-27", valueQuantity={"value": number}),
    lambda number: observation("n", PHQ_9, "2026-07-27", valueQuantity={"value": number, "comparator": "<"}),
    lambda number: observation(
        "n", "44249-1", "2026-07-27", component=[{"code": loinc(GAD_7), "valueDecimal": number}]
    ),
    lambda number: {**ANSWERED, "item": [{**NINE, "answer": [{"valueInteger": number}]}]},
    lambda number: {**ANSWERED, "item": [{**NINE, "answer": [{"valueDecimal": number}, {"valueInteger": number}]}]},
    lambda number: {**ANSWERED, "item": [{**NINE, "answer": [{"valueCoding": weighed(number)}]}]},
    lambda number: PLAN | {"id": "p", "activity": [planned(period=number, frequency=1)]},
    lambda number: PLAN | {"id": "p", "activity": [planned(period=1, frequency=number)]},
    lambda number: PLAN | {"id": "p", "activity": [planned(period=number, frequency=number)]},
    lambda number: {**bundle(), "total": number},
)


def weighed(number: object) -> Resource:
    """A coded answer that carries its own points."""
    return {"code": "a", "extension": [{"url": ORDINAL, "valueDecimal": number}]}


def planned(**repeat: object) -> Resource:
    """What a plan says of how often sessions are to be."""
    return {"detail": {"scheduledTiming": {"repeat": {"periodUnit": "wk", **repeat}}}}


SIGN = observation("i2", ITEM_9, "2026-07-20", valueInteger=2)
SIGNS = [item.rule.id for item in ADVISOR.evaluate(read(*RECORD, SIGN).document).safety]


@given(st.sampled_from(NUMERIC), NUMBERS)
def test_a_number_of_any_size_in_any_numeric_place_costs_no_guidance(
    place: Callable[[object], Resource], number: float
) -> None:
    reading = read(*RECORD, SIGN, place(number))

    assert [item.rule.id for item in ADVISOR.evaluate(reading.document).safety] == SIGNS
    assert all(len(str(one)) < 400 for one in reading.notices)


@given(st.permutations(RECORD))
def test_the_order_of_resources_says_nothing(resources: list[Resource]) -> None:
    assert read(*resources) == read(*RECORD)


def test_settings_that_name_what_is_not_there_are_refused_all_at_once() -> None:
    settings = FhirSettings(
        measures={"http://x|1": "phq9", "http://x|2": "phq-9#10"},
        flags={"http://x|3": "ideations"},
        actions={"http://x|4": "consult"},
        questionnaire_items={"phq-9": {"q": 12}},
        roles={"http://x|5": "doctor"},
    )
    with pytest.raises(SettingsError) as refused:
        check_settings(settings, shipped())

    assert str(refused.value).splitlines() == [
        "fhir.measures, at http://x|1: there is no instrument phq9; did you mean phq-9?",
        "fhir.flags, at http://x|3: there is no kind of risk ideations; did you mean ideation?",
        "fhir.actions, at http://x|4: there is no action consult; did you mean consultation?",
        f"fhir.roles, at http://x|5: there is no role doctor; write one of {', '.join(sorted(ROLES))}.",
        "fhir.measures, at http://x|2: PHQ-9 has no item 10; write 1 to 9.",
        "fhir.questionnaire_items.phq-9, at q: PHQ-9 has no item 12; write 1 to 9.",
    ]
    check_settings(FhirSettings(), shipped())
