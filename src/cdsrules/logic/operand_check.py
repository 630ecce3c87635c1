"""Whether an operand is one that the fact can be held against."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from math import inf
from typing import Final, assert_never

from cdsrules.logic.operators import OperandShape
from cdsrules.logic.operators.operands import NEVER_WORD
from cdsrules.logic.problem_types import (
    AsFraction,
    NoDate,
    NotPositive,
    OffStep,
    OutOfRange,
    Problem,
    RepeatedChoice,
    UnknownChoice,
    WrongOperand,
    WrongOrder,
    WrongUnit,
)
from cdsrules.model.condition import DateOf, FactTest, LatestOf, Operand, Scalar, Value
from cdsrules.model.facts import FactCatalogue, FactSpec, Kind
from cdsrules.model.time import Duration, after

_ROUNDING: Final = 1e-9
_NEW_YEAR: Final = date(2001, 1, 1)


def check_operand(test: FactTest, shape: OperandShape, catalogue: FactCatalogue) -> Iterator[Problem]:
    """Yield what is wrong with the operand of a test whose operator applies to the fact."""
    spec = catalogue[test.fact.name]
    match shape:
        case OperandShape.VALUE | OperandShape.LIST:
            for given in _values(test.operand):
                yield from _literal(test, given, spec)
            yield from _repeated(test)
        case OperandShape.PAIR:
            yield from _pair(test, spec)
        case OperandShape.WINDOW:
            for given in _values(test.operand):
                yield from _window(test, given)
        case OperandShape.MOMENT:
            yield from _moment(test, catalogue)
        case _:
            assert_never(shape)


def _values(operand: Operand) -> tuple[Value, ...]:
    if isinstance(operand, Value):
        return (operand,)
    return operand if isinstance(operand, tuple) else ()


def _literal(test: FactTest, given: Value, spec: FactSpec) -> Iterator[Problem]:
    value = given.value
    if isinstance(value, Duration) and spec.kind in {Kind.NUMBER, Kind.ELAPSED}:
        yield from _duration(test, given, value, spec)
    elif not _fits(value, spec):
        yield WrongOperand(test.at, test.fact, test.operator, given)
    elif isinstance(value, str) and spec.choices and value not in spec.choices and spec.kind is not Kind.DATE:
        yield UnknownChoice(test.at, test.fact, given)
    elif spec.kind is Kind.NUMBER and isinstance(value, (int, float)):
        yield from _number(test, given, value, spec)


def _fits(value: Scalar, spec: FactSpec) -> bool:
    match spec.kind:
        case Kind.NUMBER:
            return isinstance(value, (int, float)) and not isinstance(value, bool)
        case Kind.YES_NO:
            return isinstance(value, bool)
        case Kind.CHOICE | Kind.SET:
            return isinstance(value, str)
        case Kind.DATE:
            return isinstance(value, date) or value == NEVER_WORD
        case Kind.ELAPSED | Kind.TEXT:
            return False
        case _:
            assert_never(spec.kind)


def _duration(test: FactTest, given: Value, length: Duration, spec: FactSpec) -> Iterator[Problem]:
    if spec.kind is Kind.NUMBER or not length.is_calendar:
        yield WrongUnit(test.at, test.fact, test.operator, given)
    elif length.amount < 1:
        yield NotPositive(test.at, test.fact, length)


def _number(test: FactTest, given: Value, value: float, spec: FactSpec) -> Iterator[Problem]:
    too_low = spec.low is not None and value < spec.low
    too_high = spec.high is not None and value > spec.high
    if too_low or too_high:
        yield OutOfRange(test.at, test.fact, given)
    elif spec.is_in_percent and 0 < abs(value) < 1 and not _is_fine(spec):
        yield AsFraction(test.at, test.fact, given)
    elif spec.step is not None:
        steps = (value - (spec.low or 0)) / spec.step
        if abs(steps - round(steps)) > _ROUNDING:
            yield OffStep(test.at, test.fact, given)


def _is_fine(spec: FactSpec) -> bool:
    """Whether a share of one per cent may be meant: the fact goes in smaller steps, or no further than to one."""
    return (spec.step is not None and spec.step < 1) or (spec.high is not None and spec.high <= 1)


def _repeated(test: FactTest) -> Iterator[Problem]:
    seen: set[Scalar] = set()
    for given in _values(test.operand):
        if given.value in seen:
            yield RepeatedChoice(test.at, test.fact, given)
        seen.add(given.value)


def _pair(test: FactTest, spec: FactSpec) -> Iterator[Problem]:
    problems = [problem for given in _values(test.operand) for problem in _literal(test, given, spec)]
    yield from problems
    if not problems:
        low, high = _values(test.operand)
        if _size(low.value) > _size(high.value):
            yield WrongOrder(test.at, test.fact, low, high)


def _size(value: Scalar) -> float:
    """Return what a number or a length of time is compared by; lengths run from a 1 January."""
    if isinstance(value, Duration):
        try:
            return (after(_NEW_YEAR, value) - _NEW_YEAR).days
        except OverflowError:
            return inf
    return value if isinstance(value, (int, float)) else 0


def _window(test: FactTest, given: Value) -> Iterator[Problem]:
    if not isinstance(given.value, Duration):
        yield WrongOperand(test.at, test.fact, test.operator, given)
    elif given.value.amount < 1 and not given.value.is_calendar:
        yield NotPositive(test.at, test.fact, given.value)


def _moment(test: FactTest, catalogue: FactCatalogue) -> Iterator[Problem]:
    match test.operand:
        case DateOf(fact):
            spec = catalogue.get(fact)
            if spec is not None and spec.kind is not Kind.DATE:
                yield NoDate(test.at, test.fact, test.operator, fact)
        case LatestOf() | Value(date()):
            pass
        case operand:
            for given in _values(operand):
                yield WrongOperand(test.at, test.fact, test.operator, given)
