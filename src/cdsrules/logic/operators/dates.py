"""Operators that ask when: within, older_than, after, before.

`NEVER` lies in no window and is neither after nor before anything, whatever is not known
about the other side.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from operator import gt, lt
from typing import Final

from cdsrules.logic.moment import Moment
from cdsrules.logic.operators.operands import duration, literal
from cdsrules.logic.operators.record import (
    EXAMPLE_DAY,
    LONG_AGO,
    Against,
    Bound,
    Cutoff,
    Example,
    Form,
    Judge,
    OperandShape,
    Operator,
    Rails,
    denials,
    when_known,
)
from cdsrules.logic.truth import Truth
from cdsrules.logic.values import NEVER_PLAIN, UNKNOWN_PLAIN, day_or_never, plain_day
from cdsrules.model.condition import DateOf, LatestOf, Operand, reference_key
from cdsrules.model.facts import NEVER, FactValue, Kind, Never
from cdsrules.model.time import Duration


def _within(value: FactValue, against: Against, moment: Moment) -> Truth:
    day = day_or_never(value)
    if isinstance(day, Never):
        return False
    start = moment.window_start(duration(against))
    return None if start is None else day >= start


def _compared(holds: Callable[[float, float], bool]) -> Judge:
    def judge(value: FactValue | None, against: Against, _: Moment) -> Truth:
        if value is NEVER or against is NEVER:
            return False
        if value is None or against is None:
            return None
        return holds(plain_day(value), plain_day(against))

    return judge


def _plain_start(moment: Moment, window: Duration) -> float:
    start = moment.window_start(window)
    return UNKNOWN_PLAIN if start is None else plain_day(start)


def _bind_window(operand: Operand) -> Mapping[str, Bound]:
    return {"start": Cutoff(_plain_start, duration(literal(operand))), "never": NEVER_PLAIN}


def _bind_moment(operand: Operand) -> Mapping[str, Bound]:
    if isinstance(operand, (LatestOf, DateOf)):
        return {"other": reference_key(operand), "never": NEVER_PLAIN}
    return {"other": plain_day(literal(operand)), "never": NEVER_PLAIN}


_WITHIN: Final[Mapping[Kind, Form]] = {
    Kind.DATE: Form(
        when_known(_within),
        Rails("value >= start", "value < start or value == never", _bind_window),
        says="in the last {0}",
        denied=None,
    ),
}
_AFTER: Final[Mapping[Kind, Form]] = {
    Kind.DATE: Form(
        _compared(gt),
        Rails(
            "value > other > never",
            "value <= other or value == never or other == never",
            _bind_moment,
        ),
        says="after {0}",
        denied=None,
    ),
}
_BEFORE: Final[Mapping[Kind, Form]] = {
    Kind.DATE: Form(
        _compared(lt),
        Rails(
            "never < value < other",
            "value >= other or value == never or other == never",
            _bind_moment,
        ),
        says="before {0}",
        denied=None,
    ),
}

_LAST_WEEK: Final = EXAMPLE_DAY - timedelta(weeks=1)

DATES: Final[tuple[Operator, ...]] = (
    Operator(
        name="within",
        shape=OperandShape.WINDOW,
        forms=_WITHIN,
        meaning=(
            "The date lies in the window that ends today, its first day included; "
            "`3 sessions` begin on the day of the third last attended session."
        ),
        examples=(
            Example("plan.reviewed_on", "90 days", _LAST_WEEK, LONG_AGO),
            Example("plan.reviewed_on", "3 sessions", _LAST_WEEK, NEVER),
        ),
    ),
    Operator(
        name="older_than",
        shape=OperandShape.WINDOW,
        forms=denials(_WITHIN),
        meaning="The date lies before the window that ends today, or there is none.",
        examples=(
            Example("plan.reviewed_on", "90 days", LONG_AGO, _LAST_WEEK),
            Example("outcome.shared_on", "6 weeks", NEVER, _LAST_WEEK),
        ),
    ),
    Operator(
        name="after",
        shape=OperandShape.MOMENT,
        forms=_AFTER,
        meaning="Both dates are there, and this one is strictly later.",
        examples=(
            Example("evidence.newest_on", "2026-03-01", _LAST_WEEK, LONG_AGO),
            Example("evidence.newest_on", {"declined": "medication_evaluation"}, _LAST_WEEK, NEVER),
        ),
    ),
    Operator(
        name="before",
        shape=OperandShape.MOMENT,
        forms=_BEFORE,
        meaning="Both dates are there, and this one is strictly earlier.",
        examples=(
            Example("plan.reviewed_on", "2026-03-01", LONG_AGO, _LAST_WEEK),
            Example("plan.reviewed_on", {"fact": "approach.changed_on"}, LONG_AGO, NEVER),
        ),
    ),
)
