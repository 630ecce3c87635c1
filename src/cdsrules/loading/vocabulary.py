"""Vocabulary files, shipped and given -> one vocabulary, with all its references resolved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeVar

from cdsrules.loading.actions_file import check_order, read_actions
from cdsrules.loading.instruments_file import read_instruments
from cdsrules.loading.measures_kept import check_measures_kept
from cdsrules.loading.problems import Problems, did_you_mean, listed
from cdsrules.loading.requirements_file import read_requirements
from cdsrules.loading.section import Declared
from cdsrules.loading.tree import Entries, FileTree, Node
from cdsrules.model.source import Source
from cdsrules.model.vocabulary import Action, Definition, Instrument, PrimaryDefault, Requirement, Vocabulary

T = TypeVar("T")
_DECLARE: Final = "Declare it under `instruments`, or name another."


class Replaced(NamedTuple):
    """An action that was given in the place of a shipped one."""

    given: Declared[Action]
    shipped: Action


@dataclass(slots=True)
class VocabularyDraft:
    """What the vocabulary files declare, by id; `whole` is false when some of it could not be read at all."""

    actions: dict[str, Declared[Action]] = field(default_factory=dict)
    instruments: dict[str, Declared[Instrument]] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    primary: dict[str, Declared[PrimaryDefault]] = field(default_factory=dict)
    requirements: dict[str, Declared[Requirement]] = field(default_factory=dict)
    replaced: list[Replaced] = field(default_factory=list)
    whole: bool = True

    def freeze(self) -> Vocabulary:
        """Return the vocabulary as a frozen value."""
        return Vocabulary(
            actions={id_: one.value for id_, one in self.actions.items()},
            instruments={id_: one.value for id_, one in self.instruments.items()},
            primary_defaults=tuple(one.value for one in self.primary.values()),
            sources=dict(self.sources),
            requirements={id_: one.value for id_, one in self.requirements.items()},
        )


class VocabularyFiles(NamedTuple):
    """The vocabulary files by what they declare, shipped ones first."""

    actions: Sequence[FileTree]
    instruments: Sequence[FileTree]
    requirements: Sequence[FileTree]


def read_vocabulary(files: VocabularyFiles, problems: Problems) -> VocabularyDraft:
    """Return what the files declare; shipped files stand first, given ones add to them and replace by id."""
    draft = VocabularyDraft()
    for file in files.requirements:
        rows = read_requirements(file.root, problems, is_shipped=file.is_shipped)
        add(draft.requirements, rows, "requirement", problems)
        draft.whole = draft.whole and _all_read(file.root.node("requirements"), rows)
    for file in files.actions:
        declared = read_actions(file.root, problems, is_shipped=file.is_shipped)
        draft.replaced += _replaced(declared, draft.actions)
        add(draft.actions, declared, "action", problems)
        draft.whole = draft.whole and _all_read(file.root.node("actions"), declared)
    for file in files.instruments:
        read = read_instruments(file.root, problems, is_shipped=file.is_shipped)
        check_measures_kept(read.instruments, draft.instruments, problems)
        add(draft.instruments, read.instruments, "instrument", problems)
        draft.sources.update(read.sources)
        draft.whole = draft.whole and _all_read(file.root.node("instruments"), read.instruments)
        for primary in read.primary:
            add(draft.primary, {primary.value.problem: primary}, "default measure for", problems)
    check_order(draft.actions, problems)
    _check_marks_kept(draft.replaced, problems)
    for instrument in draft.instruments.values():
        _check_instrument(instrument, draft, problems)
    for primary in draft.primary.values():
        _check_primary(primary, draft, problems)
    return draft


def _all_read(node: Node | None, declared: Mapping[str, Declared[T]]) -> bool:
    return isinstance(node, Entries) and len(node.entries) == len(declared)


def add(declared: dict[str, Declared[T]], further: Mapping[str, Declared[T]], what: str, problems: Problems) -> None:
    """Add declarations; a given one replaces a shipped one, any other second one is a problem."""
    for id_, one in further.items():
        first = declared.get(id_)
        if first is None or (first.is_shipped and not one.is_shipped):
            declared[id_] = one
            continue
        message = f"There is a second {what} `{id_}`; the first stands at {first.at}."
        problems.add("CDS095", one.at, message, "Keep one of the two, or give one another id.", related=(first.at,))


def _replaced(given: Mapping[str, Declared[Action]], shipped: Mapping[str, Declared[Action]]) -> Iterator[Replaced]:
    """Yield the actions that a given file puts in the place of shipped ones."""
    for id_, one in given.items():
        before = shipped.get(id_)
        if before is not None and before.is_shipped and not one.is_shipped:
            yield Replaced(one, before.value)


def _check_marks_kept(replaced: Sequence[Replaced], problems: Problems) -> None:
    for given, shipped in replaced:
        if shipped.not_while_at_risk and not given.value.not_while_at_risk:
            at = given.section.place("not_while_at_risk")
            message = f"The shipped `{shipped.id}` is not advised while a safety item is open; this one would be."
            problems.add("CDS128", at, message, "Write `not_while_at_risk: true` here, as the shipped action has it.")


def _check_instrument(declared: Declared[Instrument], draft: VocabularyDraft, problems: Problems) -> None:
    instrument, section = declared.value, declared.section
    for item in instrument.risk_items:
        if instrument.items is not None and item > instrument.items:
            message = f"Item {item} is no item of this instrument: it has {instrument.items}."
            problems.add(
                "CDS143", section.place("items"), message, "Write the number of the item that asks about risk."
            )
    for definition in instrument.definitions:
        _check_definition(definition, declared, draft, problems)


def _check_definition(
    definition: Definition, declared: Declared[Instrument], draft: VocabularyDraft, problems: Problems
) -> None:
    entry = declared.section.named("definitions", "definition")[definition.id]
    places = entry.node.entries if isinstance(entry.node, Entries) else {}
    if definition.source and definition.source not in draft.sources:
        advice = did_you_mean(definition.source, draft.sources, otherwise="Declare it under `sources`.")
        at = places["source"].node.at
        problems.add("CDS046", at, f"There is no source `{definition.source}`.", advice)
    companion = definition.companion
    if companion is not None and companion.instrument and companion.instrument not in draft.instruments:
        advice = did_you_mean(companion.instrument, draft.instruments, _DECLARE)
        at = places["companion"].node.at
        problems.add("CDS044", at, f"There is no instrument `{companion.instrument}`.", advice)


def _check_primary(declared: Declared[PrimaryDefault], draft: VocabularyDraft, problems: Problems) -> None:
    primary, section = declared.value, declared.section
    if not primary.instrument or not primary.definition:
        return
    instrument = draft.instruments.get(primary.instrument)
    if instrument is None:
        advice = did_you_mean(primary.instrument, draft.instruments, _DECLARE)
        at = section.value_place("instrument")
        problems.add("CDS044", at, f"There is no instrument `{primary.instrument}`.", advice)
        return
    if instrument.value.role != "outcome":
        message = f"`{primary.instrument}` is no outcome measure: its role is `{instrument.value.role}`."
        problems.add("CDS154", section.value_place("instrument"), message, "Name an instrument with `role: outcome`.")
    names = [one.id for one in instrument.value.definitions]
    if primary.definition not in names:
        otherwise = f"Its definitions are {listed(names, 'and')}." if names else "It has no definitions yet."
        message = f"`{primary.instrument}` has no definition `{primary.definition}`."
        at = section.value_place("definition")
        problems.add("CDS045", at, message, did_you_mean(primary.definition, names, otherwise=otherwise))
