"""The operators as JSON Schema: complete, valid, described, and fitting its own examples."""

from __future__ import annotations

import pytest
from jsonschema import Draft202012Validator

from cdsrules.logic.operators import OPERATORS
from cdsrules.logic.operators.schema import rulebook_operator_schema

SCHEMA = rulebook_operator_schema()


def accepts(operator: str, operand: object) -> bool:
    return Draft202012Validator(SCHEMA[operator]).is_valid(operand)


def test_every_operator_is_there_with_its_meaning() -> None:
    assert list(SCHEMA) == list(OPERATORS)
    for name, operator in OPERATORS.items():
        Draft202012Validator.check_schema(SCHEMA[name])
        assert str(SCHEMA[name]["description"]).startswith(operator.meaning)


@pytest.mark.parametrize("name", OPERATORS)
def test_the_examples_fit(name: str) -> None:
    assert SCHEMA[name]["examples"] == [example.operand for example in OPERATORS[name].examples]
    for example in OPERATORS[name].examples:
        assert accepts(name, example.operand)


@pytest.mark.parametrize(
    ("operator", "operand"),
    [
        ("at_least", 10),
        ("at_least", 2.5),
        ("at_least", "6 months"),
        ("at_least", "1 day"),
        ("at_least", "$stall_after"),
        ("is", True),
        ("is", "never"),
        ("is", "2026-03-01"),
        ("is", "worse"),
        ("one_of", ["same", "$word"]),
        ("one_of", [1, 2]),
        ("between", ["$low", 14]),
        ("within", "3 sessions"),
        ("within", "$recent"),
        ("after", "2026-03-01"),
        ("after", "reassessment"),
        ("after", {"done": "reassessment"}),
        ("after", {"declined": "reassessment"}),
        ("after", {"fact": "plan.reviewed_on"}),
        ("includes", "work"),
    ],
)
def test_what_may_stand_behind_an_operator(operator: str, operand: object) -> None:
    assert accepts(operator, operand)


@pytest.mark.parametrize(
    ("operator", "operand"),
    [
        ("at_least", True),
        ("at_least", "long"),
        ("at_least", "6 fortnights"),
        ("at_least", "06 months"),
        ("at_least", ["6 months"]),
        ("at_least", "$"),
        ("is", None),
        ("is", ["worse"]),
        ("one_of", []),
        ("one_of", ["same", "same"]),
        ("one_of", "same"),
        ("between", [1]),
        ("between", [1, 2, 3]),
        ("within", 60),
        ("within", "2026-03-01"),
        ("after", 3),
        ("after", {"done": "a", "declined": "b"}),
        ("after", {"planned": "a"}),
        ("includes", 3),
    ],
)
def test_what_may_not(operator: str, operand: object) -> None:
    assert not accepts(operator, operand)
