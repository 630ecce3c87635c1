"""The words of this client's evaluation: facts, actions, findings, the primary measure."""

from __future__ import annotations

from typing import Final

from cdsrules.guidance.case import Case
from cdsrules.guidance.outline import titles_of
from cdsrules.guidance.phrases import Phrases
from cdsrules.inference.program import Program
from cdsrules.logic.words import Lexicon
from cdsrules.model.condition import FactKey
from cdsrules.model.facts import Known

_PRIMARY: Final = FactKey("outcome.primary.name")


def program_lexicon(program: Program) -> Lexicon:
    """Return the words of a program; a finding is called by the title of the rule that leads it."""
    return Lexicon(program.catalogue, program.library.vocabulary.actions, titles_of(program))


def lexicon_of(case: Case, unnamed: str = "the primary measure") -> Lexicon:
    """Return the words for a client, with the name of their primary measure or `unnamed`."""
    return phrases_of(case, unnamed).lexicon


def phrases_of(case: Case, unnamed: str = "the primary measure") -> Phrases:
    """Return what is said in the words for a client, the same for all whose primary measure has this name."""
    name = case.facts.get(_PRIMARY)
    primary = str(name.value) if isinstance(name, Known) else unnamed
    found = case.outline.phrases.get(primary)
    if found is None:
        lexicon = Lexicon(case.program.catalogue, case.vocabulary.actions, case.outline.titles, primary)
        found = case.outline.phrases[primary] = Phrases(lexicon, case.program.library)
    return found
