"""A question held against many values of one fact at once: a bit for each, on a rail for true and on one for false.

What would be, if a fact turned out to be this, or that, or that, is asked of every question that reads it. The
comparisons that decide conditions (`comparing.py`) are put into a loop over the values, which is made once for each
pair of comparisons: there are a few dozen, for thousands of questions.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import TypeAlias, cast

from cdsrules.logic.comparing import Itself, Named, comparison
from cdsrules.logic.encoding import Slot
from cdsrules.logic.functions import only_function
from cdsrules.logic.judging import Get
from cdsrules.logic.moment import Moment
from cdsrules.logic.operators import OPERATORS, Cutoff, Operator
from cdsrules.logic.weighing import Rails
from cdsrules.model.condition import FactKey, FactTest, KnownTest
from cdsrules.model.facts import FactCatalogue, FactValue, Known


class Several:
    """Several values that a fact could have, by number; equal to itself alone, which is told at once."""

    __slots__ = ("_plain", "_values")

    def __init__(self, values: Iterable[FactValue]) -> None:
        self._values = tuple(values)
        self._plain: dict[Callable[[FactValue], object], Sequence[object]] = {}

    def __len__(self) -> int:
        return len(self._values)

    def __iter__(self) -> Iterator[Known]:
        return map(Known, self._values)

    def __getitem__(self, place: int) -> Known:
        return Known(self._values[place])

    def plain(self, slot: Slot) -> Sequence[object]:
        """Return the values as a slot for the fact has them."""
        found = self._plain.get(slot.plain)
        if found is None:
            found = self._plain[slot.plain] = [*map(slot.plain, self._values)]
        return found


Over: TypeAlias = Callable[[Several, Get, Moment], Rails]
"""Values of one fact, the other facts and the day in; for which of the values a question is true and for which false
out: a bit for each."""


def ranged(
    question: FactTest | KnownTest, catalogue: FactCatalogue, operators: Mapping[str, Operator] = OPERATORS
) -> Mapping[FactKey, Over]:
    """Return a question made ready to be held against many values of each of the facts that it reads.

    >>> from datetime import date
    >>> from cdsrules.model.condition import Value
    >>> from cdsrules.model.facts import FactSpec, Kind
    >>> score, high = FactKey("score"), FactTest(FactKey("score"), "at_least", Value(10))
    >>> over = ranged(high, {"score": FactSpec("score", Kind.NUMBER, "the score", "", "", "")})[score]
    >>> [f"{rail:03b}" for rail in over(Several([9, 10, 11]), {}.__getitem__, Moment(date(2026, 1, 1)))]
    ['110', '001']
    """
    true, false, names = comparison(question, catalogue, operators)
    keys = dict.fromkeys([one.key for one in names.values() if isinstance(one, Slot)])
    return {key: _over(key, true, false, names) for key in keys}


def _over(key: FactKey, true: str, false: str, names: Mapping[str, Named]) -> Over:
    turning = {name: one for name, one in names.items() if isinstance(one, Slot) and one.key == key}
    others = {name: _found(one) for name, one in names.items() if name not in turning}
    loop, finding = _loop(true, false, tuple(turning), tuple(others)), tuple(others.values())
    slot = next(iter(turning.values()))

    def over(several: Several, get: Get, moment: Moment) -> Rails:
        return loop(several.plain(slot), *[find(get, moment) for find in finding])

    return over


def _found(one: Named) -> Callable[[Get, Moment], object]:
    """Return what finds out what a name stands for."""
    match one:
        case Slot(key):
            return lambda get, _: one.value(get(key))
        case Cutoff(find, length):
            return lambda _, moment: find(moment, length)
        case Itself(value):
            return lambda _, __: value
        case _:
            return lambda _, __: one


@cache
def _loop(true: str, false: str, turning: tuple[str, ...], others: tuple[str, ...]) -> Callable[..., Rails]:
    """Return the loop over values that go by the names `turning`; no operator has names with a line before them."""
    lines = [
        f"def over({', '.join(('_values', *others))}):",
        " _true = _false = 0; _bit = 1",
        f" for {turning[0]} in _values:",
        *[f"  {name} = {turning[0]}" for name in turning[1:]],
        f"  if {true}: _true |= _bit",
        f"  elif {false}: _false |= _bit",
        "  _bit += _bit",
        " return _true, _false",
    ]
    return cast("Callable[..., Rails]", only_function(ast.parse("\n".join(lines)), {}))
