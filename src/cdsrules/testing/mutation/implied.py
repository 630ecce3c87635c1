"""What must be so for a rule to hold: clauses that are true, and clauses that are false, whatever the client."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from cdsrules.inference.order import decision_of
from cdsrules.inference.program import Program
from cdsrules.model.condition import AllOf, AnyOf, AtLeast, Condition, FindingTest, Leaf, Not
from cdsrules.model.rulebook import Rule

Musts: TypeAlias = frozenset[tuple[Leaf, bool]]

_NONE: Musts = frozenset()


def implied(rule: Rule, program: Program) -> Musts:
    """Return the clauses that are settled by a rule's holding, each with its truth; perhaps not all of them."""
    return _musts(decision_of(rule), program, wanted=True)


def never_both(one: Rule, other: Rule, program: Program) -> bool:
    """Return whether it is certain that two rules never hold for the same client: one needs what the other forbids."""
    needs = implied(one, program)
    return any((leaf, not truth) in needs for leaf, truth in implied(other, program))


def _musts(condition: Condition, program: Program, *, wanted: bool) -> Musts:
    match condition:
        case Not(part):
            return _musts(part, program, wanted=not wanted)
        case AllOf(parts) | AnyOf(parts):
            of_each = [_musts(part, program, wanted=wanted) for part in parts]
            together = isinstance(condition, AllOf) is wanted
            return frozenset().union(*of_each) if together else _common(of_each)
        case FindingTest(finding):
            found = [_musts(decision_of(rule), program, wanted=wanted) for rule in program.carriers.get(finding, ())]
            below = _common(found) if wanted else frozenset().union(*found)
            return below | {(condition, wanted)}
        case AtLeast():
            return _NONE
        case _:
            return frozenset({(condition, wanted)})


def _common(of_each: Iterable[Musts]) -> Musts:
    first, *others = of_each or [_NONE]
    return first.intersection(*others)
