"""A leaf made ready to be held against facts: which judge is asked, of which fact, against what.

The traced evaluator (`trace.py`) is what a leaf means; here it is worked out once what that comes
down to, for those who hold the same leaf against the facts of many clients, or many supposed ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias, assert_never

from cdsrules.logic.moment import Moment
from cdsrules.logic.operators import OPERATORS, Operator
from cdsrules.logic.operators.record import Against
from cdsrules.logic.reading import questions
from cdsrules.logic.truth import Truth, all_of
from cdsrules.model.condition import (
    DateOf,
    FactKey,
    FactTest,
    FindingTest,
    KnownTest,
    LatestOf,
    Leaf,
    Value,
    reference_key,
)
from cdsrules.model.facts import FactCatalogue, FactValue, Known, Measured

Get: TypeAlias = Callable[[FactKey], Measured]
Judged: TypeAlias = Callable[[Get, Moment], Truth]
"""Facts and the day in; the truth of one leaf out."""


def judged(leaf: Leaf, catalogue: FactCatalogue, operators: Mapping[str, Operator] = OPERATORS) -> Judged:
    """Return the leaf made ready. Raises ValueError for a finding, which is no question about facts."""
    made = [_question(question, catalogue, operators) for question in questions(leaf)]
    if len(made) == 1:
        return made[0]
    return lambda get, moment: all_of([one(get, moment) for one in made])


def _question(
    question: FactTest | KnownTest | FindingTest, catalogue: FactCatalogue, operators: Mapping[str, Operator]
) -> Judged:
    match question:
        case FactTest(fact, operator, operand):
            holds = operators[operator].forms[catalogue[fact.name].kind].holds
            if isinstance(operand, (LatestOf, DateOf)):
                other = reference_key(operand)
                return lambda get, moment: holds(_value(get(fact)), _value(get(other)), moment)
            against = _literal(operand)
            return lambda get, moment: holds(_value(get(fact)), against, moment)
        case KnownTest(fact):
            return lambda get, _: type(get(fact)) is Known
        case FindingTest():
            message = "a finding is no question about facts"
            raise ValueError(message)
        case _:
            assert_never(question)


def _value(measured: Measured) -> FactValue | None:
    return measured.value if type(measured) is Known else None


def _literal(operand: Value | tuple[Value, ...]) -> Against:
    return operand.value if isinstance(operand, Value) else tuple([one.value for one in operand])
