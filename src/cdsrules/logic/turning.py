"""The values and days at which a test of a fact turns, found by trying the operator."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from math import inf, nextafter
from typing import Final

from cdsrules.frozen import frozen
from cdsrules.logic.moment import Moment
from cdsrules.logic.operators import Operator
from cdsrules.logic.values import number
from cdsrules.model.condition import FactTest, Leaf, Scalar, Value
from cdsrules.model.facts import Elapsed, FactSpec, FactValue
from cdsrules.model.time import Duration, after

_DAY: Final = timedelta(days=1)
_SLACK: Final = 4
"""Days by which the end of a window can lag behind its length, as months are not equally long."""


@frozen
class Tested:
    """A leaf that tests one known fact against literals, and how it came out."""

    leaf: Leaf
    test: FactTest
    operator: Operator
    spec: FactSpec
    value: FactValue
    truth: bool
    moment: Moment

    @property
    def literals(self) -> tuple[Scalar, ...]:
        """The literals of the test's operand."""
        operand = self.test.operand
        if isinstance(operand, Value):
            return (operand.value,)
        return tuple(one.value for one in operand) if isinstance(operand, tuple) else ()

    def turns(self, value: FactValue, moment: Moment | None = None) -> bool:
        """Whether the test comes out the other way with this value."""
        against = self.literals[0] if isinstance(self.test.operand, Value) else self.literals
        return self.operator.holds(value, against, moment or self.moment) is (not self.truth)

    def reached(self, length: Duration) -> date | None:
        """Return the day on which the time that runs has lasted that long."""
        return after(self.value.since, length) if isinstance(self.value, Elapsed) else None


def nearest_number(tested: Tested) -> float | None:
    """Return the nearest number on the fact's scale with which the test turns."""
    spec, value = tested.spec, number(tested.value)
    low = spec.low if spec.low is not None else -inf
    high = spec.high if spec.high is not None else inf
    near = [one for one in _around(tested) if low <= one <= high and tested.turns(one)]
    return min(near, key=lambda one: (abs(one - value), one), default=None)


def _around(tested: Tested) -> Iterator[float]:
    """Yield the numbers of the test and their neighbours on the scale."""
    step = tested.spec.step
    for mark in map(number, tested.literals):
        yield mark
        yield mark - step if step else nextafter(mark, -inf)
        yield mark + step if step else nextafter(mark, inf)


def next_day(tested: Tested) -> tuple[date, Duration] | None:
    """Return the first day to come on which time turns the test, and the length behind it.

    Nothing is recorded meanwhile: a time that runs goes on running, a date stays.
    """
    found = [
        (day, mark)
        for mark in tested.literals
        if isinstance(mark, Duration) and mark.is_calendar
        for day in _days_after(tested.value, mark)
        if day > tested.moment.as_of and _turns_on(tested, day)
    ]
    return min(found, key=lambda one: one[0], default=None)


def _days_after(value: FactValue, length: Duration) -> Iterator[date]:
    since = value.since if isinstance(value, Elapsed) else value
    if isinstance(since, date):
        try:
            passed = after(since, length)
            for days in range(_SLACK + 1):
                yield passed + days * _DAY
        except OverflowError:
            return


def _turns_on(tested: Tested, day: date) -> bool:
    value = tested.value
    then = Elapsed(value.since, day) if isinstance(value, Elapsed) else value
    return tested.turns(then, replace(tested.moment, as_of=day))
