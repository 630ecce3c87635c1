"""The parts of the dossier as tables, for a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from cdsrules.documents.attributes import NOT_PROVIDED, Attribute
from cdsrules.documents.dossier import Dossier, Trace
from cdsrules.documents.hazards import HazardEntry
from cdsrules.rendering.visible import visible
from cdsrules.testing.shown import Stand

Row: TypeAlias = Sequence[str | None]

# A spreadsheet takes a cell that begins so for a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def tables(dossier: Dossier) -> Mapping[str, str]:
    """Return every part of the dossier as CSV, by the part's id."""
    made = {
        "attributes": _attributes(dossier),
        "criteria": _criteria(dossier),
        "hazards": _hazards(dossier),
        "trace": _traces(dossier),
    }
    return {part: _csv(rows) for part, rows in made.items()}


class _Lines:
    """Takes what the writer of `csv` writes; this package has no files."""

    def __init__(self) -> None:
        self.written: list[str] = []

    def write(self, text: str) -> int:
        """Keep a piece."""
        self.written.append(text)
        return len(text)


def _csv(rows: Iterator[Row]) -> str:
    lines = _Lines()
    csv.writer(lines, lineterminator="\n").writerows([_cell(cell) for cell in row] for row in rows)
    return "".join(lines.written)


def _cell(text: str | None) -> str:
    """Return what stands in a cell: nothing that a spreadsheet would calculate.

    >>> _cell("=1+1"), _cell(None)
    ("'=1+1", '')
    """
    shown = visible(text or "")
    return f"'{shown}" if shown.startswith(_FORMULA) else shown


def _attributes(dossier: Dossier) -> Iterator[Row]:
    labels = [one.label for one in dossier.attributes[0].attributes] if dossier.attributes else []
    yield ("rulebook", "rule", "title", *labels)
    for entry, told in dossier.attributes:
        yield (entry.rule.rulebook, entry.rule.id, entry.rule.title, *map(attribute_in_words, told))


def attribute_in_words(one: Attribute) -> str:
    """Return what is provided, with the facts it was derived from."""
    if one.facts and one.value == NOT_PROVIDED:
        return f"{one.value}, as it is not declared what these facts hold: {', '.join(one.facts)}"
    return f"{one.value}: {', '.join(one.facts)}" if one.facts else one.value


def _criteria(dossier: Dossier) -> Iterator[Row]:
    yield ("criterion", "asks", "how it is met", "where", "left to the deployer")
    for one in dossier.criteria:
        where = "; ".join(f"{place.sort.value} {place.name}: {place.shows}" for place in one.places)
        yield (one.id, one.asks, one.met, where, one.left_open)


def _hazards(dossier: Dossier) -> Iterator[Row]:
    cases = [f"cases: {stand.value}" for stand in Stand]
    harms = ("hazard id", "fires wrongly", "hazard id", "fails to fire")
    yield ("rulebook", "rule", "tier", "status", *harms, "controls", *cases)
    for one in dossier.hazards:
        yield (*_particulars(one), *("; ".join(case.id for case in one.entry.cases_that(stand)) for stand in Stand))


def _particulars(one: HazardEntry) -> Row:
    rule = one.entry.rule
    harms = (part for pair in zip(one.ids, one.harms, strict=True) for part in pair)
    return (rule.rulebook, rule.id, rule.tier.value, rule.status.value, *harms, " ".join(one.controls))


def _traces(dossier: Dossier) -> Iterator[Row]:
    yield ("source file", "requirement", "rulebook", "rule", "sources", "case", "stand", "as expected", "lacks")
    yield from map(_trace, dossier.trace)


def _trace(one: Trace) -> Row:
    requirement, entry, showing = one.requirement, one.entry, one.showing
    return (
        requirement.source_file if requirement else None,
        requirement.id if requirement else None,
        entry.rule.rulebook if entry else None,
        entry.rule.id if entry else None,
        "; ".join(entry.rule.sources) if entry else None,
        showing.id if showing else None,
        showing.stand.value if showing else None,
        None if one.as_expected is None else "yes" if one.as_expected else "no",
        one.lacks,
    )
