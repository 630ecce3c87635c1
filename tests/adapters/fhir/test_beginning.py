"""When a treatment began, and what is said where no record tells it."""

from __future__ import annotations

from datetime import UTC, date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsrules import Advisor
from cdsrules.adapters.fhir import FhirError, FhirReading, FhirSettings, as_record, client_from_fhir
from cdsrules.adapters.fhir.beginning import Beginning, beginning_of
from tests.adapters.fhir.records import (
    ITEM_9,
    PATIENT,
    PHQ_9,
    PLAN,
    Resource,
    appointment,
    bundle,
    coded,
    observation,
    shipped,
)

AS_OF = date(2026, 8, 3)
ADVISOR = Advisor.load(plugins=[], engine="reference", verify=False)
SESSIONS = [
    {"date": "2026-02-02", "status": "attended"},
    {"date": "2026-01-26", "status": "no_show"},
    {"date": "2026-09-07", "status": "cancelled"},
]
SIGN = observation("i2", ITEM_9, "2026-05-20", valueInteger=3)
FLAG: Resource = {"resourceType": "Flag", "id": "f", "status": "active", "code": {"text": "Watch him"}}
REFERRED: Resource = {
    "resourceType": "ServiceRequest",
    "id": "s",
    "status": "active",
    "intent": "order",
    "authoredOn": "2026-06-01",
    "code": coded("http://snomed.info/sct", "3457005"),
}
TAKEN = (
    "CarePlan: none says when the treatment began; it is taken to begin on the day that is looked at, 3 August 2026, "
    "so nothing is said about how long it has lasted, or about what was done in it."
)
APPOINTED = (
    "CarePlan: none says when the treatment began; it counts from the first appointment on record, {day}, which did "
    "not take place."
)


def plan(name: str, start: str | None, status: str = "active", **more: object) -> Resource:
    return {**PLAN, "id": name, "status": status, "period": {} if start is None else {"start": start}, **more}


def read(*resources: object, **more: object) -> FhirReading:
    return client_from_fhir(bundle(*resources), shipped(), as_of=AS_OF, **more)  # type: ignore[arg-type]


def begun(reading: FhirReading) -> object:
    treatment = reading.document["treatment"]
    assert isinstance(treatment, dict)
    return treatment["started_on"]


def said(reading: FhirReading) -> list[str]:
    return [str(one) for one in reading.notices]


def safety(reading: FhirReading) -> list[str]:
    return [item.rule.id for item in ADVISOR.evaluate(as_record(reading)).safety]


def reasons(told: Beginning | None) -> list[str]:
    return [] if told is None else [str(one) for one in told.notices]


def test_treatment_begins_with_the_running_plan() -> None:
    assert beginning_of([plan("a", "2026-01-05")], SESSIONS, UTC) == Beginning(date(2026, 1, 5))


def test_of_a_start_in_part_the_last_possible_day_counts() -> None:
    told = beginning_of([plan("a", "2026-01")], [], UTC)

    assert told is not None
    assert told.on == date(2026, 1, 31)
    assert reasons(told) == [
        "CarePlan/a: its start is no full date; the treatment counts from 2026-01-31, the last possible day."
    ]


def test_of_several_running_plans_the_earliest_counts_and_that_is_said() -> None:
    told = beginning_of([plan("b", "2026-03-05"), plan("a", "2026-01-05", "on-hold")], [], UTC)

    assert told is not None
    assert told.on == date(2026, 1, 5)
    assert reasons(told) == [
        "CarePlan/a: it is the earliest of several running plans, and the treatment counts from it."
    ]


def test_a_start_in_part_is_not_after_the_day_that_is_looked_at() -> None:
    told = beginning_of([plan("a", "2026")], [], UTC, AS_OF)

    assert told is not None
    assert told.on == AS_OF
    assert reasons(told) == [
        "CarePlan/a: its start is no full date; the treatment counts from 2026-08-03, the last possible day."
    ]


def test_without_a_plan_the_first_session_that_took_place_counts() -> None:
    told = beginning_of([plan("a", None)], SESSIONS, UTC)

    assert told is not None
    assert told.on == date(2026, 2, 2)
    assert "first session on record" in told.notices[0].reason


