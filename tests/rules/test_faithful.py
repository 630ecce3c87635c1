"""Explanations of the shipped rules are faithful for every client of their cases.

Each cited fact is needed: without it the others no longer carry the conclusion. And no
other fact matters: whatever the rules could learn of it, the conclusion stays. That holds
for what the rules say, and for why they are silent.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from cdsrules.guidance.case import Case
from cdsrules.guidance.reach import fact_leaves
from cdsrules.guidance.reasoning import Overlay, Reasoning
from cdsrules.guidance.trials import answers
from cdsrules.inference.reference import conclude
from cdsrules.logic.truth import Truth
from cdsrules.model.condition import FactKey, keys_of
from cdsrules.model.facts import Known, Measured
from cdsrules.model.rulebook import Rule
from tests.rules.clauses import CLIENTS, HIDDEN, Clauses

RULES = CLIENTS[0].program.rules


def truth_with(case: Case, rule: Rule, supposed: Mapping[FactKey, Measured]) -> Truth:
    plan = case.program.plan
    values = plan.encode(Overlay(case.facts, supposed))
    return conclude(case.program, values, plan.cutoffs(case.moment)).rules[case.program.index[rule.id]]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_what_is_cited_is_needed_and_nothing_else_matters(rule: Rule) -> None:
    read = tuple(dict.fromkeys(key for leaf in fact_leaves(CLIENTS[0].program, rule) for key in keys_of(leaf)))
    looked_at = 0
    for case in CLIENTS:
        reasoning = Reasoning(case, rule)
        if reasoning.truth is not True:
            continue
        support, guards = reasoning.support(), reasoning.guards()
        assert reasoning.seeing_only(support) is True
        for key in support:
            if isinstance(case.facts.get(key), Known):
                assert reasoning.seeing_only([one for one in support if one != key]) is not True, key
        for key in (one for one in read if one not in support and one not in guards):
            for measured in (HIDDEN, *answers(case, key)):
                assert truth_with(case, rule, {key: measured}) is True, key
        looked_at += 1
    assert looked_at


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_of_a_rule_that_does_not_hold_what_is_cited_is_needed_and_nothing_else_matters(rule: Rule) -> None:
    clauses = Clauses(rule)
    looked_at = 0
    for case, truths in clauses.differing():
        reasoning = Reasoning(case, rule)
        if reasoning.truth is not False:
            continue
        support, guards = reasoning.support(), reasoning.guards()
        assert reasoning.seeing_only(support) is False
        for key in support:
            if isinstance(case.facts.get(key), Known):
                assert reasoning.seeing_only([one for one in support if one != key]) is not False, key
        for key in (one for one in clauses.read if one not in support and one not in guards):
            assert [one for one, truth in clauses.turning(case, truths, key) if truth is not False] == [], key
        looked_at += 1
    assert looked_at
