"""The few settings a fact can be in for a screen: each value that rules tell apart, and not known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations as chosen
from itertools import product
from math import prod
from typing import Final, TypeAlias

from cdsrules.guidance.reach import leaves_of
from cdsrules.logic.reading import questions
from cdsrules.model.condition import FactKey, FactTest, Value
from cdsrules.model.facts import FactCatalogue, FactSpec, FactValue, Kind
from cdsrules.model.rulebook import Library

MOST: Final = 2_000
"""The most combinations that a screen goes through."""

Setting: TypeAlias = FactValue | None
"""A value of a fact, or None where it is not known."""
Combination: TypeAlias = Mapping[FactKey, Setting]


def settings_of(key: FactKey, library: Library, catalogue: FactCatalogue) -> tuple[Setting, ...]:
    """Return every setting of a fact that rules tell apart; none where there are too many to go through."""
    spec = catalogue[key.name]
    known = tuple(_values(key, spec, library))
    return (*known, None) if known else ()


def _values(key: FactKey, spec: FactSpec, library: Library) -> Iterator[FactValue]:
    match spec.kind:
        case Kind.YES_NO:
            yield from (True, False)
        case Kind.CHOICE:
            yield from spec.choices
        case Kind.SET:
            for size in range(len(spec.choices) + 1):
                yield from map(frozenset, chosen(spec.choices, size))
        case Kind.NUMBER:
            yield from _numbers(key, spec, library)
        case _:
            return


def _numbers(key: FactKey, spec: FactSpec, library: Library) -> Iterator[float]:
    """Yield the numbers at and beside every threshold that a rule names."""
    step = spec.step or 1
    marks = {mark for mark in _marks(key, library) for mark in (mark - step, mark, mark + step)}
    low = float("-inf") if spec.low is None else spec.low
    high = float("inf") if spec.high is None else spec.high
    yield from sorted(mark for mark in marks if low <= mark <= high)


def _marks(key: FactKey, library: Library) -> Iterator[float]:
    for rule in library.rules:
        for leaf in leaves_of(rule):
            for question in questions(leaf):
                if isinstance(question, FactTest) and question.fact == key:
                    operand = question.operand
                    values = (operand,) if isinstance(operand, Value) else operand if isinstance(operand, tuple) else ()
                    yield from (one.value for one in values if isinstance(one.value, (int, float)))


def combinations_of(keys: tuple[FactKey, ...], library: Library, catalogue: FactCatalogue) -> int:
    """Return how many combinations some facts come in."""
    return prod(len(settings_of(key, library, catalogue)) for key in keys)


def every_combination(keys: tuple[FactKey, ...], library: Library, catalogue: FactCatalogue) -> Iterator[Combination]:
    """Yield every combination of the settings of some facts."""
    settings = [settings_of(key, library, catalogue) for key in keys]
    for values in product(*settings):
        yield dict(zip(keys, values, strict=True))
