"""The values an unknown fact could take, as far as the rules can tell them apart.

Between two thresholds a fact may have any value: one of each region stands for all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import combinations, pairwise
from math import inf

from cdsrules.guidance.case import Case
from cdsrules.logic.moment import Moment
from cdsrules.model.condition import (
    DateOf,
    Declined,
    Done,
    FactKey,
    FactTest,
    LatestOf,
    Leaf,
    Operand,
    Scalar,
    Value,
    reference_key,
)
from cdsrules.model.facts import (
    NEVER,
    Elapsed,
    FactSpec,
    FactValue,
    Kind,
    Known,
    Measured,
)
from cdsrules.model.time import Duration, latest_start

MOST_WORDS = 4
"""Words of a set that are tried in every combination; of more, each alone and all together."""

_LONG = 3653
"""Ten years in days: longer ago than what rules ask for, where they name no day themselves."""
_CLAMPED = 4
"""As many days may lie a month before one day: 28 to 31 January before 28 February; one more is past it."""


def tests_of(case: Case, key: FactKey) -> tuple[Leaf, ...]:
    """Return every leaf that reads the fact, of every rule that is shown, each once."""
    places = case.outline.places
    return tuple(places.leaves[place] for place in places.readers.get(key, ()))


def _scalars(operand: Operand) -> tuple[Scalar, ...]:
    if isinstance(operand, Value):
        return (operand.value,)
    if isinstance(operand, tuple):
        return tuple(value.value for value in operand)
    return ()


def _operands(leaves: Iterable[Leaf]) -> tuple[Scalar, ...]:
    found: dict[Scalar, None] = {}
    for leaf in leaves:
        match leaf:
            case FactTest(_, _, operand):
                found.update(dict.fromkeys(_scalars(operand)))
            case Done(_, Value(within), _) | Declined(_, Value(within), _):
                found[within] = None
            case _:
                pass
    return tuple(found)


def _numbers(operands: tuple[Scalar, ...], spec: FactSpec) -> list[float]:
    marks = {one for one in operands if isinstance(one, (int, float))}
    ends = {end for end in (spec.low, spec.high) if end is not None}
    if spec.step:
        near = {mark + spec.step * side for mark in marks for side in (-1, 1)}
    else:
        near = {(one + other) / 2 for one, other in pairwise(sorted(marks | ends))}
        near |= {min(marks, default=0) - 1, max(marks, default=0) + 1}
    low = spec.low if spec.low is not None else -inf
    high = spec.high if spec.high is not None else inf
    return sorted(value for value in marks | ends | near if low <= value <= high)


def _calendar(ordinals: Iterable[int], as_of: date) -> list[date]:
    """Return the days up to `as_of`, oldest first; what lies before the calendar is none."""
    return [date.fromordinal(one) for one in sorted(set(ordinals)) if 1 <= one <= as_of.toordinal()]


def _days(operands: tuple[Scalar, ...], others: Iterable[date], moment: Moment) -> list[date]:
    today = moment.as_of.toordinal()
    ordinals = [today, today - _LONG]
    for one in operands:
        if isinstance(one, Duration):
            start = moment.window_start(one)
            ordinals += [start.toordinal(), start.toordinal() - 1] if start is not None else []
        elif isinstance(one, date):
            ordinals += [one.toordinal() - 1, one.toordinal(), one.toordinal() + 1]
    for other in others:
        ordinals += [other.toordinal(), other.toordinal() + 1]
    return _calendar(ordinals, moment.as_of)


def _reference_days(case: Case, leaves: Iterable[Leaf]) -> list[date]:
    days: list[date] = []
    for leaf in leaves:
        operand = getattr(leaf, "operand", None) or getattr(leaf, "after", None)
        if isinstance(operand, (LatestOf, DateOf)):
            other = case.facts.get(reference_key(operand))
            if isinstance(other, Known) and isinstance(other.value, date):
                days.append(other.value)
    return days


def _elapsed(operands: tuple[Scalar, ...], as_of: date) -> list[FactValue]:
    today = as_of.toordinal()
    ordinals = [today, today - _LONG]
    for one in operands:
        if isinstance(one, Duration):
            start = latest_start(as_of, one).toordinal()
            ordinals += [*range(start - _CLAMPED, start + 2), start - _LONG]
    return [Elapsed(start, as_of) for start in _calendar(ordinals, as_of)]


def _sets(operands: tuple[Scalar, ...]) -> list[FactValue]:
    words = [one for one in operands if isinstance(one, str)]
    sizes = range(len(words) + 1) if len(words) <= MOST_WORDS else (0, 1, len(words))
    return [frozenset(chosen) for size in sizes for chosen in combinations(words, size)]


def answers(case: Case, key: FactKey) -> tuple[Measured, ...]:
    """Return values that stand for everything the fact could turn out to be.

    Whatever it is, every test of the rules says of it what it says of one of these. It is
    not so for texts, of which there are none, and for sets beyond `MOST_WORDS`.
    """
    spec = case.program.catalogue[key.name]
    leaves = tests_of(case, key)
    operands = _operands(leaves)
    values: Sequence[FactValue]
    match spec.kind:
        case Kind.NUMBER:
            values = _numbers(operands, spec)
        case Kind.ELAPSED:
            values = _elapsed(operands, case.as_of)
        case Kind.DATE:
            values = [NEVER, *_days(operands, _reference_days(case, leaves), case.moment)]
        case Kind.YES_NO:
            values = [True, False]
        case Kind.CHOICE:
            values = list(spec.choices)
        case Kind.SET:
            values = _sets(operands)
        case Kind.TEXT:
            values = []
    return tuple(Known(value) for value in values)
