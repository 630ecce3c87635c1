"""Psychotropic medication: taken or not, and when it began, changed and ended."""

from __future__ import annotations

import pytest

from cdsrules.adapters.fhir import FhirSettings
from cdsrules.adapters.fhir.medication import read_medication
from cdsrules.adapters.fhir.resources import gather
from tests.adapters.fhir.records import Resource, coded

ATC = "http://www.whocc.no/atc"


def request(code: str | None, status: str = "active", **more: object) -> Resource:
    named = {} if code is None else {"medicationCodeableConcept": coded(ATC, code)}
    return {"resourceType": "MedicationRequest", "id": "m", "status": status, "intent": "order", **named, **more}


def read(*resources: Resource, complete: bool = False) -> tuple[object, list[str]]:
    found, notices = read_medication(gather(resources), FhirSettings(), complete=complete)
    return found, [one.reason for one in notices]


@pytest.mark.parametrize("code", ["N05AH03", "N06AB04"])
def test_an_active_psychotropic_prescription_is_medication_taken(code: str) -> None:
    assert read(request(code, authoredOn="2026-03-02")) == (
        {"current": True, "events": [{"date": "2026-03-02", "kind": "started"}]},
        [],
    )


def test_a_prescription_that_follows_another_is_a_change() -> None:
    later = request("N06AB04", authoredOn="2026-03-02", priorPrescription={"reference": "MedicationRequest/old"})

    assert read(later)[0] == {"current": True, "events": [{"date": "2026-03-02", "kind": "changed"}]}


def test_other_medication_says_nothing_and_none_is_known_only_from_a_whole_record() -> None:
    assert read(request("C07AB02")) == (None, [])
    assert read(request("C07AB02"), complete=True) == ({"current": False, "events": []}, [])
    assert read(complete=True) == ({"current": False, "events": []}, [])
    assert read() == (None, [])


def test_medication_that_cannot_be_told_leaves_it_open_and_is_named() -> None:
    found, notices = read(request(None), complete=True)

    assert found is None
    assert notices == ["which medication it is cannot be told, so whether it is psychotropic is unknown"]


@pytest.mark.parametrize("more", [{"status": "draft"}, {"intent": "proposal"}, {"intent": "plan"}])
def test_what_is_drafted_or_proposed_is_not_taken(more: Resource) -> None:
    assert read(request("N06AB04") | more) == (None, [])


def test_a_statement_says_when_it_began_and_ended() -> None:
    statement: Resource = {
        "resourceType": "MedicationStatement",
        "id": "s",
        "status": "stopped",
        "medicationCodeableConcept": coded(ATC, "N06AB04"),
        "effectivePeriod": {"start": "2026-01-05", "end": "2026-04-06"},
    }

    assert read(statement, complete=True)[0] == {
        "current": False,
        "events": [{"date": "2026-01-05", "kind": "started"}, {"date": "2026-04-06", "kind": "stopped"}],
    }


def test_a_start_in_part_is_left_out_and_named() -> None:
    assert read(request("N06AB04", authoredOn="2026-03")) == (
        {"current": True, "events": []},
        ["it does not say on which day it was started, and that is left out"],
    )


@pytest.mark.parametrize("inside", [True, False])
def test_the_code_may_stand_in_a_medication_of_its_own(inside: bool) -> None:
    drug = {"resourceType": "Medication", "id": "d", "code": coded(ATC, "N06AB04")}
    named = request(None, medicationReference={"reference": "#d" if inside else "Medication/d"})
    given = [named | {"contained": [drug]}] if inside else [named, drug]

    assert read(*given)[0] == {"current": True, "events": []}


@pytest.mark.parametrize(("status", "named"), [("unknown", "unknown"), (None, "not given"), ("as-needed", "as-needed")])
def test_a_status_that_says_nothing_leaves_it_open_and_is_named(status: str | None, named: str) -> None:
    found, notices = read(request("N06AB04", authoredOn="2026-03-02") | {"status": status}, complete=True)

    assert found is None
    assert notices == [f"its status is {named}, so whether the medication is taken is unknown"]


@pytest.mark.parametrize("status", ["cancelled", "not-taken"])
def test_what_was_withdrawn_before_it_was_taken_never_began(status: str) -> None:
    assert read(request("N06AB04", status, authoredOn="2026-03-02"), complete=True) == (
        {"current": False, "events": []},
        [],
    )


def test_an_end_in_part_is_left_out_and_named() -> None:
    over = {"resourceType": "MedicationStatement", "effectivePeriod": {"start": "2026-01-05", "end": "2026-04"}}

    assert read(request("N06AB04", "stopped") | over) == (
        {"events": [{"date": "2026-01-05", "kind": "started"}]},
        ["it does not say on which day it was stopped, and that is left out"],
    )


def test_what_is_not_to_be_taken_is_no_medication() -> None:
    assert read(request("N06AB04", doNotPerform=True))[0] is None
