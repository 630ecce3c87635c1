"""What a rule reads: findings with the side it wants, and facts, its own and those behind the findings."""

from __future__ import annotations

from dataclasses import replace

from cdsrules.documents.reading import Read, facts_behind, facts_of, findings_of
from cdsrules.model.condition import AllOf, AtLeast, FactKey, Not
from tests.documents.made import CHANGE, LOOK, made_basis
from tests.made_rules import fact, finding, recommends


def test_a_finding_is_affirmed_or_denied_as_the_condition_says() -> None:
    rule = recommends("talk", AllOf((finding("x"), Not(AtLeast(1, (finding("y"), Not(finding("z"))))))))
    assert findings_of(rule) == (Read("x", affirmed=True), Read("y", affirmed=False), Read("z", affirmed=True))


def test_what_withdraws_or_lifts_a_rule_is_read_denied() -> None:
    rule = replace(recommends("talk", finding("x")), unless=finding("y"), until=(Not(finding("z")),))
    assert findings_of(rule) == (Read("x", affirmed=True), Read("y", affirmed=False), Read("z", affirmed=True))


def test_facts_of_conditions_exceptions_ways_out_and_texts() -> None:
    assert [key.name for key in facts_of(LOOK)] == ["e", "f"]
    assert [key.name for key in facts_of(CHANGE)] == ["g", "h", "i"]


def test_facts_behind_are_those_of_the_findings_too() -> None:
    program = made_basis().program
    assert facts_behind(LOOK, program) == tuple(FactKey(name) for name in "efabc")
    assert facts_behind(recommends("talk", fact("a")), program) == (FactKey("a"),)
