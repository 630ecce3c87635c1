"""What the cases have to have seen of the shipped rules: every rule, nearly every truth, both sides of every number."""

from __future__ import annotations

from functools import cache
from itertools import combinations

import pytest

from cdsrules.advisor import Advisor
from cdsrules.inference.order import decision_of
from cdsrules.model.condition import facts_read
from cdsrules.testing.coverage import Coverage, cover
from cdsrules.testing.reports.coverage import parameters_seen, rules_seen, truths_seen, wordings_seen
from cdsrules.testing.specimens import specimens
from tests.rules.clauses import CLIENTS, HIDDEN, Clauses
from tests.rules.shipped import KNOWN_BY_MEASURE, NEVER_UNKNOWN, cases, library

RULEBOOKS = [book.id for book in library().rulebooks]


@cache
def covered() -> Coverage:
    advisor = Advisor(library(), engine="reference")
    return cover(advisor.program, specimens(cases(), advisor))


def of(rulebook: str) -> Coverage:
    return covered().by_rulebook({rulebook})[rulebook]


@pytest.mark.parametrize("rulebook", RULEBOOKS)
def test_every_rule_holds_in_some_case_rests_in_some_and_is_unknown_in_some(rulebook: str) -> None:
    assert rules_seen(of(rulebook)).percent == 100
    unseen = {one.rule.id: one.unseen for one in of(rulebook).rules if one.unseen}
    assert unseen == dict.fromkeys(KNOWN_BY_MEASURE & unseen.keys(), (None,))


def test_only_these_rules_are_never_unknown() -> None:
    assert {one.rule.id for one in covered().rules if None not in one.possible} == NEVER_UNKNOWN.keys()
    assert {
        one.rule.id for one in covered().rules if None not in one.outcomes
    } == NEVER_UNKNOWN.keys() | KNOWN_BY_MEASURE


@pytest.mark.parametrize("name", NEVER_UNKNOWN)
def test_a_rule_is_never_unknown_whatever_is_not_recorded(name: str) -> None:
    """For every client of the cases each selection of what it asks for is taken away, with its exception and without.

    What is proposed is known of everybody.
    """
    program = CLIENTS[0].program
    rule = program.library.by_id[name]
    clauses, asked = Clauses(rule), facts_read(decision_of(rule))
    excepted = [key for key in clauses.read if key not in asked]
    may_lack = [key for key in asked if not key.name.startswith("proposed.")]
    hideable = [key for key in may_lack if not program.catalogue[key.name].always]
    hidings = [hidden for count in range(len(hideable) + 1) for hidden in combinations(hideable, count)]
    for case, truths in clauses.differing():
        for hidden in hidings:
            for beside in ([], excepted):
                supposed = dict.fromkeys([*hidden, *beside], HIDDEN)
                assert clauses.supposing(case, truths, supposed) is not None, supposed


@pytest.mark.parametrize("rulebook", RULEBOOKS)
def test_nearly_every_clause_was_true_false_and_unknown(rulebook: str) -> None:
    assert truths_seen(of(rulebook)).percent >= 98


@pytest.mark.parametrize("rulebook", RULEBOOKS)
def test_every_parameter_has_clients_on_both_sides(rulebook: str) -> None:
    assert [(one.parameter.name, one.unseen) for one in of(rulebook).parameters if one.unseen] == []
    assert [one.parameter.name for one in of(rulebook).parameters if not one.read] == []
    assert parameters_seen(of(rulebook)).percent == 100


@pytest.mark.parametrize("rulebook", RULEBOOKS)
def test_every_text_is_said_in_some_case_and_in_most_of_its_forms(rulebook: str) -> None:
    texts = [(one.rule.id, branch.branch) for one in of(rulebook).rules for branch in one.wording if not branch.seen]
    whole = [(rule, branch.label) for rule, branch in texts if branch.slot is None and branch.label != "exception"]
    assert whole == []
    assert wordings_seen(of(rulebook)).percent >= 90
