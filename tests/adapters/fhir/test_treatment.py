"""The plans of treatment, its goals, and the presenting problems."""

from __future__ import annotations

from datetime import date

import pytest

from cdsrules.adapters.fhir import FhirSettings, Notice
from cdsrules.adapters.fhir.treatment import (
    planned_interval,
    plans_of_treatment,
    read_goals,
    read_problems,
)
from tests.adapters.fhir.records import PLAN, Resource, coded

ICD = "http://hl7.org/fhir/sid/icd-10"


def plan(name: str, start: str | None, status: str = "active", **more: object) -> Resource:
    return {**PLAN, "id": name, "status": status, "period": {} if start is None else {"start": start}, **more}


OWN = "https://clinic.example/plans"
PROPOSED = "it is only a proposal, and the treatment does not count from it"


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (plan("a", "2026-01-05", "revoked"), []),
        (
            plan("a", "2026-01-05", intent="proposal"),
            [PROPOSED],
        ),
        (plan("a", "2026-08-04"), ["it begins on 2026-08-04, after the day that is looked at"]),
        (plan("a", "2027"), ["it begins on 2027-01-01, after the day that is looked at"]),
        (plan("a", "2015-01-05", category=[coded(OWN, "diabetes")]), []),
        (
            plan("a", "2015-01-05"),
            ["it has no category, so whether it is the plan of this treatment is not known"],
        ),
    ],
    ids=["ended", "proposed", "to come", "to come in part", "of something else", "of what nobody says"],
)
def test_a_plan_that_is_none_of_this_treatment_is_not_its_beginning(one: Resource, said: list[str]) -> None:
    """Of a record of other care as well, the plan of another illness would make a treatment of years."""
    site = FhirSettings(plan_types=frozenset({f"{OWN}|therapy"}))
    settings = site if one["period"] == {"start": "2015-01-05"} else FhirSettings()
    ours = plan("b", "2026-03-02", category=[coded(OWN, "therapy")])
    plans, notices = plans_of_treatment([one, ours], settings, date(2026, 8, 3))

    assert plans == (ours,)
    assert [notice.reason for notice in notices] == said


@pytest.mark.parametrize(
    ("repeat", "days"),
    [
        ({"frequency": 1, "period": 1, "periodUnit": "wk"}, 7),
        ({"frequency": 1, "period": 2, "periodUnit": "wk"}, 14),
        ({"period": 10, "periodUnit": "d"}, 10),
        ({"frequency": 2, "period": 1, "periodUnit": "wk"}, None),
        ({"frequency": 1, "period": 1, "periodUnit": "mo"}, None),
        ({"frequency": 0, "period": 1, "periodUnit": "wk"}, None),
        ({"frequency": 1, "period": 10**400, "periodUnit": "wk"}, None),
        ({"frequency": 10**400, "period": 1.5, "periodUnit": "d"}, None),
        ({}, None),
    ],
)
def test_the_planned_interval_is_read_where_it_is_whole_days(repeat: Resource, days: int | None) -> None:
    timed = plan("a", "2026-01-05", activity=[{"detail": {"scheduledTiming": {"repeat": repeat}}}])

    assert planned_interval([timed]) == days


def goal(status: str, **more: object) -> Resource:
    return {"resourceType": "Goal", "id": "g", "lifecycleStatus": status, "startDate": "2026-01-19", **more}


def goals(*given: Resource) -> list[object]:
    return list(read_goals(given, FhirSettings()))


