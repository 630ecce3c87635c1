"""What holds: exceptions, ways out, and findings carried forward, in three values."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from cdsrules.inference.program import Conclusions, compile_program
from cdsrules.inference.reference import conclude
from cdsrules.model.condition import AllOf, Not
from cdsrules.model.rulebook import Rule, Status
from tests.made_rules import CATALOGUE, MOMENT, Given, cautions, fact, finding, finds, library, recommends


def concluded(rules: list[Rule], facts: Mapping[str, bool | None]) -> tuple[dict[str, bool | None], Conclusions]:
    """Return the truth of every rule by its id, and the conclusions as they are."""
    program = compile_program(library(rules), CATALOGUE)
    values, cutoffs = program.plan.encode(Given(facts)), program.plan.cutoffs(MOMENT)
    conclusions = conclude(program, values, cutoffs)
    names = [rule.id for rule in program.rules]
    return dict(zip(names, conclusions.rules, strict=True)), conclusions


@pytest.mark.parametrize("held", [True, False, None])
def test_a_rule_has_the_truth_of_its_condition(held: bool | None) -> None:
    truths, _ = concluded([recommends("talk", fact("a"))], {"a": held})
    assert truths == {"recommends-talk": held}


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (True, False, True),
        (True, None, True),
        (False, False, False),
        (False, None, None),
        (None, False, None),
        (None, True, True),
    ],
)
def test_several_rules_find_one_finding(first: bool | None, second: bool | None, expected: bool | None) -> None:
    rules = [
        finds("x", fact("a")),
        finds("x", fact("b"), rule_id="other"),
        recommends("talk", finding("x")),
    ]
    truths, conclusions = concluded(rules, {"a": first, "b": second})
    assert truths["recommends-talk"] is expected
    assert conclusions.findings == (expected,)


def test_findings_chain_through_layers_and_denials() -> None:
    rules = [
        recommends("talk", Not(finding("y"))),
        finds("y", AllOf((finding("x"), fact("b")))),
        finds("x", fact("a")),
    ]
    truths, _ = concluded(rules, {"a": True, "b": False})
    assert truths == {"finds-x": True, "finds-y": False, "recommends-talk": True}


@pytest.mark.parametrize(
    ("exception", "expected", "printed"), [(True, False, ()), (False, True, ()), (None, True, (0,))]
)
def test_only_a_true_exception_withdraws_and_an_unknown_one_is_kept_to_be_printed(
    exception: bool | None, expected: bool, printed: tuple[int, ...]
) -> None:
    rule = replace(recommends("talk", fact("a")), unless=fact("b"))
    truths, conclusions = concluded([rule], {"a": True, "b": exception})
    assert truths == {"recommends-talk": expected}
    assert conclusions.excepted == printed


def test_an_unknown_exception_of_a_rule_that_does_not_hold_is_not_printed() -> None:
    rule = replace(recommends("talk", fact("a")), unless=fact("b"))
    truths, conclusions = concluded([rule], {"a": False, "b": None})
    assert truths == {"recommends-talk": False}
    assert conclusions.excepted == ()


def test_a_withdrawn_finding_is_carried_forward_as_false() -> None:
    rules = [replace(finds("x", fact("a")), unless=fact("b")), recommends("talk", Not(finding("x")))]
    truths, _ = concluded(rules, {"a": True, "b": True})
    assert truths == {"finds-x": False, "recommends-talk": True}


@pytest.mark.parametrize(("lifted", "expected"), [((True, None), False), ((False, False), True), ((False, None), None)])
def test_any_way_out_lifts_a_caution(lifted: tuple[bool | None, bool | None], expected: bool | None) -> None:
    rule = cautions("referral", fact("a"), fact("b"), fact("c"))
    truths, _ = concluded([rule], {"a": True, "b": lifted[0], "c": lifted[1]})
    assert truths == {"cautions-referral": expected}


@pytest.mark.parametrize("status", [Status.DRAFT, Status.SHADOW, Status.RETIRED])
def test_a_rule_that_is_not_active_is_not_evaluated_for_what_is_shown(status: Status) -> None:
    rules = [
        replace(finds("x", fact("a")), status=status),
        recommends("talk", fact("a")),
        recommends("wait", finding("x")),
    ]
    truths, _ = concluded(rules, {"a": True})
    assert truths == {"recommends-talk": True, "recommends-wait": False}