def test_without_a_session_that_took_place_the_first_that_did_not_counts() -> None:
    told = beginning_of([], SESSIONS[1:], UTC, AS_OF)

    assert told is not None
    assert told.on == date(2026, 1, 26)
    assert reasons(told) == [APPOINTED.format(day="26 January 2026")]


@pytest.mark.parametrize("status", ["attended", "cancelled", "no_show"])
def test_what_is_dated_after_the_day_is_no_beginning(status: str) -> None:
    assert beginning_of([], [{"date": "2026-08-04", "status": status}], UTC, AS_OF) is None


def test_without_any_the_beginning_is_not_known() -> None:
    assert beginning_of([], [], UTC) is None


@pytest.mark.parametrize(
    ("others", "day", "notice"),
    [
        ((), "2026-08-03", TAKEN),
        ((plan("p", "2026-01-05", "completed"),), "2026-08-03", TAKEN),
        ((plan("p", "2026-09-01"),), "2026-08-03", TAKEN),
        ((plan("p", None),), "2026-08-03", TAKEN),
        ((appointment("a", "2026-08-10T09:00:00Z", "booked"),), "2026-08-03", TAKEN),
        ((appointment("a", "2026-08-10T09:00:00Z", "cancelled"),), "2026-08-03", TAKEN),
        ((appointment("a", "2026-08-10T09:00:00Z", "fulfilled"),), "2026-08-03", TAKEN),
        ((appointment("a", "2026-06-03T09:00:00Z", "noshow"),), "2026-06-03", APPOINTED.format(day="3 June 2026")),
        ((appointment("a", "2026-06-03T09:00:00Z", "cancelled"),), "2026-06-03", APPOINTED.format(day="3 June 2026")),
    ],
    ids=["nothing", "ended", "to come", "no period", "booked", "called off", "told too early", "missed", "cancelled"],
)
def test_a_sign_of_risk_is_told_where_nothing_says_when_the_treatment_began(
    others: tuple[Resource, ...], day: str, notice: str
) -> None:
    reading = read(PATIENT, SIGN, *others)

    assert begun(reading) == day
    assert said(reading)[0] == notice
    assert "risk-item-endorsed" in safety(reading)


@pytest.mark.parametrize(
    "sign",
    [
        FLAG,
        observation("i2", ITEM_9, "2026-05-20", valueString="nearly every day"),
        observation("i2", ITEM_9, "2026-05-20", valueInteger=3, subject={"reference": "urn:uuid:1"}),
        {"resourceType": "Condition", "id": "c", "code": coded("http://hl7.org/fhir/sid/icd-10", "X70")},
    ],
    ids=["a flag", "an answer in words", "of nobody", "a diagnosis"],
)
def test_what_may_be_a_sign_of_risk_presses_where_nothing_says_when_the_treatment_began(sign: Resource) -> None:
    reading = read(PATIENT, sign)

    assert begun(reading) == "2026-08-03"
    pressing = [one for one in reading.notices if one.pressing]
    assert len(pressing) == 1
    assert str(reading.notices[1]) == TAKEN  # before all that presses nobody
    assert ADVISOR.evaluate(as_record(reading)).unread.pressing == (str(pressing[0]),)


def test_from_which_appointment_a_treatment_counts_is_said_before_all_that_presses_nobody() -> None:
    """However much else of a record is not understood, as only the first notices are shown."""
    strange = [observation(f"o{number}", f"{number}-0", "2026-03-02") for number in range(20)]
    reading = read(PATIENT, *strange, appointment("a", "2026-06-03T09:00:00Z", "noshow"))

    assert said(reading)[0] == APPOINTED.format(day="3 June 2026")


def test_what_is_no_sign_of_risk_makes_no_beginning() -> None:
    nobodys = plan("p", "2026-01-05", subject={"reference": "urn:uuid:1"})  # presses, and cannot be a sign of risk
    for others in ((), (observation("i2", ITEM_9, "2026-05-20", valueInteger=0),), (nobodys,)):
        with pytest.raises(FhirError, match="Nothing says when the treatment began"):
            read(PATIENT, *others)


def test_what_the_host_says_of_the_beginning_wins() -> None:
    reading = read(PATIENT, SIGN, started_on=date(2026, 1, 5))

    assert begun(reading) == "2026-01-05"
    assert said(reading) == []


