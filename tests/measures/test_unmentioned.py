"""What is taken as it is for every record of one shape is what measuring would say."""

from __future__ import annotations

import pytest
from hypothesis import given

from cdsrules.loading.client_document import parse_client
from cdsrules.logic.compile import plan
from cdsrules.model.condition import FactKey, KnownTest
from tests.client_documents import Document, client_documents, document
from tests.measures.asking import MEASURES
from tests.measures.test_laws import KEYS
from tests.vocabulary_for_tests import VOCABULARY

PLAN = plan([[KnownTest(key) for key in KEYS]], MEASURES.catalogue)
SURVEY = MEASURES.asked(PLAN)


def taken(given_document: Document) -> dict[FactKey, object]:
    """The plain values that stand there before anything was measured."""
    client = parse_client(given_document, VOCABULARY)
    return {PLAN.slots[place]: value for place, value in SURVEY.values(SURVEY.of(client, client.as_of)).items()}


def measured(given_document: Document, keys: dict[FactKey, object]) -> dict[FactKey, object]:
    client = parse_client(given_document, VOCABULARY)
    facts = MEASURES.of(client, client.as_of)
    return {key: PLAN.plain(PLAN.slots.index(key), facts.get(key)) for key in keys}


@given(client_documents())
def test_a_fact_that_is_as_usual_is_what_measuring_says(given_document: Document) -> None:
    client = parse_client(given_document, VOCABULARY)
    facts, each = SURVEY.of(client, client.as_of), MEASURES.of(client, client.as_of)

    for key in KEYS:
        assert facts.get(key) == each.get(key), key


@given(client_documents())
def test_what_is_taken_is_what_would_be_measured(given_document: Document) -> None:
    found = taken(given_document)

    # Unknown is not a number, which equals nothing.
    assert repr(found) == repr(measured(given_document, found))


def test_of_a_client_with_little_on_file_much_is_taken() -> None:
    found = taken(document(sessions=[], measures=[], actions=[], medication={"current": False, "events": []}))

    names = {key.name for key in found}
    assert {"action.consultation.done_on", "alliance.drop", "medication.current", "overwhelm.reported_on"} <= names
    assert found[FactKey("proposed.consultation")] is False


@pytest.mark.parametrize(
    ("section", "record", "fact"),
    [
        ("overwhelm", {"date": "2026-06-01"}, "overwhelm.reported_on"),
        ("obstacles", {"date": "2026-06-01", "kind": "work"}, "obstacles.count"),
        ("actions", {"action": "consultation", "status": "done", "date": "2026-06-01"}, "action.consultation.done_on"),
    ],
)
def test_what_is_on_file_is_measured(section: str, record: Document, fact: str) -> None:
    assert FactKey(fact) in taken(document(**{section: []}))
    assert FactKey(fact) not in taken(document(**{section: [record]}))


def test_a_list_that_is_complete_from_a_later_day_only_is_measured() -> None:
    late = document(actions=[], recorded_since={"actions": "2026-06-01"})

    assert FactKey("action.consultation.done_on") not in taken(late)


def test_the_other_sections_beside_such_a_list_are_taken() -> None:
    late = document(actions=[], overwhelm=[], recorded_since={"overwhelm": "2026-06-01"})

    assert FactKey("overwhelm.reported_on") not in taken(late)
    assert FactKey("action.consultation.done_on") in taken(late)


def test_what_a_proposal_says_is_taken_as_it_says_it() -> None:
    proposed = document(proposed_actions=[{"action": "referral", "discussed": False}])

    assert taken(proposed)[FactKey("proposed.referral.discussed")] is False
