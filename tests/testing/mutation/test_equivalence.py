"""A slip is called equivalent only where it is proved that it changes nothing for any client."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsrules.guidance.outline import order_of_actions
from cdsrules.model.condition import (
    AllOf,
    AnyOf,
    AtLeast,
    Condition,
    FactKey,
    FactTest,
    FindingTest,
    KnownTest,
    Not,
    Proposed,
    Value,
)
from cdsrules.model.rulebook import Priority, Rule, Tier, Verb
from cdsrules.testing.mutation.equivalence import ALWAYS_NOW, MOST_SETTINGS, SAME_ORDER, SAME_OUTCOME, why_equivalent
from cdsrules.testing.mutation.mutants import Mutant, mutants
from tests.testing.small_rulebook import small, small_advisor

A, B, C = FindingTest("a"), FindingTest("b"), FindingTest("c")
RATING = FactKey("ratings.client.latest")
WORSE, SAME, RATED = FactTest(RATING, "is", Value("worse")), FactTest(RATING, "is", Value("same")), KnownTest(RATING)
ANY, UNASKED = Proposed("pause"), Proposed("pause", (("discussed", False),))
ASKED = Proposed("pause", (("discussed", True),))


def proof(before: Condition, after: Condition, **frame: object) -> str | None:
    plain = replace(small().by_id["refer-later"], unless=None, until=(), when=before)
    rule = replace(plain, **frame)  # type: ignore[arg-type]
    book = replace(small().rulebook(rule), rules=(rule,))
    library = replace(small(), rulebooks=(book,))
    mutant = Mutant(rule.id, "any", "when", "a slip", replace(rule, when=after))
    return why_equivalent(mutant, library, small_advisor().catalogue)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (A, AllOf((A, AnyOf((A, B))))),
        (AtLeast(2, (A, B)), AllOf((A, B))),
        (Not(AllOf((A, B))), AnyOf((Not(A), Not(B)))),
        (AllOf((WORSE, RATED)), AllOf((WORSE, RATED, Not(SAME)))),
        (AnyOf((WORSE, FactTest(RATING, "is_not", Value("worse")))), AnyOf((WORSE, Not(WORSE)))),
        (FactTest(RATING, "one_of", (Value("worse"), Value("same"))), AnyOf((WORSE, SAME))),
    ],
)
def test_what_comes_out_the_same_in_every_way_is_proved(before: Condition, after: Condition) -> None:
    assert proof(before, after) == SAME_OUTCOME


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (A, B),
        (A, AllOf((A, B))),
        (A, AnyOf((A, AllOf((B, Not(B)))))),  # b may be unknown
        (AllOf((RATED, WORSE)), WORSE),  # not rated: false, and unknown
        (WORSE, SAME),
        (UNASKED, ANY),
    ],
)
def test_what_comes_out_otherwise_for_some_client_is_not(before: Condition, after: Condition) -> None:
    assert proof(before, after) is None


def test_what_lifts_a_caution_belongs_to_how_it_comes_out() -> None:
    assert proof(UNASKED, ANY, until=(ASKED,)) == SAME_OUTCOME
    assert proof(UNASKED, ANY, until=(A,)) is None


def test_an_exception_that_is_not_decided_still_counts() -> None:
    assert proof(A, AllOf((A, Not(B))), unless=B) is None


def test_a_rule_with_too_many_clauses_is_left_open() -> None:
    many = tuple(FindingTest(str(number)) for number in range(12))
    assert MOST_SETTINGS < 3**12
    assert proof(AllOf(many), AllOf(tuple(reversed(many)))) is None


def test_another_label_is_never_called_the_same() -> None:
    rule = small().by_id["slow"]
    mutant = Mutant(rule.id, "tier", "rule", "a slip", replace(rule, tier=Tier.INFORMATION))
    assert why_equivalent(mutant, small(), small_advisor().catalogue) is None


@pytest.mark.parametrize(("tier", "reason"), [(Tier.SAFETY, ALWAYS_NOW), (Tier.REVIEW, None)])
def test_only_a_safety_item_has_no_use_for_its_priority(tier: Tier, reason: str | None) -> None:
    rule = replace(small().by_id["look-afresh"], tier=tier)
    library = replace(small(), rulebooks=(replace(small().rulebook(rule), rules=(rule,)),))
    mutant = Mutant(rule.id, "priority", "rule", "a slip", replace(rule, priority=Priority.THEN))
    assert why_equivalent(mutant, library, small_advisor().catalogue) == reason


@cache
def links() -> tuple[Mutant, ...]:
    from cdsrules.guidance.lexicon import program_lexicon

    return tuple(one for one in mutants(small(), program_lexicon(small_advisor().program)) if one.action is not None)


def test_a_link_is_called_needless_exactly_where_only_the_listing_keeps_its_order() -> None:
    actions = small().vocabulary.actions
    assert links()
    for one in links():
        assert one.action is not None
        same = order_of_actions({**actions, one.about: one.action}) == order_of_actions(actions)
        lists_only = one.action.requires == actions[one.about].requires
        found = why_equivalent(one, small(), small_advisor().catalogue)
        assert found == (SAME_ORDER if same and lists_only else None), one.words


def test_some_link_of_the_vocabulary_holds_the_order() -> None:
    assert any(why_equivalent(one, small(), small_advisor().catalogue) is None for one in links())


@given(st.recursive(st.sampled_from([A, B, C]), lambda inner: st.builds(lambda x, y: AllOf((x, y)), inner, inner)))
def test_a_condition_said_twice_is_the_same_condition(condition: Condition) -> None:
    assert proof(condition, AnyOf((condition, condition))) == SAME_OUTCOME


def test_a_rule_of_any_sort_is_looked_at() -> None:
    rule = Rule("r", "small", Verb.FINDS, "f", A, "A rule")
    library = replace(small(), rulebooks=(replace(small().rulebooks[0], rules=(rule,)),))
    doubled = Mutant("r", "any", "when", "a slip", replace(rule, when=AllOf((A, A))))
    assert why_equivalent(doubled, library, small_advisor().catalogue) == SAME_OUTCOME
