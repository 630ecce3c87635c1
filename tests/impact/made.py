"""The shipped rules, changed a little, and clients to hold against them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from cdsrules import Advisor
from cdsrules.impact.comparing import Comparison, Given
from cdsrules.impact.imagined import NotFound
from cdsrules.impact.in_full import in_full
from cdsrules.impact.result import Impact, Tally
from cdsrules.impact.typical import MOST, groups
from cdsrules.model.rulebook import Library, Rule

STALLED: Mapping[str, Any] = json.loads(
    (Path(__file__).parents[2] / "examples" / "stalled.json").read_text(encoding="utf-8")
)
AT_RISK: Mapping[str, Any] = {**STALLED, "risk": {"flags": [{"kind": "ideation", "date": STALLED["as_of"]}]}}

SHIPPED: Library = Advisor.load(plugins=[], engine="reference").library


def edited(rule_id: str, library: Library = SHIPPED, **fields: object) -> Library:
    """Return the library with one rule changed; every field is one of the rule's own."""
    assert rule_id in library.by_id
    return _with(library, lambda rule: replace(rule, **fields) if rule.id == rule_id else rule)


def without(rule_id: str, library: Library = SHIPPED) -> Library:
    """Return the library without one rule."""
    assert rule_id in library.by_id
    return _with(library, lambda rule: None if rule.id == rule_id else rule)


def _with(library: Library, change: Any) -> Library:
    books = tuple(
        replace(book, rules=tuple(rule for rule in map(change, book.rules) if isinstance(rule, Rule)))
        for book in library.rulebooks
    )
    return replace(library, rulebooks=books)


def given(client: Mapping[str, Any], name: str = "c.json", **changes: object) -> Given:
    """Return a document as it comes from a file."""
    return Given(name, json.dumps({**client, **changes}).encode())


def impact_of(before: Library, after: Library, *clients: Given) -> Impact:
    """Return the report on some clients, without an imagined one."""
    comparison, tally = Comparison(before, after), Tally()
    tally.take_in(comparison.batch(clients))
    texts = {one.name: one.text for one in clients}
    typical = [one.typical.name for one in groups(tally.touched)[:MOST]]
    return Impact(
        names=("before", "after"),
        differences=comparison.differences,
        counted=tally.counted,
        touched=tuple(tally.touched),
        unread=tuple(tally.unread),
        loads=tally.loads,
        typical=tuple(in_full(comparison, json.loads(texts[name] or b""), name) for name in typical),
        imagined=NotFound(0),
    )
