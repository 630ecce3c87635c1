"""Operators that ask for more or less: at_least, at_most, more_than, less_than, between.

A duration that has run is compared through the day on which it began: it has lasted six
months when the day six months after its beginning has come, and more than six months when
that day is past.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from cdsrules.logic.moment import Moment
from cdsrules.logic.operators.operands import bind_one, duration, literal, literals, members
from cdsrules.logic.operators.record import (
    EXAMPLE_DAY,
    LONG_AGO,
    Against,
    Bound,
    Cutoff,
    Example,
    Form,
    OperandShape,
    Operator,
    Rails,
    denials,
    when_known,
)
from cdsrules.logic.values import NO_DAY, elapsed, number
from cdsrules.model.condition import Operand
from cdsrules.model.facts import Elapsed, FactValue, Kind
from cdsrules.model.time import Duration, after, latest_start


def _at_least(value: FactValue, against: Against, _: Moment) -> bool:
    return number(value) >= number(against)


def _more_than(value: FactValue, against: Against, _: Moment) -> bool:
    return number(value) > number(against)


def _between(value: FactValue, against: Against, _: Moment) -> bool:
    low, high = members(against)
    return number(low) <= number(value) <= number(high)


def _has_lasted(value: FactValue, against: Against, moment: Moment) -> bool:
    try:
        return after(elapsed(value).since, duration(against)) <= moment.as_of
    except OverflowError:
        return False


def _has_lasted_longer(value: FactValue, against: Against, moment: Moment) -> bool:
    try:
        return after(elapsed(value).since, duration(against)) < moment.as_of
    except OverflowError:
        return False


def _has_lasted_between(value: FactValue, against: Against, moment: Moment) -> bool:
    short, long = map(duration, members(against))
    return _has_lasted(value, short, moment) and not _has_lasted_longer(value, long, moment)


def _start_lasting(moment: Moment, length: Duration) -> float:
    try:
        return float(latest_start(moment.as_of, length).toordinal())
    except OverflowError:
        return NO_DAY


def _start_lasting_longer(moment: Moment, length: Duration) -> float:
    try:
        return float(latest_start(moment.as_of - timedelta(days=1), length).toordinal())
    except OverflowError:
        return NO_DAY


def _bind_lasting(operand: Operand) -> Mapping[str, Bound]:
    return {"limit": Cutoff(_start_lasting, duration(literal(operand)))}


def _bind_lasting_longer(operand: Operand) -> Mapping[str, Bound]:
    return {"limit": Cutoff(_start_lasting_longer, duration(literal(operand)))}


def _bind_pair(operand: Operand) -> Mapping[str, Bound]:
    low, high = map(number, literals(operand))
    return {"low": low, "high": high}


def _bind_lasting_pair(operand: Operand) -> Mapping[str, Bound]:
    short, long = map(duration, literals(operand))
    return {"begun": Cutoff(_start_lasting, short), "too_early": Cutoff(_start_lasting_longer, long)}


_AT_LEAST: Final[Mapping[Kind, Form]] = {
    Kind.NUMBER: Form(
        when_known(_at_least),
        Rails("value >= limit", "value < limit", bind_one(number)),
        says="at least {0}",
        denied="less than {0}",
    ),
    Kind.ELAPSED: Form(
        when_known(_has_lasted),
        Rails("value <= limit", "value > limit", _bind_lasting),
        says="at least {0}",
        denied="less than {0}",
    ),
}
_MORE_THAN: Final[Mapping[Kind, Form]] = {
    Kind.NUMBER: Form(
        when_known(_more_than),
        Rails("value > limit", "value <= limit", bind_one(number)),
        says="more than {0}",
        denied="at most {0}",
    ),
    Kind.ELAPSED: Form(
        when_known(_has_lasted_longer),
        Rails("value <= limit", "value > limit", _bind_lasting_longer),
        says="more than {0}",
        denied="at most {0}",
    ),
}
_BETWEEN: Final[Mapping[Kind, Form]] = {
    Kind.NUMBER: Form(
        when_known(_between),
        Rails("low <= value <= high", "value < low or value > high", _bind_pair),
        says="from {0} to {1}",
        denied="either less than {0} or more than {1}",
    ),
    Kind.ELAPSED: Form(
        when_known(_has_lasted_between),
        Rails(
            "too_early < value <= begun",
            "value <= too_early or value > begun",
            _bind_lasting_pair,
        ),
        says="from {0} to {1}",
        denied="either less than {0} or more than {1}",
    ),
}

_SIX_MONTHS_AGO: Final = Elapsed(EXAMPLE_DAY.replace(year=2025, month=12), EXAMPLE_DAY)
_TWO_YEARS_AGO: Final = Elapsed(LONG_AGO, EXAMPLE_DAY)
_YESTERDAY: Final = Elapsed(EXAMPLE_DAY - timedelta(days=1), EXAMPLE_DAY)

ORDER: Final[tuple[Operator, ...]] = (
    Operator(
        name="at_least",
        shape=OperandShape.VALUE,
        forms=_AT_LEAST,
        meaning="The number is this or higher; the time has lasted this long or longer.",
        examples=(
            Example("treatment.duration", "6 months", _SIX_MONTHS_AGO, _YESTERDAY),
            Example("attendance.no_shows", 2, holds_for=2, fails_for=1, over="60 days"),
        ),
    ),
    Operator(
        name="at_most",
        shape=OperandShape.VALUE,
        forms=denials(_MORE_THAN),
        meaning="The number is this or lower; the time has lasted this long or less.",
        examples=(
            Example("outcome.primary.latest", 9, holds_for=9, fails_for=10),
            Example("treatment.duration", "6 months", _SIX_MONTHS_AGO, _TWO_YEARS_AGO),
        ),
    ),
    Operator(
        name="more_than",
        shape=OperandShape.VALUE,
        forms=_MORE_THAN,
        meaning="The number is higher than this; the time has lasted longer than this.",
        examples=(
            Example("attendance.consecutive_misses", 1, holds_for=2, fails_for=1),
            Example("treatment.duration", "6 months", _TWO_YEARS_AGO, _SIX_MONTHS_AGO),
        ),
    ),
    Operator(
        name="less_than",
        shape=OperandShape.VALUE,
        forms=denials(_AT_LEAST),
        meaning="The number is lower than this; the time has not yet lasted this long.",
        examples=(
            Example("attendance.rate", 70, holds_for=69.5, fails_for=70, over="8 sessions"),
            Example("treatment.duration", "6 months", _YESTERDAY, _SIX_MONTHS_AGO),
        ),
    ),
    Operator(
        name="between",
        shape=OperandShape.PAIR,
        forms=_BETWEEN,
        meaning="The number or time lies between these two, both included.",
        examples=(
            Example("outcome.primary.latest", [10, 14], holds_for=14, fails_for=15),
            Example("treatment.duration", ["4 weeks", "6 months"], _SIX_MONTHS_AGO, _YESTERDAY),
        ),
    ),
)
