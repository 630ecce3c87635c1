"""A library made ready to decide: what its rules ask of a client, and the engine that concludes from it."""

from __future__ import annotations

from datetime import date

from cdsrules.guidance.case import Case
from cdsrules.guidance.engaged import Engaged
from cdsrules.guidance.outline import outline
from cdsrules.inference.engine import Engine
from cdsrules.inference.program import compile_program
from cdsrules.measures.catalogue import Measures
from cdsrules.measures.facts import MeasuredFacts
from cdsrules.model.client import Client
from cdsrules.model.guidance import EngineReport
from cdsrules.model.rulebook import Library


class InForce:
    """The rules of one library in force; each library has a program and an engine of its own."""

    def __init__(self, library: Library, measures: Measures, engaged: Engaged) -> None:
        self.library = library
        self.program = compile_program(library, measures.catalogue)
        self._survey = measures.asked(self.program.plan)
        self._outline = outline(self.program)
        self.engine = Engine(
            self.program, engaged.chainer, verify=engaged.verify, on_disagreement=engaged.on_disagreement
        )

    def facts(self, client: Client, as_of: date) -> MeasuredFacts:
        """Return the facts of a client as of a day, with an eye on those that the rules ask for."""
        return self._survey.of(client, as_of)

    def case(self, facts: MeasuredFacts) -> tuple[Case, EngineReport]:
        """Return what the rules conclude from the facts of a client, and who said so."""
        plain = self._survey.values(facts), self.program.plan.cutoffs(facts.moment)
        conclusions, report = self.engine.conclude(*plain)
        row = (self._outline, facts.client.id, facts, facts.proposed, facts.moment, conclusions, plain, facts.usual)
        return Case(*row), report
