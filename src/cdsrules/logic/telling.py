"""All leaves held against one client at once: a bit for each, on a rail for true and on one for false.

Whoever asks why the rules say what they say asks about hundreds of leaves, of facts that were made plain when the
rules were decided. The comparisons that decide conditions (`comparing.py`) are put into a loop over the questions that
differ in nothing but in what is compared: there are some twenty, made once for each kind of comparison.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Final, TypeAlias, cast

from cdsrules.logic.comparing import Comparison, Itself, Named, comparison
from cdsrules.logic.encoding import Slot, Values
from cdsrules.logic.functions import only_function
from cdsrules.logic.operators import OPERATORS, Cutoff, Operator
from cdsrules.logic.reading import Question, questions
from cdsrules.logic.weighing import Rails
from cdsrules.model.condition import FactTest, FindingTest, KnownTest, Leaf
from cdsrules.model.facts import FactCatalogue

Tell: TypeAlias = Callable[[Values, Sequence[object]], Rails]
"""Plain values and cut-offs in; the leaves that are true and those that are false out: a bit for each."""

Row: TypeAlias = tuple[object, ...]
"""What is compared, or where that stands, in the order of the names; before it comes the bit of the question."""
Loop: TypeAlias = Callable[[Sequence[Row], Values, Sequence[object]], Rails]

_KEPT: Final = 256
_TAKEN: Final = {Slot: "_values", Cutoff: "_cutoffs"}


class Telling:
    """Leaves made ready to be told about, all or some of them.

    `about` returns what tells about those leaves that have a bit, and keeps it for records that leave the same to be
    told about; `about_once` does not. `reads` are the places of the values that each reads.

    >>> from cdsrules.logic.comparing import plain_slot
    >>> from cdsrules.model.condition import FactKey, Value
    >>> from cdsrules.model.facts import FactSpec, Kind
    >>> score, catalogue = FactKey("score"), {"score": FactSpec("score", Kind.NUMBER, "the score", "", "", "")}
    >>> high, low = FactTest(score, "at_least", Value(10)), FactTest(score, "less_than", Value(5))
    >>> telling = Telling([high, low, KnownTest(score)], catalogue, {plain_slot(score, catalogue): 0}, {})
    >>> [f"{rail:03b}" for rail in telling.about(0b111)([12], [])], telling.about(0b100)([float("nan")], [])
    (['101', '010'], (0, 4))
    """

    def __init__(
        self,
        leaves: Sequence[Leaf],
        catalogue: FactCatalogue,
        slots: Mapping[Slot, int],
        cutoffs: Mapping[Cutoff, int],
        operators: Mapping[str, Operator] = OPERATORS,
    ) -> None:
        """Make leaves ready; `slots` and `cutoffs` say where each value and each cut-off stands.

        Raises ValueError for a finding, which is no question about facts, and KeyError for what stands nowhere.
        """
        count = self._count = len(leaves)
        asked = [map(_about_facts, questions(leaf)) for leaf in leaves]
        compared = [[comparison(one, catalogue, operators) for one in several] for several in asked]
        names = [[one for each in several for one in each.names.values()] for several in compared]
        self.reads = tuple([frozenset([slots[one] for one in some if isinstance(one, Slot)]) for some in names])
        # What a leaf asks first has the bit of the leaf; what it asks besides has the one that is `count` further up.
        self._rows = [
            [_row(one, 1 << turn * count + place, slots, cutoffs) for turn, one in enumerate(several)]
            for place, several in enumerate(compared)
        ]
        # Records are much alike in what they do not have, and so in the leaves that are left to be told about.
        self.about = lru_cache(maxsize=_KEPT)(self.about_once)

    def about_once(self, leaves: int) -> Tell:
        """Return what tells about those leaves that have a bit; nobody keeps it, and it holds no rows of its own."""
        rows: dict[Loop, list[Row]] = {}
        besides: dict[int, int] = {}
        for place, several in enumerate(self._rows):
            if leaves >> place & 1:
                for loop, row in several:
                    rows.setdefault(loop, []).append(row)
                for turn in range(1, len(several)):
                    up = turn * self._count
                    besides[up] = besides.get(up, 0) | 1 << place
        return _told([(loop, tuple(found)) for loop, found in rows.items()], leaves, tuple(besides.items()))


def _told(loops: Sequence[tuple[Loop, Sequence[Row]]], leaves: int, besides: Sequence[tuple[int, int]]) -> Tell:
    """Return what goes through the loops; `besides` has how far up the leaves that ask more have it, and which do."""

    def tell(values: Values, cutoffs: Sequence[object]) -> Rails:
        all_true = all_false = 0
        for loop, rows in loops:
            one, other = loop(rows, values, cutoffs)
            all_true |= one
            all_false |= other
        true, false = all_true & leaves, all_false & leaves
        for up, asking in besides:
            true &= all_true >> up | ~asking
            false |= all_false >> up & asking
        return true, false

    return tell


def _about_facts(question: Question) -> FactTest | KnownTest:
    match question:
        case FindingTest():
            message = "a finding is no question about facts"
            raise ValueError(message)
        case _:
            return question


def _row(compared: Comparison, bit: int, slots: Mapping[Slot, int], cutoffs: Mapping[Cutoff, int]) -> tuple[Loop, Row]:
    """Return the loop that a question stands in with others, and what is its own there."""
    true, false, names = compared
    taken = tuple([(name, _TAKEN.get(type(one), "")) for name, one in names.items()])
    return _loop(true, false, taken), (bit, *[_own(one, slots, cutoffs) for one in names.values()])


def _own(one: Named, slots: Mapping[Slot, int], cutoffs: Mapping[Cutoff, int]) -> object:
    """Return what a name stands for, or where that is to be found."""
    match one:
        case Slot():
            return slots[one]
        case Cutoff():
            return cutoffs[one]
        case Itself(value):
            return value
        case _:
            return one


@cache
def _loop(true: str, false: str, names: tuple[tuple[str, str], ...]) -> Loop:
    """Return the loop over questions; no operator has names with a line before them."""
    lines = [
        "def told(_rows, _values, _cutoffs):",
        " _true = _false = 0",
        f" for {', '.join(('_bit', *[name for name, _ in names]))} in _rows:",
        *[f"  {name} = {taken}[{name}]" for name, taken in names if taken],
        f"  if {true}: _true |= _bit",
        f"  elif {false}: _false |= _bit",
        " return _true, _false",
    ]
    return cast(Loop, only_function(ast.parse("\n".join(lines)), {}))
