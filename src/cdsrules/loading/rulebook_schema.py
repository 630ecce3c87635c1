"""The part of the rulebook schema that is generated: what may stand beside `fact`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias, cast

from cdsrules.logic.operators import OPERATORS, Operator
from cdsrules.logic.operators.schema import rulebook_operator_schema

Schema: TypeAlias = Mapping[str, object]

_FACT_TEST: Final = "fact_test"
_WRITTEN_BY_HAND: Final = ("fact", "over")


def with_operators(schema: Schema, operators: Mapping[str, Operator] = OPERATORS) -> dict[str, object]:
    """Return a rulebook schema in which conditions on facts take exactly these operators, one each.

    Everything else is kept as it is, so the result of a result is the same.
    """
    definitions = cast("Schema", schema["$defs"])
    test = cast("Schema", definitions[_FACT_TEST])
    properties = cast("Schema", test["properties"])
    kept = {key: properties[key] for key in _WRITTEN_BY_HAND}
    made = {
        **test,
        "properties": {**kept, **rulebook_operator_schema(operators)},
        "oneOf": [{"required": [name]} for name in operators],
    }
    return {**schema, "$defs": {**definitions, _FACT_TEST: made}}
