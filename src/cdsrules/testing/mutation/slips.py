"""The slips that are made in a condition: what somebody who edits a rule could get wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from cdsrules.model.condition import (
    AllOf,
    AnyOf,
    AtLeast,
    Condition,
    Declined,
    Done,
    FactKey,
    FactTest,
    FindingTest,
    KnownTest,
    Not,
    Proposed,
    Value,
)
from cdsrules.model.facts import FactCatalogue, Kind
from cdsrules.model.time import Duration
from cdsrules.testing.mutation.edits import Change

THRESHOLD: Final = "threshold"
COMPARISON: Final = "comparison"
JUNCTION: Final = "all or any"
LEFT_OUT: Final = "left out"
DENIED: Final = "denied"
SWAPPED: Final = "swapped"
WINDOW: Final = "window"
ATTRIBUTE: Final = "attribute"

_TURNED: Final[Mapping[str, tuple[str, ...]]] = {
    "at_least": ("more_than", "less_than"),
    "more_than": ("at_least", "at_most"),
    "at_most": ("less_than", "more_than"),
    "less_than": ("at_most", "at_least"),
    "is": ("is_not",),
    "is_not": ("is",),
    "one_of": ("none_of",),
    "none_of": ("one_of",),
    "includes": ("excludes",),
    "excludes": ("includes",),
    "within": ("older_than",),
    "older_than": ("within",),
    "after": ("before",),
    "before": ("after",),
}
"""What each operator is mistaken for: its strictness, then its direction."""


@dataclass(frozen=True, slots=True)
class Slips:
    """The slips that a library of rules offers room for.

    `findings` and `actions` are the names that can be mistaken for each other.
    """

    catalogue: FactCatalogue
    findings: Sequence[str]
    actions: Sequence[str]

    def __call__(self, node: Condition) -> Iterator[Change]:
        """Yield every slip that can be made at this place."""
        match node:
            case AllOf(parts) if len(parts) > 1:
                yield Change(JUNCTION, AnyOf(parts, node.at))
            case AnyOf(parts) if len(parts) > 1:
                yield Change(JUNCTION, AllOf(parts, node.at))
            case AtLeast(count, parts):
                yield from (
                    Change(THRESHOLD, replace(node, count=n))
                    for n in (count - 1, count + 1)
                    if n in range(1, len(parts) + 1)
                )
            case Not(part):
                yield Change(DENIED, part)
            case FactTest() | KnownTest() | FindingTest() | Done() | Declined() | Proposed():
                yield Change(LEFT_OUT, None)
                yield Change(DENIED, Not(node, node.at))
                yield from self._at_leaf(node)
            case _:
                return

    def _at_leaf(self, node: Condition) -> Iterator[Change]:
        match node:
            case FactTest(fact, operator, operand):
                yield from (Change(COMPARISON, replace(node, operator=other)) for other in _TURNED.get(operator, ()))
                if isinstance(operand, Value):
                    yield from (Change(THRESHOLD, replace(node, operand=moved)) for moved in self._moved(fact, operand))
                elif isinstance(operand, tuple):
                    yield from self._among(node, operand)
                yield from (Change(WINDOW, replace(node, fact=wider)) for wider in _widened(fact))
            case FindingTest(finding):
                yield from (Change(SWAPPED, replace(node, finding=other)) for other in _next(finding, self.findings))
            case Done(action, within, after) | Declined(action, within, after):
                yield from (Change(SWAPPED, replace(node, action=other)) for other in _next(action, self.actions))
                if within is not None:
                    yield from (Change(WINDOW, replace(node, within=other)) for other in (*_steps(within), None))
                if after is not None:
                    yield Change(WINDOW, replace(node, after=None))
            case Proposed(_, attributes):
                yield from _attributes(node, attributes)
            case _:
                return

    def _moved(self, fact: FactKey, value: Value) -> Iterator[Value]:
        """Yield a threshold one step up and one step down, as far as the fact's range goes."""
        yield from _steps(value)
        number = value.value
        if isinstance(number, bool) or not isinstance(number, (int, float)):
            return
        spec = self.catalogue[fact.name]
        steps = dict.fromkeys([1, spec.step or 1])
        for moved in (number + sign * step for step in steps for sign in (1, -1)):
            if (spec.low is None or moved >= spec.low) and (spec.high is None or moved <= spec.high):
                yield Value(moved)

    def _among(self, node: FactTest, values: tuple[Value, ...]) -> Iterator[Change]:
        """Yield a list with one of its words left out, or a range with one of its ends moved."""
        spec = self.catalogue[node.fact.name]
        for place, value in enumerate(values):
            rest = (*values[:place], *values[place + 1 :])
            if spec.kind in (Kind.NUMBER, Kind.ELAPSED):
                for moved in self._moved(node.fact, value):
                    ends = (*values[:place], moved, *values[place + 1 :])
                    yield Change(THRESHOLD, replace(node, operand=ends))
            elif rest:
                yield Change(LEFT_OUT, replace(node, operand=rest))


def _steps(value: Value) -> Iterator[Value]:
    """Yield a length of time one unit longer and one shorter; weeks also move by a day."""
    length = value.value
    if not isinstance(length, Duration):
        return
    finer = [Duration(7 * length.amount, "days")] if length.unit == "weeks" else []
    for start in (length, *finer):
        yield Value(start._replace(amount=start.amount + 1))
        if start.amount > 1:
            yield Value(start._replace(amount=start.amount - 1))


def _widened(fact: FactKey) -> Iterator[FactKey]:
    if fact.over is not None:
        yield from (
            fact._replace(over=moved.value) for moved in _steps(Value(fact.over)) if isinstance(moved.value, Duration)
        )


def _next(name: str, names: Sequence[str]) -> Iterator[str]:
    """Yield the name that stands next in the list, around its end."""
    others = [one for one in names if one != name]
    if others:
        yield others[names.index(name) % len(others)] if name in names else others[0]


def _attributes(node: Proposed, attributes: tuple[tuple[str, bool], ...]) -> Iterator[Change]:
    for place, (name, wanted) in enumerate(attributes):
        turned = (*attributes[:place], (name, not wanted), *attributes[place + 1 :])
        yield Change(ATTRIBUTE, replace(node, attributes=turned))
        yield Change(LEFT_OUT, replace(node, attributes=(*attributes[:place], *attributes[place + 1 :])))
