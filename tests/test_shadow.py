"""Rules in shadow are evaluated and recorded, and nothing of them reaches a clinician."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings

from cdsrules import Advisor, Guidance, RulebookError
from cdsrules.inference.engine import EngineName
from cdsrules.loading.files import read_schemas
from cdsrules.model.condition import Not
from cdsrules.model.guidance import Shadow
from cdsrules.model.rulebook import Library, Rule, Status
from cdsrules.rendering.html import render as page
from cdsrules.rendering.shadow import shadow_lines
from cdsrules.rendering.text import joined, render
from cdsrules.testing.cases import read_cases
from cdsrules.testing.differences import differences
from tests.client_documents import Document, client_documents
from tests.rules.shipped import library

ROOT = Path(__file__).parent.parent
STALLED: Mapping[str, Any] = json.loads((ROOT / "examples" / "stalled.json").read_text(encoding="utf-8"))

TRIED = """
rulebook: tried
version: 0.1.0
status: {status}
title: Tried out
owner: Lead for a test
review_by: 2027-11-01
sources:
  made: {{title: Made for a test, grade: consensus}}
rules:
  - id: long-stalled
    finds: long_stalled
    title: A long stall
    when: {{finding: stalled}}
    sources: [made]
  - id: tried-opinion
    recommends: second_opinion
    title: A second opinion for a long stall
    when: {{finding: long_stalled}}
    say: {{clinician: Consider a second opinion.}}
    sources: [made]
  - id: tried-consultation
    recommends: consultation
    title: Consultation for a long stall
    when: {{finding: long_stalled}}
    say: {{clinician: Consider a consultation.}}
    sources: [made]
