"""Problems of conditions in words: what is wrong, and what to write instead.

The words are those of a rule file: facts and operators as they are written there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from math import floor
from typing import Final, NamedTuple, TypeAlias, assert_never

from cdsrules.logic.operators import OPERATORS, OperandShape, Operator
from cdsrules.logic.operators.operands import NEVER_WORD
from cdsrules.logic.problem_types import (
    AsFraction,
    Contradiction,
    CountOutOfReach,
    EmptyGroup,
    NoDate,
    NotPositive,
    OffStep,
    OutOfRange,
    OverForbidden,
    OverMissing,
    OverWrongUnit,
    Problem,
    RepeatedChoice,
    UnknownChoice,
    WrongOperand,
    WrongOperator,
    WrongOrder,
    WrongUnit,
)
from cdsrules.logic.values import KIND_WORDS
from cdsrules.logic.written import as_written, given, written
from cdsrules.model.condition import Leaf, Value
from cdsrules.model.facts import FactCatalogue, FactSpec, Kind
from cdsrules.model.saying import say_list, say_number
from cdsrules.model.time import Duration

__all__ = [
    "AsFraction",
    "Contradiction",
    "CountOutOfReach",
    "EmptyGroup",
    "NoDate",
    "NotPositive",
    "OffStep",
    "OutOfRange",
    "OverForbidden",
    "OverMissing",
    "OverWrongUnit",
    "Problem",
    "RepeatedChoice",
    "UnknownChoice",
    "Worded",
    "WrongOperand",
    "WrongOperator",
    "WrongOrder",
    "WrongUnit",
    "worded",
]


class Worded(NamedTuple):
    """A problem said: what is wrong, and what to write instead."""

    message: str
    advice: str


_PERCENT: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?) *(?:%|per ?cent)")
_WRITE_DURATION: Final = "Write a length of time such as `60 days` or `6 months`."
_WRITE_MOMENT: Final = "Write a day such as `2026-03-01`, an action, `{declined: action}` or `{fact: name}`."


def worded(
    problem: Problem,
    catalogue: FactCatalogue,
    operators: Mapping[str, Operator] = OPERATORS,
) -> Worded:
    """Return the problem in words.

    >>> from cdsrules.model.condition import FactKey
    >>> from cdsrules.model.facts import FactSpec
    >>> lasting = FactSpec("treatment.duration", Kind.ELAPSED, "", "", "", "")
    >>> six = WrongOperand(None, FactKey("treatment.duration"), "at_least", Value(6))
    >>> worded(six, {lasting.name: lasting}).message
    '`treatment.duration` is a duration, not the number 6.'
    """
    match problem:
        case CountOutOfReach() | EmptyGroup() | Contradiction():
            return _about_a_group(problem)
        case OverMissing() | OverForbidden() | OverWrongUnit() | NotPositive():
            return _about_a_time(problem, catalogue)
        case WrongOperator():
            return _wrong_operator(problem, catalogue[problem.fact.name], operators)
        case _:
            return _about_an_operand(problem, catalogue, operators)


def _about_a_group(problem: CountOutOfReach | EmptyGroup | Contradiction) -> Worded:
    match problem:
        case EmptyGroup():
            return Worded("There is no condition in this group.", "Write at least one, or leave the group out.")
        case CountOutOfReach(_, count, parts) if count < 1:
            return Worded(f"At least {count} of {parts} conditions always hold.", f"Write a count from 1 to {parts}.")
        case CountOutOfReach(_, count, parts):
            return Worded(f"Of {parts} conditions {count} can never hold.", f"Write a count from 1 to {parts}.")
        case Contradiction(_, ((leaf, affirmed),)):
            return Worded(
                f"{_asked(leaf, affirmed=affirmed)} can never hold.",
                "Compare with the values that the fact can have, or leave it out.",
            )
        case Contradiction(_, asked):
            both = say_list([_asked(leaf, affirmed=affirmed) for leaf, affirmed in asked])
            return Worded(f"{both} can never hold together.", "Change one of them, or put them under `any`.")
        case _:
            assert_never(problem)


def _asked(leaf: Leaf, *, affirmed: bool) -> str:
    return f"`{as_written(leaf)}`" if affirmed else f"`not: {{{as_written(leaf)}}}`"


def _about_a_time(
    problem: OverMissing | OverForbidden | OverWrongUnit | NotPositive, catalogue: FactCatalogue
) -> Worded:
    spec = catalogue[problem.fact.name]
    example = "8 sessions" if spec.over_unit == "sessions" else "60 days"
    match problem:
        case OverMissing():
            return Worded(f"`{spec.name}` is taken over a window, and none is given.", f"Add `over: {example}`.")
        case OverForbidden():
            return Worded(f"`{spec.name}` is not taken over a window.", "Leave `over` out.")
        case OverWrongUnit():
            wanted = "a number of sessions" if spec.over_unit == "sessions" else "a length of time"
            return Worded(
                f"`{spec.name}` is taken over {wanted}, not over `{problem.fact.over}`.",
                f"Write `over: {example}`, with the number you mean.",
            )
        case NotPositive(_, _, length):
            return Worded(f"`{length}` is no time at all.", f"Write at least `{Duration(1, length.unit)}`.")
        case _:
            assert_never(problem)


def _wrong_operator(problem: WrongOperator, spec: FactSpec, operators: Mapping[str, Operator]) -> Worded:
    fitting = [f"`{name}`" for name, operator in operators.items() if spec.kind in operator.forms]
    message = f"`{spec.name}` is {KIND_WORDS[spec.kind]}; `{problem.operator}` does not apply to it."
    if fitting:
        return Worded(message, f"Use {say_list(fitting, 'or')}.")
    return Worded(message, f"It can only be asked whether it is known: `known: {spec.name}`.")


_AboutLiteral: TypeAlias = OutOfRange | AsFraction | OffStep | UnknownChoice | RepeatedChoice
_AboutOperand: TypeAlias = _AboutLiteral | WrongOperand | WrongUnit | WrongOrder | NoDate


def _about_an_operand(problem: _AboutOperand, catalogue: FactCatalogue, operators: Mapping[str, Operator]) -> Worded:
    spec = catalogue[problem.fact.name]
    match problem:
        case WrongOperand():
            return _wrong_operand(problem, spec, operators[problem.operator].shape)
        case WrongUnit():
            return _wrong_unit(problem, spec)
        case WrongOrder(_, _, low, high):
            advice = f"Write the lower one first: `[{given(high)}, {given(low)}]`."
            return Worded(f"Nothing lies between {_what(low)} and {_what(high)}.", advice)
        case NoDate():
            kind = KIND_WORDS[catalogue[problem.reference].kind]
            message = f"`{problem.reference}` is {kind}, and `{problem.operator}` needs a date."
            return Worded(message, "Name a fact that is a date; most of their names end in `_on`.")
        case _:
            return _about_a_literal(problem, spec)


def _about_a_literal(problem: _AboutLiteral, spec: FactSpec) -> Worded:
    never = f"`{spec.name}` is never {_what(problem.given)}"
    match problem:
        case OutOfRange():
            return Worded(f"{never}.", f"Write {_number_wanted(spec)}.")
        case AsFraction():
            return Worded(
                f"`{spec.name}` is told in {spec.unit}, and {_what(problem.given)} is less than one per cent.",
                f"Write `{_in_percent(problem.given)}`.",
            )
        case OffStep():
            return Worded(
                f"{never}: it moves in steps of {say_number(spec.step or 1)}.", _nearest_steps(problem.given, spec)
            )
        case UnknownChoice():
            return Worded(f"{never}.", _nearest_choice(problem.given, spec))
        case RepeatedChoice():
            return Worded(f"{_what(problem.given)} stands in this list twice.", "Name it once.")
        case _:
            assert_never(problem)


def _what(value: Value) -> str:
    return f"`{given(value)}`" if value.parameter is None else f"`{given(value)}` (`{written(value.value)}`)"


def _sort(operand: Value) -> str:
    """Return what was given instead, such as "the number 6"."""
    match operand.value:
        case bool():
            said = f"`{written(operand.value)}`"
        case int() | float():
            said = f"the number {written(operand.value)}"
        case Duration():
            said = f"the duration `{operand.value}`"
        case date():
            said = f"the date {written(operand.value)}"
        case _:
            said = f"the word `{operand.value}`"
    return said if operand.parameter is None else f"`${operand.parameter}`, which is {said}"


def _wrong_operand(problem: WrongOperand, spec: FactSpec, shape: OperandShape) -> Worded:
    if shape is OperandShape.WINDOW:
        return Worded(f"`{problem.operator}` takes a length of time, not {_sort(problem.given)}.", _WRITE_DURATION)
    if shape is OperandShape.MOMENT:
        return Worded(f"`{problem.operator}` takes a day, not {_sort(problem.given)}.", _WRITE_MOMENT)
    return Worded(
        f"`{spec.name}` is {KIND_WORDS[spec.kind]}, not {_sort(problem.given)}.", _wanted(problem.given, spec)
    )


def _wanted(operand: Value, spec: FactSpec) -> str:
    """Return what to write for a fact of this kind, near to what was given where that can be told."""
    value = operand.value
    match spec.kind:
        case Kind.NUMBER:
            share = _PERCENT.fullmatch(str(value)) if spec.is_in_percent else None
            is_copied = share is not None and 1 <= float(share[1]) <= (100 if spec.high is None else spec.high)
            return f"Write `{share[1]}`." if share and is_copied else f"Write {_number_wanted(spec)}."
        case Kind.ELAPSED if isinstance(value, int) and not isinstance(value, bool) and value > 1:
            return f"Write `{value} months`, `{value} weeks` or `{value} days`, whichever is meant."
        case Kind.ELAPSED:
            return _WRITE_DURATION
        case Kind.DATE:
            return f"Write a day such as `2026-03-01`, or `{NEVER_WORD}`."
        case Kind.YES_NO:
            return "Write `true` or `false`."
        case Kind.CHOICE | Kind.SET | Kind.TEXT:
            return _one_of(spec)
        case _:
            assert_never(spec.kind)


def _one_of(spec: FactSpec) -> str:
    choices = [f"`{choice}`" for choice in spec.choices]
    return f"Write {say_list(choices, 'or')}." if choices else "Write a word."


def _in_percent(share: Value) -> str:
    """Return what a share of one is in per cent, without the noise of binary fractions.

    >>> _in_percent(Value(0.07)), _in_percent(Value(-0.625))
    ('7', '-62.5')
    """
    number = share.value if isinstance(share.value, (int, float)) else 0
    return f"{100 * number:.12g}"


def _number_wanted(spec: FactSpec) -> str:
    if spec.low is not None and spec.high is not None:
        return f"a number from {say_number(spec.low)} to {say_number(spec.high)}"
    if spec.low is not None:
        return f"a number of {say_number(spec.low)} or more"
    return "a number" if spec.high is None else f"a number of {say_number(spec.high)} or less"


def _wrong_unit(problem: WrongUnit, spec: FactSpec) -> Worded:
    length = problem.given.value
    if spec.kind is Kind.ELAPSED:
        message = f"`{spec.name}` is a length of time; {_what(problem.given)} counts sessions."
        return Worded(message, "Write a length of time such as `8 weeks`, or test a fact that counts sessions.")
    counted = f"a number of {spec.unit}" if spec.unit else "a number"
    message = f"`{spec.name}` is {counted}, not {_sort(problem.given)}."
    same = isinstance(length, Duration) and length.unit == spec.unit
    weeks = isinstance(length, Duration) and (length.unit, spec.unit) == ("weeks", "days")
    if isinstance(length, Duration) and (same or weeks):
        return Worded(message, f"Write `{length.amount * (7 if weeks else 1)}`.")
    return Worded(message, f"Write {_number_wanted(spec)}.")


def _nearest_steps(value: Value, spec: FactSpec) -> str:
    number = value.value if isinstance(value.value, (int, float)) else 0
    low, step = spec.low or 0, spec.step or 1
    below = low + floor((number - low) / step) * step
    above = below + step
    inside = [one for one in (below, above) if spec.high is None or one <= spec.high]
    return f"Write {say_list([f'`{say_number(one)}`' for one in inside], 'or')}."


def _nearest_choice(value: Value, spec: FactSpec) -> str:
    near = get_close_matches(str(value.value), spec.choices, n=1)
    return f"Did you mean `{near[0]}`?" if near else _one_of(spec)
