"""Records say themselves in words, with their path and day."""

from __future__ import annotations

from datetime import date

import pytest

from cdsrules.loading.client_document import parse_client
from cdsrules.model.client import Client
from cdsrules.model.facts import Evidence, Record
from tests.client_documents import Document, document, measure
from tests.vocabulary_for_tests import VOCABULARY


def client_of(**sections: object) -> Client:
    return parse_client(document(**sections), VOCABULARY)


DAY = date(2026, 3, 2)
DATED: Document = {"date": "2026-03-02"}

SAID: list[tuple[Document, str, str]] = [
    ({"sessions": [{**DATED, "status": "attended"}]}, "$.sessions[0]", "session attended"),
    (
        {"sessions": [{**DATED, "status": "late", "homework": "not_done", "openness": "guarded"}]},
        "$.sessions[0]",
        "session attended late, homework not done, guarded",
    ),
    ({"sessions": [{**DATED, "status": "attended", "homework": "not_set"}]}, "$.sessions[0]", "session attended"),
    ({"sessions": [{**DATED, "status": "no_show"}]}, "$.sessions[0]", "no-show"),
    (
        {"sessions": [{**DATED, "status": "cancelled"}]},
        "$.sessions[0]",
        "session cancelled, by whom is not recorded",
    ),
    ({"measures": [measure("phq-9", "2026-03-02", 17)]}, "$.measures[0]", "PHQ-9 score 17"),
    ({"measures": [measure("ors", "2026-03-02", 20.1)]}, "$.measures[0]", "ORS score 20.1"),
    ({"measures": [measure("phq-9", "2026-03-02", items={"9": 1})]}, "$.measures[0]", "PHQ-9 without a total"),
    (
        {"ratings": [{**DATED, "by": "clinician", "rating": "worse"}]},
        "$.ratings[0]",
        "progress rated worse by the clinician",
    ),
    (
        {"actions": [{**DATED, "action": "consultation", "status": "done"}]},
        "$.actions[0]",
        "the consultation was done",
    ),
    (
        {"actions": [{**DATED, "action": "consultation", "status": "declined"}]},
        "$.actions[0]",
        "the client declined the consultation",
    ),
    (
        {"actions": [{**DATED, "action": "consultation", "status": "rescinded"}]},
        "$.actions[0]",
        "no longer declined: consultation",
    ),
    (
        {"medication": {"events": [{**DATED, "kind": "possible_side_effect"}]}},
        "$.medication.events[0]",
        "possible side effect flagged",
    ),
    ({"obstacles": [{**DATED, "kind": "social_support"}]}, "$.obstacles[0]", "obstacle: social support"),
    ({"client_contacts": [DATED]}, "$.client_contacts[0]", "client reached"),
    ({"resources_offered": [{**DATED, "kind": "self_help"}]}, "$.resources_offered[0]", "offered: self help"),
    ({"overwhelm": [DATED]}, "$.overwhelm[0]", "overwhelmed, the client reported"),
    ({"reservations": [DATED]}, "$.reservations[0]", "reservations voiced"),
    ({"client": {"pregnancy": [{**DATED, "pregnant": False}]}}, "$.client.pregnancy[0]", "not pregnant"),
    ({"treatment": {"plan_reviews": [DATED]}}, "$.treatment.plan_reviews[0]", "the plan was reviewed"),
    ({"treatment": {"pauses": [{"from": "2026-03-02"}]}}, "$.treatment.pauses[0]", "treatment paused"),
    (
        {"treatment": {"approaches": [{"modality": "short_term", "since": "2026-03-02"}]}},
        "$.treatment.approaches[0]",
        "approach: short term",
    ),
    (
        {"treatment": {"goals": [{"set_on": "2026-03-02", "agreed": False, "understood": True}]}},
        "$.treatment.goals[0]",
        "goal set, not agreed, understood",
    ),
    ({"risk": {"flags": [{**DATED, "kind": "harm_to_others"}]}}, "$.risk.flags[0]", "harm to others flagged"),
    ({"risk": {"assessments": [DATED]}}, "$.risk.assessments[0]", "risk assessed"),
    (
        {"risk": {"responses": [{**DATED, "kinds": ["safeguarding", "harm_to_others"]}]}},
        "$.risk.responses[0]",
        "local procedure followed: harm to others and safeguarding",
    ),
]


@pytest.mark.parametrize(("sections", "path", "label"), SAID, ids=[label for _, _, label in SAID])
def test_a_record_says_itself(sections: Document, path: str, label: str) -> None:
    client = client_of(**sections)
    [records] = client.dated_lists()
    [record] = records

    assert record.evidence == Evidence(path, label, DAY)


def test_problems_and_proposals_say_themselves_too() -> None:
    client = client_of(
        presenting_problems=[{"problem": "social_phobia", "recorded_on": "2026-03-02"}, {"problem": "grief"}],
        proposed_actions=[{"action": "referral"}],
    )
    assert client.problems is not None
    said: list[Record] = [*client.problems, client.proposals["referral"], client.treatment]

    assert [record.evidence for record in said] == [
        Evidence("$.presenting_problems[0]", "presenting problem: social phobia", DAY),
        Evidence("$.presenting_problems[1]", "presenting problem: grief", None),
        Evidence("$.proposed_actions[0]", "a referral is planned", None),
        Evidence("$.treatment.started_on", "treatment began", date(2026, 1, 5)),
    ]


def test_a_client_without_records_has_no_lists() -> None:
    assert list(client_of(sessions=[], measures=[]).dated_lists()) == []


def test_evidence_is_its_own_evidence() -> None:
    one = Evidence("$", "said", DAY)

    assert one.evidence is one
