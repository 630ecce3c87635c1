"""A client is told by what is on record, day by day, and what is not."""

from __future__ import annotations

from datetime import date

from cdsrules.loading.client_document import parse_client
from cdsrules.testing.stories import story, story_lines
from tests.client_documents import course, document, measure, weekly
from tests.vocabulary_for_tests import VOCABULARY

AS_OF = date(2026, 8, 3)


def lines(**sections: object) -> tuple[str, ...]:
    return story_lines(parse_client(document(**sections), VOCABULARY, AS_OF))


def test_it_begins_with_who_it_is() -> None:
    assert lines()[0] == (
        "A client born on 17 April 1988, in treatment since 5 January 2026, looked at on 3 August 2026"
    )


def test_records_of_a_day_stand_together_oldest_first() -> None:
    said = lines(
        measures=course("phq-9", {"2026-02-02": 14, "2026-01-05": 17}),
        ratings=[{"date": "2026-02-02", "by": "client", "rating": "same"}],
    )
    assert said[1:3] == (
        "5 January 2026: PHQ-9 score 17",
        "2 February 2026: PHQ-9 score 14; progress rated same by the client",
    )


def test_an_answer_to_a_risk_item_is_told() -> None:
    said = lines(measures=[measure("phq-9", "2026-01-05", 17, items={"9": 1})])
    assert "5 January 2026: PHQ-9 risk item answered with 1; PHQ-9 score 17" in said


def test_a_long_row_of_sessions_is_told_as_one() -> None:
    said = lines(sessions=weekly("aaaaaan"))
    assert "5 January 2026: session attended, the first of 6 in a row up to 9 February 2026" in said
    assert "16 February 2026: no-show" in said


def test_what_is_not_on_record_is_told_apart_from_what_did_not_happen() -> None:
    said = lines(actions=[], ratings=[])
    assert said[-1] == "On record as none: ratings of progress and what was done or declined"
    assert said[-2].startswith("Not on record: sessions, measures, ")


def test_a_proposal_is_told_with_what_is_known_of_it() -> None:
    proposal = {"action": "referral", "discussed": False, "gradual": True, "sessions_per_week": {"from": 1, "to": 2}}
    said = lines(proposed_actions=[proposal])
    assert any(
        line.endswith("not talked over with the client, step by step and from 1 to 2 sessions a week") for line in said
    )


def test_as_a_paragraph_it_has_sentences() -> None:
    told = story(parse_client(document(), VOCABULARY, AS_OF))
    assert told.startswith("A client born on 17 April 1988, in treatment since 5 January 2026, looked at on")
    assert told.endswith("reservations.")
