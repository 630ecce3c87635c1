"""The truths that a condition can have: of what is always known, none is unknown."""

from __future__ import annotations

from typing import Final

from cdsrules.inference.program import Program, Truth
from cdsrules.model.condition import (
    AllOf,
    AnyOf,
    AtLeast,
    Condition,
    Declined,
    Done,
    FactKey,
    FactTest,
    FindingTest,
    KnownTest,
    Leaf,
    Not,
    Proposed,
    Value,
    keys_of,
)
from cdsrules.model.rulebook import Rule
from cdsrules.model.time import Duration

TWO: Final[frozenset[Truth]] = frozenset({True, False})
THREE: Final[frozenset[Truth]] = frozenset({True, False, None})


class Truths:
    """The truths that the rules of a program, and the places in their conditions, can have."""

    def __init__(self, program: Program) -> None:
        self._always = frozenset(FactKey(name) for name, spec in program.catalogue.items() if spec.always)
        self._findings: dict[str, frozenset[Truth]] = {}
        # In the order in which they are decided: a finding comes after those that it rests on.
        for rule in program.rules:
            if rule in program.carriers.get(rule.target, ()):
                self._findings[rule.target] = self._findings.get(rule.target, TWO) | self.of_rule(rule)

    def of_rule(self, rule: Rule) -> frozenset[Truth]:
        """Return how a rule can come out; an exception that cannot be decided leaves nothing open."""
        return THREE if any(None in self.of(one) for one in (rule.when, *rule.until)) else TWO

    def of(self, condition: Condition) -> frozenset[Truth]:
        """Return the truths that a condition can have: whether something is known, or proposed, is never unknown.

        Nor is a clause where it counts only if what it reads is known: "it is known and at least 2".
        """
        return self._given(condition, self._always)

    def _given(self, node: Condition, known: frozenset[FactKey]) -> frozenset[Truth]:
        """Return the truths that a condition can have where these facts are known."""
        match node:
            case AllOf(parts) | AnyOf(parts) | AtLeast(_, parts):
                counting = known | _asked_to_be_known(node)
                return THREE if any(None in self._given(part, counting) for part in parts) else TWO
            case Not(part):
                return self._given(part, known)
            case FindingTest(finding):
                return self._findings.get(finding, frozenset({False}))
            case KnownTest() | Proposed(attributes=()):
                return TWO
            case _:
                return TWO if known.issuperset(keys_of(node)) and not _counts_sessions(node) else THREE


def _asked_to_be_known(group: Condition) -> frozenset[FactKey]:
    """Return the facts without which a group is decided at once: all of "it is known …", any of "it is not known …"."""
    match group:
        case AllOf(parts):
            return frozenset(part.fact for part in parts if isinstance(part, KnownTest))
        case AnyOf(parts):
            denied = (part.part for part in parts if isinstance(part, Not))
            return frozenset(part.fact for part in denied if isinstance(part, KnownTest))
        case _:
            return frozenset()


def _counts_sessions(leaf: Leaf) -> bool:
    """Whether a clause counts time in sessions: then it asks for the list of sessions as well."""
    match leaf:
        case FactTest(operand=Value(value)) | Done(within=Value(value)) | Declined(within=Value(value)):
            return isinstance(value, Duration) and value.unit == "sessions"
        case _:
            return False
