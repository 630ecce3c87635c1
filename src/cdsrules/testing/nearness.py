"""How far a condition is from being met, so that of several rules the one that came nearest can be told first."""

from __future__ import annotations

from cdsrules.logic.trace import Trace
from cdsrules.model.condition import AllOf, AnyOf, AtLeast


def missing(traced: Trace) -> int:
    """Return how many clauses would have to come out true, at the least, for a traced condition to be met.

    A clause that cannot be decided counts like one that is false, and a denied group as one clause.
    """
    if traced.truth is True:
        return 0
    parts = sorted(missing(part) for part in traced.parts)
    match traced.node:
        case AllOf() if parts:
            return sum(parts)
        case AnyOf() if parts:
            return parts[0]
        case AtLeast(count):
            return sum(parts[:count])
        case _:
            return 1
