"""Which rules held where they were expected to and where not, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from cdsrules.rendering.text import Line, Role, wrapped
from cdsrules.testing.matrix import Confusion

_CELLS: Final = (
    "fired_expected",
    "silent_unexpected",
    "fired_unexpected",
    "silent_expected",
    "fired_unsaid",
    "silent_unsaid",
)
_HEADS: Final = ("should hold", "should not", "nothing said")
_PAIR: Final = 13
"""How many columns of the terminal two counts take."""
_MEANING: Final = (
    "In how many cases each rule held or did not, by what the case expects of it. No case should stand in the second "
    "or third column; a rule with none in the first or fourth is defended from one side only."
)


def matrix_lines(matrix: Sequence[Confusion], *, width: int) -> Iterator[Line]:
    """Yield a table a rulebook, a line for each rule."""
    yield Line("RULES AND WHAT THE CASES EXPECT OF THEM", Role.HEADING)
    yield from wrapped(_MEANING, Role.QUIET, first="  ", rest="  ", width=width)
    for rulebook, group in groupby(matrix, key=lambda one: one.rule.rulebook):
        rules = tuple(group)
        name = 2 + max(len(rulebook), *(len(one.rule.id) for one in rules))
        yield Line("")
        yield Line(f"  {rulebook:<{name}}  {_row(_HEADS)}", Role.STRONG)
        yield Line(f"  {'':<{name}}  {_row(['held  not'] * len(_HEADS))}", Role.QUIET)
        for one in rules:
            row = f"  {f'  {one.rule.id}':<{name}}  {_row(_pairs(one))}"
            yield Line(row, Role.URGENT if one.is_wrong else Role.PLAIN)


def _row(cells: Iterable[str]) -> str:
    return "".join(f"{cell:<{_PAIR}}" for cell in cells).rstrip()


def _pairs(one: Confusion) -> Iterator[str]:
    told = [str(count) if count else "·" for count in counts(one).values()]
    yield from (f"{held:<4}  {silent}" for held, silent in zip(told[::2], told[1::2], strict=True))


def counts(one: Confusion) -> Mapping[str, int]:
    """Return the counts of a rule by what they are called in documents."""
    return {name: getattr(one, name) for name in _CELLS}


def matrix_document(matrix: Sequence[Confusion]) -> list[dict[str, object]]:
    """Return the table as JSON values, an object for each rule."""
    return [{"rulebook": one.rule.rulebook, "rule": one.rule.id, **counts(one)} for one in matrix]
