"""What is told without trying is true of everything that can be tried: no rule is passed over that could turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from cdsrules.guidance.opening import NEVER, opening, opens
from cdsrules.guidance.places import Clauses
from cdsrules.guidance.prospects import prospects
from cdsrules.guidance.reach import fact_leaves
from cdsrules.guidance.reasoning import Overlay
from cdsrules.guidance.trials import Trials
from cdsrules.inference.reference import conclude
from cdsrules.logic.trace import leaf_truth
from cdsrules.model.condition import AllOf, AnyOf, AtLeast, FactKey, KnownTest, Not
from cdsrules.model.rulebook import Rule, Tier, Verb
from tests.guidance import direct
from tests.inference.strategies import facts_given, rulebooks
from tests.made_rules import LETTERS, action, case_of, fact, finding, finds, recommends

KEYS = tuple(FactKey(letter) for letter in LETTERS)
Facts = Mapping[str, bool | None]
A, B, C, D = map(fact, "abcd")

records = st.lists(st.lists(st.sampled_from(KEYS), min_size=1, max_size=3, unique=True), max_size=3)


def facts_of(opening: Clauses, rule: Rule, **known: bool) -> list[str]:
    """Return the facts of each group of leaves of which one has to become known, as letters."""
    keys = case_of([rule], known).held.places.keys
    return ["".join(key.name for place in clause for key in keys[place]) for clause in opening]


def opening_of(rule: Rule, **known: bool) -> list[str]:
    return facts_of(opens(case_of([rule], known), rule), rule, **known)


def test_each_open_part_of_a_conjunction_has_to_become_known() -> None:
    rule = recommends("talk", AllOf((A, Not(B), C)))
    assert opening_of(rule) == ["a", "b", "c"]
    assert opening_of(rule, a=True) == ["b", "c"]


def test_one_way_of_several_has_to_begin() -> None:
    assert opening_of(recommends("talk", AllOf((A, AnyOf((B, AllOf((C, D)))))))) == ["a", "bc"]
    assert opening_of(recommends("talk", AtLeast(2, (A, B, C)))) == ["abc"]
    assert opening_of(recommends("talk", AtLeast(2, (A, B, C))), c=False) == ["a", "b"]


def test_nothing_that_becomes_known_brings_about_what_a_known_fact_rules_out() -> None:
    rule = recommends("talk", AllOf((A, B)))
    assert opens(case_of([rule], {"a": False}), rule) == NEVER
    asking = recommends("talk", KnownTest(FactKey("a")))
    assert opening_of(asking) == ["a"]
    assert opens(case_of([asking], {}), asking, want=False) == ()


def test_the_facts_of_which_fewest_would_do_come_first_and_stand_for_others() -> None:
    rule = recommends("talk", AllOf((AnyOf((A, B)), C, AnyOf((C, D)), Not(C))))
    case = case_of([rule], {})
    letters = [key.name for key in case.outline.places.facts]
    assert [[letters[fact] for fact in clause] for clause in opening(case, rule)] == [["c"], ["a", "b"]]
    assert opening(case_of([rule], {"a": False, "b": False}), rule) == NEVER


@given(rulebooks(), facts_given, records)
def test_no_rule_that_could_come_out_otherwise_is_passed_over(
    rules: list[Rule], facts: Facts, groups: list[list[FactKey]]
) -> None:
    case = case_of(rules, facts)
    found = prospects(case, groups)
    truths, plan = case.conclusions.rules, case.program.plan
    for keys, of_group in zip(groups, found.of, strict=True):
        for supposed in direct.each(case, keys):
            values = plan.encode(Overlay(case.facts, supposed))
            others = conclude(case.program, values, plan.cutoffs(case.moment)).rules
            for at, (truth, other) in enumerate(zip(truths, others, strict=True)):
                assert other is truth or found.rules >> at & 1
                shown = case.outline.advising.bits >> at & 1
                assert not shown or (other is True) is (truth is True) or of_group >> at & 1


@given(rulebooks(), facts_given, st.data())
def test_leaves_taken_together_have_the_truth_of_each(rules: list[Rule], facts: Facts, data: st.DataObject) -> None:
    case = case_of(rules, facts)
    places = case.held.places
    for rule in data.draw(st.permutations(rules)):
        ready = places.readies[rule.id]
        true, false = case.held.of(ready.bits)
        assert not (true | false) & ~ready.bits
        for place, leaf in zip(ready.leaves, fact_leaves(case.program, rule), strict=True):
            truth = leaf_truth(leaf, case.facts, case.moment)
            assert (bool(true >> place & 1), bool(false >> place & 1)) == (truth is True, truth is False)
            assert case.held[place] is truth


@given(rulebooks(), facts_given, records, st.data())
def test_what_is_held_back_while_a_safety_item_is_open_is_tried_with_it(
    rules: list[Rule], facts: Facts, groups: list[list[FactKey]], data: st.DataObject
) -> None:
    def put(rule: Rule) -> Rule:
        safety = rule.verb is not Verb.FINDS and data.draw(st.booleans())
        return replace(rule, tier=Tier.SAFETY) if safety else rule

    kept = replace(action("talk"), not_while_at_risk=data.draw(st.booleans()))
    case = case_of([put(rule) for rule in rules], facts, [kept])
    assert list(Trials(case).of_records(groups)) == [
        direct.changed_by(
            case,
            [
                *(supposed for key in keys for supposed in direct.each(case, [key])),
                *(direct.together(case, keys) if len(keys) > 1 else ()),
            ],
        )
        for keys in groups
    ]


def test_a_finding_that_waits_for_two_facts_is_not_brought_about_by_one() -> None:
    rules = [finds("x", AllOf((A, B))), recommends("talk", finding("x"))]
    case = case_of(rules, {})
    one, both = prospects(case, [KEYS[:1], KEYS[:2]]).of
    assert (one, both) == (0, 1 << case.program.index[rules[1].id])
