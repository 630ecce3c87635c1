"""Leaves as a rule file writes them: what is printed in a message can be read back."""

from __future__ import annotations

import pytest
from hypothesis import given

from cdsrules.logic.written import as_written, written
from cdsrules.model.condition import Leaf
from cdsrules.model.time import Duration
from tests.logic.rule_text import condition_of
from tests.logic.sample import CATALOGUE, length
from tests.logic.strategies import NEAR, leaves


@given(leaves(CATALOGUE, ("stalled", "no_improvement")))
def test_a_leaf_that_is_printed_reads_as_itself(leaf: Leaf) -> None:
    assert condition_of(f"{{{as_written(leaf)}}}") == leaf


@pytest.mark.parametrize(
    "text",
    [
        "done: consultation, within: $recent",
        "fact: treatment.duration, at_least: $recent",
        "fact: treatment.duration, between: [$recent, 1 year]",
        "fact: plan.reviewed_on, after: {declined: consultation}",
        "declined: consultation, after: {fact: approach.changed_on}",
        "proposed: change_approach, with: {discussed: true, gradual: false}",
    ],
)
def test_a_parameter_is_printed_by_its_name(text: str) -> None:
    leaf = condition_of(f"{{{text}}}")

    assert isinstance(leaf, Leaf)
    assert as_written(leaf) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(True, "true"), (False, "false"), (7, "7"), (7.5, "7.5"), (NEAR, "2026-03-01"), ("same", "same")],
)
def test_literals(value: object, text: str) -> None:
    assert written(value) == text  # type: ignore[arg-type]


def test_a_duration_is_printed_in_its_own_unit() -> None:
    assert written(length("1 week")) == "1 week"
    assert written(Duration(14, "days")) == "14 days"
