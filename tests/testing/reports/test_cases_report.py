"""The end of a report on cases: by which rules the differences are explained."""

from __future__ import annotations

from functools import cache

from cdsrules.testing import Case, read_cases
from cdsrules.testing.difference import Difference
from cdsrules.testing.ran import Ran
from cdsrules.testing.reports.cases import rules_concerned
from cdsrules.testing.why import Why
from tests.testing.mutation.test_judging import FILE
from tests.testing.small_rulebook import small


@cache
def case() -> Case:
    return read_cases(FILE.encode(), "cases.yaml", small()).cases[0]


def failed(*rules: str) -> Ran:
    """A case with two differences, both explained by the same rules."""
    differences = Difference("Now", "more", "less"), Difference("Then", "less", "more")
    whys = tuple(Why(rule, "holds", (), ()) for rule in rules)
    return Ran("cases.yaml", "small", case(), differences, dict.fromkeys(differences, whys))


def test_each_rule_is_counted_once_a_case_and_the_most_frequent_comes_first() -> None:
    told = rules_concerned([failed("b", "a"), failed("b"), failed("c", "b")])

    assert told == "Rules behind the differences: `b` in 3 cases, `a` in 1 case, `c` in 1 case."


def test_of_many_rules_the_rest_is_counted() -> None:
    assert rules_concerned([failed(*"abcdef"), failed("a")]) == (
        "Rules behind the differences: `a` in 2 cases, `b` in 1 case, `c` in 1 case, `d` in 1 case, `e` in 1 case, "
        "and 1 further rule."
    )


def test_a_single_case_and_cases_that_no_rule_explains_have_no_such_end() -> None:
    assert rules_concerned([failed("a")]) is None
    assert rules_concerned([failed(), failed()]) is None
