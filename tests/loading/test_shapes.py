"""Every place of a rule file takes one sort of value; anything else is refused there and nowhere else."""

from __future__ import annotations

from datetime import date

import pytest

from cdsrules.diagnostics import Position
from cdsrules.loading.codes.frame import ACTIONS, INSTRUMENTS, RULEBOOK
from cdsrules.loading.overlay import sort_of
from cdsrules.loading.tree import Entries, Items, Leaf, Node
from cdsrules.loading.values import shortened, sort_in_words
from cdsrules.model.condition import Scalar
from cdsrules.model.rulebook import Parameter
from cdsrules.model.time import Duration
from tests.loading.rule_files import SHIPPED, VOCABULARY, book, codes, given, load

HERE = Position("a.yaml", 1, 1)
CAUTION = """\
- id: not-yet
  cautions: change_approach
  when: {proposed: change_approach}
  say: {clinician: A change of approach is planned. Consider a talk about progress first.}
  sources: [guide]
"""


def finds(condition: str) -> str:
    return f"- id: looked-at\n  finds: looked_at\n  when: {condition}\n"


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("{fact: , is: true}", "CDS031"),
        ("{fact: [treatment.paused], is: true}", "CDS025"),
        ("{fact: 12, is: true}", "CDS025"),
        ("{finding: true}", "CDS025"),
        ("{done: }", "CDS031"),
        ("{proposed: change_approach, with: discussed}", "CDS025"),
        ("{proposed: change_approach, with: {discussed: yes}}", "CDS025"),
        ("{proposed: change_approach, with: {discussed: }}", "CDS031"),
        ("{proposed: change_approach, with: {discussed: 1}}", "CDS025"),
        ("{at_least: [{finding: looked_at}]}", "CDS025"),
        ("{at_least: {count: 2}}", "CDS025"),
        ("{at_least: {count: two, of: [{known: client.age}]}}", "CDS025"),
        ("{at_least: {count: 1.5, of: [{known: client.age}]}}", "CDS033"),
        ("{at_least: {count: 1, of: {known: client.age}}}", "CDS025"),
        ("{not: [{known: client.age}]}", "CDS035"),
        ("{not: 12}", "CDS035"),
        ("{not: true}", "CDS035"),
        ("{known: client.age, over: $many}", "CDS029"),
        ("{done: consultation, within: $nothing}", "CDS043"),
        ("{done: consultation, within: }", "CDS031"),
        ("{done: consultation, within: 200 years}", "CDS029"),
        ("{done: consultation, after: [reassessment]}", "CDS025"),
        ("{done: consultation, after: {finding: stalled}}", "CDS025"),
        ("{done: consultation, after: {done: }}", "CDS031"),
        ("{done: consultation, after: {done: dancing}}", "CDS042"),
        ("{fact: plan.reviewed_on, after: }", "CDS031"),
        ("{fact: plan.reviewed_on, after: $nothing}", "CDS043"),
        ("{fact: plan.reviewed_on, after: 2026-13-01}", "CDS042"),
        ("{fact: measure.phq-9.latest, one_of: [1, $nothing]}", "CDS043"),
        ("{fact: treatment.duration, at_least: 6 moths}", "CDS029"),
        ("{fact: treatment.duration, atleast: 6 months, is_: 2}", "CDS039"),
        ("{fact: treatment.duration, at_least: .inf}", "CDS016"),
        ("{at_least: {count: .inf, of: [{known: client.age}]}}", "CDS016"),
    ],
)
def test_a_condition_is_refused(condition: str, code: str) -> None:
    head = "parameters:\n  many: {value: 3, source: local, why: Why not.}\n"
    found = codes(*SHIPPED, given(book(finds(condition), head=head)))
    assert set(found) - {"CDS049"} == {code}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('guide: {title: "A guideline", grade: guideline}', "guide: A guideline", "CDS025"),
        ("sources:\n  guide", "sources: []\n#  guide", "CDS025"),
        ("version: 1.0.0", "version: [1, 0, 0]", "CDS025"),
        ("version: 1.0.0", "version:", "CDS031"),
        ("version: 1.0.0", "version: v1", "CDS030"),
        ("review_by: 2027-11-01", "review_by:", "CDS031"),
        ("review_by: 2027-11-01", "review_by: 2027", "CDS025"),
        ("status: active", "status: [active]", "CDS025"),
        ("rulebook: example", "rulebook: [example]", "CDS025"),
        ("rulebook: example", "rulebook: " + "a" * 81, "CDS027"),
        ("rulebook: example", "rulebook: '!'", "CDS027"),
        ("source: guide, why: The", "source: guide, why: 5, dated: 2026-01-01} #", "CDS025"),
        ("title: An example", "title: After 6 months", "CDS080"),
        ("    finds: stalled\n", "    finds: stalled\n    title: 'After {$stall_after}'\n", "CDS082"),
        ("value: 60 days", "value: {days: 60}", "CDS025"),
        ("value: 60 days", "value: ''", "CDS031"),
        ("value: 60 days", "value: .nan", "CDS016"),
        ("title: An example", "title: '  '", "CDS031"),
        ("    sources: [guide]", "    sources: [[guide]]", "CDS025"),
        ("    sources: [guide]", "    sources: guide", "CDS025"),
        (
            "say: {clinician: Consider talking the case through with an experienced colleague.}",
            "say: {clinician: 5}",
            "CDS025",
        ),
        ("title: An example", "title: A manipulative title", "CDS083"),
    ],
)
def test_a_rulebook_is_refused(old: str, new: str, code: str) -> None:
    assert RULEBOOK.replace(old, new) != RULEBOOK
    found = codes(*VOCABULARY, given(RULEBOOK.replace(old, new)))
    assert code in found
    assert set(found) <= {code, "CDS046", "CDS049", "CDS050"}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("    name: reassessment", "    name: [reassessment]", "CDS025"),
        ("  consultation:\n", "  consultation: talk\n  consulting:\n", "CDS025"),
        ("requires: [reassessment, progress_talk]", "requires: reassessment", "CDS025"),
        ("requires: [reassessment, progress_talk]", "requires: [reassessment, 7]", "CDS025"),
        ("requires: [reassessment, progress_talk]", "beside: maybe", "CDS025"),
        ("requires: [reassessment, progress_talk]", "not_while_at_risk: sometimes", "CDS025"),
        ("actions:\n", "actions:\n  no words: {}\n", "CDS027"),
    ],
)
def test_actions_are_refused(old: str, new: str, code: str) -> None:
    assert ACTIONS.replace(old, new, 1) != ACTIONS
    assert codes(given(ACTIONS.replace(old, new, 1))) == [code]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("  phq-9:\n", "  gad-7: a scale\n  phq-9:\n", "CDS025"),
        ("      manual: {", "      another: a manual\n      manual: {", "CDS025"),
        ("    definitions:\n", "    loinc: [44261-6]\n    definitions:\n", "CDS025"),
        ("    definitions:\n", "    loinc: {total: 44261}\n    definitions:\n", "CDS025"),
        ("    definitions:\n", "    loinc: {items: {9: 9}}\n    definitions:\n", "CDS025"),
        ("    definitions:\n", "    loinc: {items: {\u0660: null}}\n    definitions:\n", "CDS143"),
        ("    items: {count: 9, range: [0, 3], risk: [9]}\n", "    items: 9\n", "CDS025"),
        ("step: 1", "step: one", "CDS025"),
        ("    range: [0, 27]\n", "", "CDS023"),
        ("source: manual,", "source: ,", "CDS031"),
    ],
)
def test_instruments_are_refused(old: str, new: str, code: str) -> None:
    assert INSTRUMENTS.replace(old, new, 1) != INSTRUMENTS
    assert codes(given(INSTRUMENTS.replace(old, new, 1))) == [code]


