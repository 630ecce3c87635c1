"""The rows of requirements for a terminal, and as data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from cdsrules.documents.tracing import CarryingRule, Row
from cdsrules.rendering.text import WIDTH, Line, Role, wrapped

FEW: Final = 3
"""So many cases of a rule are named unless all are asked for; the rest are counted."""


def row_lines(rows: Sequence[Row], *, width: int = WIDTH, everything: bool = False) -> Iterator[Line]:
    """Yield every row with its rules and cases, then how many rows lack something, and which.

    With `everything` each case is named, otherwise a few of each rule.
    """
    for row in rows:
        yield from _row(row, width, None if everything else FEW)
        yield Line("")
    empty = [row for row in rows if row.lacks]
    if not empty:
        rules = {one.rule.id for row in rows for one in row.rules}
        cases = {case.id for row in rows for one in row.rules for case in one.cases}
        told = (
            f"No row of {len(rows)} is empty. Rules that carry them: {len(rules)}; cases that show those: {len(cases)}."
        )
        yield from wrapped(told, width=width)
        return
    count = f"{len(empty)} of {len(rows)} rows {'is' if len(empty) == 1 else 'are'} EMPTY:"
    yield from wrapped(f"{count} {', '.join(row.requirement.id for row in empty)}.", Role.URGENT, width=width)


def _row(row: Row, width: int, most: int | None) -> Iterator[Line]:
    requirement = row.requirement
    origin = f"source {requirement.source_file}" if requirement.source_file else "no source document"
    yield from wrapped(f"{requirement.id}  {origin}", Role.HEADING, width=width)
    yield from wrapped(requirement.guidance, first="  ", rest="  ", width=width)
    if row.lacks:
        yield from wrapped(f"EMPTY: {row.lacks}", Role.URGENT, first="  ", rest="  ", width=width)
    for one in row.rules:
        yield from wrapped(f"{one.rule.rulebook}/{one.rule.id}", Role.STRONG, first="  - ", rest="    ", width=width)
        yield from wrapped(_cases(one, most), Role.QUIET, first="    ", rest="    ", width=width)


def _cases(one: CarryingRule, most: int | None) -> str:
    if not one.cases:
        return "no case"
    named = [case.id for case in one.cases[:most]]
    more = len(one.cases) - len(named)
    names = "; ".join([*named, *([f"and {more} more"] if more else [])])
    return f"1 case: {names}" if len(one.cases) == 1 else f"{len(one.cases)} cases: {names}"


def row_document(row: Row) -> dict[str, object]:
    """Return a row as JSON data."""
    return {
        "id": row.requirement.id,
        "source": row.requirement.source_file,
        "guidance": row.requirement.guidance,
        "rules": [
            {"id": one.rule.id, "rulebook": one.rule.rulebook, "cases": [case.id for case in one.cases]}
            for one in row.rules
        ],
        "lacks": row.lacks,
    }
