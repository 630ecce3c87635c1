"""What the cases have to have seen of the shipped rules: every rule, nearly every truth, both sides of every number."""

from __future__ import annotations

from functools import cache

import pytest

from cdsrules.advisor import Advisor
from cdsrules.testing.coverage import Coverage, cover
from cdsrules.testing.reports.coverage import parameters_seen, rules_seen, truths_seen, wordings_seen
from cdsrules.testing.specimens import specimens
from tests.rules.shipped import cases, library

RULEBOOKS = [book.id for book in library().rulebooks]


@cache
def covered() -> Coverage:
    advisor = Advisor(library(), engine="reference")
    return cover(advisor.program, specimens(cases(), advisor))


def of(rulebook: str) -> Coverage:
    return covered().by_rulebook({rulebook})[rulebook]


@pytest.mark.parametrize("rulebook", RULEBOOKS)
def test_every_rule_holds_in_some_case_and_rests_in_some(rulebook: str) -> None:
    assert rules_seen(of(rulebook)).percent == 100
    assert [one.rule.id for one in of(rulebook).rules if False not in one.outcomes] == []


@pytest.mark.parametrize("rulebook", RULEBOOKS)
def test_nearly_every_clause_was_true_false_and_unknown(rulebook: str) -> None:
    assert truths_seen(of(rulebook)).percent >= 95


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
