"""The values an unknown fact could take, as far as the rules can tell them apart.

Between two thresholds a fact may have any value: one of each region stands for all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from cdsrules.guidance.case import Case
from cdsrules.guidance.reasoning import leaves_of
from cdsrules.inference.program import Program
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
    keys_of,
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

_DAY = timedelta(days=1)
_LONG = timedelta(days=3653)


def tests_of(program: Program, key: FactKey) -> tuple[Leaf, ...]:
    """Return every leaf of every rule that reads the fact, each once."""
    leaves = (leaf for rule in program.rules for leaf in leaves_of(rule))
    return tuple(dict.fromkeys(leaf for leaf in leaves if key in keys_of(leaf)))


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
    step = spec.step or 1
    marks = [one for one in operands if isinstance(one, (int, float))]
    around = {value for mark in marks for value in (mark - step, mark, mark + step)}
    low = spec.low if spec.low is not None else min(around, default=0)
    high = spec.high if spec.high is not None else max(around, default=0)
    return sorted(value for value in around | {low, high} if low <= value <= high)


def _days(operands: tuple[Scalar, ...], others: Iterable[date], moment: Moment) -> list[date]:
    as_of = moment.as_of
    days = {as_of, as_of - _LONG}
    for one in operands:
        if isinstance(one, Duration):
            start = moment.window_start(one)
            days |= {start, start - _DAY} if start is not None else set()
        elif isinstance(one, date):
            days |= {one, one - _DAY, one + _DAY}
    for other in others:
        days |= {other, other + _DAY}
    return sorted(day for day in days if day <= as_of)


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
    starts = {as_of, as_of - _LONG}
    for one in operands:
        if isinstance(one, Duration):
            start = latest_start(as_of, one)
            starts |= {start, start + _DAY}
    return [Elapsed(start, as_of) for start in sorted(starts) if start <= as_of]


def _sets(operands: tuple[Scalar, ...]) -> list[FactValue]:
    words = [one for one in operands if isinstance(one, str)]
    return [frozenset(), *(frozenset([word]) for word in words)]


def answers(case: Case, key: FactKey) -> tuple[Measured, ...]:
    """Return values that stand for everything the fact could turn out to be."""
    spec = case.program.catalogue[key.name]
    leaves = tests_of(case.program, key)
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
