"""Whether a rule could hold for any client, as far as what its conditions ask of single facts tells.

A condition is taken apart into what has to be true and what false; what is asked of one
fact has to go together. What two facts have to do with each other is not known here, so a
rule of which it is not proved that it cannot hold counts as one that could.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Final, TypeAlias

from cdsrules.inference.order import decision_of, finders
from cdsrules.logic.moment import Moment
from cdsrules.logic.trace import leaf_truth
from cdsrules.model.condition import (
    AllOf,
    AnyOf,
    AtLeast,
    Condition,
    FactKey,
    FactTest,
    FindingTest,
    KnownTest,
    Leaf,
    Not,
    Proposed,
    Value,
    keys_of,
)
from cdsrules.model.facts import FactCatalogue, FactSpec, Kind, Known, Measured, Reason, Unknown
from cdsrules.model.rulebook import Library, Rule

MOST_STEPS: Final = 5_000
"""How many clauses are tried for one rule; where that is not enough, it counts as one that could hold."""

_UNKNOWN: Final = Unknown(Reason.NOT_RECORDED, "nothing is known of it")
_ANY_DAY: Final = Moment(date(2026, 1, 1))

Wanted: TypeAlias = tuple[tuple[Leaf, bool], ...]
"""Leaves, and what each of them has to be."""


class _EnoughError(Exception):
    """So many clauses were tried that the answer is left open."""


class Possibilities:
    """The rules of a library, asked one by one whether they could hold."""

    def __init__(self, library: Library, facts: FactCatalogue) -> None:
        self._finders = finders(library.rules)
        self._facts = facts
        self._known: dict[str, bool] = {}

    def could_hold(self, rule: Rule) -> bool:
        """Return whether no proof was found that the rule can hold for nobody; its exception is left aside."""
        if rule.id not in self._known:
            search = _Search(self._finders, self._facts)
            try:
                found = next(search.ways(decision_of(rule), True, ()), None)
            except _EnoughError:
                found = ()
            self._known[rule.id] = found is not None
        return self._known[rule.id]


@dataclass(slots=True)
class _Search:
    finders: Mapping[str, Sequence[Rule]]
    facts: FactCatalogue
    steps: int = field(default=0)

    def ways(self, condition: Condition, want: bool, wanted: Wanted) -> Iterator[Wanted]:
        """Yield ways to make a condition true, or false, beside what is wanted already."""
        match condition:
            case Not(part):
                yield from self.ways(part, not want, wanted)
            case AllOf(parts):
                yield from self._every(parts, want, wanted) if want else self._some(parts, want, wanted)
            case AnyOf(parts):
                yield from self._some(parts, want, wanted) if want else self._every(parts, want, wanted)
            case AtLeast(count, parts):
                needed = count if want else len(parts) - count + 1
                yield from self._so_many(parts, needed, want, wanted)
            case FindingTest(finding):
                yield from self._finding(self.finders.get(finding, ()), want, wanted)
            case _:
                yield from self._with_leaf(condition, want, wanted)

    def _finding(self, carriers: Sequence[Rule], want: bool, wanted: Wanted) -> Iterator[Wanted]:
        """Yield ways for some rule to find it, or for none to; an unknown exception withdraws no rule."""
        if want:
            yield from self._some([decision_of(rule) for rule in carriers], want, wanted)
        else:
            yield from self._every([_unexcepted(rule) for rule in carriers], want, wanted)

    def _every(self, parts: Sequence[Condition], want: bool, wanted: Wanted) -> Iterator[Wanted]:
        if not parts:
            yield wanted
            return
        for way in self.ways(parts[0], want, wanted):
            yield from self._every(parts[1:], want, way)

    def _some(self, parts: Sequence[Condition], want: bool, wanted: Wanted) -> Iterator[Wanted]:
        for part in parts:
            yield from self.ways(part, want, wanted)

    def _so_many(self, parts: Sequence[Condition], needed: int, want: bool, wanted: Wanted) -> Iterator[Wanted]:
        if needed <= 0:
            yield wanted
            return
        for place, part in enumerate(parts[: len(parts) - needed + 1]):
            for way in self.ways(part, want, wanted):
                yield from self._so_many(parts[place + 1 :], needed - 1, want, way)

    def _with_leaf(self, leaf: Leaf, want: bool, wanted: Wanted) -> Iterator[Wanted]:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise _EnoughError
        if (leaf, not want) in wanted:
            return
        together = (*wanted, (leaf, want))
        if all(self._go_together(key, together) for key in keys_of(leaf)):
            yield together

    def _go_together(self, key: FactKey, wanted: Wanted) -> bool:
        """Whether some value of a fact, or its not being known, is what all leaves that ask for it alone want."""
        asking = [(leaf, want) for leaf, want in wanted if keys_of(leaf) == (key,) and _is_about_values(leaf)]
        spec = self.facts.get(key.name)
        if spec is None or len(asking) == 0:
            return True
        candidates = _candidates(spec, [leaf for leaf, _ in asking])
        if candidates is None:
            return True
        return any(
            all(leaf_truth(leaf, _One(key, value), _ANY_DAY) is want for leaf, want in asking) for value in candidates
        )


def _unexcepted(rule: Rule) -> Condition:
    """Return what is false where the rule does not hold, its exception taken in."""
    decision = decision_of(rule)
    return decision if rule.unless is None else AllOf((decision, Not(rule.unless)))


def _is_about_values(leaf: Leaf) -> bool:
    match leaf:
        case FactTest(operand=Value() | tuple()) | KnownTest() | Proposed():
            return True
        case _:
            return False


def _candidates(spec: FactSpec, leaves: Sequence[Leaf]) -> list[Measured] | None:
    """Return values of which one stands for each that these leaves can tell apart; None where that is not known."""
    match spec.kind:
        case Kind.YES_NO:
            return [Known(True), Known(False), _UNKNOWN]
        case Kind.CHOICE:
            return [*(Known(word) for word in spec.choices), _UNKNOWN]
        case Kind.NUMBER:
            return [*(Known(number) for number in _numbers(spec, leaves)), _UNKNOWN]
        case _:
            return None


def _numbers(spec: FactSpec, leaves: Sequence[Leaf]) -> list[float]:
    """Return the numbers that the leaves name, and one below, between and above them, within what the fact can be."""
    named = {number for leaf in leaves for number in _named(leaf)}
    bounds = {bound for bound in (spec.low, spec.high) if bound is not None}
    points = sorted(named | bounds) or [0.0]
    step = spec.step or 1.0
    around = {points[0] - step, points[-1] + step, *points, *(before + step for before in points[:-1])}
    if spec.step is None or any((point - (spec.low or 0)) % step for point in points):
        around |= {(before + after) / 2 for before, after in pairwise(points)}
    low = float("-inf") if spec.low is None else spec.low
    high = float("inf") if spec.high is None else spec.high
    return sorted(number for number in around if low <= number <= high)


def _named(leaf: Leaf) -> list[float]:
    operand = leaf.operand if isinstance(leaf, FactTest) else ()
    values = operand if isinstance(operand, tuple) else (operand,)
    return [float(one.value) for one in values if isinstance(one, Value) and isinstance(one.value, (int, float))]


class _One:
    """The facts of a client of whom one is known."""

    __slots__ = ("_key", "_value")

    def __init__(self, key: FactKey, value: Measured) -> None:
        self._key, self._value = key, value

    def get(self, key: FactKey, /) -> Measured:
        """Return what the fact is."""
        return self._value if key == self._key else _UNKNOWN
