"""Diagnostics as text: where, what is wrong, what to write instead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cdsrules.diagnostics import Diagnostic, Severity
from cdsrules.rendering.text import WIDTH, Line, Role, wrapped


def problem_lines(problems: Iterable[Diagnostic], *, width: int = WIDTH) -> Iterator[Line]:
    """Yield each problem with its place and its advice."""
    for problem in problems:
        role = Role.URGENT if problem.severity is Severity.ERROR else Role.STRONG
        yield from wrapped(f"{problem.place}: {problem.severity.value} {problem.code}", role, width=width)
        yield from wrapped(f"{problem.message} {problem.advice}", first="  ", rest="  ", width=width)
        for place in problem.related:
            yield from wrapped(f"See also {place}.", first="  ", rest="  ", width=width)
