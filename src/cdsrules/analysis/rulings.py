"""Every rule of a program as a truth in the search, findings chained, exceptions taken in."""

from __future__ import annotations

from typing import NamedTuple, assert_never

import z3

from cdsrules.analysis.leaves import Ground, leaf_truth
from cdsrules.analysis.terms import NO, Holds, Truth, both, counted, denied, either, every, some
from cdsrules.inference.order import decision_of
from cdsrules.inference.program import Program
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
    Not,
    Proposed,
)
from cdsrules.model.facts import FactValue
from cdsrules.model.rulebook import Rule


class Ruling(NamedTuple):
    """How a rule comes out; `excepted` is when it holds although its exception is not decided."""

    truth: Truth
    excepted: Holds


class Rulings:
    """The rules of a program over one set of facts; each is worked out when it is first asked for."""

    def __init__(self, program: Program, ground: Ground) -> None:
        self._program = program
        self._ground = ground
        self._decided: dict[str, Ruling] = {}
        self._found: dict[str, Truth] = {}
        self._leaves: dict[Condition, Truth] = {}

    def __getitem__(self, rule_id: str) -> Ruling:
        """Return how a rule of the program comes out."""
        found = self._decided.get(rule_id)
        if found is None:
            found = self._decided[rule_id] = self.of(self._program.rules[self._program.index[rule_id]])
        return found

    def of(self, rule: Rule) -> Ruling:
        """Return how a rule comes out that reads the program's findings; it need not be the program's own."""
        truth = self.condition(decision_of(rule))
        if rule.unless is None:
            return Ruling(truth, NO)
        excepted = self.condition(rule.unless)
        held = both(truth.true, z3.Not(excepted.true))
        return Ruling(Truth(held, either(truth.false, excepted.true)), both(held, z3.Not(excepted.false)))

    def finding(self, name: str) -> Truth:
        """Return the truth of a finding: that of the rules that carry it."""
        found = self._found.get(name)
        if found is None:
            carriers = self._program.carriers.get(name, ())
            found = self._found[name] = some([self[rule.id].truth for rule in carriers])
        return found

    def is_set(self, key: FactKey, value: FactValue | None) -> Holds:
        """Return that a fact has a value, or is not known where None is asked for."""
        symbol = self._ground.symbol(key)
        match value:
            case None:
                return z3.Not(symbol.known)
            case bool():
                return both(symbol.known, symbol.value if value else z3.Not(symbol.value))
            case frozenset():
                inside = [one if word in value else z3.Not(one) for word, one in (symbol.words or {}).items()]
                return both(symbol.known, *inside)
            case str():
                return both(symbol.known, symbol.value == symbol.choices.index(value))
            case int() | float():
                return both(symbol.known, symbol.value == z3.RealVal(str(value)))
            case _:
                message = f"{key} is not gone through value by value"
                raise TypeError(message)

    def condition(self, node: Condition) -> Truth:
        """Return the truth of a condition."""
        match node:
            case AllOf(parts):
                return every([self.condition(part) for part in parts])
            case AnyOf(parts):
                return some([self.condition(part) for part in parts])
            case Not(part):
                return denied(self.condition(part))
            case AtLeast(count, parts):
                return counted(count, [self.condition(part) for part in parts])
            case FactTest() | KnownTest() | FindingTest() | Done() | Declined() | Proposed():
                found = self._leaves.get(node)
                if found is None:
                    found = self._leaves[node] = leaf_truth(node, self._ground, self.finding)
                return found
            case _:
                assert_never(node)