@pytest.mark.parametrize(
    "primary", ["[depression]", "[{problem: depression, instrument: , definition: manual}]", "phq-9"]
)
def test_a_default_measure_is_refused(primary: str) -> None:
    found = codes(given(f"{INSTRUMENTS}primary_measures: {primary}\n"))
    assert len(found) == 1
    assert found[0] in {"CDS025", "CDS031"}


def test_the_text_of_an_action_is_given_its_own_rule() -> None:
    head = 'sources:\n  guide: {title: "A", grade: cohort}\n'
    assert codes(*SHIPPED, given(book(CAUTION, head=head))) == []
    assert codes(*SHIPPED, given(book(CAUTION + "  until: [dancing]\n", head=head))) == ["CDS042"]
    assert codes(*SHIPPED, given(book(CAUTION + "  until: []\n", head=head))) == []
    assert codes(*SHIPPED, given(book(CAUTION + "  until: [12]\n", head=head))) == ["CDS035"]


def test_a_text_may_take_a_parameter_that_is_not_there_for_a_window() -> None:
    rule = finds("{known: client.age}") + '  say: {clinician: "{attendance.no_shows over $nothing}"}\n'
    assert codes(*SHIPPED, given(book(rule))) == ["CDS043"]


@pytest.mark.parametrize(
    ("value", "sort"),
    [
        (True, "yes or no"),
        (7, "a number"),
        (2.5, "a number"),
        ("worse", "a word"),
        (Duration(3, "sessions"), "a number of sessions"),
        (Duration(3, "weeks"), "a length of time"),
        (date(2026, 1, 1), "a date"),
    ],
)
def test_parameters_have_a_sort(value: Scalar, sort: str) -> None:
    assert sort_of(Parameter("p", value, "local", "why")) == sort


@pytest.mark.parametrize(
    ("node", "words"),
    [
        (Items((), HERE), "a list of 0 items"),
        (Items((Leaf(1, "1", HERE),), HERE), "a list of 1 item"),
        (Entries({}, HERE), "a group of keys"),
        (Leaf(None, "~", HERE), "nothing"),
        (Leaf(True, "TRUE", HERE), "`TRUE`"),
        (Leaf(2.5, "2.50", HERE), "the number 2.50"),
        (Leaf("a\n b", "a\n b", HERE), "the text `a b`"),
    ],
)
def test_what_stands_somewhere_in_words(node: Node, words: str) -> None:
    assert sort_in_words(node) == words


def test_a_long_text_is_quoted_short() -> None:
    assert shortened("x" * 40) == "x" * 40
    assert shortened("x" * 41) == "x" * 39 + "…"


def test_a_rulebook_may_hold_no_rule_yet() -> None:
    assert load(*VOCABULARY, given(book("").replace("rules:\n", "rules: []\n"))).rules == ()
