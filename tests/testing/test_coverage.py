"""Coverage tells what the cases have seen of each rule, and what they have not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cdsrules.advisor import Advisor
from cdsrules.model.condition import (
    AllOf,
    AnyOf,
    Condition,
    Done,
    FactKey,
    FactTest,
    FindingTest,
    KnownTest,
    Not,
    Value,
    walk,
)
from cdsrules.model.rulebook import Library
from cdsrules.model.time import Duration
from cdsrules.testing import read_cases
from cdsrules.testing.coverage import THREE, TWO, Coverage, PlaceCoverage, RuleCoverage, cover
from cdsrules.testing.specimens import specimens
from tests.testing.small_rulebook import small, small_advisor

SLOW = """\
rulebook: small
as_of: 2026-06-15
clients:
  anna:
    story: Seven months in, and she says that things are the same.
    state:
      treatment: {started_on: 2025-11-10}
      ratings: [{date: 2026-06-08, by: client, rating: same}]
cases:
  - {case: slow, client: anna, expect: {fires: [slow]}}
"""
EARLY = "  - {case: early, client: anna, as_of: 2026-02-02, expect: {silent: [slow]}}\n"
UNRATED = "  - {case: not rated, client: anna, with: {ratings: null}, expect: {unknown: [slow]}}\n"


def covered(*more: str) -> Coverage:
    cases = read_cases((SLOW + "".join(more)).encode(), "cases.yaml", small()).cases
    return cover(small_advisor().program, specimens(cases, small_advisor()))


def of(rule: str, coverage: Coverage) -> RuleCoverage:
    return next(one for one in coverage.rules if one.rule.id == rule)


def place(kind: type, coverage: Coverage) -> PlaceCoverage:
    return next(one for one in of("slow", coverage).places if isinstance(one.place.node, kind))


def test_no_case_sees_nothing() -> None:
    coverage = cover(small_advisor().program, ())
    assert coverage.rule_share == coverage.condition_share == 0
    assert len(coverage.rules) == len(small_advisor().program.rules)


def test_each_case_adds_the_outcomes_that_it_shows() -> None:
    assert of("slow", covered()).outcomes == {True}
    assert of("slow", covered(EARLY)).outcomes == {True, False}
    assert of("slow", covered(EARLY, UNRATED)).outcomes == THREE


def test_each_place_says_which_truths_no_case_has_seen() -> None:
    assert place(FactTest, covered()).unseen == (False, None)
    assert place(FactTest, covered(EARLY)).unseen == (None,)
    assert place(AllOf, covered(EARLY, UNRATED)).unseen == ()
    finding = of("look-afresh", covered(UNRATED)).places[1]
    assert isinstance(finding.place.node, FindingTest)
    assert finding.seen == {True, None}


def test_more_cases_never_show_less() -> None:
    one, two, three = covered(), covered(EARLY), covered(EARLY, UNRATED)
    assert one.condition_share < two.condition_share < three.condition_share
    assert one.rule_share <= two.rule_share <= three.rule_share


def test_a_denial_is_covered_with_what_it_denies() -> None:
    nodes = [one.place.node for rule in covered().rules for one in rule.places]
    assert not any(isinstance(node, Not) for node in nodes)


def test_whether_something_is_known_cannot_be_unknown() -> None:
    places = [one for rule in covered().rules for one in rule.places if isinstance(one.place.node, KnownTest)]
    assert places
    assert {one.possible for one in places} == {TWO}


def test_what_was_seen_was_possible() -> None:
    """The shares would lie otherwise. No case has seen what the structure rules out."""
    for rule in covered(EARLY, UNRATED).rules:
        for one in rule.places:
            assert one.seen <= one.possible, (rule.rule.id, one.place)


def test_every_leaf_has_its_place() -> None:
    for rule in covered().rules:
        leaves = {node for node in walk(rule.rule.when) if isinstance(node, FactTest)}
        assert leaves <= {one.place.node for one in rule.places if one.place.part == "when"}


def test_a_rulebook_is_covered_by_itself() -> None:
    books = covered().by_rulebook({"small", "elsewhere"})
    assert list(books) == ["small"]
    assert [one.rule.id for one in books["small"].rules] == ["slow", "look-afresh", "refer-later"]
    assert books["small"].fired == 1


def test_a_rule_that_can_be_undecided_has_to_be_seen_so() -> None:
    assert of("slow", covered(EARLY)).unseen == (None,)
    assert of("risk-not-recorded", covered()).possible == TWO


LASTED, RATING = FactKey("treatment.duration"), FactKey("ratings.client.latest")
RATED, SAME = KnownTest(RATING), FactTest(RATING, "is", Value("same"))
LONG = FactTest(LASTED, "at_least", Value(Duration(6, "months")))
RECENT = Done("consultation", within=Value(Duration(3, "sessions")))
CONSULTED = KnownTest(FactKey("action.consultation.done_on"))


@pytest.mark.parametrize(
    ("condition", "possible"),
    [
        (AllOf((RATED, SAME)), TWO),
        (AllOf((RATED, Not(SAME))), TWO),
        (AnyOf((Not(RATED), SAME)), TWO),
        (AllOf((Not(RATED), SAME)), THREE),
        (AnyOf((RATED, SAME)), THREE),
        (AllOf((RATED, SAME, LONG)), THREE),
        (AllOf((CONSULTED, RECENT)), THREE),  # the list of sessions may be missing
        (AllOf((RATED, FindingTest("slow"))), THREE),
    ],
)
def test_a_clause_that_counts_only_when_it_is_known_leaves_nothing_open(
    condition: Condition, possible: frozenset[bool | None]
) -> None:
    rule = small().by_id["look-afresh"]
    book = replace(small().rulebook(rule), rules=(small().by_id["slow"], replace(rule, when=condition)))
    advisor = Advisor(Library(small().vocabulary, (book,), "x"), engine="reference")
    whole = next(one for one in of(rule.id, cover(advisor.program, ())).places if one.place.node == condition)
    assert whole.possible == possible
