"""How cases came out, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cdsrules.model.saying import say_date
from cdsrules.rendering.text import Line, Role, wrapped
from cdsrules.testing.cases import Case


class Ran(NamedTuple):
    """A case that was run, where it stands, and every way in which it did not come out as expected."""

    file: str
    case: Case
    differences: tuple[str, ...]


def failures(ran: Sequence[Ran]) -> tuple[Ran, ...]:
    """Return the cases that did not come out as expected."""
    return tuple(one for one in ran if one.differences)


def case_lines(ran: Sequence[Ran], *, width: int) -> Iterator[Line]:
    """Yield every case that did not come out as expected, by file, and how many there were."""
    failed = failures(ran)
    for place, one in enumerate(failed):
        if place == 0 or failed[place - 1].file != one.file:
            yield Line(one.file, Role.HEADING)
        yield from _failure(one, width)
        yield Line("")
    yield Line(summary(ran), Role.URGENT if failed else Role.STRONG)


def _failure(one: Ran, width: int) -> Iterator[Line]:
    case = one.case
    line = f", line {case.at.line}" if case.at else ""
    yield from wrapped(f"FAILED  {case.name}{line}", Role.URGENT, first="  ", rest="    ", width=width)
    who = f"{case.client}, {say_date(case.as_of)}: {case.story}"
    yield from wrapped(who, Role.QUIET, first="    ", rest="    ", width=width)
    for difference in one.differences:
        yield from wrapped(difference, first="    - ", rest="      ", width=width)


def summary(ran: Sequence[Ran]) -> str:
    """Return how many cases there were and how they came out.

    >>> summary([])
    '0 cases in 0 files, all as expected.'
    """
    failed, files = len(failures(ran)), len({one.file for one in ran})
    counted = f"{_count(len(ran), 'case')} in {_count(files, 'file')}"
    return f"{counted}, {f'{failed} not' if failed else 'all'} as expected."


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def case_document(ran: Sequence[Ran]) -> dict[str, object]:
    """Return how cases came out as JSON values."""
    failed = [
        {
            "file": one.file,
            "line": one.case.at.line if one.case.at else None,
            "case": one.case.name,
            "client": one.case.client,
            "as_of": one.case.as_of.isoformat(),
            "differences": list(one.differences),
        }
        for one in failures(ran)
    ]
    return {"run": len(ran), "failed": failed}
