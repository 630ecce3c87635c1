"""An imagined client held against the real measures: every fact, as the search has it and as it is measured."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from cdsrules.analysis.imagined.client import Imagined
from cdsrules.analysis.imagined.sheet import Found
from cdsrules.analysis.terms import NEVER_DAY, Symbol
from cdsrules.measures.facts import MeasuredFacts
from cdsrules.model.condition import FactKey
from cdsrules.model.facts import NEVER, Elapsed, FactSpec, Kind, Known

# Of the trend the search knows the way, not how steep it is.
BY_SIGN = ("trend",)


def differing(
    keys: list[FactKey], imagined: Imagined, found: Found, facts: MeasuredFacts, specs: dict[str, FactSpec]
) -> Iterator[str]:
    """Yield a sentence for each fact that the search has otherwise than the measures."""
    for key in keys:
        symbol, measured = imagined.symbol(key), facts.get(key)
        known = found.yes(symbol.known)
        if known != isinstance(measured, Known):
            yield f"{key}: known in the search: {known}, measured: {measured}"
        elif isinstance(measured, Known):
            value = searched(specs[key.name], symbol, found)
            real = plain(measured.value, found.as_of)
            if key.name.rpartition(".")[2] in BY_SIGN:
                value, real = float(str(value)) > 0, float(str(real)) > 0
            if isinstance(value, float) and isinstance(real, int | float) and abs(value - real) < 1e-4:
                continue
            if value != real:
                yield f"{key}: {value} in the search, measured {measured.value}"


def searched(spec: FactSpec, symbol: Symbol, found: Found) -> object:
    """What the search has for a known fact."""
    match spec.kind:
        case Kind.NUMBER:
            return found.exact(symbol.value)
        case Kind.YES_NO:
            return found.yes(symbol.value)
        case Kind.CHOICE:
            return symbol.choices[found.number(symbol.value)]
        case Kind.SET:
            return frozenset(word for word, held in (symbol.words or {}).items() if found.yes(held))
        case Kind.TEXT:
            return "text"
        case _:
            return found.number(symbol.value)


def plain(value: object, as_of: date) -> object:
    """A measured value as the search has it."""
    match value:
        case bool() | frozenset():
            return value
        case int() | float():
            return float(value)
        case Elapsed():
            return (value.since - as_of).days
        case date():
            return (value - as_of).days
        case _:
            return NEVER_DAY if value is NEVER else value
