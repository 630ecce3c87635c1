"""The tree of a rulebook -> its head: who answers for it, its sources, parameters, and what each rule is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple

from cdsrules.diagnostics import Position
from cdsrules.loading import values
from cdsrules.loading.citations import LOCAL, read_sources
from cdsrules.loading.meant import nearest
from cdsrules.loading.problems import Problems, did_you_mean, listed
from cdsrules.loading.section import Declared, Key, Keys, Section, open_section, section_of
from cdsrules.loading.tree import Entries, Entry, Leaf, Node
from cdsrules.loading.wordings import number_in
from cdsrules.model.condition import Scalar
from cdsrules.model.rulebook import Parameter, Status, Verb
from cdsrules.model.source import Source

RULEBOOK_KEYS: Final[Keys] = {
    "rulebook": Key("rulebook: stalled-progress", required=True),
    "version": Key("version: 1.0.0", required=True),
    "status": Key("status: active", required=True),
    "title": Key("title: When progress stalls", required=True),
    "owner": Key("owner: Lead for adult psychotherapy", required=True),
    "review_by": Key("review_by: 2027-11-01", required=True),
    "developer": Key("developer: Department of Psychotherapy"),
    "funding": Key("funding: None beyond the clinic's own budget"),
    "released_on": Key("released_on: 2026-11-01"),
    "revised_on": Key("revised_on: 2026-11-21"),
    "sources": Key('sources: {guide: {title: "The guide", grade: consensus}}'),
    "parameters": Key("parameters: {recent: {value: 60 days, source: local, why: ...}}"),
    "rules": Key("rules: [...]", required=True),
}
PARAMETER_KEYS: Final[Keys] = {
    "value": Key("value: 60 days", required=True),
    "source": Key("source: local", required=True),
    "why": Key("why: An older consultation no longer speaks to the present.", required=True),
    "dated": Key("dated: 2026-03-01"),
}
RULE_KEYS: Final[Keys] = {
    "id": Key("id: consult-colleague", required=True),
    "finds": Key("finds: stalled"),
    "recommends": Key("recommends: consultation"),
    "cautions": Key("cautions: change_approach"),
    "title": Key("title: Talk the case through with a colleague"),
    "status": Key("status: draft"),
    "tier": Key("tier: review"),
    "priority": Key("priority: now"),
    "snooze": Key("snooze: 4 weeks"),
    "requirement": Key("requirement: [G01]"),
    "hazard": Key('hazard: {fires_wrongly: "...", fails_to_fire: "..."}'),
    "evidence": Key("evidence: One randomised trial."),
    "sources": Key("sources: [guide]"),
    "when": Key("when: {finding: stalled}", required=True),
    "unless": Key("unless: {done: consultation}"),
    "until": Key("until: [progress_talk]"),
    "say": Key('say: {clinician: "Consider ..."}'),
}


class RuleHead(NamedTuple):
    """What a rule is, before its conditions are read."""

    id: str
    verb: Verb
    target: str
    section: Section
    at: Position
    is_shipped: bool


@dataclass(slots=True)
class Book:
    """A rulebook as far as it is read; given rulebooks are laid over shipped ones of the same id."""

    id: str
    version: str
    status: Status
    title: str
    owner: str
    review_by: date | None
    developer: str | None
    funding: str | None
    released_on: date | None
    revised_on: date | None
    section: Section
    is_shipped: bool
    sources: dict[str, Source]
    parameters: dict[str, Declared[Parameter]]
    spoilt: set[str]
    rules: dict[str, RuleHead] = field(default_factory=dict)

    @property
    def at(self) -> Position:
        """The place of its id."""
        return self.section.place("rulebook")


def read_book(root: Entries, problems: Problems, *, is_shipped: bool) -> Book | None:
    """Return the head of a rulebook, or None when it has no id to go by, nor anything like one."""
    section = section_of(root, "this rulebook", RULEBOOK_KEYS, problems)
    id_ = section.id_or_meant("rulebook")
    if not id_:
        return None
    sources = dict(read_sources(section, problems))
    parameters, spoilt = _parameters(section, problems, is_shipped=is_shipped)
    title = section.said("title")
    _check_title(title, section.value_place("title"), problems)
    return Book(
        id=id_,
        version=section.version("version"),
        status=section.word("status", Status, Status.ACTIVE),
        title=title,
        owner=section.said("owner"),
        review_by=section.day("review_by"),
        developer=section.said("developer") or None,
        funding=section.said("funding") or None,
        released_on=section.day("released_on"),
        revised_on=section.day("revised_on"),
        section=section,
        is_shipped=is_shipped,
        sources=sources,
        parameters=parameters,
        spoilt=spoilt,
    )


def _check_title(title: str, at: Position, problems: Problems) -> None:
    number = number_in(title)
    if number is not None:
        message = (
            f"`title` says `{values.shortened(number)}`: a number of its own would not follow when a rule changes."
        )
        problems.add("CDS080", at, message, "Say it in words.")


def _parameters(
    section: Section, problems: Problems, *, is_shipped: bool
) -> tuple[dict[str, Declared[Parameter]], set[str]]:
    read: dict[str, Declared[Parameter]] = {}
    spoilt: set[str] = set()
    for name, entry in section.named("parameters", "parameter").items():
        parameter = _parameter(name, entry, problems, is_shipped=is_shipped)
        if parameter is None:
            spoilt.add(name)
        else:
            read[name] = parameter
    return read, spoilt


def _parameter(name: str, entry: Entry, problems: Problems, *, is_shipped: bool) -> Declared[Parameter] | None:
    section = open_section(entry.node, f"parameter `{name}`", PARAMETER_KEYS, problems)
    if section is None:
        return None
    node = section.node("value")
    value = None if node is None else _parameter_value(node, problems)
    why = section.said("why")
    source, dated = section.id("source"), section.day("dated")
    if value is None:
        return None
    return Declared(Parameter(name, value, source, why, dated, entry.key_at), section, entry.key_at, is_shipped)


def _parameter_value(node: Node, problems: Problems) -> Scalar | None:
    if not isinstance(node, Leaf) or node.value is None or node.value == "":
        advice = "Write it like `60 days`, `0.5` or `worse`."
        values.wrong_sort(node, "`value`", "a number, a duration, a date, a word, `true` or `false`", advice, problems)
        return None
    if node.at in problems.spoilt:
        return None
    if not isinstance(node.value, str):
        return node.value
    if values.looks_like_duration(node.value):
        return values.read_duration(node, "`value`", problems)
    return values.typed(node.value)


def check_parameter_sources(book: Book, problems: Problems) -> None:
    """Note parameters that cite a source the rulebook does not declare."""
    for declared in book.parameters.values():
        source = declared.value.source
        if source and source != LOCAL and source not in book.sources:
            known = [*book.sources, LOCAL]
            advice = did_you_mean(
                source, known, "Declare it under `sources`, or write `local` where no source gives it."
            )
            at = declared.section.value_place("source")
            problems.add("CDS046", at, f"There is no source `{source}`.", advice)


def read_heads(book: Book, problems: Problems) -> tuple[RuleHead, ...]:
    """Return what the rules of a rulebook are, in the order written."""
    read = (_head(node, book, problems) for node in book.section.items("rules"))
    return tuple(head for head in read if head is not None)


def _head(node: Node, book: Book, problems: Problems) -> RuleHead | None:
    section = open_section(node, _what(node), RULE_KEYS, problems)
    if section is None:
        return None
    id_ = section.id_or_meant("id")
    verbs = {verb.value: verb for verb in Verb if section.has(verb.value)}
    if len(verbs) > 1 or (not verbs and not any(section.is_misspelt(verb.value) for verb in Verb)):
        _wrong_verbs(section, list(verbs.values()), problems)
    if not verbs:
        verbs = _meant(section)
    if len(verbs) != 1:
        return None
    ((key, verb),) = verbs.items()
    target = section.id_or_meant(key)
    if not id_ or not target:
        return None
    return RuleHead(id_, verb, target, section, section.value_place("id"), book.is_shipped)


def _meant(section: Section) -> dict[str, Verb]:
    """Return the verbs that misspelt keys mean, so that the rest of the rule can be checked."""
    near = {key: nearest(key, [verb.value for verb in Verb]) for key in section.entries if key not in RULE_KEYS}
    return {key: Verb(word) for key, word in near.items() if word is not None}


def _what(node: Node) -> str:
    id_ = node.node("id") if isinstance(node, Entries) else None
    named = isinstance(id_, Leaf) and isinstance(id_.value, str) and id_.value
    return f"rule `{values.shortened(str(named))}`" if named else "this rule"


def _wrong_verbs(section: Section, verbs: list[Verb], problems: Problems) -> None:
    words = [verb.value for verb in Verb]
    if not verbs:
        message = "This rule does not say what it does."
        problems.add(
            "CDS032", section.at, message, f"Add {listed(words)}, with what it finds, recommends or cautions against."
        )
        return
    message = f"This rule does two things: it {listed([verb.value for verb in verbs], 'and')}."
    advice = "Keep one, and write a second rule for the other."
    problems.add("CDS032", section.place(verbs[1].value), message, advice)