def acceptance(who: str, said: str) -> Resource:
    parts = [{"url": "individual", "valueReference": {"reference": who}}, {"url": "status", "valueCode": said}]
    return {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/goal-acceptance", "extension": parts}]}


@pytest.mark.parametrize(
    ("more", "read"),
    [
        ({}, {}),
        ({"expressedBy": {"reference": "Patient/4711"}}, {"agreed": True}),
        ({"expressedBy": {"reference": "Practitioner/1"}}, {}),
        (acceptance("Patient/4711", "agree"), {"agreed": True}),
        (acceptance("Patient/4711", "disagree"), {"agreed": False}),
        (acceptance("Patient/4711", "pending"), {}),
        (acceptance("Practitioner/1", "agree"), {}),
        ({"achievementStatus": coded("-", "achieved"), "statusDate": "2026-05-04"}, {"met_on": "2026-05-04"}),
        ({"achievementStatus": coded("-", "improving"), "statusDate": "2026-05-04"}, {}),
    ],
)
def test_a_goal_says_whether_the_client_agreed_and_when_it_was_met(more: Resource, read: Resource) -> None:
    assert goals(goal("active", **more)) == [{"set_on": "2026-01-19", **read}]


def test_a_goal_that_ended_is_met_or_dropped() -> None:
    assert goals(goal("completed", statusDate="2026-05-04")) == [{"set_on": "2026-01-19", "met_on": "2026-05-04"}]
    assert goals(goal("cancelled", statusDate="2026-05-04")) == [{"set_on": "2026-01-19", "dropped_on": "2026-05-04"}]


@pytest.mark.parametrize("day", ["2026-05", "2025-01-01", None])
@pytest.mark.parametrize(("status", "ended"), [("completed", "met"), ("cancelled", "dropped")])
def test_a_goal_that_ended_on_no_day_since_it_was_set_counts_as_current_and_is_named(
    status: str, ended: str, day: str | None
) -> None:
    notice, read = goals(goal(status, statusDate=day))

    assert read == {"set_on": "2026-01-19"}
    assert str(notice) == (
        f"Goal/g: it was {ended} on a day that is not told or lies before it was set, so it counts as current."
    )


def test_a_goal_that_is_none_or_has_no_day_is_named() -> None:
    assert "rejected" in str(goals(goal("rejected"))[0])
    assert "on which day it was set" in str(goals(goal("active", startDate="2026-01"))[0])


def condition(code: str, system: str = ICD, **more: object) -> Resource:
    return {"resourceType": "Condition", "id": "c", "code": coded(system, code), **more}


def problems(*given: Resource, **settings: object) -> list[object]:
    return list(read_problems(given, FhirSettings(**settings)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("F32", "depression"),
        ("F32.1", "depression"),
        ("F33.0", "depression"),
        ("F41.1", "generalised_anxiety"),
        ("F43.1", "ptsd"),
    ],
)
def test_a_diagnosis_is_the_presenting_problem_that_its_category_is(code: str, problem: str) -> None:
    for system in (ICD, "http://hl7.org/fhir/sid/icd-10-cm"):
        assert problems(condition(code, system, recordedDate="2026-01-05")) == [
            {"problem": problem, "recorded_on": "2026-01-05"}
        ]


def test_a_problem_counts_once_and_without_a_full_date_has_none() -> None:
    assert problems(condition("F32.1", recordedDate="2026"), condition("F33")) == [{"problem": "depression"}]


def test_what_is_over_does_not_count_and_what_is_not_sure_is_named() -> None:
    assert problems(condition("F32", clinicalStatus=coded("-", "resolved"))) == []
    assert "it is provisional" in str(problems(condition("F32", verificationStatus=coded("-", "provisional")))[0])


def test_what_is_not_known_here_is_named() -> None:
    assert "is no presenting problem that is known here" in str(problems(condition("I10"))[0])
    assert problems(condition("x", "http://clinic.example"), problems={"http://clinic.example|x": "burnout"}) == [
        {"problem": "burnout"}
    ]


@pytest.mark.parametrize(
    ("code", "problem"), [("F411", "generalised_anxiety"), ("F4312", "ptsd"), ("F321", "depression")]
)
def test_codes_as_claims_write_them_are_the_same(code: str, problem: str) -> None:
    condition = {"resourceType": "Condition", "id": "c", "code": coded(f"{ICD}-cm", code)}

    assert list(read_problems([condition], FhirSettings())) == [{"problem": problem}]


def test_the_point_in_a_code_of_another_system_stays() -> None:
    settings = FhirSettings(problems={f"{OWN}|1.1": "depression"})
    condition = {"resourceType": "Condition", "id": "c", "code": coded(OWN, "11")}

    assert isinstance(next(iter(read_problems([condition], settings))), Notice)
