"""Why something is said: what carries it, on whose authority, what would turn it, and what makes it the same."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from cdsrules import Advisor, Guidance, Item
from cdsrules.guidance.outline import outline
from cdsrules.loading.shipped import shipped_schemas
from cdsrules.model.condition import FactKey, facts_read
from cdsrules.model.rulebook import Library, Rule

ROOT = Path(__file__).parents[2]
STALLED: Mapping[str, Any] = json.loads((ROOT / "examples" / "stalled.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def advisor() -> Iterator[Advisor]:
    with Advisor.load(plugins=[], engine="reference") as made:
        yield made


def the_item(guidance: Guidance, action: str) -> Item:
    return next(item for item in guidance.pathway.now + guidance.pathway.then if item.action == action)


def test_an_item_names_the_facts_that_carry_it_with_value_date_and_source(advisor: Advisor) -> None:
    explanation = the_item(advisor.evaluate(STALLED), "consultation").explanation
    cited = {fact.fact: fact for fact in explanation.facts}
    assert {fact.fact: fact.value for fact in explanation.guards}["action.consultation.done_on"] == "never"
    assert cited["treatment.duration"].evidence[0].on == date(2025, 12, 29)
    latest = cited["outcome.primary.in_clinical_range"].evidence[-1]
    assert (latest.label, latest.path) == ("PHQ-9 score 16", "$.measures[13]")
    assert [source.grade for source in explanation.sources] == ["consensus", "consensus"]


def test_what_an_item_rests_on_is_said_as_people_read_it(advisor: Advisor) -> None:
    explanation = the_item(advisor.evaluate(STALLED), "consultation").explanation
    said = [fact.said for fact in explanation.facts]

    assert "PHQ-9 is in the clinical range" in said
    assert "the time in treatment: 7 months" in said
    assert not [line for line in said if line.endswith((": yes", ": no"))]
    unknown = replace(explanation.facts[0], known=False, value="no record of the steps taken is on file")
    assert unknown.said == f"{unknown.words}: not known, no record of the steps taken is on file"


def test_a_local_default_is_printed_to_be_confirmed(advisor: Advisor) -> None:
    parameters = the_item(advisor.evaluate(STALLED), "consultation").explanation.parameters
    notes = {parameter.name: parameter.note for parameter in parameters}
    assert notes["consult_again"] == "local default, confirm"
    assert notes["stall_after"] is None


def test_numbers_of_what_found_nothing_here_are_left_out(advisor: Advisor) -> None:
    """Nothing was rated: what counts for ratings is no number of this stall."""
    parameters = the_item(advisor.evaluate(STALLED), "consultation").explanation.parameters
    names = {parameter.name for parameter in parameters}
    assert {"consult_again", "stall_after"} <= names
    assert "formal_review_after" not in names


def test_an_item_says_what_single_change_would_clear_it(advisor: Advisor) -> None:
    changes = the_item(advisor.evaluate(STALLED), "consultation").explanation.would_change
    assert any("outside the clinical range" in change for change in changes)
    assert any("consult" in change for change in changes)


def test_a_change_says_how_it_stands_now(tmp_path: Path) -> None:
    book = tmp_path / "local.yaml"
    book.write_text(MISSES, encoding="utf-8")
    with Advisor.load([book], plugins=[], engine="reference") as extended:
        misses, unchanged = extended.explain("misses", STALLED), extended.explain("unchanged", STALLED)
    assert misses.explanation is not None
    assert misses.explanation.would_change == ("no-shows in the last 90 days rose to 2; 1 now",)
    assert unchanged.explanation is not None
    assert "; no reliable change now" in " ".join(unchanged.explanation.would_change)


MISSES = """
rulebook: local
version: 1.0.0
status: active
title: Made for a test
owner: Lead for a test
review_by: 2027-11-01
rules:
  - id: misses
    finds: misses
    when: {fact: attendance.no_shows, over: 90 days, at_least: 2}
  - id: unchanged
    finds: unchanged
    when: {fact: outcome.primary.class, over: 6 months, one_of: [no_reliable_change, reliably_deteriorated]}
