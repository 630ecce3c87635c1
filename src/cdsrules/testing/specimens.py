"""Cases laid ready to be looked into: facts measured and leaves decided once.

What is concluded here is the reference's meaning (`logic/trace.py`, `inference/reference.py`),
read leaf by leaf, so that one can look at every place of a condition, and a rulebook with a
slip in it need not be compiled.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from cdsrules.advisor import Advisor
from cdsrules.guidance.assemble import assemble
from cdsrules.guidance.case import Case as Evaluation
from cdsrules.guidance.outline import Outline
from cdsrules.guidance.reach import leaves_of
from cdsrules.inference.order import decision_of
from cdsrules.inference.program import Conclusions, Program, Truth
from cdsrules.logic.fold import fold
from cdsrules.logic.trace import leaf_truth
from cdsrules.logic.truth import any_of
from cdsrules.measures.facts import MeasuredFacts
from cdsrules.measures.notices import in_short
from cdsrules.model.condition import FindingTest, Leaf
from cdsrules.model.guidance import EngineReport, Guidance
from cdsrules.model.lazy import Lazy
from cdsrules.model.rulebook import Rule
from cdsrules.testing.cases import Case

_REFERENCE = EngineReport("reference", verified=False)


class Decided(NamedTuple):
    """Whether a rule holds; `excepted` when it does so although its exception cannot be decided."""

    truth: Truth
    excepted: bool = False


Decisions: TypeAlias = Mapping[str, Decided]
"""How each rule of a program came out, by its id, in the program's order."""


class KnownLeaves:
    """The leaves of a program by number; equal ones have the same.

    A leaf is known by its identity: to compare conditions takes longer than to decide them.
    """

    def __init__(self, program: Program) -> None:
        self._kept = [leaf for rule in program.rules for leaf in leaves_of(rule)]
        numbers: dict[Leaf, int] = {}
        self._numbers = {id(leaf): numbers.setdefault(leaf, len(numbers)) for leaf in self._kept}
        self.count = len(numbers)

    def number(self, leaf: Leaf) -> int | None:
        """Return the number of a leaf, None for one that is not the program's own."""
        return self._numbers.get(id(leaf))


@dataclass(frozen=True, slots=True)
class Specimen:
    """A case with its client's facts, and what each of the known leaves asked so far is for them."""

    case: Case
    facts: MeasuredFacts
    _known: KnownLeaves
    _truths: list[Truth | Literal["not asked"]]

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

    def guidance(self, decided: Decisions, outline: Outline) -> Guidance:
        """Return what the rules of an outline say for the client, from how they came out."""
        program, facts = outline.program, self.facts
        found = (any_of(decided[one.id].truth for one in program.carriers.get(name, ())) for name in program.findings)
        excepted = [place for place, rule in enumerate(program.rules) if decided[rule.id].excepted]
        truths = (decided[rule.id].truth for rule in program.rules)
        conclusions = Conclusions(tuple(truths), tuple(found), Lazy(tuple, excepted))
        evaluation = Evaluation(outline, facts.client.id, facts, facts.proposed, facts.moment, conclusions)
        return assemble(evaluation, _REFERENCE, in_short(facts.notices, evaluation.as_of))

    def leaf(self, leaf: Leaf) -> Truth:
        """Return the truth of a leaf about facts; only that of a known one is kept."""
        number = self._known.number(leaf)
        if number is None:
            return leaf_truth(leaf, self.facts, self.facts.moment)
        truth = self._truths[number]
        if truth == "not asked":
            truth = self._truths[number] = leaf_truth(leaf, self.facts, self.facts.moment)
        return truth


def specimens(cases: Iterable[Case], advisor: Advisor) -> tuple[Specimen, ...]:
    """Return the cases with their facts measured. Raises `ClientError` when a client is not well written."""
    known = KnownLeaves(advisor.program)
    measured = ((case, advisor.facts(case.document, as_of=case.as_of)) for case in cases)
    return tuple(Specimen(case, facts, known, ["not asked"] * known.count) for case, facts in measured)
