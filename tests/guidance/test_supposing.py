"""What is weighed for many suppositions at once is what each of them means, worked out by itself."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from cdsrules.guidance.case import Case
from cdsrules.guidance.outline import outline
from cdsrules.guidance.reach import fact_leaves
from cdsrules.guidance.reasoning import Reasoning, said
from cdsrules.guidance.trials import Trials
from cdsrules.inference.program import compile_program
from cdsrules.inference.reference import conclude
from cdsrules.logic.trace import leaf_truth
from cdsrules.model.condition import FactKey, Leaf, keys_of
from cdsrules.model.facts import Unknown
from cdsrules.model.rulebook import Rule
from tests.guidance import direct
from tests.inference.strategies import facts_given, rulebooks
from tests.logic.sample import CATALOGUE
from tests.logic.strategies import client_facts, conditions, moments
from tests.made_rules import LETTERS, case_of, finds, library, recommends

KEYS = tuple(FactKey(letter) for letter in LETTERS)
Facts = dict[str, bool | None]
# Made once: to make what stands for every operator of every fact takes longer than to draw from it.
FROM_FACTS = conditions(CATALOGUE)
FROM_A_FINDING = conditions(CATALOGUE, ("x",))


def held(case: Case, leaf: Leaf) -> bool | None:
    return leaf_truth(leaf, case.facts, case.moment)


@given(rulebooks(), facts_given)
def test_one_leaf_otherwise_turns_a_rule_where_deciding_it_again_does(rules: list[Rule], facts: Facts) -> None:
    case = case_of(rules, facts)
    for rule in rules:
        reasoning = Reasoning(case, rule)
        assert reasoning.truth is direct.decided(case.program, rule, lambda leaf: held(case, leaf))
        for place, leaf in zip(reasoning.ready.leaves, fact_leaves(case.program, rule), strict=True):
            assert (case.held.places.leaves[place], reasoning.leaf_truth(place)) == (leaf, held(case, leaf))
            others = [direct.supposing(case, rule, leaf, truth) for truth in (True, False)]
            assert reasoning.bears(place) is any(other is not reasoning.truth for other in others)
            turned = [(other is True) is not (reasoning.truth is True) for other in others]
            assert reasoning.turns(place) is any(turned)


@given(rulebooks(), facts_given, st.sets(st.sampled_from(KEYS)))
def test_what_some_facts_alone_carry(rules: list[Rule], facts: Facts, kept: set[FactKey]) -> None:
    case = case_of(rules, facts)
    for rule in rules:
        assert Reasoning(case, rule).seeing_only(kept) is direct.seeing_only(case, rule, kept)


def left_open(case: Case, rule: Rule) -> tuple[FactKey, ...]:
    """Return the facts that alone decide a rule, or else all that are unknown, by deciding it again."""
    unknown = [leaf for leaf in fact_leaves(case.program, rule) if held(case, leaf) is None]
    telling = [
        leaf
        for leaf in unknown
        if any(direct.supposing(case, rule, leaf, truth) is not None for truth in (True, False))
    ]
    keys = dict.fromkeys(key for leaf in telling or unknown for key in keys_of(leaf))
    return tuple(key for key in keys if isinstance(case.facts.get(key), Unknown))


def missing_facts(case: Case, rule: Rule) -> tuple[FactKey, ...]:
    """Return the unknown facts that leave a rule undecided, in the order read."""
    return tuple(key for key in said(case, rule).waits_for if isinstance(case.held.fact(key), Unknown))


@given(rulebooks(), facts_given)
def test_missing_is_what_alone_decides_or_else_all_that_is_unknown(rules: list[Rule], facts: Facts) -> None:
    case = case_of(rules, facts)
    for rule in case.undecided:
        assert missing_facts(case, rule) == left_open(case, rule)


@given(rulebooks(), facts_given, st.lists(st.lists(st.sampled_from(KEYS), min_size=1, max_size=4, unique=True)))
def test_answers_tried_all_at_once_change_what_they_change_one_by_one(
    rules: list[Rule], facts: Facts, records: list[list[FactKey]]
) -> None:
    case = case_of(rules, facts)
    trials = Trials(case)
    assert trials.present == direct.advice(case, {})
    assert list(trials.of_records(records)) == [
        direct.changed_by(
            case,
            [
                *(supposed for key in keys for supposed in direct.each(case, [key])),
                *(direct.together(case, keys) if len(keys) > 1 else ()),
            ],
        )
        for keys in records
    ]


@given(rulebooks(), facts_given, st.sets(st.sampled_from(tuple(combinations(KEYS, 2))), max_size=4))
def test_pairs_are_tried_in_every_combination(
    rules: list[Rule], facts: Facts, pairs: set[tuple[FactKey, FactKey]]
) -> None:
    case = case_of(rules, facts)
    tried = sorted(pairs)
    found = Trials(case).of_pairs(tried)
    assert list(found) == [direct.changed_by(case, direct.each(case, pair)) for pair in tried]


@st.composite
def of_every_kind(draw: st.DrawFn) -> Case:
    """Return a client's case by rules over facts of every kind: days after others, windows, steps and proposals."""
    moment = draw(moments())
    found = finds("x", draw(FROM_FACTS))
    says = [recommends("talk", draw(FROM_A_FINDING), rule_id=f"r{place}") for place in range(2)]
    says[0] = replace(says[0], unless=draw(st.none() | FROM_A_FINDING))
    program = compile_program(library([found, *says]), CATALOGUE)
    facts = draw(client_facts(program.plan.slots, CATALOGUE, moment.as_of))
    plain = program.plan.encode(facts), program.plan.cutoffs(moment)
    return Case(outline(program), "c-1", facts, (), moment, conclude(program, *plain), plain)


@settings(max_examples=40)
@given(of_every_kind(), st.data())
def test_days_after_others_windows_and_proposals_are_tried_alike(case: Case, data: st.DataObject) -> None:
    keys = st.sampled_from(case.program.plan.slots)
    records = data.draw(st.lists(st.lists(keys, min_size=1, max_size=3, unique=True), max_size=2))
    assert list(Trials(case).of_records(records)) == [
        direct.changed_by(
            case,
            [
                *(supposed for key in record for supposed in direct.each(case, [key])),
                *(direct.together(case, record) if len(record) > 1 else ()),
            ],
        )
        for record in records
    ]
    pairs = data.draw(st.lists(st.tuples(keys, keys).filter(lambda pair: pair[0] != pair[1]), max_size=1))
    assert list(Trials(case).of_pairs(pairs)) == [direct.changed_by(case, direct.each(case, pair)) for pair in pairs]


@settings(max_examples=40)
@given(of_every_kind())
def test_what_facts_of_every_kind_leave_open(case: Case) -> None:
    for rule in case.undecided:
        assert missing_facts(case, rule) == left_open(case, rule)
