"""The truth of a condition from the truths of its leaves, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from cdsrules.logic.truth import all_of, any_of, at_least, negate
from cdsrules.model.condition import (
    AllOf,
    AnyOf,
    AtLeast,
    Condition,
    Declined,
    Done,
    FactTest,
    FindingTest,
    KnownTest,
    Leaf,
    Not,
    Proposed,
)


def fold(condition: Condition, truth_of: Callable[[Leaf], bool | None]) -> bool | None:
    """Return the condition's truth when each leaf has the truth that `truth_of` gives it."""
    match condition:
        case AllOf(parts):
            return all_of(fold(part, truth_of) for part in parts)
        case AnyOf(parts):
            return any_of(fold(part, truth_of) for part in parts)
        case Not(part):
            return negate(fold(part, truth_of))
        case AtLeast(count, parts):
            return at_least(count, (fold(part, truth_of) for part in parts))
        case FactTest() | KnownTest() | FindingTest() | Done() | Declined() | Proposed() as leaf:
            return truth_of(leaf)
        case _:
            assert_never(condition)
