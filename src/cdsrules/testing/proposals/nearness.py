"""How far a condition is from coming out as wanted: nothing when it does, more the more clauses have to change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Final, TypeAlias

from cdsrules.inference.order import decision_of
from cdsrules.inference.program import Program, Truth
from cdsrules.model.condition import AllOf, AnyOf, AtLeast, Condition, FindingTest, Not
from cdsrules.model.rulebook import Rule
from cdsrules.testing.proposals.laying import Laid

Far: TypeAlias = Callable[[Condition, Truth], int]


def distance(condition: Condition, wanted: Truth, laid: Laid, program: Program) -> int:
    """Return how many clauses have to come out otherwise, at the least, until a condition comes out as wanted.

    Findings are followed into the rules that carry them. It is a guess where clauses hang
    together, and 0 only when the condition comes out so.
    """

    def far(node: Condition, want: Truth) -> int:
        known = laid.distances.get((id(node), want))
        if known is None:
            known = laid.distances[id(node), want] = 0 if laid.truth(node) is want else max(1, measured(node, want))
        return known

    def measured(node: Condition, want: Truth) -> int:
        match node:
            case AllOf(parts):
                return _all(parts, want, far)
            case AnyOf(parts):
                return _any(parts, want, far)
            case AtLeast(_, parts):
                return min(far(part, want) for part in parts) + 1
            case Not(part):
                return far(part, want if want is None else not want)
            case FindingTest(finding):
                carriers = tuple(decision(one) for one in program.carriers.get(finding, ()))
                return _any(carriers, want, far) if carriers else NEVER
            case _:
                return 1

    return far(condition, wanted)


NEVER: Final = 99
"""How far a finding is that no rule carries."""


@cache
def decision(rule: Rule) -> Condition:
    """Return what decides a rule, the same value each time it is asked for: distances are kept by identity."""
    return decision_of(rule)


def _all(parts: Sequence[Condition], wanted: Truth, far: Far) -> int:
    if wanted is True:
        return sum(far(part, True) for part in parts)
    if wanted is False:
        return min(far(part, False) for part in parts)
    return _undecided(parts, True, far)


def _any(parts: Sequence[Condition], wanted: Truth, far: Far) -> int:
    if wanted is False:
        return sum(far(part, False) for part in parts)
    if wanted is True:
        return min(far(part, True) for part in parts)
    return _undecided(parts, False, far)


def _undecided(parts: Sequence[Condition], others: bool, far: Far) -> int:
    """Return how far a group is from unknown: one part unknown, and none that decides it."""
    open_ = [far(part, None) for part in parts]
    passing = [min(unknown, far(part, others)) for part, unknown in zip(parts, open_, strict=True)]
    return min(sum(passing) - passing[place] + open_[place] for place in range(len(open_)))
