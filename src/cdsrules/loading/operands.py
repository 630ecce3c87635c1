"""What a fact is held against: literals, lists, windows, and days of other things."""

from __future__ import annotations

from typing import Final, assert_never

from cdsrules.loading import values
from cdsrules.loading.scope import Scope
from cdsrules.loading.tree import Entries, Items, Leaf, Node
from cdsrules.logic.operators import OperandShape
from cdsrules.model.condition import DateOf, LatestOf, Operand, Value
from cdsrules.model.facts import Kind
from cdsrules.model.time import Duration

_TIMED: Final = frozenset({Kind.NUMBER, Kind.ELAPSED, Kind.DATE, None})
_MOMENT: Final = "Write an action (its latest day), `{declined: action}`, `{fact: name}` or a date like `2026-03-01`."
_REFERENCE: Final = "Write an action (its latest day), `{declined: action}` or `{fact: name}`."


def read_operand(node: Node, shape: OperandShape, kind: Kind | None, label: str, scope: Scope) -> Operand | None:
    """Return the operand that stands behind an operator, or None after noting what is wrong."""
    match shape:
        case OperandShape.VALUE:
            return read_literal(node, kind, label, scope)
        case OperandShape.WINDOW:
            return read_window(node, label, scope)
        case OperandShape.MOMENT:
            return read_moment(node, scope)
        case OperandShape.LIST | OperandShape.PAIR:
            return _literals(node, shape, kind, label, scope)
        case _:
            assert_never(shape)


def _literals(node: Node, shape: OperandShape, kind: Kind | None, label: str, scope: Scope) -> tuple[Value, ...] | None:
    wanted, advice = "a list", "Write it like `[same, worse]`."
    if shape is OperandShape.PAIR:
        wanted, advice = "a list of two, the lower one first", "Write it like `[5, 9]`."
    if not isinstance(node, Items) or (shape is OperandShape.PAIR and len(node.items) != 2):
        values.wrong_sort(node, label, wanted, advice, scope.problems)
        return None
    if not node.items:
        scope.problems.add("CDS031", node.at, f"{label} is an empty list.", advice)
        return None
    read = [read_literal(item, kind, f"An item of {label}", scope) for item in node.items]
    whole = tuple(value for value in read if value is not None)
    return whole if len(whole) == len(read) else None


def read_literal(node: Node, kind: Kind | None, label: str, scope: Scope) -> Value | None:
    """Return a literal, or the value of a parameter written `$name`."""
    if not isinstance(node, Leaf) or node.value is None or node.value == "":
        values.wrong_sort(node, label, "one value", "Write the value the fact has to have.", scope.problems)
        return None
    if node.at in scope.problems.spoilt:
        return None
    if not isinstance(node.value, str):
        return Value(node.value)
    if node.value.startswith("$"):
        parameter = scope.parameter(node.value[1:], node.at)
        return None if parameter is None else Value(parameter.value, parameter.name)
    if kind is Kind.ELAPSED and values.looks_like_duration(node.value):
        length = values.read_duration(node, label, scope.problems)
        return None if length is None else Value(length)
    return Value(values.typed(node.value) if kind in _TIMED else node.value)


def read_window(node: Node, label: str, scope: Scope) -> Value | None:
    """Return a duration, written out or as a parameter."""
    if isinstance(node, Leaf) and isinstance(node.value, str) and node.value.startswith("$"):
        parameter = scope.parameter(node.value[1:], node.at)
        if parameter is None:
            return None
        if isinstance(parameter.value, Duration):
            return Value(parameter.value, parameter.name)
        message = f"{label} is `${parameter.name}`, and that is `{parameter.value}`, no duration."
        scope.problems.add("CDS029", node.at, message, "Write a duration such as `60 days`.")
        return None
    length = values.read_duration(node, label, scope.problems)
    return None if length is None else Value(length)


def read_moment(node: Node, scope: Scope) -> Value | LatestOf | DateOf | None:
    """Return what a date is held against: a day, the day of an action or decline, or the date in a fact."""
    if isinstance(node, Leaf) and isinstance(node.value, str):
        if node.value.startswith("$"):
            return read_literal(node, Kind.DATE, "This parameter", scope)
        day = values.as_day(node.value)
        if day is not None:
            return Value(day)
    return _reference(node, scope, _MOMENT)


def read_reference(node: Node, scope: Scope) -> LatestOf | DateOf | None:
    """Return the day of an action or decline, or the date in a fact."""
    return _reference(node, scope, _REFERENCE)


def _reference(node: Node, scope: Scope, advice: str) -> LatestOf | DateOf | None:
    if isinstance(node, Leaf) and isinstance(node.value, str) and node.value and not values.as_day(node.value):
        return _latest("done", node.value, node, scope)
    if isinstance(node, Entries) and len(node.entries) == 1:
        ((key, entry),) = node.entries.items()
        if key in {"done", "declined", "fact"}:
            name = values.read_text(entry.node, f"`{key}`", scope.problems)
            if name is None:
                return None
            if key == "fact":
                return None if scope.fact(name, entry.node.at) is None else DateOf(name)
            return _latest(key, name, entry.node, scope)
    values.wrong_sort(node, "The day it is held against", "an action, a decline or a date fact", advice, scope.problems)
    return None


def _latest(event: str, action: str, node: Node, scope: Scope) -> LatestOf | None:
    if scope.action(action, node.at) is None:
        return None
    return LatestOf("declined" if event == "declined" else "done", action)