"""


def advised(tmp_path: Path, status: str, engine: EngineName = "durable") -> Guidance:
    book = tmp_path / "tried.yaml"
    book.write_text(TRIED.format(status=status), encoding="utf-8")
    with Advisor.load([book], plugins=[], engine=engine, on_disagreement="raise") as advisor:
        guidance = advisor.evaluate(STALLED)
        assert guidance.to_dict()
        return guidance


def shadow(guidance: Guidance) -> Shadow:
    assert guidance.shadow is not None
    return guidance.shadow


def without_shadow(guidance: Guidance) -> dict[str, object]:
    """What a host is told, but for which rulebooks took part."""
    told = {key: value for key, value in guidance.to_dict().items() if key not in {"shadow", "content_hash"}}
    return {**told, "rulebooks": [one for one in guidance.rulebooks if one.id != "tried"]}


@pytest.mark.parametrize("engine", ["durable", "reference"])
def test_a_whole_rulebook_is_tried_with_the_findings_it_makes_for_itself(engine: EngineName, tmp_path: Path) -> None:
    found = shadow(advised(tmp_path, "shadow", engine))
    assert found.holding == ("long-stalled", "tried-opinion", "tried-consultation")
    assert [(state.finding, state.truth) for state in found.findings] == [("long_stalled", True)]
    assert [item.rule.id for item in found.items] == ["tried-opinion"]
    assert found.gone == ()


def test_nothing_that_is_shown_changes(tmp_path: Path) -> None:
    in_shadow, draft, active = (advised(tmp_path, status) for status in ("shadow", "draft", "active"))
    assert without_shadow(in_shadow) == without_shadow(draft)
    assert without_shadow(in_shadow) != without_shadow(active)
    assert draft.shadow is None
    assert "shadow" not in draft.to_dict()
    for form in (render(in_shadow, everything=True), page(in_shadow)):
        assert "long stall" not in form.lower()
        assert "tried-" not in form


def test_it_would_have_been_so(tmp_path: Path) -> None:
    """What is recorded is what is shown once the rules are active."""
    in_shadow, active = advised(tmp_path, "shadow"), advised(tmp_path, "active")
    before = {item.action for item in in_shadow.steps}
    come = {item.id: item.text for item in active.steps if item.action not in before}
    assert {item.id: item.text for item in shadow(in_shadow).items} == come


def test_the_document_keeps_to_its_schema(tmp_path: Path) -> None:
    (schema,) = read_schemas(["guidance"]).values()
    document = advised(tmp_path, "shadow").to_dict()
    jsonschema.validate(document, dict(schema))
    assert document["shadow"]


def test_it_is_told_where_one_asks_for_it(tmp_path: Path) -> None:
    told = joined(shadow_lines(advised(tmp_path, "shadow"), width=200))
    assert told.startswith("IN SHADOW: RECORDED, NOT SHOWN\n")
    assert "“A long stall” would hold." in told
    assert "Rules in shadow that hold: long-stalled, tried-opinion, tried-consultation." in told
    assert "No rule is in shadow." in joined(shadow_lines(advised(tmp_path, "draft")))


def test_the_log_names_rules_and_no_client(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="cdsrules.shadow"):
        advised(tmp_path, "shadow")
    assert "long-stalled" in caplog.text
    assert str(STALLED["client"]["id"]) not in caplog.text
    assert not [day for day in ("2026-", "2025-", "1988-") if day in caplog.text]


def test_where_nobody_listens_nothing_is_worked_out(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="cdsrules.shadow"):
        advised(tmp_path, "shadow")
    assert caplog.text == ""


def test_a_rule_in_shadow_is_explained_as_if_it_were_active(tmp_path: Path) -> None:
    book = tmp_path / "tried.yaml"
    book.write_text(TRIED.format(status="shadow"), encoding="utf-8")
    with Advisor.load([book], plugins=[]) as advisor:
        account = advisor.explain("tried-opinion", STALLED)
        assert (account.truth, account.rule.status) == (True, Status.SHADOW)
        assert "long stall" in account.in_words
        assert account.explanation is not None


def test_no_safety_rule_is_in_shadow(tmp_path: Path) -> None:
    book = tmp_path / "tried.yaml"
    alarm = TRIED.format(status="shadow").replace("    recommends: second_opinion\n", "    recommends: consultation\n")
    book.write_text(alarm.replace("    title: A second", "    tier: safety\n    title: A second"), encoding="utf-8")
    with pytest.raises(RulebookError, match="CDS123 A safety rule is always active"):
        Advisor.load([book], plugins=[])


# Whatever is in shadow, and whoever the client is


def _tried(rule: Rule) -> Rule:
    """A rule that holds where the other does not, in shadow."""
    return replace(rule, id=f"tried-{rule.id}", when=Not(rule.when), status=Status.SHADOW)


@pytest.fixture(scope="module")
def pair() -> Iterator[tuple[Advisor, Advisor]]:
    """The shipped rules, and the same with the contrary of each that is no safety rule in shadow."""
    with Advisor(library()) as shipped, Advisor(_with_contraries(library()), on_disagreement="raise") as trying:
        yield shipped, trying


def _with_contraries(shown: Library) -> Library:
    books = tuple(
        replace(book, rules=(*book.rules, *(_tried(rule) for rule in book.rules if not rule.is_safety)))
        for book in shown.rulebooks
    )
    return replace(shown, rulebooks=books)


CLIENTS = client_documents(library().vocabulary)


@settings(max_examples=25)
@given(client=CLIENTS)
def test_shadow_rules_never_change_what_is_shown(pair: tuple[Advisor, Advisor], client: Document) -> None:
    shown, trying = (one.evaluate(client) for one in pair)
    told = {key: value for key, value in trying.to_dict().items() if key != "shadow"}
    assert told == shown.to_dict()
    assert shadow(trying).holding


CASES = """
rulebook: tried
as_of: 2026-08-03
clients:
  ada: {story: Stalled., state: {}}
cases:
  - case: tried
    client: ada
    expect:
      fires: [tried-opinion]
      findings: {long_stalled: true}
"""


def test_a_case_can_say_what_a_rule_in_shadow_does(tmp_path: Path) -> None:
    """It fires, and what is shown is asked for apart from it."""
    book = tmp_path / "tried.yaml"
    book.write_text(TRIED.format(status="shadow"), encoding="utf-8")
    with Advisor.load([book], plugins=[]) as advisor:
        (case,) = read_cases(CASES.encode(), "cases.yaml", advisor.library).cases
        stalled, calm = ({**STALLED, "as_of": day} for day in (STALLED["as_of"], "2026-02-01"))
        assert list(differences(case.expect, advisor.evaluate(stalled))) == []
        assert [one.about for one in differences(case.expect, advisor.evaluate(calm))] == [
            ("tried-opinion",),
            ("long_stalled",),
        ]
