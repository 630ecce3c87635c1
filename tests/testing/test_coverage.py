"""Coverage tells what the cases have seen of each rule, and what they have not."""

from __future__ import annotations

from cdsrules.model.condition import AllOf, FactTest, FindingTest, KnownTest, Not, walk
from cdsrules.testing import read_cases
from cdsrules.testing.coverage import Coverage, PlaceCoverage, RuleCoverage, cover
from cdsrules.testing.specimens import specimens
from cdsrules.testing.truths import THREE, TWO
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
    assert place(FactTest, covered()).unseen == (False,)
    assert place(FactTest, covered(EARLY)).unseen == ()
    assert place(AllOf, covered(EARLY)).unseen == (None,)
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
