"""The client as a person, the clinician, and medication."""

from __future__ import annotations

from datetime import date

import pytest

from cdsrules.model.condition import FactKey
from cdsrules.model.facts import NEVER, Known, Reason, Unknown
from tests.client_documents import Document, days_before, document
from tests.measures.asking import answer, facts_of, value, why


@pytest.mark.parametrize(
    ("born", "age"),
    [("2008-08-03", 18), ("2008-08-04", 17), ("2008-08-02", 18), ("2026-01-05", 0), ("1988-02-29", 38)],
)
def test_the_age_is_completed_on_the_birthday(born: str, age: int) -> None:
    assert value("client.age", client={"birth_date": born}) == age


def test_an_age_band_is_no_age_unless_it_is_one_year_wide() -> None:
    def age_of(low: int, high: int) -> object:
        given = document()
        given["client"] = {"id": "c-1", "age_band": {"from": low, "to": high}}
        found = facts_of(given).get(FactKey("client.age"))
        return found.value if isinstance(found, Known) else found.because

    assert age_of(40, 40) == 40
    assert age_of(25, 34) == "only an age band is recorded: 25 to 34"


def test_no_age_at_all() -> None:
    given = document()
    given["client"] = {"id": "c-1"}

    found = facts_of(given).get(FactKey("client.age"))

    assert isinstance(found, Unknown)
    assert found.reason is Reason.NOT_RECORDED


@pytest.mark.parametrize(
    ("records", "pregnant"),
    [
        ([{"date": "2025-01-01", "pregnant": True}], True),  # a sign that asks for care does not grow old
        ([{"date": days_before(42), "pregnant": False}], False),
        ([{"date": days_before(43), "pregnant": False}], Reason.TOO_OLD),
        ([{"date": "2026-06-01", "pregnant": True}, {"date": "2026-07-20", "pregnant": False}], False),
        ([], Reason.NOT_RECORDED),
    ],
)
def test_pregnancy_as_last_recorded(records: list[Document], pregnant: object) -> None:
    assert answer("client.pregnant", client={"pregnancy": records}) is pregnant


@pytest.mark.parametrize(
    ("records", "named"),
    [
        ([{"problem": "depression"}], "depression"),
        ([{"problem": "generalised_anxiety", "recorded_on": "2026-01-05"}], "generalised anxiety"),
        ([{"problem": "depression"}, {"problem": "ptsd", "recorded_on": "2026-03-02"}], "depression and PTSD"),
        ([{"problem": "depression"}, {"problem": "ptsd", "recorded_on": "2027-03-02"}], "depression"),
        ([], Reason.NOT_RECORDED),
        (None, Reason.NOT_RECORDED),
    ],
)
def test_presenting_problems_are_named_as_in_a_sentence(records: list[Document] | None, named: object) -> None:
    given = {} if records is None else {"presenting_problems": records}
    assert answer("client.problems", **given) == named


@pytest.mark.parametrize("name", ["can_prescribe", "supervised", "strain", "wants_input"])
def test_what_the_clinician_says_of_themselves(name: str) -> None:
    fact = f"clinician.{name}"

    assert value(fact, clinician={name: True}) is True
    assert value(fact, clinician={name: False}) is False
    assert why(fact, clinician={}) is Reason.NOT_RECORDED
    assert why(fact) is Reason.NOT_RECORDED


def test_the_clinicians_role() -> None:
    assert value("clinician.role", clinician={"role": "social_worker"}) == "social_worker"
    assert why("clinician.role") is Reason.NOT_RECORDED


def test_medication_now() -> None:
    assert value("medication.current", medication={"current": True}) is True
    assert value("medication.current", medication={"current": False}) is False
    assert why("medication.current", medication={}) is Reason.NOT_RECORDED
    assert why("medication.current") is Reason.NOT_RECORDED


EVENTS: list[Document] = [
    {"date": "2026-02-02", "kind": "started"},
    {"date": "2026-03-02", "kind": "changed"},
    {"date": "2026-04-06", "kind": "stopped"},
    {"date": "2026-04-13", "kind": "possible_side_effect"},
    {"date": "2026-04-14", "kind": "prescriber_contacted"},
    {"date": "2026-05-04", "kind": "evaluated"},
    {"date": "2026-05-11", "kind": "declined"},
]


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("changed_on", date(2026, 3, 2)),  # stopping is neither starting nor changing
        ("side_effect_flagged_on", date(2026, 4, 13)),
        ("prescriber_contacted_on", date(2026, 4, 14)),
        ("evaluated_on", date(2026, 5, 4)),
        ("declined_on", date(2026, 5, 11)),
    ],
)
def test_what_was_noted_about_medication(name: str, day: date) -> None:
    fact = f"medication.{name}"

    assert value(fact, medication={"events": EVENTS}) == day
    assert value(fact, medication={"events": []}) is NEVER
    assert why(fact, medication={"current": True}) is Reason.NOT_RECORDED
    assert why(fact) is Reason.NOT_RECORDED
    late = {"medication": "2026-03-01"}
    assert why(fact, medication={"events": []}, recorded_since=late) is Reason.NOT_RECORDED


def test_a_possible_side_effect_before_the_treatment_counts() -> None:
    events = [{"date": "2025-12-01", "kind": "possible_side_effect"}]

    assert value("medication.side_effect_flagged_on", medication={"events": events}) == date(2025, 12, 1)
