"""What a condition rules out about one fact, whatever all others are.

It never rules out what can be: clauses about other facts are taken to come out either way,
even where they could not together.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from cdsrules.guidance.places import Places
from cdsrules.inference.order import decision_of
from cdsrules.inference.program import Program
from cdsrules.logic.moment import Moment
from cdsrules.logic.trace import leaf_truth
from cdsrules.model.condition import (
    AllOf,
    AnyOf,
    AtLeast,
    Condition,
    FactKey,
    FindingTest,
    KnownTest,
    Leaf,
    Not,
    Proposed,
    keys_of,
    walk,
)
from cdsrules.model.facts import Measured, Unknown
from cdsrules.model.rulebook import Rule

ANY_DAY: Final = date(2026, 1, 1)
_MOMENT: Final = Moment(ANY_DAY)


class Possibility:
    """What the conditions of a program rule out."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._places = Places(program)

    def reads(self, rule: Rule, key: FactKey) -> bool:
        """Return whether the rule, or a finding that it rests on, reads a fact."""
        return any(key in self._places.keys[place] for place in self._places.readies[rule.id].leaves)

    def holds(self, rule: Rule, key: FactKey, measured: Measured) -> bool:
        """Return whether a rule could hold with a fact being so."""
        return self._can(decision_of(rule), {key: measured}, wanted=True)

    def undecided(self, condition: Condition) -> bool:
        """Return whether a condition could be unknown: not where it asks only what is known, or proposed."""
        leaves = (node for node in walk(condition) if not isinstance(node, (AllOf, AnyOf, AtLeast, Not)))
        return any(self._open(leaf) for leaf in leaves)

    def _open(self, leaf: Leaf) -> bool:
        if isinstance(leaf, FindingTest):
            return any(self.undecided(decision_of(rule)) for rule in self._program.carriers.get(leaf.finding, ()))
        return not isinstance(leaf, KnownTest) and not (isinstance(leaf, Proposed) and not leaf.attributes)

    def _can(self, condition: Condition, given: Mapping[FactKey, Measured], *, wanted: bool) -> bool:
        """Whether a condition could come out as wanted, with some facts given and the others left open."""
        match condition:
            case Not(part):
                return self._can(part, given, wanted=not wanted)
            case AllOf(parts):
                return (all if wanted else any)(self._can(part, given, wanted=wanted) for part in parts)
            case AnyOf(parts):
                return (any if wanted else all)(self._can(part, given, wanted=wanted) for part in parts)
            case AtLeast(count, parts):
                needed = count if wanted else len(parts) - count + 1
                return sum(self._can(part, given, wanted=wanted) for part in parts) >= needed
            case FindingTest(finding):
                found = (decision_of(rule) for rule in self._program.carriers.get(finding, ()))
                return (any if wanted else all)(self._can(one, given, wanted=wanted) for one in found)
            case _:
                return _leaf_can(condition, given, wanted=wanted)


def _leaf_can(leaf: Leaf, given: Mapping[FactKey, Measured], *, wanted: bool) -> bool:
    keys = keys_of(leaf)
    if all(key in given for key in keys):
        return leaf_truth(leaf, _Facts(given), _MOMENT) is wanted
    # Of a clause that reads several facts each has to be known for it to be true.
    return not (wanted and any(isinstance(given.get(key), Unknown) for key in keys))


class _Facts:
    """The facts that are given, and no others."""

    __slots__ = ("_given",)

    def __init__(self, given: Mapping[FactKey, Measured]) -> None:
        self._given = given

    def get(self, key: FactKey, /) -> Measured:
        """Return what a fact is."""
        return self._given[key]
