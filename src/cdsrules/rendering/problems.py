"""Diagnostics as text: where, what is wrong, what to write instead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cdsrules.diagnostics import Diagnostic, Severity
from cdsrules.rendering.text import WIDTH, Line, Role, wrapped
from cdsrules.rendering.visible import visible


def problem_lines(problems: Iterable[Diagnostic], *, width: int = WIDTH) -> Iterator[Line]:
    """Yield each problem with its place, on one line to be copied, and its advice."""
    for problem in problems:
        role = Role.URGENT if problem.severity is Severity.ERROR else Role.STRONG
        yield Line(visible(f"{problem.place}: {problem.severity.value} {problem.code}"), role)
        yield from wrapped(f"{problem.message} {problem.advice}", first="  ", rest="  ", width=width)
        for place in problem.related:
            yield Line(visible(f"  See also {place}."))
