"""The dossier as one HTML page, for the screen and for paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from cdsrules.documents.attributes import NOT_USED, USE, Attribute
from cdsrules.documents.dossier import PARTS, Dossier, Trace
from cdsrules.documents.entries import RuleEntry
from cdsrules.documents.hazards import EVERYWHERE
from cdsrules.documents.tables import attribute_in_words
from cdsrules.model.vocabulary import Requirement
from cdsrules.rendering.pages import page, style
from cdsrules.testing.shown import Showing, Stand

TEMPLATES: Final = "cdsrules.documents"


class TracedRule(NamedTuple):
    """A rule under a requirement, and its cases by what they show."""

    entry: RuleEntry
    fires: tuple[Showing, ...]
    others: tuple[Showing, ...]


class TracedRow(NamedTuple):
    """A requirement and its rules; None stands for the rules that no requirement asks for."""

    requirement: Requirement | None
    rules: tuple[TracedRule, ...]


def dossier_page(dossier: Dossier) -> str:
    """Return the page; it holds no script and fetches nothing."""
    return page(
        TEMPLATES,
        "dossier.html",
        dossier=dossier,
        parts=PARTS,
        everywhere=EVERYWHERE,
        rows=tuple(_rows(dossier)),
        in_words=_in_words,
        style=style(
            TEMPLATES,
            "document.css",
            running_head="Dossier of the rules",
            running_foot=f"cdsrules, content {dossier.content_hash[:12]}",
        ),
    )


def _in_words(attributes: Sequence[Attribute]) -> Iterator[tuple[str, str]]:
    """Yield the attributes line by line; data that are alike not used stand on one."""
    plain = [one.label.removeprefix(USE) for one in attributes if one.value == NOT_USED]
    for one in attributes:
        if one.value != NOT_USED:
            yield one.label, attribute_in_words(one)
    if plain:
        yield NOT_USED, ", ".join(plain)


def _rows(dossier: Dossier) -> Iterator[TracedRow]:
    for requirement, lines in groupby(dossier.trace, key=lambda one: one.requirement):
        yield TracedRow(requirement, tuple(_rules(tuple(lines))))


def _rules(lines: tuple[Trace, ...]) -> Iterator[TracedRule]:
    entries = {line.entry.rule.id: line.entry for line in lines if line.entry is not None}
    for rule, entry in entries.items():
        shown = [line.showing for line in lines if line.showing and line.entry and line.entry.rule.id == rule]
        fires = tuple(one for one in shown if one.stand is Stand.FIRES)
        yield TracedRule(entry, fires, tuple(one for one in shown if one.stand is not Stand.FIRES))
