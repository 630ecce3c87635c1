"""Guidance as FHIR resources, held to the R4 models of an independent library."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from fhir.resources.R4B.detectedissue import DetectedIssue
from fhir.resources.R4B.guidanceresponse import GuidanceResponse

from cdsrules import Advisor
from cdsrules.adapters.fhir import guidance_to_fhir
from cdsrules.model.guidance import Guidance
from cdsrules.testing.cases import read_cases
from tests.client_documents import document, measure

ROOT = Path(__file__).parents[3]
STORIES = sorted(Path(ROOT, "rules").glob("*/stories.yaml"))


@pytest.fixture(scope="module")
def advisor() -> Advisor:
    return Advisor.load(plugins=[])


@pytest.fixture(scope="module")
def demo(advisor: Advisor) -> Guidance:
    return advisor.evaluate(json.loads(Path(ROOT, "examples", "stalled.json").read_text(encoding="utf-8")))


def empty_parts(value: object) -> bool:
    """Whether null or nothing stands anywhere, which FHIR does not allow."""
    if isinstance(value, dict):
        return not value or any(empty_parts(one) for one in value.values())
    if isinstance(value, list):
        return not value or any(empty_parts(one) for one in value)
    return value is None or value == ""


@pytest.mark.parametrize("stories", STORIES, ids=lambda path: path.parent.name)
def test_the_guidance_of_every_story_is_valid_r4(stories: Path, advisor: Advisor) -> None:
    cases = read_cases(stories.read_bytes(), str(stories), advisor.library).cases
    assert cases
    for case in cases:
        guidance = advisor.evaluate(case.document, as_of=case.as_of)
        response, *issues = guidance_to_fhir(guidance, patient="Patient/4711")
        assert not empty_parts([response, *issues])
        GuidanceResponse.model_validate(response)
        for issue in issues:
            DetectedIssue.model_validate(issue)


def test_every_step_keeps_its_words_its_order_and_its_id(demo: Guidance) -> None:
    response, *_ = guidance_to_fhir(demo, patient="Patient/4711")
    group = response["contained"][0]  # type: ignore[index]
    shown = (*demo.safety, *demo.speaking, *demo.steps)

    assert [step["id"] for step in group["action"]] == [item.id for item in shown]
    assert [step["textEquivalent"] for step in group["action"]] == [item.text for item in shown]


def test_a_caution_is_a_detected_issue_with_what_to_do_first(demo: Guidance) -> None:
    _, *issues = guidance_to_fhir(demo, patient="Patient/4711")
    details = " ".join(str(issue["detail"]) for issue in issues)

    assert {issue["status"] for issue in issues} == {"final"}
    assert "First: talk the case through with an experienced colleague." in details


def test_a_caution_that_is_not_decided_is_a_preliminary_issue_that_asserts_nothing(advisor: Advisor) -> None:
    guidance = advisor.evaluate(document(proposed_actions=[{"action": "medication_evaluation"}]))
    _, *issues = guidance_to_fhir(guidance, patient="Patient/4711")
    issue = next(one for one in issues if "declined it" in str(one["code"]))

    assert issue["status"] == "preliminary"
    assert issue["code"] == {"text": "Cannot be ruled out: Medication evaluation after the client declined it"}
    assert str(issue["detail"]).startswith("Not decided yet: no record of the steps taken is on file")
    assert ". If this applies: A medication evaluation is planned. Consider asking the client first" in str(
        issue["detail"]
    )


def test_a_sign_of_risk_comes_first_and_asks_for_haste(advisor: Advisor) -> None:
    at_risk = document(measures=[measure("phq-9", "2026-07-27", 12, risk_items={"9": 2})])
    response, *_ = guidance_to_fhir(advisor.evaluate(at_risk), patient="Patient/c-1")
    first = response["contained"][0]["action"][0]  # type: ignore[index]

    assert first["priority"] == "asap"


def test_what_is_not_known_is_said(advisor: Advisor) -> None:
    guidance = advisor.evaluate(document())
    response, *_ = guidance_to_fhir(guidance, patient="Patient/c-1")
    notes = [note["text"] for note in response["note"]]  # type: ignore[attr-defined]

    assert response["status"] == "data-requested"
    assert guidance.risk_line in notes
    assert [f"To find out next: {one.ask}" for one in guidance.ask_next.questions] == notes[
        -len(guidance.ask_next.questions) :
    ]


def test_the_same_guidance_is_the_same_resource_and_another_client_or_day_another(advisor: Advisor) -> None:
    def identity(patient: str, day: date) -> object:
        return guidance_to_fhir(advisor.evaluate(document(), as_of=day), patient=patient)[0]["id"]

    same = identity("Patient/a", date(2026, 8, 3))

    assert same == identity("Patient/a", date(2026, 8, 3))
    assert same != identity("Patient/b", date(2026, 8, 3))
    assert same != identity("Patient/a", date(2026, 8, 4))


def test_the_moment_is_the_one_given(demo: Guidance) -> None:
    moment = datetime(2026, 8, 3, 9, 30, tzinfo=UTC)
    response, *_ = guidance_to_fhir(demo, patient="Patient/4711", at=moment)

    assert response["occurrenceDateTime"] == "2026-08-03T09:30:00+00:00"
