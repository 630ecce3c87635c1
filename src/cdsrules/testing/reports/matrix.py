"""Which rules held where they were expected to and where not, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from cdsrules.rendering.text import Line, Role, wrapped
from cdsrules.testing.matrix import Confusion
from cdsrules.testing.reports.shares import table

_CELLS: Final = (
    "fired_expected",
    "silent_unexpected",
    "fired_unexpected",
    "silent_expected",
    "fired_unsaid",
    "silent_unsaid",
)
_HEADS: Final = (
    ("", "should", "hold", "should", "not", "nothing", "said"),
    ("", "held", "did not", "held", "did not", "held", "did not"),
)
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
        heads = [(rulebook, *_HEADS[0][1:]), _HEADS[1]]
        rows = [*heads, *((f"  {one.rule.id}", *map(_number, counts(one).values())) for one in rules)]
        yield Line("")
        for row, line in zip([None, None, *rules], table(rows), strict=True):
            urgent = row is not None and row.is_wrong
            yield Line(f"  {line}", Role.URGENT if urgent else Role.STRONG if row is None else Role.PLAIN)


def _number(count: int) -> str:
    return str(count) if count else "·"


def counts(one: Confusion) -> Mapping[str, int]:
    """Return the counts of a rule by what they are called in documents."""
    return {name: getattr(one, name) for name in _CELLS}


def matrix_document(matrix: Sequence[Confusion]) -> list[dict[str, object]]:
    """Return the table as JSON values, an object for each rule."""
    return [{"rulebook": one.rule.rulebook, "rule": one.rule.id, **counts(one)} for one in matrix]
