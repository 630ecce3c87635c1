"""A rulebook as Horn clauses: the same conclusions, and only the rails that are read."""

from collections.abc import Mapping
from itertools import product

from hypothesis import given

from cdsrules.inference.engine import disagreement
from cdsrules.inference.exchange import Exchange
from cdsrules.inference.grounding import MAX_ALTERNATIVES, ground
from cdsrules.inference.horn import least_model
from cdsrules.inference.program import compile_program
from cdsrules.inference.reference import conclude
from cdsrules.model.condition import AllOf, AnyOf, Condition, FactKey, KnownTest, Not
from cdsrules.model.rulebook import Rule
from tests.inference.strategies import facts_given, rulebooks
from tests.made_rules import CATALOGUE, LETTERS, MOMENT, Given, fact, finding, finds, library, recommends


def differing(rules: list[Rule], facts: Mapping[str, bool | None]) -> str:
    """Return what the least model of the grounding concludes otherwise than the reference."""
    program = compile_program(library(rules), CATALOGUE)
    values, cutoffs = program.plan.encode(Given(facts)), program.plan.cutoffs(MOMENT)
    expected = conclude(program, values, cutoffs)
    exchange = Exchange(program)
    derived = least_model(program.grounding.program, exchange.given(values, cutoffs, expected))
    said = disagreement(program, expected, derived)
    assert exchange.agrees(expected, derived) is (said == "")
    return said


@given(rulebooks(), facts_given)
def test_the_least_model_holds_what_the_reference_holds(rules: list[Rule], facts: dict[str, bool | None]) -> None:
    assert differing(rules, facts) == ""


def test_what_reads_no_finding_is_one_literal() -> None:
    condition = AllOf((fact("a"), AnyOf((fact("b"), Not(fact("c"))))))
    grounding = ground([recommends("talk", condition)])
    assert grounding.literals == (condition,)
    assert len(grounding.program.clauses) == 1


def test_parts_without_findings_are_taken_together() -> None:
    grounding = ground([finds("x", fact("a")), recommends("talk", AllOf((fact("b"), finding("x"), fact("c"))))])
    assert grounding.literals == (fact("a"), AllOf((fact("b"), fact("c"))))


def test_a_rail_for_false_exists_only_where_a_finding_is_denied() -> None:
    read = ground([finds("x", fact("a")), recommends("talk", finding("x"))])
    denied = ground([finds("x", fact("a")), recommends("talk", Not(finding("x")))])
    assert [pair[1] for pair in read.posted] == [None]
    assert read.denied == ()
    assert all(pair[1] is not None for pair in denied.posted)
    assert [name for name, _ in denied.denied] == ["x"]


def test_a_rule_with_too_many_alternatives_is_decided_outside() -> None:
    pairs = [AnyOf((finding(f"p{place}"), finding(f"q{place}"))) for place in range(6)]
    rules = [
        *(finds(f"{side}{place}", KnownTest(FactKey(LETTERS[place]))) for place, side in product(range(6), "pq")),
        recommends("talk", AllOf(tuple[Condition, ...](pairs))),
    ]
    grounding = ground(rules)
    assert MAX_ALTERNATIVES < 2**6
    assert [rule for rule, _, _ in grounding.outside] == [len(rules) - 1]
    assert differing(rules, dict.fromkeys(LETTERS, True)) == ""
    assert differing(rules, {}) == ""


def test_no_rule_has_more_productions_than_its_limit() -> None:
    pairs = [AnyOf((finding(f"p{place}"), finding(f"q{place}"))) for place in range(5)]
    rules = [
        *(finds(f"{side}{place}", KnownTest(FactKey(LETTERS[place]))) for place, side in product(range(5), "pq")),
        recommends("talk", AllOf(tuple[Condition, ...](pairs))),
    ]
    grounding = ground(rules)
    head = grounding.holds[-1]
    assert grounding.outside == ()
    assert sum(clause.head == head for clause in grounding.program.clauses) == 2**5 == MAX_ALTERNATIVES
