"""Which rules take part, and in what order they are decided."""

from dataclasses import replace

import pytest

from cdsrules.inference.order import decision_of, feeds, finders, layers, reads_of, running
from cdsrules.model.condition import AllOf, AnyOf, Not
from cdsrules.model.rulebook import Status
from tests.made_rules import case_of, cautions, fact, finding, finds, recommends


def test_the_decision_of_a_rule_without_until_is_its_condition() -> None:
    rule = recommends("talk", fact("a"))
    assert decision_of(rule) == fact("a")


def test_one_way_out_is_denied_in_the_decision() -> None:
    rule = cautions("referral", fact("a"), fact("b"))
    assert decision_of(rule) == AllOf((fact("a"), Not(fact("b"))))


def test_any_of_several_ways_out_lifts() -> None:
    rule = cautions("referral", fact("a"), fact("b"), fact("c"))
    assert decision_of(rule) == AllOf((fact("a"), Not(AnyOf((fact("b"), fact("c"))))))


def test_a_rule_reads_the_findings_of_its_condition_its_ways_out_and_its_exception() -> None:
    rule = replace(cautions("referral", finding("x"), finding("y")), unless=finding("z"))
    assert reads_of(rule) == ("x", "y", "z")


@pytest.mark.parametrize(
    ("status", "runs", "feeding"),
    [
        (Status.ACTIVE, True, True),
        (Status.SHADOW, False, False),
        (Status.DRAFT, False, False),
        (Status.RETIRED, False, False),
    ],
)
def test_status_decides_who_runs_and_who_feeds(status: Status, runs: bool, feeding: bool) -> None:
    rule = replace(finds("x", fact("a")), status=status)
    assert (running([rule]) == (rule,)) is runs
    assert feeds(rule) is feeding


def test_finders_are_the_active_rules_by_finding() -> None:
    first, second = finds("x", fact("a")), finds("x", fact("b"), rule_id="other")
    shadow = replace(finds("x", fact("c"), rule_id="shadow"), status=Status.SHADOW)
    assert finders([first, second, shadow]) == {"x": (first, second)}


def test_a_rule_comes_after_every_rule_that_carries_what_it_reads() -> None:
    last = recommends("talk", finding("y"))
    middle = finds("y", AllOf((finding("x"), fact("b"))))
    first, other = finds("x", fact("a")), finds("x", fact("c"), rule_id="other")
    assert layers([last, middle, first, other]) == ((first, other), (middle,), (last,))


def test_a_finding_that_nobody_carries_holds_nothing_up() -> None:
    rule = recommends("talk", finding("nobody"))
    assert layers([rule]) == ((rule,),)


def test_findings_in_a_circle_are_refused() -> None:
    rules = [finds("x", finding("y")), finds("y", finding("x"))]
    with pytest.raises(ValueError, match="finds-x, finds-y"):
        layers(rules)


def test_what_carries_a_finding_stands_as_written_though_it_is_decided_later() -> None:
    """The first of them names the finding, so that a name does not hang on what else a rule reads."""
    reading = finds("x", finding("y"), rule_id="written-first")
    plain = finds("x", fact("a"), rule_id="decided-first")
    program = case_of([reading, plain, finds("y", fact("b"))], {}).program

    assert program.carriers["x"] == (reading, plain)
