"""Two evaluators, one meaning: the compiled one decides as the traced one explains."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cdsrules.logic.compile import plan
from cdsrules.logic.fold import fold
from cdsrules.logic.moment import Moment
from cdsrules.logic.reading import Facts
from cdsrules.logic.trace import trace
from cdsrules.logic.truth import Truth
from cdsrules.model.condition import AllOf, AnyOf, AtLeast, Condition, KnownTest, Leaf, Not, facts_read, walk
from cdsrules.model.facts import Known, Unknown
from tests.logic.sample import CATALOGUE, Given, asked_of
from tests.logic.strategies import client_facts, conditions, fact_values, moments

FINDINGS = ("stalled", "no_improvement", "lost_gain")
some_conditions = conditions(CATALOGUE, FINDINGS)
truths = st.sampled_from([True, False, None])


@dataclass(frozen=True)
class Example:
    """Conditions and a client to decide them for."""

    conditions: tuple[Condition, ...]
    facts: Facts
    found: tuple[Truth, ...]
    moment: Moment

    @property
    def findings(self) -> Mapping[str, Truth]:
        return dict(zip(FINDINGS, self.found, strict=True))


@st.composite
def examples(draw: st.DrawFn, most: int = 4) -> Example:
    moment = draw(moments())
    some = draw(st.lists(some_conditions, min_size=1, max_size=most))
    keys = dict.fromkeys(key for one in some for key in facts_read(one))
    facts = draw(client_facts(keys, CATALOGUE, moment.as_of))
    return Example(tuple(some), facts, draw(st.tuples(truths, truths, truths)), moment)


def traced(example: Example, *wanted: Condition) -> tuple[Truth, ...]:
    some = wanted or example.conditions
    return tuple(trace(one, example.facts, example.findings, example.moment).truth for one in some)


def compiled(example: Example, *wanted: Condition) -> tuple[Truth, ...]:
    made = plan([wanted or example.conditions], CATALOGUE, {name: (place,) for place, name in enumerate(FINDINGS)})
    values, cutoffs = made.encode(example.facts), made.cutoffs(example.moment)
    return made.deciders[0](values, cutoffs, example.found)


def on_demand(example: Example) -> tuple[Truth, ...]:
    made = plan([example.conditions], CATALOGUE, {name: (place,) for place, name in enumerate(FINDINGS)})
    return made.deciders[0](asked_of(made, example.facts), made.cutoffs(example.moment), example.found)


@settings(max_examples=500)
@given(examples())
def test_both_evaluators_agree(example: Example) -> None:
    assert compiled(example) == traced(example)


@given(examples())
def test_measuring_a_fact_only_when_it_is_read_changes_nothing(example: Example) -> None:
    assert on_demand(example) == traced(example)


@pytest.mark.fuzz
@given(examples(most=12))
def test_both_evaluators_agree_for_long(example: Example) -> None:
    assert compiled(example) == traced(example)


@pytest.mark.parametrize("decide", [traced, compiled])
@given(example=examples(most=1))
def test_denying_and_grouping_follow_kleene(decide: object, example: Example) -> None:
    assert callable(decide)
    one = example.conditions[0]
    truth, denied, twice, doubled, counted, opposed = decide(
        example,
        one,
        Not(one),
        Not(Not(one)),
        AllOf((one, one)),
        AtLeast(2, (one, one, Not(one))),
        AnyOf((one, Not(one))),
    )

    assert denied is (None if truth is None else not truth)
    assert twice is truth
    assert doubled is truth
    assert counted is (None if truth is None else truth)
    assert opposed is (None if truth is None else True)


@given(examples(most=1), st.data())
def test_learning_more_never_takes_back_what_was_known(example: Example, data: st.DataObject) -> None:
    """Filling in what is not known settles what is open and changes nothing that is settled."""
    (condition,) = example.conditions
    assume(not any(isinstance(node, KnownTest) for node in walk(condition)))
    learnt = {}
    for key in facts_read(condition):
        measured = example.facts.get(key)
        if isinstance(measured, Unknown):
            measured = Known(data.draw(fact_values(CATALOGUE[key.name], example.moment.as_of)))
        learnt[key] = measured
    found = tuple(data.draw(st.booleans()) if one is None else one for one in example.found)
    before = traced(example)
    after = traced(replace(example, facts=Given(learnt), found=found))

    assert before in {(None,), after}


@given(examples(most=1))
def test_a_trace_is_the_fold_of_its_leaves(example: Example) -> None:
    whole = trace(example.conditions[0], example.facts, example.findings, example.moment)

    def of_leaf(leaf: Leaf) -> Truth:
        return trace(leaf, example.facts, example.findings, example.moment).truth

    assert whole.truth is fold(example.conditions[0], of_leaf)
