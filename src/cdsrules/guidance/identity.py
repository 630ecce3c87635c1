"""The stable identity of an item: the same advice for the same facts is the same item."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from typing import TypeAlias

from cdsrules.guidance.reasoning import Overlay, Reasoning
from cdsrules.model.condition import FactKey
from cdsrules.model.facts import Evidence, Kind, Known

Behind: TypeAlias = Mapping[FactKey, tuple[Evidence, ...]]
"""Facts with the records behind them, in words: whoever tells an item's identity and explains it asks for them once."""


def identity(reasoning: Reasoning, support: Behind) -> str:
    """Return the identity as 16 hex digits: the start of a SHA-256; `support` has the records behind each fact of it.

    It covers the client, the rule, the dated records behind the support, and the truth
    of each leaf that the support decides. A fact that merely ages enters by that truth
    and not by its value, and one over a window by its newest record, whatever leaves the
    window at its far end. So tomorrow's identical advice is today's item; a new score
    makes a new one (DESIGN §4.1).
    """
    case, held = reasoning.case, reasoning.case.held
    keys, names = held.places.keys, held.places.names
    carried = frozenset(support)
    leaves = [leaf for leaf in reasoning.ready.leaves if carried.issuperset(keys[leaf])]
    records = {
        (label, on.isoformat() if on else "")
        for key, evidence in support.items()
        for _, label, on in (evidence if key.over is None else _lasting(reasoning, key, evidence, leaves))
    }
    truths = {(names[leaf], str(held[leaf])) for leaf in leaves}
    text = repr((case.client_id, reasoning.rule.id, sorted(records), sorted(truths)))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _lasting(
    reasoning: Reasoning, key: FactKey, evidence: tuple[Evidence, ...], leaves: Collection[int]
) -> tuple[Evidence, ...]:
    """Return the records of a fact over a window that only a new record replaces, not a later day."""
    counted = reasoning.case.program.catalogue[key.name].kind is Kind.NUMBER
    reading = [leaf for leaf in leaves if key in reasoning.case.held.places.keys[leaf]]
    if counted and not any(_needs_records(reasoning, key, leaf) for leaf in reading):
        return ()
    return evidence[-1:]


def _needs_records(reasoning: Reasoning, key: FactKey, leaf: int) -> bool:
    """Whether a count carries the leaf; what would be so at nothing as well, its records do not carry."""
    at_nothing = Overlay(reasoning.case.facts, {key: Known(0)})
    return reasoning.case.held.under(leaf, at_nothing.get) is not reasoning.leaf_truth(leaf)
