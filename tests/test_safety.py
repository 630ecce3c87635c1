"""What is open about risk reaches the clinician, whatever a rulebook, a vocabulary or a plugin tries."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cdsrules import Advisor, Guidance, RulebookError, Verdict
from cdsrules.model.rulebook import Tier
from cdsrules.plugins import hookimpl
from cdsrules.rendering.outline import outline
from cdsrules.rendering.sections import Part
from cdsrules.rendering.text import render
from tests.client_documents import Document, client_documents, days
from tests.rules.shipped import library

ROOT = Path(__file__).parent.parent
STALLED: Mapping[str, Any] = json.loads((ROOT / "examples" / "stalled.json").read_text(encoding="utf-8"))
AT_RISK: Mapping[str, Any] = {**STALLED, "risk": {"flags": [{"kind": "ideation", "date": STALLED["as_of"]}]}}

HEAD = """
rulebook: local
version: 1.0.0
status: active
title: Made for a test
owner: Lead for a test
review_by: 2027-11-01
sources:
  made: {title: Made for a test, grade: consensus}
rules:
"""
LEAVING = ("end_treatment", "pause", "decrease_frequency")


def advising(action: str) -> str:
    return f"""
  - id: advise-{action.replace("_", "-")}
    recommends: {action}
    title: Advice to go
    when: {{finding: stalled}}
    sources: [made]
    say: {{clinician: Consider going.}}
"""


def advised(guidance: Guidance) -> list[str | None]:
    return [item.action for item in guidance.pathway.now + guidance.pathway.then]


@pytest.mark.parametrize("action", LEAVING)
def test_no_rule_advises_to_see_the_client_less_while_a_safety_item_is_open(action: str, tmp_path: Path) -> None:
    book = tmp_path / "local.yaml"
    book.write_text(HEAD + advising(action), encoding="utf-8")
    with Advisor.load([book], plugins=[], on_disagreement="raise") as advisor:
        calm, open_ = advisor.evaluate(STALLED), advisor.evaluate(AT_RISK)
    assert action in advised(calm)
    assert action not in advised(open_)
    assert [notice for notice in open_.notices if "Held back while a safety item is open: Advice to go" in notice]
    assert not [notice for notice in calm.notices if "Held back" in notice]


CELEBRATION = """
vocabulary: actions
version: 1.0.0
actions:
  celebrate:
    name: celebration
    do: celebrate what was reached
    done: what was reached was celebrated
    proposed: a celebration is planned
    declined: the client declined to celebrate
    beside: true
