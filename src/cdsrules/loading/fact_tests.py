"""Conditions on one fact: `{fact: name, operator: operand}`, with a window where the fact has one."""

from __future__ import annotations

from typing import Final

from cdsrules.loading import values
from cdsrules.loading.operands import read_operand, read_window
from cdsrules.loading.problems import did_you_mean, listed
from cdsrules.loading.scope import LeafPlaces, Scope
from cdsrules.loading.tree import Entries
from cdsrules.logic.operators import OPERATORS
from cdsrules.model.condition import FactKey, FactTest
from cdsrules.model.facts import FactSpec, Kind
from cdsrules.model.time import Duration

_ASKS: Final = {
    Kind.NUMBER: "at_least: 2",
    Kind.ELAPSED: "at_least: 6 months",
    Kind.DATE: "within: 60 days",
    Kind.YES_NO: "is: true",
    Kind.CHOICE: "is: worse",
    Kind.SET: "includes: work",
    Kind.TEXT: "is: ...",
}


def read_fact_test(node: Entries, scope: Scope) -> FactTest | None:
    """Return the test of a fact, or None after noting what is wrong with it."""
    fact = node.entries["fact"].node
    name = values.read_text(fact, "`fact`", scope.problems)
    spec = None if name is None else scope.fact(name, fact.at)
    over = read_over(node, scope)
    operator = _operator(node, spec, scope)
    if operator is None:
        return None
    entry = node.entries[operator]
    kind = None if spec is None else spec.kind
    operand = read_operand(entry.node, OPERATORS[operator].shape, kind, f"`{operator}`", scope)
    if name is None or spec is None or operand is None:
        return None
    over_node = node.node("over")
    over_at = fact.at if over_node is None else over_node.at
    scope.places[node.at] = LeafPlaces(fact.at, over_at, entry.key_at, entry.node.at)
    return FactTest(FactKey(name, over), operator, operand, node.at)


def read_over(node: Entries, scope: Scope) -> Duration | None:
    """Return the window that stands beside a fact, if any."""
    over = node.node("over")
    read = None if over is None else read_window(over, "`over`", scope)
    return read.value if read is not None and isinstance(read.value, Duration) else None


def _operator(node: Entries, spec: FactSpec | None, scope: Scope) -> str | None:
    others = [key for key in node.entries if key not in {"fact", "over"}]
    known = [key for key in others if key in OPERATORS]
    for key in others:
        if key not in OPERATORS:
            advice = did_you_mean(key, [*OPERATORS, "over"], f"Operators are {listed(OPERATORS)}.")
            scope.problems.add("CDS039", node.entries[key].key_at, f"`{key}` is no operator.", advice)
    if len(known) == 1:
        return known[0]
    if known:
        message = f"This fact is asked two things at once: {listed(known, 'and')}."
        advice = "Make each a condition of its own under `all`."
        scope.problems.add("CDS037", node.entries[known[1]].key_at, message, advice)
    elif not others:
        asks = _ASKS[spec.kind] if spec is not None else "is: true"
        message = "This fact is named, but not what it has to be."
        advice = f"Add an operator, such as `{asks}`, or write `known` for `fact`."
        scope.problems.add("CDS038", node.entries["fact"].node.at, message, advice)
    return None