def test_of_a_treatment_that_is_taken_to_begin_nothing_is_said_not_to_have_been_done() -> None:
    """What is on record may be from before it, and what is not may have been done all the same."""
    everything = {"Appointment", "Observation", "Goal", "MedicationRequest"}
    scored = observation("p1", PHQ_9, "2026-05-05", valueInteger=17)
    reading = read(PATIENT, SIGN, scored, REFERRED, complete=everything)

    assert reading.document["recorded_since"] == dict.fromkeys(
        ("sessions", "measures", "goals", "medication", "actions"), "2026-08-04"
    )
    facts = ADVISOR.evaluate(as_record(reading))
    assert not facts.steps
    asked = " ".join(one.ask for one in facts.ask_next.questions)
    assert "consultation" in asked


def test_of_a_treatment_that_counts_from_an_appointment_no_session_before_is_denied() -> None:
    missed = appointment("a", "2026-06-03T09:00:00Z", "noshow")

    assert read(PATIENT, missed).document["recorded_since"] == {"sessions": "2026-08-04"}
    assert "recorded_since" not in read(PATIENT, missed, complete={"Appointment"}).document


def test_the_last_day_of_the_calendar_is_looked_at_as_any_other() -> None:
    for others in ((), (appointment("a", "2026-06-03T09:00:00Z", "noshow"),)):
        reading = client_from_fhir(bundle(PATIENT, SIGN, *others), shipped(), as_of=date.max)
        assert reading.document["as_of"] == "9999-12-31"


def test_a_birth_after_the_beginning_takes_no_guidance_away() -> None:
    reading = read(PATIENT, plan("p", "1970-01-05"), SIGN)

    assert reading.document["client"] == {"id": "4711"}
    after = "its birth date lies after 5 January 1970, from which the treatment counts"
    assert said(reading) == [f"Patient/4711: {after}, so what depends on age is unknown."]
    assert safety(reading) == ["risk-item-endorsed"]


DAYS = st.dates(date(2025, 1, 1), date(2027, 1, 1)).map(str) | st.sampled_from(["2026", "2026-08", "1901", "never"])
PLANS = st.builds(
    plan, st.just("p"), st.none() | DAYS, st.sampled_from(["active", "on-hold", "completed", "revoked", "unknown"])
)
APPOINTMENTS = st.builds(
    appointment,
    st.sampled_from("abc"),
    st.none() | DAYS,
    st.sampled_from(["booked", "noshow", "cancelled", "fulfilled", "arrived", "waitlist", "unknown"]),
)
KEPT = st.frozensets(st.sampled_from(["Appointment", "Observation", "Goal", "MedicationRequest"]))


# The answer is of any day, or of none; what is dated after the next one does not count before its day, and presses.
ANSWERED = DAYS | st.none()


@given(st.lists(PLANS | APPOINTMENTS, max_size=4), ANSWERED, st.integers(1, 3), DAYS, KEPT)
def test_a_sign_of_risk_of_one_patient_is_always_told(
    others: list[Resource], day: str | None, points: int, born: str, kept: frozenset[str]
) -> None:
    """Whatever the record says of plans and appointments, and of whatever day the answer is."""
    sign = observation("i2", ITEM_9, day, valueInteger=points)
    reading = read(PATIENT | {"birthDate": born}, sign, *others, complete=kept)

    is_to_come = "2026-08-05" <= (day or "") < "2028"
    assert ("risk-item-endorsed" in safety(reading)) is not is_to_come
    assert any(one.foremost for one in reading.notices) is is_to_come


@given(st.lists(PLANS | APPOINTMENTS, max_size=4), ANSWERED, KEPT)
def test_a_flag_that_a_site_knows_as_risk_is_always_told(
    others: list[Resource], day: str | None, kept: frozenset[str]
) -> None:
    known = FhirSettings(flags={"http://clinic.example|suicidal": "ideation"})
    flagged = {**FLAG, "code": coded("http://clinic.example", "suicidal"), "period": {"start": day}}

    assert "ideation-recorded" in safety(read(PATIENT, flagged, *others, complete=kept, settings=known))
