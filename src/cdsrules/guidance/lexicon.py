"""The words of this client's evaluation: facts, actions, findings, the primary measure."""

from __future__ import annotations

from cdsrules.guidance.case import Case
from cdsrules.guidance.outline import lead
from cdsrules.inference.program import Program
from cdsrules.logic.words import Lexicon
from cdsrules.model.condition import FactKey
from cdsrules.model.facts import Known


def program_lexicon(program: Program, primary: str = "the primary measure") -> Lexicon:
    """Return the words of a program; a finding is called by the title of the rule that leads it."""
    findings = {name: lead(rules).title for name, rules in program.carriers.items()}
    return Lexicon(program.catalogue, program.library.vocabulary.actions, findings, primary)


def lexicon_of(case: Case, unnamed: str = "the primary measure") -> Lexicon:
    """Return the words for a client, with the name of their primary measure or `unnamed`."""
    name = case.facts.get(FactKey("outcome.primary.name"))
    return program_lexicon(case.program, str(name.value) if isinstance(name, Known) else unnamed)