"""


@pytest.mark.parametrize("marked", [True, False])
def test_what_the_vocabulary_keeps_for_other_times_waits_for_safety(marked: bool, tmp_path: Path) -> None:
    book, words = tmp_path / "local.yaml", tmp_path / "actions.yaml"
    book.write_text(HEAD + advising("celebrate").replace("going", "a celebration"), encoding="utf-8")
    words.write_text(CELEBRATION + ("    not_while_at_risk: true\n" if marked else ""), encoding="utf-8")
    with Advisor.load([book, words], plugins=[], on_disagreement="raise") as advisor:
        calm, open_ = advisor.evaluate(STALLED), advisor.evaluate(AT_RISK)
    assert "celebrate" in advised(calm)
    assert ("celebrate" in advised(open_)) is not marked
    held = "Held back while a safety item is open: Advice to go (rule advise-celebrate)."
    assert (held in open_.notices) is marked
    assert held not in calm.notices


def test_what_is_held_back_supports_no_proposal_either(tmp_path: Path) -> None:
    book = tmp_path / "local.yaml"
    book.write_text(HEAD + advising("pause"), encoding="utf-8")
    proposed = {**AT_RISK, "proposed_actions": [{"action": "pause"}]}
    with Advisor.load([book], plugins=[]) as advisor:
        (answer,) = advisor.evaluate(proposed).proposals
    assert answer.verdict is Verdict.RECONSIDER
    assert answer.supported_by == ()


def test_what_would_be_held_back_is_no_reason_to_ask(tmp_path: Path) -> None:
    book = tmp_path / "local.yaml"
    waiting = advising("pause").replace("{finding: stalled}", "{fact: clinician.wants_input, is: true}")
    book.write_text(HEAD + waiting, encoding="utf-8")
    unasked = deepcopy(dict(AT_RISK))
    unasked["clinician"].pop("wants_input", None)
    with Advisor.load([book], plugins=[]) as advisor:
        questions = advisor.evaluate(unasked).ask_next.questions
    assert not [told for question in questions for told in question.could_change if "Advice to go" in told]


RULEBOOKS = yaml.safe_load((ROOT / "rules" / "safety" / "rules.yaml").read_text(encoding="utf-8"))["rules"]
SAFETY_STEPS = sorted({rule["recommends"] for rule in RULEBOOKS if rule["tier"] == "safety" and "recommends" in rule})
ACTIONS = (ROOT / "rules" / "vocabulary" / "actions.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("action", SAFETY_STEPS)
@pytest.mark.parametrize("tier", ["safety", "information"])
def test_no_rule_speaks_against_what_a_safety_rule_asks_for(action: str, tier: str, tmp_path: Path) -> None:
    book = tmp_path / "local.yaml"
    against = advising(action).replace("recommends", "cautions") + f"    tier: {tier}\n"
    book.write_text(HEAD + against, encoding="utf-8")
    with pytest.raises(RulebookError, match=f"CDS127 A safety rule recommends `{action}`"):
        Advisor.load([book], plugins=[])


def test_the_safety_steps_are_those_of_the_guidance() -> None:
    assert {"risk_assessment", "reach_out", "medical_assessment", "local_duty", "contact_prescriber"} <= set(
        SAFETY_STEPS
    )
    assert "reassessment" not in SAFETY_STEPS


@pytest.mark.parametrize("action", SAFETY_STEPS)
def test_no_vocabulary_rewords_what_a_safety_rule_asks_for(action: str, tmp_path: Path) -> None:
    file = tmp_path / "actions.yaml"
    words = rf"(?m)^(  {action}:\n    name: .*\n(?:    also_called: .*\n)?    do: ).*$"
    changed = re.sub(words, r"\1fill in the form", ACTIONS)
    assert changed != ACTIONS
    file.write_text(changed, encoding="utf-8")
    with pytest.raises(RulebookError, match=f"CDS128 .*`{action}`"):
        Advisor.load([file], plugins=[])


def test_no_vocabulary_lets_celebrate_while_risk_is_open(tmp_path: Path) -> None:
    file = tmp_path / "actions.yaml"
    changed = ACTIONS.replace("    not_while_at_risk: true\n", "")
    assert changed != ACTIONS
    file.write_text(changed, encoding="utf-8")
    with pytest.raises(RulebookError, match=r"CDS128 .*`notice_gains`"):
        Advisor.load([file], plugins=[])


def test_a_copy_of_the_vocabulary_and_new_words_for_other_steps_are_welcome(tmp_path: Path) -> None:
    file = tmp_path / "actions.yaml"
    for text in (ACTIONS, ACTIONS.replace("name: look at what has been gained", "name: look at the gains")):
        file.write_text(text, encoding="utf-8")
        with Advisor.load([file], plugins=[]) as advisor:
            assert advisor.evaluate(AT_RISK).safety


def worse() -> Mapping[str, Any]:
    newest = {"instrument": "phq-9", "date": STALLED["as_of"], "score": 26}
    return {**AT_RISK, "measures": [*STALLED["measures"], newest]}


@pytest.mark.parametrize("tier", ["safety", "review"])
def test_no_caution_makes_the_review_of_a_worsening_wait_or_go_away(tier: str, tmp_path: Path) -> None:
    book = tmp_path / "local.yaml"
    against = advising("reassessment").replace("recommends", "cautions") + f"    tier: {tier}\n"
    book.write_text(HEAD + against, encoding="utf-8")
    with Advisor.load([book], plugins=[]) as advisor:
        first = advisor.evaluate(worse()).first
    assert first is not None
    assert (first.rule.id, first.standing, first.waits_for) == ("review-the-worsening", "now", ())


def test_a_second_finder_neither_ends_nor_renames_what_a_safety_rule_finds(tmp_path: Path) -> None:
    book = tmp_path / "local.yaml"
    never = """
  - id: a-risk-of-mine
    finds: risk_present
    title: All is well
    tier: information
    when: {fact: treatment.duration, at_least: 300 months}
    sources: [made]
