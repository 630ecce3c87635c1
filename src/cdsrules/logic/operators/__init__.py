"""The operators of the rule language, by name, in the order in which they are documented."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from cdsrules.logic.operators.dates import DATES
from cdsrules.logic.operators.equality import EQUALITY
from cdsrules.logic.operators.order import ORDER
from cdsrules.logic.operators.record import (
    Bound,
    Cutoff,
    Example,
    Form,
    Judge,
    OperandShape,
    Operator,
    Rails,
)

OPERATORS: Final[Mapping[str, Operator]] = MappingProxyType(
    {operator.name: operator for operator in (*EQUALITY, *ORDER, *DATES)}
)

__all__ = ["OPERATORS", "Bound", "Cutoff", "Example", "Form", "Judge", "OperandShape", "Operator", "Rails"]