"""


def test_a_rule_that_does_not_hold_says_what_would_make_it(advisor: Advisor) -> None:
    account = advisor.explain("input-wanted", STALLED)
    assert account.truth is False
    assert account.explanation is not None
    assert account.explanation.would_change == ("the clinician wanted input from others",)


def test_where_no_single_change_would_do_none_is_named(advisor: Advisor) -> None:
    account = advisor.explain("medication-declined", STALLED)
    assert account.truth is False
    assert account.explanation is not None
    assert account.explanation.would_change == ()


def test_a_rule_that_cannot_be_decided_says_what_is_missing(advisor: Advisor) -> None:
    document = deepcopy(dict(STALLED))
    del document["actions"]
    account = advisor.explain("consultation-into-plan", document)
    assert account.truth is None
    assert account.explanation is not None
    assert account.explanation.missing
    assert account.explanation.facts == ()


def at_risk() -> dict[str, Any]:
    document = deepcopy(dict(STALLED))
    document["measures"] = [*document["measures"], {"instrument": "phq-9", "date": "2026-08-03", "items": {"9": 1}}]
    return document


def test_a_risk_item_would_be_cleared_by_an_assessment_and_never_by_a_later_zero(advisor: Advisor) -> None:
    (item,) = advisor.evaluate(at_risk()).safety
    assert item.explanation.would_change == ("a later risk assessment were recorded",)


def test_a_missed_session_after_a_disclosure_would_be_cleared_by_contact(advisor: Advisor) -> None:
    document = at_risk()
    document["sessions"] = [*document["sessions"], {"date": "2026-08-05", "status": "no_show"}]
    guidance = advisor.evaluate(document, as_of=date(2026, 8, 6))
    reach_out = next(item for item in guidance.safety if item.action == "reach_out")
    assert "contact with the client were recorded" in reach_out.explanation.would_change
    assert not any("disclosed" in change for change in reach_out.explanation.would_change)


def without_rules_on(fact: str, library: Library) -> Library:
    def reads(rule: Rule) -> bool:
        return FactKey(fact) in facts_read(rule.when)

    books = (replace(book, rules=tuple(rule for rule in book.rules if not reads(rule))) for book in library.rulebooks)
    return Library(library.vocabulary, tuple(books), library.content_hash)


def test_a_flag_that_no_rule_reads_is_said_and_not_passed_over(advisor: Advisor) -> None:
    document = deepcopy(dict(STALLED))
    document["risk"] = {**document["risk"], "flags": [{"kind": "psychosis", "date": "2026-07-20"}]}
    silent = Advisor(without_rules_on("risk.psychosis.open", advisor.library), engine="reference")
    assert silent.evaluate(document).risk_line == (
        "Flagged (open risk: psychosis, 20 July 2026), and no rule here speaks of it: follow your local procedure."
    )


def test_the_shipped_rules_leave_no_flag_unread(advisor: Advisor) -> None:
    assert outline(advisor.program).unread_flags == ()


def test_a_flag_that_a_rule_reads_is_left_to_the_rule(advisor: Advisor) -> None:
    document = deepcopy(dict(STALLED))
    document["risk"] = {**document["risk"], "flags": [{"kind": "ideation", "date": "2026-07-20"}]}
    guidance = advisor.evaluate(document, as_of=date(2026, 8, 2))
    assert [item.rule.id for item in guidance.safety] == ["ideation-recorded"]
    assert guidance.risk_line is None or "no rule here" not in guidance.risk_line


def test_many_records_of_later_days_are_one_line(advisor: Advisor) -> None:
    notices = advisor.evaluate(STALLED, as_of=date(2026, 3, 2)).notices
    assert notices == ("36 records are dated after 2 March 2026 and are left out.",)


def test_that_something_is_on_file_is_never_wished_away(advisor: Advisor) -> None:
    guidance = advisor.evaluate(STALLED)
    changes = [change for item in guidance.pathway.now for change in item.explanation.would_change]
    assert changes
    assert not any("no outcome measure" in change for change in changes)


def ids(guidance: Guidance) -> dict[str, str]:
    return {item.rule.id: item.id for item in guidance.pathway.now + guidance.pathway.then}


def test_the_same_advice_tomorrow_is_the_same_item(advisor: Advisor) -> None:
    today = advisor.evaluate(STALLED, as_of=date(2026, 8, 3))
    tomorrow = advisor.evaluate(STALLED, as_of=date(2026, 8, 4))
    assert ids(today) == ids(tomorrow)


def days_on(document: Mapping[str, Any], days: int) -> list[date]:
    return [date.fromisoformat(document["as_of"]) + timedelta(one) for one in range(days)]


def missing_sessions() -> Mapping[str, Any]:
    """Return a client for whom the sessions missed leave the window of sixty days one after the other."""
    document = deepcopy(dict(STALLED))
    for session in document["sessions"][-12::3]:
        session["status"] = "no_show"
        for of_those_who_came in ("homework", "openness"):
            session.pop(of_those_who_came, None)
    return document


@pytest.mark.parametrize("document", [STALLED, missing_sessions()], ids=["stalled", "missing-sessions"])
def test_day_by_day_without_a_new_record_the_same_grounds_are_the_same_item(
    advisor: Advisor, document: Mapping[str, Any]
) -> None:
    """On 17 August the window of six months slides to another score, and nothing else changes."""
    seen: dict[tuple[str, frozenset[str]], str] = {}
    for on in days_on(document, 22):
        guidance = advisor.evaluate(document, as_of=on)
        for item in (*guidance.safety, *guidance.speaking, *guidance.pathway.now, *guidance.pathway.then):
            grounds = frozenset(fact.fact for fact in item.explanation.facts)
            assert seen.setdefault((item.rule.id, grounds), item.id) == item.id, (on, item.rule.id)
    assert len(seen) >= 7


def test_a_record_that_carries_nothing_here_makes_no_new_item(advisor: Advisor) -> None:
    document = deepcopy(dict(STALLED))
    document["measures"] = [*document["measures"], {"instrument": "gad-7", "date": "2026-08-03", "score": 10}]
    assert ids(advisor.evaluate(STALLED)) == ids(advisor.evaluate(document))


def test_a_new_score_makes_a_new_item(advisor: Advisor) -> None:
    document = deepcopy(dict(STALLED))
    document["measures"] = [*document["measures"], {"instrument": "phq-9", "date": "2026-08-03", "score": 17}]
    before, after = ids(advisor.evaluate(STALLED)), ids(advisor.evaluate(document))
    assert before["consult-colleague"] != after["consult-colleague"]


def test_items_of_two_clients_are_never_the_same(advisor: Advisor) -> None:
    document = deepcopy(dict(STALLED))
    document["client"]["id"] = "c-4712"
    assert not set(ids(advisor.evaluate(STALLED)).values()) & set(ids(advisor.evaluate(document)).values())


def test_the_order_of_records_changes_neither_items_nor_words(advisor: Advisor) -> None:
    document = deepcopy(dict(STALLED))
    for name in ("sessions", "measures"):
        document[name] = list(reversed(document[name]))
    first, second = advisor.evaluate(STALLED), advisor.evaluate(document)
    assert ids(first) == ids(second)
    assert [item.text for item in first.pathway.now] == [item.text for item in second.pathway.now]


def test_guidance_keeps_to_its_schema(advisor: Advisor) -> None:
    schema = json.loads((shipped_schemas() / "guidance.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    bare = {"schema_version": "1.0", "client": {"id": "c-1"}, "treatment": {"started_on": "2026-01-05"}}
    for document in (STALLED, bare):
        guidance = advisor.evaluate(document, as_of=date(2026, 8, 3)).to_dict()
        assert [error.message for error in validator.iter_errors(json.loads(json.dumps(guidance)))] == []


def test_what_is_not_recorded_is_said_and_not_passed_over(advisor: Advisor) -> None:
    bare = {"schema_version": "1.0", "client": {"id": "c-1"}, "treatment": {"started_on": "2026-01-05"}}
    guidance = advisor.evaluate(bare, as_of=date(2026, 8, 3))
    assert guidance.risk_line is not None
    assert guidance.risk_line.startswith("Risk is not recorded")
    assert guidance.ask_next.questions
    assert guidance.undecided


def test_at_most_one_first_and_three_more_are_shown(advisor: Advisor) -> None:
    guidance = advisor.evaluate(STALLED)
    steps = guidance.pathway.now + guidance.pathway.then
    assert guidance.first == steps[0]
    assert guidance.more == steps[1:4]
    assert guidance.folded == steps[4:]
