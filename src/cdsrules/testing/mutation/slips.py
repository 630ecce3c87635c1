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
    LatestOf,
    Not,
    Proposed,
    Value,
)
from cdsrules.model.facts import FactCatalogue, Kind
from cdsrules.model.time import Duration
from cdsrules.model.vocabulary import Action
from cdsrules.testing.mutation.edits import Change

THRESHOLD: Final = "threshold"
COMPARISON: Final = "comparison"
JUNCTION: Final = "all or any"
LEFT_OUT: Final = "left out"
DENIED: Final = "denied"
SWAPPED: Final = "swapped"
WINDOW: Final = "window"
ATTRIBUTE: Final = "attribute"
EXCEPTION: Final = "exception"
LIFTING: Final = "lifting"
TIER: Final = "tier"
PRIORITY: Final = "priority"
ORDER: Final = "order"

_TURNED: Final[Mapping[str, tuple[str, ...]]] = {
    "at_least": ("more_than", "at_most"),
    "more_than": ("at_least", "less_than"),
    "at_most": ("less_than", "at_least"),
    "less_than": ("at_most", "more_than"),
    "after": ("before",),
    "before": ("after",),
}
"""What each operator is mistaken for: its strictness, then its direction.

Of an operator that is not named the only opposite is its denial, which is a slip by itself.
"""


@dataclass(frozen=True, slots=True)
class Slips:
    """The slips that a library of rules offers room for.

    `findings` and `actions` are the names that can be mistaken for each other.
    """

    catalogue: FactCatalogue
    findings: Sequence[str]
    actions: Mapping[str, Action]

    def __call__(self, node: Condition) -> Iterator[Change]:
        """Yield every slip that can be made at this place."""
        match node:
            case AllOf(parts) | AnyOf(parts) if len(parts) > 1:
                other = AnyOf if isinstance(node, AllOf) else AllOf
                yield Change(JUNCTION, other(parts, node.at))
                yield from _of_any_clause(node)
            case AtLeast(count, parts):
                counts = (n for n in (count - 1, count + 1) if n in range(1, len(parts) + 1))
                yield from (Change(THRESHOLD, replace(node, count=n)) for n in counts)
                yield from _of_any_clause(node)
            case Not(part) if not isinstance(part, Not):
                yield Change(DENIED, part)
            case FactTest() | KnownTest() | FindingTest() | Done() | Declined() | Proposed():
                yield from _of_any_clause(node)
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
                elif isinstance(operand, LatestOf):
                    yield from (Change(SWAPPED, replace(node, operand=other)) for other in self._other_event(operand))
                yield from (Change(WINDOW, replace(node, fact=wider)) for wider in _widened(fact))
            case FindingTest(finding):
                others = other_name(finding, self.findings)
                yield from (Change(SWAPPED, replace(node, finding=other)) for other in others)
            case Done(action, within, after) | Declined(action, within, after):
                others = other_name(action, tuple(self.actions))
                yield from (Change(SWAPPED, replace(node, action=other)) for other in others)
                if within is not None:
                    yield from (Change(WINDOW, replace(node, within=other)) for other in (*_steps(within), None))
                if after is not None:
                    yield Change(WINDOW, replace(node, after=None))
                if isinstance(after, LatestOf):
                    yield from (Change(SWAPPED, replace(node, after=other)) for other in self._other_event(after))
            case Proposed(action, attributes):
                others = other_name(action, self._that_can_be(attributes))
                yield from (Change(SWAPPED, replace(node, action=other)) for other in others)
                yield from _attributes(node, attributes)
            case _:
                return

    def _other_event(self, event: LatestOf) -> Iterator[LatestOf]:
        """Yield the event with another action in the place of its own."""
        yield from (replace(event, action=other) for other in other_name(event.action, tuple(self.actions)))

    def _that_can_be(self, attributes: tuple[tuple[str, bool], ...]) -> tuple[str, ...]:
        """Return the actions of which a proposal can say as much: discussed, gradual."""
        said = {name for name, _ in attributes}
        return tuple(name for name, action in self.actions.items() if said.issubset(action.attributes))

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


def _of_any_clause(node: Condition) -> Iterator[Change]:
    """Yield what can be done to any clause, be it a group or not."""
    yield Change(LEFT_OUT, None)
    yield Change(DENIED, Not(node, node.at))


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


def other_name(name: str, names: Sequence[str]) -> Iterator[str]:
    """Yield the name that stands next in the list, around its end."""
    others = [one for one in names if one != name]
    if others:
        yield others[names.index(name) % len(others)] if name in names else others[0]


def _attributes(node: Proposed, attributes: tuple[tuple[str, bool], ...]) -> Iterator[Change]:
    for place, (name, wanted) in enumerate(attributes):
        turned = (*attributes[:place], (name, not wanted), *attributes[place + 1 :])
        yield Change(ATTRIBUTE, replace(node, attributes=turned))
        yield Change(LEFT_OUT, replace(node, attributes=(*attributes[:place], *attributes[place + 1 :])))
