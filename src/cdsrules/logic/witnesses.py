"""Values that would satisfy several tests of one fact, found by trying.

The values tried lie at, beside and between what the tests name, so that one of them
satisfies the tests if any value does. Times are tried on days around the turns of all
months of four years, a leap year among them: what never holds there never holds. Nothing
is claimed of tests against another fact or a number of sessions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import combinations, pairwise
from typing import Final, NamedTuple, assert_never

from cdsrules.logic.moment import Moment
from cdsrules.logic.operators import Operator
from cdsrules.logic.operators.operands import duration
from cdsrules.logic.operators.record import Against
from cdsrules.model.condition import FactTest, Scalar, Value
from cdsrules.model.facts import NEVER, Elapsed, FactCatalogue, FactSpec, FactValue, Kind
from cdsrules.model.time import Duration, before, latest_start, shift_months

_DAY: Final = timedelta(days=1)
_FIRST: Final = date(2027, 1, 1)
_MONTHS: Final = 48
_CALENDAR: Final = range(date.min.toordinal(), date.max.toordinal() + 1)
_MOST_WORDS: Final = 8
_DAYS: Final = tuple(
    day
    for months in range(_MONTHS)
    for first in [shift_months(_FIRST, months)]
    for day in (first - _DAY, first, first + 14 * _DAY)
)


class Wanted(NamedTuple):
    """A test, and whether it has to be true or false."""

    test: FactTest
    truth: bool


def satisfiable(wanted: Sequence[Wanted], catalogue: FactCatalogue, operators: Mapping[str, Operator]) -> bool:
    """Whether one value of the fact that all tests are about can satisfy them all."""
    spec = catalogue.get(wanted[0].test.fact.name)
    tried = [one for one in wanted if _is_decided_alone(one.test) and one.test.operator in operators]
    marks = [mark for one in tried for mark in _marks(one.test)]
    if spec is None or not tried or (spec.kind is Kind.SET and len(marks) > _MOST_WORDS):
        return True
    return any(
        all(operators[one.test.operator].holds(value, _against(one.test), moment) is one.truth for one in tried)
        for moment in _moments(spec, marks)
        for value in _values(spec, marks, moment.as_of)
    )


def _moments(spec: FactSpec, marks: Sequence[Scalar]) -> Iterator[Moment]:
    if spec.kind not in {Kind.DATE, Kind.ELAPSED}:
        yield Moment(_FIRST)
        return
    named = [day for mark in marks if isinstance(mark, date) for day in _beside(mark)]
    for day in (*_DAYS, *named):
        yield Moment(day)


def _marks(test: FactTest) -> tuple[Scalar, ...]:
    operand = test.operand
    if isinstance(operand, Value):
        return (operand.value,)
    return tuple(one.value for one in operand) if isinstance(operand, tuple) else ()


def _against(test: FactTest) -> Against:
    marks = _marks(test)
    return marks[0] if isinstance(test.operand, Value) else marks


def _is_decided_alone(test: FactTest) -> bool:
    marks = _marks(test)
    return bool(marks) and all(not isinstance(mark, Duration) or mark.is_calendar for mark in marks)


def _values(spec: FactSpec, marks: Sequence[Scalar], today: date) -> Iterator[FactValue]:
    match spec.kind:
        case Kind.NUMBER:
            yield from _numbers(spec, [mark for mark in marks if isinstance(mark, (int, float))])
        case Kind.YES_NO:
            yield from (True, False)
        case Kind.CHOICE | Kind.TEXT:
            yield from spec.choices or (*_words(marks), "")
        case Kind.SET:
            yield from _sets(_words(marks))
        case Kind.DATE:
            yield from _dates(marks, today)
        case Kind.ELAPSED:
            yield from (Elapsed(since, today) for since in _starts(marks, today))
        case _:
            assert_never(spec.kind)


def _words(marks: Sequence[Scalar]) -> tuple[str, ...]:
    return tuple(mark for mark in marks if isinstance(mark, str))


def _numbers(spec: FactSpec, marks: Sequence[float]) -> list[float]:
    low = spec.low if spec.low is not None else min(marks) - 2
    high = spec.high if spec.high is not None else max(marks) + 2
    if spec.step is not None:
        tried = [number for mark in marks for number in (mark - spec.step, mark, mark + spec.step)]
    else:
        ends = sorted({low, high, *marks})
        tried = [*ends, *((one + other) / 2 for one, other in pairwise(ends))]
    return [number for number in tried if low <= number <= high]


def _sets(words: Sequence[str]) -> Iterator[frozenset[str]]:
    for size in range(len(words) + 1):
        yield from map(frozenset, combinations(words, size))


def _beside(day: date) -> tuple[date, ...]:
    near = range(day.toordinal() - 1, day.toordinal() + 2)
    return tuple(date.fromordinal(number) for number in near if number in _CALENDAR)


def _dates(marks: Sequence[Scalar], today: date) -> Iterator[FactValue]:
    yield NEVER
    yield today
    for mark in marks:
        if isinstance(mark, date):
            yield from _beside(mark)
        elif isinstance(mark, Duration):
            yield from _at(before, mark, today)


def _starts(marks: Sequence[Scalar], today: date) -> Iterator[date]:
    yield today
    for length in map(duration, marks):
        yield from _at(latest_start, length, today)


def _at(find: Callable[[date, Duration], date], length: Duration, today: date) -> tuple[date, ...]:
    """Return the days beside one that the length leads to; none when it leads out of the calendar."""
    try:
        return _beside(find(today, length))
    except OverflowError:
        return ()
