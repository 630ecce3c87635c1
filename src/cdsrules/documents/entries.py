"""Everything that is printed about one rule, put together from the rulebooks and their cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

from cdsrules.documents.reading import Read, facts_behind, facts_of, findings_of
from cdsrules.frozen import frozen
from cdsrules.guidance.lexicon import program_lexicon
from cdsrules.inference.program import Program
from cdsrules.logic.words import Lexicon, in_words
from cdsrules.model.condition import AllOf, AnyOf, Condition, FactKey
from cdsrules.model.rulebook import Library, Parameter, Rule, Status, Verb
from cdsrules.model.saying import say_scalar, say_word
from cdsrules.model.source import Source
from cdsrules.model.text import SHOWN, FactSlot, Text
from cdsrules.testing.cases import CaseFile
from cdsrules.testing.shown import Showing, Stand, showings

VERBS: Final[Mapping[Verb, str]] = {
    Verb.FINDS: "Finds",
    Verb.RECOMMENDS: "Recommends",
    Verb.CAUTIONS: "Cautions against",
}


class Piece(NamedTuple):
    """A piece of a text; one that is filled in for each client stands for its value."""

    words: str
    filled_in: bool = False


class Said(NamedTuple):
    """A text of a rule and whom it is for."""

    label: str
    pieces: tuple[Piece, ...]


class Clause(NamedTuple):
    """A condition in words, a part a line; `lead` says how the parts belong together."""

    lead: str
    parts: tuple[str, ...]


@frozen
class RuleEntry:
    """One rule as it is printed."""

    rule: Rule
    verb: str
    target: str
    conditions: tuple[Clause, ...]
    texts: tuple[Said, ...]
    sources: tuple[Source, ...]
    parameters: tuple[Parameter, ...]
    findings: tuple[Read, ...]
    facts: tuple[FactKey, ...]
    facts_behind: tuple[FactKey, ...]
    cases: tuple[Showing, ...]

    def cases_that(self, stand: Stand) -> tuple[Showing, ...]:
        """Return the cases in which the rule fires, is silent, or cannot be decided."""
        return tuple(case for case in self.cases if case.stand == stand)


@dataclass(frozen=True)
class Basis:
    """What the documents are made from: the compiled rulebooks, and the cases beside them.

    `cases_hash` is the SHA-256 of the files of cases (hex).
    """

    program: Program
    files: tuple[CaseFile, ...]
    cases_hash: str = ""

    @property
    def library(self) -> Library:
        """The rulebooks."""
        return self.program.library

    @cached_property
    def lexicon(self) -> Lexicon:
        """The words of the rulebooks: a finding is called by its rules' title where all of them have the same."""
        known = program_lexicon(self.program)
        titles: dict[str, set[str]] = {}
        for rule in self.library.rules:
            if rule.verb is Verb.FINDS and rule.status is not Status.RETIRED:
                titles.setdefault(rule.target, set()).add(rule.title)
        agreed = {finding: min(found) for finding, found in titles.items() if len(found) == 1}
        return Lexicon(known.catalogue, known.actions, agreed, known.primary)

    @cached_property
    def showings(self) -> Mapping[str, tuple[Showing, ...]]:
        """The cases that speak for each rule."""
        return showings(self.library, self.files)

    @cached_property
    def entries(self) -> Mapping[str, RuleEntry]:
        """Every rule as it is printed, by id, in the order of the rulebooks."""
        return {rule.id: self._entry(rule) for rule in self.library.rules}

    def finding_title(self, finding: str) -> str:
        """Return what a finding is called."""
        return self.lexicon.findings.get(finding) or say_word(finding).capitalize()

    def _entry(self, rule: Rule) -> RuleEntry:
        book = self.library.rulebook(rule)
        action = self.library.vocabulary.actions.get(rule.target)
        finds = rule.verb is Verb.FINDS or action is None
        return RuleEntry(
            rule=rule,
            verb=VERBS[rule.verb],
            target=self.finding_title(rule.target) if finds or action is None else action.name,
            conditions=_clauses(rule, self.lexicon),
            texts=_texts(rule, book.parameters, self.lexicon),
            sources=tuple(book.sources[name] for name in rule.sources),
            parameters=tuple(book.parameters[name] for name in rule.parameters),
            findings=findings_of(rule),
            facts=facts_of(rule),
            facts_behind=facts_behind(rule, self.program),
            cases=self.showings[rule.id],
        )


def _clauses(rule: Rule, lexicon: Lexicon) -> tuple[Clause, ...]:
    clauses = [_clause("Holds when", rule.when, lexicon)]
    if rule.unless is not None:
        clauses.append(_clause("Not when", rule.unless, lexicon))
    if rule.until:
        lifted = rule.until[0] if len(rule.until) == 1 else AnyOf(rule.until)
        clauses.append(_clause("Until", lifted, lexicon))
    return tuple(clauses)


def _clause(lead: str, condition: Condition, lexicon: Lexicon) -> Clause:
    match condition:
        case AllOf(parts) if len(parts) > 1:
            return Clause(f"{lead} all of these are true:", _parts(parts, lexicon))
        case AnyOf(parts) if len(parts) > 1:
            return Clause(f"{lead} any of these is true:", _parts(parts, lexicon))
        case _:
            return Clause(f"{lead} {in_words(condition, lexicon)}.", ())


def _parts(parts: Sequence[Condition], lexicon: Lexicon) -> tuple[str, ...]:
    return tuple(in_words(part, lexicon) for part in parts)


def _texts(rule: Rule, parameters: Mapping[str, Parameter], lexicon: Lexicon) -> tuple[Said, ...]:
    say = rule.say
    told = (
        ("To the clinician", say.clinician),
        ("Why", say.why),
        ("To a supervisor", say.supervisor),
        ("To the client", say.client),
    )
    return tuple(Said(label, _pieces(text, parameters, lexicon)) for label, text in told if text is not None)


def _pieces(text: Text, parameters: Mapping[str, Parameter], lexicon: Lexicon) -> tuple[Piece, ...]:
    """Return the pieces of a text: parameters with their value, facts by what they are."""
    pieces = []
    for part in text.parts:
        match part:
            case str():
                pieces.append(Piece(part))
            case FactSlot(fact, show):
                noun = lexicon.named(lexicon.catalogue[fact].words)
                pieces.append(Piece(noun if show == "value" else f"{SHOWN[show]} {noun}", filled_in=True))
            case _:
                pieces.append(Piece(say_scalar(parameters[part.parameter].value)))
    return tuple(pieces)
