"""Operators that ask for a value: is, is_not, one_of, none_of, includes, excludes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cdsrules.logic.moment import Moment
from cdsrules.logic.operators.operands import (
    bind_members,
    bind_one,
    literal,
    members,
    wanted_day,
)
from cdsrules.logic.operators.record import (
    EXAMPLE_DAY,
    Against,
    Bound,
    Example,
    Form,
    OperandShape,
    Operator,
    Rails,
    denials,
    when_known,
)
from cdsrules.logic.values import day_or_never, number, plain_day, text, words, yes_or_no
from cdsrules.model.condition import Operand
from cdsrules.model.facts import NEVER, FactValue, Kind


def _same_number(value: FactValue, against: Against, _: Moment) -> bool:
    return number(value) == number(against)


def _same_day(value: FactValue, against: Against, _: Moment) -> bool:
    return day_or_never(value) == wanted_day(against)


def _same_answer(value: FactValue, against: Against, _: Moment) -> bool:
    return yes_or_no(value) is yes_or_no(against)


def _same_word(value: FactValue, against: Against, _: Moment) -> bool:
    return text(value) == text(against)


def _among_numbers(value: FactValue, against: Against, _: Moment) -> bool:
    return number(value) in {number(one) for one in members(against)}


def _among_words(value: FactValue, against: Against, _: Moment) -> bool:
    return text(value) in {text(one) for one in members(against)}


def _has_word(value: FactValue, against: Against, _: Moment) -> bool:
    return text(against) in words(value)


def _bind_answer(operand: Operand) -> Mapping[str, Bound]:
    wanted = yes_or_no(literal(operand))
    return {"limit": wanted, "other": not wanted}


_IS: Final[Mapping[Kind, Form]] = {
    Kind.NUMBER: Form(
        when_known(_same_number),
        Rails("value == limit", "value < limit or value > limit", bind_one(number)),
        says="exactly {0}",
        denied=None,
    ),
    Kind.DATE: Form(
        when_known(_same_day),
        Rails(
            "value == limit",
            "value < limit or value > limit",
            bind_one(lambda day: plain_day(wanted_day(day))),
        ),
        says="on {0}",
        denied=None,
    ),
    Kind.YES_NO: Form(
        when_known(_same_answer),
        Rails("value is limit", "value is other", _bind_answer),
        says="{0}",
        denied=None,
    ),
    Kind.CHOICE: Form(
        when_known(_same_word),
        Rails("value == limit", "value is not None and value != limit", bind_one(text)),
        says="{0}",
        denied=None,
    ),
}
_ONE_OF: Final[Mapping[Kind, Form]] = {
    Kind.NUMBER: Form(
        when_known(_among_numbers),
        Rails("value in limit", "value == value and value not in limit", bind_members(number)),
        says="{0}",
        denied=None,
    ),
    Kind.CHOICE: Form(
        when_known(_among_words),
        Rails("value in limit", "value is not None and value not in limit", bind_members(text)),
        says="{0}",
        denied=None,
    ),
}
_INCLUDES: Final[Mapping[Kind, Form]] = {
    Kind.SET: Form(
        when_known(_has_word),
        Rails(
            "value is not None and limit in value",
            "value is not None and limit not in value",
            bind_one(text),
        ),
        says="{0}",
        denied=None,
    ),
}

EQUALITY: Final[tuple[Operator, ...]] = (
    Operator(
        name="is",
        shape=OperandShape.VALUE,
        forms=_IS,
        meaning="The fact has exactly this value; for a date also the word `never`.",
        examples=(
            Example("clinician.can_prescribe", False, holds_for=False, fails_for=True),
            Example("outcome.primary.class", "recovered", "recovered", "no_reliable_change"),
            Example("goals.count", 0, holds_for=0, fails_for=1),
            Example("plan.reviewed_on", "never", NEVER, EXAMPLE_DAY),
        ),
    ),
    Operator(
        name="is_not",
        shape=OperandShape.VALUE,
        forms=denials(_IS),
        meaning="The fact is known and has another value; for a date, `never` asks that there is one.",
        examples=(
            Example("ratings.client.latest", "better", "worse", "better"),
            Example("plan.reviewed_on", "never", EXAMPLE_DAY, NEVER),
        ),
    ),
    Operator(
        name="one_of",
        shape=OperandShape.LIST,
        forms=_ONE_OF,
        meaning="The fact has one of these values.",
        examples=(
            Example(
                "outcome.primary.class",
                ["no_reliable_change", "reliably_deteriorated"],
                "no_reliable_change",
                "recovered",
            ),
        ),
    ),
    Operator(
        name="none_of",
        shape=OperandShape.LIST,
        forms=denials(_ONE_OF),
        meaning="The fact is known and has none of these values.",
        examples=(Example("ratings.client.latest", ["same", "worse"], "better", "same"),),
    ),
    Operator(
        name="includes",
        shape=OperandShape.VALUE,
        forms=_INCLUDES,
        meaning="The set that the fact holds contains this word.",
        examples=(Example("obstacles.kinds", "work", frozenset({"work", "health"}), frozenset({"health"})),),
    ),
    Operator(
        name="excludes",
        shape=OperandShape.VALUE,
        forms=denials(_INCLUDES),
        meaning="The set that the fact holds is known and does not contain this word.",
        examples=(Example("obstacles.kinds", "work", frozenset(), frozenset({"work"})),),
    ),
)
