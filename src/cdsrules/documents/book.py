"""The rule book: every rulebook as a chapter, in an order in which it can be read and signed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from cdsrules.documents.diagram import cautioning, leading, pathway
from cdsrules.documents.entries import Basis, RuleEntry
from cdsrules.documents.hazards import HazardEntry, hazards
from cdsrules.documents.layout import Drawing, lay_out
from cdsrules.documents.tracing import Row, rows
from cdsrules.frozen import frozen
from cdsrules.model.facts import FactSpec
from cdsrules.model.rulebook import SAFETY_RULEBOOK, Rule, Rulebook, Verb
from cdsrules.model.vocabulary import Action
from cdsrules.testing.shown import Stand

PARTS: Final[Mapping[Verb, str]] = {
    Verb.FINDS: "What is seen",
    Verb.RECOMMENDS: "What is recommended",
    Verb.CAUTIONS: "What is cautioned against",
}


class Part(NamedTuple):
    """The rules of one verb in a chapter, at least one."""

    heading: str
    entries: tuple[RuleEntry, ...]


class ClientStory(NamedTuple):
    """A made-up client of the cases beside a rulebook."""

    name: str
    story: str


@frozen
class Chapter:
    """One rulebook as it is printed; `cases` counts those in which some rule of it fires."""

    book: Rulebook
    parts: tuple[Part, ...]
    drawings: tuple[Drawing, ...]
    cases: int
    clients: tuple[ClientStory, ...]

    @property
    def rules(self) -> int:
        """How many rules it has."""
        return sum(len(part.entries) for part in self.parts)


@frozen
class ActionEntry:
    """An action with the rules that recommend it and those that caution against it."""

    action: Action
    waits_for: tuple[Action, ...]
    recommended_by: tuple[Rule, ...]
    cautioned_by: tuple[Rule, ...]


class FactEntry(NamedTuple):
    """A fact that some rule reads, and how many rules do."""

    spec: FactSpec
    rules: tuple[str, ...]


@frozen
class Book:
    """Everything that is printed; `version` is that of cdsrules."""

    version: str
    content_hash: str
    chapters: tuple[Chapter, ...]
    order: Drawing | None
    actions: tuple[ActionEntry, ...]
    rows: tuple[Row, ...]
    facts: tuple[FactEntry, ...]
    hazards: tuple[HazardEntry, ...]

    @property
    def shared_titles(self) -> frozenset[str]:
        """Titles that more than one rule has, so that the rule's id has to tell them apart."""
        parts = (part for chapter in self.chapters for part in chapter.parts)
        counted = Counter(entry.rule.title for part in parts for entry in part.entries)
        return frozenset(title for title, count in counted.items() if count > 1)


def make_book(basis: Basis, version: str) -> Book:
    """Return the rule book of everything loaded. Raises `ExtraMissing` where the diagrams cannot be laid out."""
    library = basis.library
    order = pathway(basis)
    return Book(
        version=version,
        content_hash=library.content_hash,
        # What must not wait is read first.
        chapters=tuple(
            _chapter(basis, book) for book in sorted(library.rulebooks, key=lambda one: one.id != SAFETY_RULEBOOK)
        ),
        order=None if order is None else lay_out(order),
        actions=tuple(_action(basis, action) for action in library.vocabulary.actions.values()),
        rows=rows(library, basis.files),
        facts=tuple(_facts(basis)),
        hazards=hazards(basis),
    )


def _chapter(basis: Basis, book: Rulebook) -> Chapter:
    diagrams = (leading(basis, book), cautioning(basis, book))
    parts = (
        Part(heading, tuple(basis.entries[rule.id] for rule in book.rules if rule.verb is verb))
        for verb, heading in PARTS.items()
    )
    cases = {case.id for rule in book.rules for case in basis.entries[rule.id].cases if case.stand is Stand.FIRES}
    beside = (case for file in basis.files if file.rulebook == book.id for case in file.cases)
    return Chapter(
        book=book,
        parts=tuple(part for part in parts if part.entries),
        drawings=tuple(lay_out(diagram) for diagram in diagrams if diagram is not None),
        cases=len(cases),
        clients=tuple(dict.fromkeys(ClientStory(case.client, case.story) for case in beside)),
    )


def _action(basis: Basis, action: Action) -> ActionEntry:
    def those(verb: Verb) -> tuple[Rule, ...]:
        return tuple(rule for rule in basis.library.rules if rule.verb is verb and rule.target == action.id)

    actions = basis.library.vocabulary.actions
    return ActionEntry(
        action,
        tuple(actions[one] for one in action.requires),
        those(Verb.RECOMMENDS),
        those(Verb.CAUTIONS),
    )


def _facts(basis: Basis) -> Iterator[FactEntry]:
    """Yield the facts that rules read themselves, in the order of the catalogue; windows count as the fact.

    Those of a step, whether it was done, declined or planned, are left out: they mean the same for every step.
    """
    readers: dict[str, dict[str, None]] = {}
    for entry in basis.entries.values():
        for key in entry.facts:
            readers.setdefault(key.name, {})[entry.rule.id] = None
    for name, spec in basis.program.catalogue.items():
        if name in readers and not name.startswith(("action.", "proposed.")):
            yield FactEntry(spec, tuple(readers[name]))
