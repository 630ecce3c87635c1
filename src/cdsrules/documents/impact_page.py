"""The impact of a change of rules as one HTML page: no script, nothing fetched."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from cdsrules.impact.comparing import Touched, Turned
from cdsrules.impact.imagined import NotFound
from cdsrules.impact.in_full import Behind, InFull
from cdsrules.impact.report_text import (
    clients,
    counted_in_words,
    load_in_words,
    load_rows,
    not_found_in_words,
    of_how_many,
)
from cdsrules.impact.result import Impact
from cdsrules.impact.rule_changes import RuleChange
from cdsrules.impact.typical import HOW
from cdsrules.impact.words import in_words, in_words_for_many
from cdsrules.rendering.pages import page, style

TEMPLATES: Final = "cdsrules.documents"
MOST_LOST: Final = 50
MOST_CLIENTS: Final = 200
"""Clients that the page names; JSON has them all."""


class Said(NamedTuple):
    """A change, and how it is said."""

    turned: Turned
    words: str


class ShownChange(NamedTuple):
    """A change with the number of clients it is met for."""

    turned: Turned
    words: str
    clients: int
    rule: str


class ShownRule(NamedTuple):
    """A changed rule, and for how many clients it is behind a change."""

    change: RuleChange
    note: str


class ShownClient(NamedTuple):
    """A client for whom something changes."""

    touched: Touched
    turns: tuple[Said, ...]


class ShownInFull(NamedTuple):
    """A client in full; `facts` are those of each rule behind the changes, `document` that of an imagined one."""

    full: InFull
    turns: tuple[Said, ...]
    facts: tuple[tuple[str, ...], ...]
    note: str
    document: str = ""


def impact_page(impact: Impact, version: str) -> str:
    """Return the page."""
    sheet = style(
        TEMPLATES, "impact.css", running_head="Impact of a change of rules", running_foot=f"cdsrules {version}"
    )
    found = impact.imagined
    return page(
        TEMPLATES,
        "impact.html",
        style=sheet,
        impact=impact,
        version=version,
        most=MOST_LOST,
        counted=counted_in_words(impact),
        changes=tuple(_changes(impact)),
        rules=tuple(_rules(impact)),
        loads=load_rows(impact),
        load_words=load_in_words(impact),
        how=HOW,
        typical=tuple(_typical(impact)),
        imagined=None if isinstance(found, NotFound) else _imagined(impact),
        not_found=not_found_in_words(found) if isinstance(found, NotFound) else "",
        clients=tuple(ShownClient(one, _said(one.turned)) for one in impact.touched[:MOST_CLIENTS]),
    )


def _said(turned: Iterable[Turned]) -> tuple[Said, ...]:
    return tuple(Said(one, in_words(one)) for one in turned)


def _changes(impact: Impact) -> Iterator[ShownChange]:
    for turned, number in impact.by_change:
        words = in_words(turned) if number == 1 else in_words_for_many(turned)
        yield ShownChange(turned, words, number, turned.rule or "")


def _rules(impact: Impact) -> Iterator[ShownRule]:
    behind = impact.clients_by_cause()
    changed = impact.differences.rules
    for name in sorted(changed, key=lambda one: -behind[one]):
        number = behind[name]
        yield ShownRule(changed[name], f"Behind changes for {clients(number)}." if number else "Behind no change here.")


def _typical(impact: Impact) -> Iterator[ShownInFull]:
    for place, full in enumerate(impact.typical):
        note = of_how_many(impact, place)
        yield ShownInFull(full, _said(full.turned), _facts(full.behind), f"{note[:1].upper()}{note[1:]}.")


def _imagined(impact: Impact) -> ShownInFull | None:
    found = impact.imagined
    if isinstance(found, NotFound):
        return None
    least = "" if found.is_smallest else " The tries ran out; there may be a smaller one."
    note = f"Made smaller from {found.origin}, in {found.tried:,} tries.{least}"
    full = found.full
    return ShownInFull(full, _said(full.turned), _facts(full.behind), note, json.dumps(found.document, indent=2))


def _facts(behind: Iterable[Behind]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(dict.fromkeys((*one.before.facts, *one.after.facts))) for one in behind)
