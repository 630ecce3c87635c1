"""Parts of a condition as a rule file writes them, for messages that point at them."""

from __future__ import annotations

from datetime import date
from typing import assert_never

from cdsrules.model.condition import (
    DateOf,
    Declined,
    Done,
    FactTest,
    FindingTest,
    KnownTest,
    LatestOf,
    Leaf,
    Operand,
    Proposed,
    Scalar,
    Value,
)


def written(value: Scalar) -> str:
    """Return a literal as a rule file writes it.

    >>> written(True), written(7.5), written(date(2026, 3, 1))
    ('true', '7.5', '2026-03-01')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value).removesuffix(".0")
    return value.isoformat() if isinstance(value, date) else str(value)


def given(value: Value) -> str:
    """Return a literal, or the name of the parameter it came from with its value."""
    return written(value.value) if value.parameter is None else f"${value.parameter}"


def _reference(reference: LatestOf | DateOf) -> str:
    if isinstance(reference, DateOf):
        return f"{{fact: {reference.fact}}}"
    return f"{{{reference.event}: {reference.action}}}"


def operand_as_written(operand: Operand) -> str:
    """Return what stands behind an operator."""
    match operand:
        case Value():
            return given(operand)
        case LatestOf() | DateOf():
            return _reference(operand)
        case several:
            return f"[{', '.join(given(one) for one in several)}]"


def as_written(leaf: Leaf) -> str:
    """Return a leaf as the inside of its braces.

    >>> from cdsrules.model.time import Duration
    >>> as_written(Done("consultation", within=Value(Duration(60, "days"), "recent")))
    'done: consultation, within: $recent'
    """
    match leaf:
        case FactTest(fact, operator, operand):
            over = f", over: {fact.over}" if fact.over is not None else ""
            return f"fact: {fact.name}{over}, {operator}: {operand_as_written(operand)}"
        case KnownTest(fact):
            over = f", over: {fact.over}" if fact.over is not None else ""
            return f"known: {fact.name}{over}"
        case FindingTest(finding):
            return f"finding: {finding}"
        case Proposed(action, attributes):
            asked = ", ".join(f"{name}: {written(wanted)}" for name, wanted in attributes)
            return f"proposed: {action}" + (f", with: {{{asked}}}" if asked else "")
        case Done() | Declined():
            head = f"{'done' if isinstance(leaf, Done) else 'declined'}: {leaf.action}"
            within = f", within: {given(leaf.within)}" if leaf.within is not None else ""
            after = f", after: {_reference(leaf.after)}" if leaf.after is not None else ""
            return head + within + after
        case _:
            assert_never(leaf)
