"""The dossier: source attributes, criteria, hazards and traceability of the rules, as values and as JSON data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from cdsrules.documents.attributes import Attribute, attributes
from cdsrules.documents.criteria import CRITERIA, Criterion
from cdsrules.documents.entries import Basis, RuleEntry
from cdsrules.documents.hazards import EVERYWHERE, HazardEntry, hazards
from cdsrules.frozen import frozen
from cdsrules.model.rulebook import Status
from cdsrules.model.vocabulary import Requirement
from cdsrules.testing.shown import Showing

SCHEMA_VERSION: Final = "1.0"
PARTS: Final[Mapping[str, str]] = {
    "attributes": "Source attributes of every rule (45 CFR 170.315(b)(11))",
    "criteria": "Criteria of FD&C Act 520(o)(1)(E), and where each is met",
    "hazards": "Hazard log",
    "trace": "Traceability: source, requirement, rule, case",
}
"""The parts of the dossier by id; its pages, tables and data name them alike."""


class RuleAttributes(NamedTuple):
    """A rule with its thirteen source attributes."""

    entry: RuleEntry
    attributes: tuple[Attribute, ...]


class Trace(NamedTuple):
    """One line from source to case; a part is None where there is none, and `lacks` says so."""

    requirement: Requirement | None
    entry: RuleEntry | None
    showing: Showing | None
    as_expected: bool | None
    lacks: str | None


class Stamp(NamedTuple):
    """Which rulebook this is about."""

    id: str
    version: str
    status: str
    title: str
    owner: str
    review_by: str


@frozen
class Dossier:
    """Everything the dossier says; `version` is that of cdsrules, the hashes those of rules and cases."""

    version: str
    content_hash: str
    cases_hash: str
    rulebooks: tuple[Stamp, ...]
    attributes: tuple[RuleAttributes, ...]
    criteria: tuple[Criterion, ...]
    hazards: tuple[HazardEntry, ...]
    trace: tuple[Trace, ...]
    cases: int
    unexpected: tuple[str, ...]


def make_dossier(basis: Basis, version: str, outcomes: Mapping[str, bool]) -> Dossier:
    """Return the dossier of everything loaded.

    `outcomes` tells of each case, by its id, whether it came out as expected when it was run.
    """
    library = basis.library
    entries = [entry for entry in basis.entries.values() if entry.rule.status is not Status.RETIRED]
    return Dossier(
        version=version,
        content_hash=library.content_hash,
        cases_hash=basis.cases_hash,
        rulebooks=tuple(
            Stamp(book.id, book.version, book.status.value, book.title, book.owner, book.review_by.isoformat())
            for book in library.rulebooks
        ),
        attributes=tuple(RuleAttributes(one, attributes(one, library.rulebook(one.rule))) for one in entries),
        criteria=CRITERIA,
        hazards=hazards(basis),
        trace=tuple(_traces(basis, entries, outcomes)),
        cases=len(outcomes),
        unexpected=tuple(case for case, as_expected in outcomes.items() if not as_expected),
    )


def _traces(basis: Basis, entries: list[RuleEntry], outcomes: Mapping[str, bool]) -> Iterator[Trace]:
    """Yield requirement by requirement, then the rules that no requirement asks for."""
    for requirement in basis.library.vocabulary.requirements.values():
        carrying = [entry for entry in entries if requirement.id in entry.rule.requirement]
        if not carrying:
            yield Trace(requirement, None, None, None, "no rule carries it")
        for entry in carrying:
            yield from _of(entry, requirement, outcomes)
    for entry in entries:
        if not entry.rule.requirement:
            yield from _of(entry, None, outcomes)


def _of(entry: RuleEntry, requirement: Requirement | None, outcomes: Mapping[str, bool]) -> Iterator[Trace]:
    if not entry.cases:
        yield Trace(requirement, entry, None, None, "no case speaks for it")
    for showing in entry.cases:
        yield Trace(requirement, entry, showing, outcomes.get(showing.id), None)


def dossier_document(dossier: Dossier) -> dict[str, object]:
    """Return the dossier as JSON data, as `schemas/dossier.schema.json` describes it."""
    return {
        "schema_version": SCHEMA_VERSION,
        "cdsrules": dossier.version,
        "content_hash": dossier.content_hash,
        "cases_hash": dossier.cases_hash,
        "rulebooks": [one._asdict() for one in dossier.rulebooks],
        "cases": {"count": dossier.cases, "unexpected": list(dossier.unexpected)},
        "attributes": [_attributes(one) for one in dossier.attributes],
        "criteria": [
            {**one._asdict(), "places": [place._asdict() for place in one.places]} for one in dossier.criteria
        ],
        "hazards": {"controls_everywhere": list(EVERYWHERE), "rules": [_hazard(one) for one in dossier.hazards]},
        "trace": [_trace(one) for one in dossier.trace],
    }


def _rule(entry: RuleEntry) -> dict[str, object]:
    rule = entry.rule
    return {
        "id": rule.id,
        "rulebook": rule.rulebook,
        "title": rule.title,
        "status": rule.status.value,
        "tier": rule.tier.value,
        "verb": rule.verb.value,
        "target": rule.target,
    }


def _attributes(one: RuleAttributes) -> dict[str, object]:
    told = [{"label": item.label, "value": item.value, "facts": list(item.facts)} for item in one.attributes]
    return {"rule": _rule(one.entry), "attributes": told}


def _hazard(one: HazardEntry) -> dict[str, object]:
    return {
        "rule": _rule(one.entry),
        "ids": dict(zip(("fires_wrongly", "fails_to_fire"), one.ids, strict=True)),
        "fires_wrongly": one.fires_wrongly,
        "fails_to_fire": one.fails_to_fire,
        "carried_by": [rule.id for rule in one.carried_by],
        "controls": list(one.controls),
        "cases": [{"id": case.id, "stand": case.stand.value} for case in one.entry.cases],
    }


def _trace(one: Trace) -> dict[str, object]:
    requirement, entry, showing = one.requirement, one.entry, one.showing
    return {
        "source_file": requirement.source_file if requirement else None,
        "requirement": requirement.id if requirement else None,
        "rule": entry.rule.id if entry else None,
        "sources": list(entry.rule.sources) if entry else [],
        "case": showing.id if showing else None,
        "stand": showing.stand.value if showing else None,
        "as_expected": one.as_expected,
        "lacks": one.lacks,
    }
