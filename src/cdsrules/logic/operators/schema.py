"""The operators as JSON Schema, so that an editor completes what the engine knows.

The schema says what can be written at all; which operand fits which fact is the type
check's to say, as it knows the facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias, assert_never

from cdsrules.logic.operators import OPERATORS, OperandShape, Operator
from cdsrules.logic.operators.operands import NEVER_WORD
from cdsrules.logic.values import KIND_WORDS
from cdsrules.model.facts import Kind
from cdsrules.model.saying import say_list
from cdsrules.model.time import UNITS

Schema: TypeAlias = dict[str, object]

_UNITS: Final = "|".join(f"{unit[:-1]}s?" for unit in UNITS)
_ID: Final = "[a-z][a-z0-9]*([._-][a-z0-9]+)*"
PARAMETER: Final[Mapping[str, object]] = {
    "type": "string",
    "pattern": f"^\\${_ID}$",
    "description": "A parameter of this rulebook.",
}
DURATION: Final[Mapping[str, object]] = {
    "type": "string",
    "pattern": f"^(0|[1-9][0-9]*) ({_UNITS})$",
    "description": "A length of time such as `60 days` or `6 months`, or a number of attended sessions.",
}
DAY: Final[Mapping[str, object]] = {
    "type": "string",
    "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "description": "A day, year first.",
}
WORD: Final[Mapping[str, object]] = {
    "type": "string",
    "pattern": "^[^$].*$",
    "description": "A word the fact may have.",
}
_NEVER: Final[Mapping[str, object]] = {"const": NEVER_WORD, "description": "There is no such day."}
_LITERALS: Final[Mapping[Kind, tuple[Mapping[str, object], ...]]] = {
    Kind.NUMBER: ({"type": "number"},),
    Kind.ELAPSED: (DURATION,),
    Kind.DATE: (DAY, _NEVER),
    Kind.YES_NO: ({"type": "boolean"},),
    Kind.CHOICE: (WORD,),
    Kind.SET: (WORD,),
    Kind.TEXT: (),
}


def _keyed(name: str, description: str) -> Schema:
    value = {"type": "string", "description": description}
    return {
        "type": "object",
        "properties": {name: value},
        "required": [name],
        "additionalProperties": False,
    }


_MOMENT: Final[tuple[Mapping[str, object], ...]] = (
    DAY,
    {"type": "string", "pattern": f"^{_ID}$", "description": "An action: the day it was last done."},
    _keyed("done", "An action: the day it was last done."),
    _keyed("declined", "An action: the day of the latest decline not taken back."),
    _keyed("fact", "A fact that is a date."),
)


def _one_of_these(choices: tuple[Mapping[str, object], ...]) -> Schema:
    return {"anyOf": [dict(choice) for choice in (*choices, PARAMETER)]}


def _literal(operator: Operator) -> Schema:
    choices = [choice for kind in operator.forms for choice in _LITERALS[kind]]
    unique = tuple(choice for place, choice in enumerate(choices) if choice not in choices[:place])
    return _one_of_these(unique)


def _operand(operator: Operator) -> Schema:
    match operator.shape:
        case OperandShape.VALUE:
            return _literal(operator)
        case OperandShape.LIST:
            return {"type": "array", "items": _literal(operator), "minItems": 1, "uniqueItems": True}
        case OperandShape.PAIR:
            return {"type": "array", "items": _literal(operator), "minItems": 2, "maxItems": 2}
        case OperandShape.WINDOW:
            return _one_of_these((DURATION,))
        case OperandShape.MOMENT:
            return _one_of_these(_MOMENT)
        case _:
            assert_never(operator.shape)


def rulebook_operator_schema(operators: Mapping[str, Operator] = OPERATORS) -> dict[str, Schema]:
    """Return a schema for what stands behind each operator, with its meaning and examples.

    Exactly one of these properties stands beside `fact` in a condition.

    >>> rulebook_operator_schema()["within"]["examples"]
    ['90 days', '3 sessions']
    """
    return {
        operator.name: {
            "description": f"{operator.meaning} For a fact that is {_kinds(operator)}.",
            **_operand(operator),
            "examples": [example.operand for example in operator.examples],
        }
        for operator in operators.values()
    }


def _kinds(operator: Operator) -> str:
    return say_list([KIND_WORDS[kind] for kind in operator.forms], "or")
