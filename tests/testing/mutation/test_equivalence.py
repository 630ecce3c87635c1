"""A slip is called equivalent only where it is proved that it changes nothing for any client."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsrules.advisor import Advisor
from cdsrules.guidance.outline import outline
from cdsrules.inference.program import Program, compile_program
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
from cdsrules.model.rulebook import SAFETY_RULEBOOK, Priority, Rule, Tier, Verb
from cdsrules.model.vocabulary import Action
from cdsrules.testing.mutation.equivalence import ALWAYS_NOW, MOST_SETTINGS, SAME_OUTCOME, why_equivalent
from cdsrules.testing.mutation.mutants import Mutant, mutants
from cdsrules.testing.mutation.same_order import NEVER_BOTH, SAME_ORDER
from cdsrules.testing.mutation.variants import with_mutant
from tests.rules.shipped import library
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
    return why_equivalent(mutant, compile_program(library, small_advisor().catalogue))


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
    assert why_equivalent(mutant, small_advisor().program) is None


@pytest.mark.parametrize(("tier", "reason"), [(Tier.SAFETY, ALWAYS_NOW), (Tier.REVIEW, None)])
def test_only_a_safety_item_has_no_use_for_its_priority(tier: Tier, reason: str | None) -> None:
    rule = replace(small().by_id["look-afresh"], tier=tier)
    library = replace(small(), rulebooks=(replace(small().rulebook(rule), rules=(rule,)),))
    mutant = Mutant(rule.id, "priority", "rule", "a slip", replace(rule, priority=Priority.THEN))
    assert why_equivalent(mutant, compile_program(library, small_advisor().catalogue)) == reason


@cache
def links() -> tuple[Mutant, ...]:
    from cdsrules.guidance.lexicon import program_lexicon

    program = shipped_program()
    return tuple(one for one in mutants(program.library, program_lexicon(program)) if one.actions)


@cache
def shipped_program() -> Program:
    return Advisor(library(), engine="reference").program


def actions() -> Mapping[str, Action]:
    return library().vocabulary.actions


def given_in_order(program: Program) -> list[str]:
    return [rule.id for _, rule in outline(program).pathway]


def test_a_link_is_called_needless_only_where_nothing_comes_or_waits_otherwise() -> None:
    program = shipped_program()
    # What the safety rulebook recommends waits for nothing.
    recommended = {rule.target for _, rule in outline(program).pathway if rule.rulebook != SAFETY_RULEBOOK}
    found = {one: why_equivalent(one, program) for one in links()}
    assert set(found.values()) == {SAME_ORDER, NEVER_BOTH, None}
    for one, why in found.items():
        changed = replace(program, library=with_mutant(program.library, one))
        waiting = {action.id for action in one.actions if action.requires != actions()[action.id].requires}
        if why == SAME_ORDER:
            assert given_in_order(changed) == given_in_order(program), one.words
        elif why is None:
            assert given_in_order(changed) != given_in_order(program) or waiting & recommended, one.words


@given(st.recursive(st.sampled_from([A, B, C]), lambda inner: st.builds(lambda x, y: AllOf((x, y)), inner, inner)))
def test_a_condition_said_twice_is_the_same_condition(condition: Condition) -> None:
    assert proof(condition, AnyOf((condition, condition))) == SAME_OUTCOME


def test_a_rule_of_any_sort_is_looked_at() -> None:
    rule = Rule("r", "small", Verb.FINDS, "f", A, "A rule")
    library = replace(small(), rulebooks=(replace(small().rulebooks[0], rules=(rule,)),))
    doubled = Mutant("r", "any", "when", "a slip", replace(rule, when=AllOf((A, A))))
    assert why_equivalent(doubled, compile_program(library, small_advisor().catalogue)) == SAME_OUTCOME
