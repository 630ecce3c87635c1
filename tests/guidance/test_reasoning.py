"""A support is minimal and sufficient: what is cited carries, what is not cited cannot turn."""

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from cdsrules.guidance.case import Case
from cdsrules.guidance.reach import fact_leaves, reached_rules
from cdsrules.guidance.reasoning import Reasoning
from cdsrules.model.condition import AllOf, AnyOf, AtLeast, FactKey, Not
from cdsrules.model.facts import Known
from cdsrules.model.rulebook import Rule
from tests.inference.strategies import facts_given, rulebooks
from tests.made_rules import LETTERS, case_again, case_of, fact, finding, finds, recommends


def supported(rule: Rule, *others: Rule, **facts: bool | None) -> set[str]:
    """Return the names of the facts that carry the rule's conclusion."""
    case = case_of([rule, *others], facts)
    return {key.name for key in Reasoning(case, rule).support()}


def test_all_parts_carry_a_true_conjunction_and_one_carries_a_false_one() -> None:
    rule = recommends("talk", AllOf((fact("a"), fact("b"))))
    assert supported(rule, a=True, b=True) == {"a", "b"}
    assert supported(rule, a=False, b=False) == {"a"}


def test_one_part_carries_a_true_disjunction_and_all_carry_a_false_one() -> None:
    rule = recommends("talk", AnyOf((fact("a"), fact("b"))))
    assert supported(rule, a=None, b=True) == {"b"}
    assert supported(rule, a=False, b=False) == {"a", "b"}


def test_just_enough_parts_carry_a_count() -> None:
    rule = recommends("talk", AtLeast(2, (fact("a"), fact("b"), fact("c"))))
    assert supported(rule, a=True, b=True, c=True) == {"a", "b"}


def test_a_finding_is_carried_by_the_facts_of_one_rule_that_finds_it() -> None:
    rule = recommends("talk", finding("x"))
    assert supported(rule, finds("x", fact("a")), finds("x", fact("b"), rule_id="other"), a=False, b=True) == {"b"}


def test_a_denied_finding_is_carried_by_every_rule_that_could_find_it() -> None:
    rule = recommends("talk", Not(finding("x")))
    others = finds("x", fact("a")), finds("x", fact("b"), rule_id="other")
    assert supported(rule, *others, a=False, b=False) == {"a", "b"}


def test_what_cannot_be_decided_has_no_support() -> None:
    assert supported(recommends("talk", fact("a")), a=None) == set()


def test_an_exception_that_withdraws_carries_the_silence() -> None:
    rule = replace(recommends("talk", fact("a")), unless=fact("b"))
    assert supported(rule, a=True, b=True) == {"b"}


def test_an_exception_that_did_not_withdraw_is_a_guard() -> None:
    rule = replace(recommends("talk", fact("a")), unless=fact("b"))
    case = case_of([rule], {"a": True, "b": False})
    assert Reasoning(case, rule).guards() == (FactKey("b"),)


def test_a_rule_reaches_the_rules_that_carry_its_findings() -> None:
    first, second = finds("x", fact("a")), finds("y", finding("x"))
    rule = recommends("talk", finding("y"))
    case = case_of([rule, second, first], {})
    assert reached_rules(case.program, rule) == (rule, second, first)
    assert fact_leaves(case.program, rule) == (fact("a"),)


def changed(case: Case, name: str, value: bool | None, rule: Rule) -> bool | None:
    """Return the rule's truth when one fact is otherwise."""
    facts = {letter: known_value(case, letter) for letter in LETTERS} | {name: value}
    return case_again(case.outline, facts).truth(rule)


def known_value(case: Case, name: str) -> bool | None:
    measured = case.facts.get(FactKey(name))
    return bool(measured.value) if isinstance(measured, Known) else None


@given(rulebooks(), facts_given, st.data())
def test_an_explanation_is_faithful(rules: list[Rule], facts: dict[str, bool | None], data: st.DataObject) -> None:
    case = case_of(rules, facts)
    rule = data.draw(st.sampled_from(rules))
    reasoning = Reasoning(case, rule)
    assert reasoning.truth is case.truth(rule)
    assume(reasoning.truth is not None)
    support = reasoning.support()
    assert reasoning.seeing_only(support) is reasoning.truth
    for key in support:
        if isinstance(case.facts.get(key), Known):
            without = [one for one in support if one != key]
            assert reasoning.seeing_only(without) is not reasoning.truth
    cited = {key.name for key in (*support, *reasoning.guards())}
    for letter in LETTERS:
        if letter not in cited:
            for value in (True, False, None):
                assert changed(case, letter, value, rule) is reasoning.truth