"""
    book.write_text(HEAD + never, encoding="utf-8")
    with Advisor.load([book], plugins=[]) as advisor:
        guidance = advisor.evaluate(AT_RISK)
        words = advisor.explain("pause-at-risk").in_words
    (state,) = [one for one in guidance.findings if one.finding == "risk_present"]
    assert (state.truth, state.title) == (True, "A risk item is open")
    assert "a risk item is open" in words


IN_CRISIS: Mapping[str, Any] = {
    **STALLED,
    "measures": [*STALLED["measures"], {"instrument": "phq-9", "date": "2026-07-28", "score": 18, "items": {"9": 2}}],
    "sessions": [
        *(one for one in STALLED["sessions"] if one["date"] < "2026-07-27"),
        {"date": "2026-07-27", "status": "attended"},
        {"date": "2026-08-02", "status": "no_show"},
    ],
    "risk": {"flags": [{"kind": "ideation", "date": "2026-07-27"}, {"kind": "plan", "date": "2026-07-27"}]},
}


def test_what_an_assessment_of_risk_could_show_names_the_gravest() -> None:
    unassessed = {**STALLED, "risk": {"flags": [], "assessments": []}, "proposed_actions": [{"action": "pause"}]}
    with Advisor.load(plugins=[]) as advisor:
        questions = advisor.evaluate(unassessed).ask_next.questions
    (asked,) = [one for one in questions if "no risk assessment is on file" in one.because]
    assert "could add: A suicide plan, intent or attempt is on record" in asked.could_change[:2]


def test_the_most_urgent_stands_first_and_shared_advice_is_said_once() -> None:
    with Advisor.load(plugins=[], on_disagreement="raise") as advisor:
        guidance = advisor.evaluate(IN_CRISIS)
    rules = ["missed-after-disclosure", "plan-intent-or-attempt", "ideation-recorded", "risk-item-endorsed"]
    assert [item.rule.id for item in guidance.safety] == rules
    shown = next(section for section in outline(guidance).sections if section.part is Part.SAFETY).entries
    assert [entry.title for entry in shown] == [item.title for item in guidance.safety]
    text = " ".join(f"{entry.text} {entry.why}" for entry in shown)
    for once in ("Go through a safety plan together", "Ask directly", "It stays open until a risk assessment"):
        assert text.count(once) == 1
    for fact in ("of 2 August 2026", "a suicide plan, recorded on 27 July 2026", "with 2 on 28 July 2026"):
        assert fact in text


def test_another_safety_item_never_shortens_what_is_said_of_a_different_step() -> None:
    flags = [{"kind": kind, "date": STALLED["as_of"]} for kind in ("psychosis", "self_neglect", "safeguarding")]
    with Advisor.load(plugins=[]) as advisor:
        shown = outline(advisor.evaluate({**STALLED, "risk": {"flags": flags}})).sections[0].entries
    assert len(shown) == len(flags)
    assert all(entry.title and entry.text for entry in shown)


ONE_WORSE_SCORE: Mapping[str, Any] = {
    **STALLED,
    "treatment": {**STALLED["treatment"], "started_on": "2026-05-04", "approaches": [], "plan_reviews": []},
    "measures": [
        {"instrument": "phq-9", "date": "2026-05-04", "score": 20, "items": {"9": 0}},
        {"instrument": "phq-9", "date": "2026-07-06", "score": 15, "items": {"9": 0}},
        {"instrument": "phq-9", "date": STALLED["as_of"], "score": 17, "items": {"9": 0}},
    ],
    "ratings": [],
    "proposed_actions": [],
}


def test_what_only_informs_is_folded_while_a_safety_item_is_open() -> None:
    planned = {"flags": [{"kind": "plan", "date": STALLED["as_of"]}]}
    with Advisor.load(plugins=[]) as advisor:
        calm, open_ = advisor.evaluate(ONE_WORSE_SCORE), advisor.evaluate({**ONE_WORSE_SCORE, "risk": planned})
    assert "fit_to_life" in [item.action for item in (calm.first, *calm.more) if item]
    assert not [item for item in (open_.first, *open_.more) if item and item.tier is Tier.INFORMATION]
    assert "fit_to_life" in [item.action for item in open_.folded]
    assert sorted(map(str, [item.id for item in (open_.first, *open_.more, *open_.folded) if item])) == sorted(
        item.id for item in open_.pathway.now + open_.pathway.then
    )
    pathway = cast(Mapping[str, object], open_.to_dict()["pathway"])
    assert pathway["first"] == (open_.first and open_.first.id)


def test_a_steady_course_is_told_when_all_is_asked_for_while_a_safety_item_is_open() -> None:
    scores = [
        {"instrument": "phq-9", "date": day, "score": score, "items": {"9": 0}}
        for day, score in (("2026-05-04", 20), ("2026-06-01", 6), ("2026-07-06", 6), (STALLED["as_of"], 6))
    ]
    steady = {**ONE_WORSE_SCORE, "measures": scores}
    planned = {**steady, "risk": {"flags": [{"kind": "plan", "date": STALLED["as_of"]}]}}
    with Advisor.load(plugins=[]) as advisor:
        calm, open_ = advisor.evaluate(steady), advisor.evaluate(planned)
    said = "is steady in the functional range"
    assert said in render(calm).replace("\n    ", " ")
    assert said not in render(open_).replace("\n    ", " ")
    assert said in render(open_, everything=True).replace("\n    ", " ")


INSTRUMENTS = (ROOT / "rules" / "vocabulary" / "instruments.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("answers", ["[1, 3]", "[2, 5]"])
def test_no_vocabulary_calls_an_endorsed_answer_the_lowest(answers: str, tmp_path: Path) -> None:
    file = tmp_path / "instruments.yaml"
    changed = INSTRUMENTS.replace("count: 9, range: [0, 3], risk: [9]", f"count: 9, range: {answers}, risk: [9]")
    assert changed != INSTRUMENTS
    file.write_text(changed, encoding="utf-8")
    with pytest.raises(RulebookError, match="CDS125"):
        Advisor.load([file], plugins=[])


class Eraser:
    @hookimpl
    def cdsrules_guidance_ready(self, guidance: Guidance) -> None:
        object.__setattr__(guidance, "safety", ())
        object.__setattr__(guidance, "proposals", ())


class Quitter:
    @hookimpl
    def cdsrules_guidance_ready(self, guidance: Guidance) -> None:
        raise SystemExit(3)


def test_a_plugin_takes_nothing_out_of_the_guidance() -> None:
    with Advisor.load(plugins=[Eraser()]) as tampered, Advisor.load(plugins=[]) as plain:
        found, expected = tampered.evaluate(AT_RISK), plain.evaluate(AT_RISK)
    assert found.safety == expected.safety != ()
    assert found.proposals == expected.proposals


def test_a_plugin_that_wants_to_leave_is_named_and_the_answer_stays() -> None:
    with Advisor.load(plugins=[Quitter()]) as advisor:
        guidance = advisor.evaluate(AT_RISK)
    assert guidance.safety
    assert "Plugin Quitter failed. It did not take note of this guidance." in guidance.notices


@cache
def shipped() -> Advisor:
    return Advisor.load(plugins=[], engine="reference")


def speaks_of_risk(document: Document) -> bool:
    guidance = shipped().evaluate(document)
    return bool(guidance.safety or guidance.risk_line)


# S08 asks for nothing where a host keeps no record of medication.
MAY_BE_KEPT_SILENT = frozenset({"schema_version", "as_of", "client", "treatment", "recorded_since", "medication"})


ASSESSED = days().map(lambda day: {"assessments": [{"date": day}]})
ASKED = days().map(lambda day: [{"instrument": "phq-9", "date": day, "score": 12}])


@given(client_documents(library().vocabulary), st.none() | ASSESSED, st.none() | ASKED)
def test_to_leave_a_section_out_never_silences_what_is_said_of_risk(
    document: Document, assessed: Document | None, asked: list[Document] | None
) -> None:
    """Who sends less may be told less exactly, and is never told less of what must not wait."""
    sent = document | ({} if assessed is None else {"risk": assessed}) | ({} if asked is None else {"measures": asked})
    if not speaks_of_risk(sent):
        return
    for left_out in {*sent} - MAY_BE_KEPT_SILENT:
        assert speaks_of_risk({name: section for name, section in sent.items() if name != left_out}), left_out


def test_risk_assessed_twenty_years_ago_is_no_word_on_today() -> None:
    sent: Document = {
        "schema_version": "1.0",
        "as_of": "2026-08-03",
        "client": {"id": "c-1", "birth_date": "1980-01-01"},
        "treatment": {"started_on": "2026-01-05"},
        "risk": {"flags": [], "assessments": [{"date": "2006-01-05"}]},
    }
    line = shipped().evaluate(sent).risk_line
    assert line is not None
    assert "the newest risk assessment is of 5 January 2006, before this treatment began (5 January 2026)" in line
    recent = {**sent, "risk": {"flags": [], "assessments": [{"date": "2026-07-28"}]}}
    assert "nothing is on record about measures" in (shipped().evaluate(recent).risk_line or "")
    assert shipped().evaluate({**recent, "measures": []}).risk_line is None


SAYS_WORSE = """\
rulebook: local
version: 1.0.0
status: active
title: Local
owner: Tests
review_by: 2099-01-01
sources: {s: {title: A source, grade: local}}
rules:
  - id: says-worse
    finds: deteriorating
    title: The client says that it is worse
    sources: [s]
    when: {all: [{known: ratings.client.latest}, {fact: ratings.client.latest, is: worse}]}
"""


def test_what_a_site_takes_for_a_worsening_opens_the_review_and_the_cautions(tmp_path: Path) -> None:
    (tmp_path / "local.yaml").write_text(SAYS_WORSE, encoding="utf-8")
    same = {"instrument": "phq-9", "score": 10, "items": {"9": 0}}
    client = {
        "schema_version": "1.0",
        "client": {"id": "c", "birth_date": "1980-01-01"},
        "treatment": {"started_on": "2026-03-09"},
        "measures": [{**same, "date": "2026-03-09"}, {**same, "date": "2026-06-08"}],
        "ratings": [{"by": "client", "date": "2026-06-10", "rating": "worse"}],
        "actions": [],
        "risk": {"assessments": [{"date": "2026-03-09"}]},
        "proposed_actions": [{"action": "pause", "discussed": True}],
    }
    with Advisor.load([tmp_path], plugins=[], on_disagreement="raise") as advisor:
        guidance = advisor.evaluate(client, as_of=date(2026, 6, 15))

    assert "review-the-worsening" in [item.rule.id for item in guidance.pathway.now]
    (pause,) = guidance.proposals
    assert [one.rule.id for one in pause.cautions] == ["pause-while-worse"]
