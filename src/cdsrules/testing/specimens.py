"""Cases laid ready to be looked into: facts measured and leaves decided once.

What is concluded here is the reference's meaning (`logic/trace.py`, `inference/reference.py`),
read leaf by leaf, so that one can look at every place of a condition, and a rulebook with a
slip in it need not be compiled.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from cdsrules.advisor import Advisor
from cdsrules.inference.order import decision_of
from cdsrules.inference.program import Program, Truth
from cdsrules.logic.fold import fold
from cdsrules.logic.trace import trace
from cdsrules.logic.truth import any_of
from cdsrules.measures.facts import MeasuredFacts
from cdsrules.model.condition import FindingTest, Leaf
from cdsrules.model.rulebook import Rule
from cdsrules.testing.cases import Case


class Decided(NamedTuple):
    """Whether a rule holds; `excepted` when it does so although its exception cannot be decided."""

    truth: Truth
    excepted: bool = False


Decisions: TypeAlias = Mapping[str, Decided]
"""How each rule of a program came out, by its id, in the program's order."""


@dataclass(frozen=True, slots=True)
class Specimen:
    """A case with its client's facts, and what each leaf asked so far is for them."""

    case: Case
    facts: MeasuredFacts
    _leaves: dict[Leaf, Truth] = field(default_factory=dict)

    def decide_all(self, program: Program) -> Decisions:
        """Return how every rule of a program comes out."""
        decided: dict[str, Decided] = {}
        for rule in program.rules:
            decided[rule.id] = self.decide(rule, program, decided)
        return decided

    def decide(self, rule: Rule, program: Program, decided: Decisions) -> Decided:
        """Return how one rule comes out, from how those came out that carry the findings it reads."""

        def truth_of(leaf: Leaf) -> Truth:
            if isinstance(leaf, FindingTest):
                return any_of(decided[one.id].truth for one in program.carriers.get(leaf.finding, ()))
            return self.leaf(leaf)

        truth = fold(decision_of(rule), truth_of)
        if truth is False or rule.unless is None:
            return Decided(truth)
        excepted = fold(rule.unless, truth_of)
        return Decided(truth=False) if excepted is True else Decided(truth, truth is True and excepted is None)

    def leaf(self, leaf: Leaf) -> Truth:
        """Return the truth of a leaf about facts."""
        if leaf not in self._leaves:
            self._leaves[leaf] = trace(leaf, self.facts, {}, self.facts.moment).truth
        return self._leaves[leaf]


def specimens(cases: Iterable[Case], advisor: Advisor) -> tuple[Specimen, ...]:
    """Return the cases with their facts measured. Raises `ClientError` when a client is not well written."""
    return tuple(Specimen(case, advisor.facts(case.document, as_of=case.as_of)) for case in cases)
