"""Clients laid ready to be tried: facts measured, and each rule decided when it is first asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from cdsrules.advisor import Advisor
from cdsrules.errors import ClientError
from cdsrules.guidance.outline import Outline
from cdsrules.inference.program import Program, Truth
from cdsrules.logic.fold import fold
from cdsrules.logic.truth import any_of
from cdsrules.measures.facts import MeasuredFacts
from cdsrules.model.condition import Condition, FindingTest, Leaf
from cdsrules.model.guidance import Guidance
from cdsrules.model.lazy import once
from cdsrules.model.rulebook import Rule
from cdsrules.testing.cases import Case
from cdsrules.testing.expectations import Expectation
from cdsrules.testing.mutation.judging import decided_by
from cdsrules.testing.mutation.variants import Variant, Variants
from cdsrules.testing.specimens import Decided, Decisions, KnownLeaves, Specimen

Document = Mapping[str, object]


class Laid:
    """One client on one day, under the rules as they are."""

    def __init__(self, specimen: Specimen, program: Program) -> None:
        self.document: Document = specimen.case.document
        self.as_of: date = specimen.case.as_of
        self._specimen = specimen
        self._program = program
        self.distances: dict[tuple[int, Truth], int] = {}
        self._decided: dict[str, Decided] = {}

    @property
    def facts(self) -> MeasuredFacts:
        """What is known about the client."""
        return self._specimen.facts

    def truth(self, condition: Condition) -> Truth:
        """Return how a condition comes out."""
        return fold(condition, self._leaf)

    def decided(self, rule: Rule) -> Decided:
        """Return how one of the program's rules comes out."""
        known = self._decided.get(rule.id)
        if known is None:
            for carrier in (one for name in _findings(rule) for one in self._program.carriers.get(name, ())):
                self.decided(carrier)
            known = self._decided[rule.id] = self._specimen.decide(rule, self._program, self._decided)
        return known

    def _leaf(self, leaf: Leaf) -> Truth:
        if isinstance(leaf, FindingTest):
            return any_of(self.decided(one).truth for one in self._program.carriers.get(leaf.finding, ()))
        return self._specimen.leaf(leaf)

    @once
    def decisions(self) -> Decisions:
        """How every rule comes out."""
        return self._specimen.decide_all(self._program)

    def guidance(self, outline: Outline) -> Guidance:
        """Return what the rules say as they are."""
        return self._specimen.guidance(self.decisions, outline)

    def guidance_under(self, variant: Variant) -> Guidance:
        """Return what the rules would say with a slip made in them."""
        return self._specimen.guidance(decided_by(self._specimen, self.decisions, variant), variant.outline)


def _findings(rule: Rule) -> tuple[str, ...]:
    from cdsrules.inference.order import reads_of

    return reads_of(rule)


class Laying:
    """Lays clients ready, for the rules of one advisor.

    Where these are in shadow as yet and the advisor takes them as if they were active, `present` has them as they are.
    """

    def __init__(self, advisor: Advisor, present: Advisor | None = None) -> None:
        self.advisor = advisor
        self.present = present
        self.program = advisor.program
        self.variants = Variants(advisor.program)
        self.outline = self.variants.unchanged.outline
        self._known = KnownLeaves(advisor.program)

    def lay(self, document: Document, as_of: date) -> Laid | None:
        """Return a client laid ready, None where the document cannot be read."""
        try:
            facts = self.advisor.facts(document, as_of=as_of)
        except ClientError:
            return None
        case = Case("", facts.client.id, "", document, as_of, Expectation())
        return Laid(Specimen(case, facts, self._known, ["not asked"] * self._known.count), self.program)

    def told_of(self, laid: Laid) -> tuple[Guidance, ...]:
        """Return everything that has to come out as a case expects: what is said, and what is said while in shadow."""
        said = laid.guidance(self.outline)
        return (said,) if self.present is None else (said, self.present.evaluate(laid.document, as_of=laid.as_of))
