"""Operands taken apart: the literals of an operand, and how they reach a comparison."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

from cdsrules.logic.operators.record import Against, Bind, Bound
from cdsrules.logic.values import day_or_never, misfit
from cdsrules.model.condition import Operand, Scalar, Value
from cdsrules.model.facts import NEVER, Never
from cdsrules.model.time import Duration

NEVER_WORD: Final = "never"
"""How a rule file asks for a date that there is not: `{fact: plan.reviewed_on, is: never}`."""


def literal(operand: Operand) -> Scalar:
    """Return the value of an operand that is one literal."""
    if isinstance(operand, Value):
        return operand.value
    raise misfit(operand, "one value")


def literals(operand: Operand) -> tuple[Scalar, ...]:
    """Return the values of an operand that is a list of literals."""
    if isinstance(operand, tuple):
        return tuple(one.value for one in operand)
    raise misfit(operand, "a list of values")


def members(against: Against) -> tuple[Scalar, ...]:
    """Return the literals of a list that an operator is handed."""
    if isinstance(against, tuple) and not isinstance(against, Duration):
        return against
    raise misfit(against, "a list of values")


def duration(value: object) -> Duration:
    """Return the value if it is a duration."""
    if isinstance(value, Duration):
        return value
    raise misfit(value, "a duration")


def wanted_day(value: object) -> date | Never:
    """Return the day that a literal stands for; the word `never` stands for `NEVER`."""
    return NEVER if value == NEVER_WORD else day_or_never(value)


def bind_one(plain: Callable[[object], Bound]) -> Bind:
    """Return a binding of `limit` to the one literal, made plain."""
    return lambda operand: {"limit": plain(literal(operand))}


def bind_members(plain: Callable[[object], Bound]) -> Bind:
    """Return a binding of `limit` to the set of the literals, made plain."""
    return lambda operand: {"limit": frozenset(plain(one) for one in literals(operand))}
