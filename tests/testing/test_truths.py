"""What can be unknown: not what is always known, and not what counts only where it is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsrules.advisor import Advisor
from cdsrules.inference.program import compile_program
from cdsrules.inference.reference import conclude
from cdsrules.logic.truth import Truth
from cdsrules.model.condition import (
    AllOf,
    AnyOf,
    AtLeast,
    Condition,
    Done,
    FactKey,
    FactTest,
    FindingTest,
    KnownTest,
    Not,
    Value,
)
from cdsrules.model.rulebook import Library
from cdsrules.model.time import Duration
from cdsrules.testing.truths import THREE, TWO, Truths
from tests.made_rules import CATALOGUE, MOMENT, Given, fact, finding, finds, library
from tests.testing.small_rulebook import small

LASTED, RATING = FactKey("treatment.duration"), FactKey("ratings.client.latest")
RATED, SAME = KnownTest(RATING), FactTest(RATING, "is", Value("same"))
WORSE = FactTest(FactKey("ratings.clinician.latest"), "is", Value("worse"))
LONG = FactTest(LASTED, "at_least", Value(Duration(6, "months")))
SESSIONS_LONG = FactTest(LASTED, "at_least", Value(Duration(6, "sessions")))
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
        (AllOf((RATED, AnyOf((SAME, Not(SAME))))), TWO),
        (AllOf((RATED, AnyOf((SAME, WORSE)))), THREE),
        (AllOf((AnyOf((Not(RATED), SAME)), SAME)), THREE),
        (AllOf((RATED, SAME, WORSE)), THREE),
        (AllOf((CONSULTED, RECENT)), THREE),  # the list of sessions may be missing
        (AllOf((RATED, FindingTest("slow"))), THREE),
        (LONG, TWO),  # no client document goes without the start of treatment
        (SESSIONS_LONG, THREE),
        (AllOf((RATED, SAME, LONG)), TWO),
    ],
)
def test_a_clause_that_counts_only_when_it_is_known_leaves_nothing_open(
    condition: Condition, possible: frozenset[Truth]
) -> None:
    rule = small().by_id["look-afresh"]
    book = replace(small().rulebook(rule), rules=(small().by_id["slow"], replace(rule, when=condition)))
    advisor = Advisor(Library(small().vocabulary, (book,), "x"), engine="reference")
    truths = Truths(advisor.program)
    assert truths.of(condition) == truths.of_rule(advisor.program.library.by_id[rule.id]) == possible


ALWAYS = {**CATALOGUE, "a": replace(CATALOGUE["a"], always=True)}
LEAVES = st.sampled_from([*map(fact, "abc"), *(KnownTest(FactKey(letter)) for letter in "abc"), finding("found")])


def groups(parts: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    several = st.lists(parts, min_size=1, max_size=3).map(tuple)
    of_some = several.flatmap(lambda some: st.integers(1, len(some)).map(lambda count: AtLeast(count, some)))
    return st.one_of(parts.map(Not), several.map(AllOf), several.map(AnyOf), of_some)


CONDITIONS = st.recursive(LEAVES, groups, max_leaves=8)
FACTS = st.fixed_dictionaries(
    {"a": st.booleans(), "b": st.sampled_from([True, False, None]), "c": st.sampled_from([True, False, None])}
)


@given(CONDITIONS, st.recursive(LEAVES.filter(lambda leaf: leaf != finding("found")), groups, max_leaves=4), FACTS)
def test_no_client_shows_a_truth_that_is_said_to_be_impossible(
    when: Condition, found: Condition, facts: Mapping[str, bool | None]
) -> None:
    rules = [finds("found", found, rule_id="finding"), finds("other", when, rule_id="looked-at")]
    program = compile_program(library(rules), ALWAYS)
    concluded = conclude(program, program.plan.encode(Given(facts)), program.plan.cutoffs(MOMENT)).rules

    for rule in program.rules:
        assert concluded[program.index[rule.id]] in Truths(program).of_rule(rule)
