"""How far a batch has come, on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from cdsrules.cli import screen

T = TypeVar("T")


def counted(things: Iterable[T], total: int | None) -> Iterator[T]:
    """Yield the things and show on standard error how many have been dealt with; `total` may not be known."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total)
        for thing in things:
            yield thing
            bar.advance(task)


@contextmanager
def advancing(total: int | None) -> Iterator[Callable[[int], None]]:
    """Yield what takes how many more have been dealt with, shown where somebody waits at a terminal."""
    if not screen.is_terminal(sys.stderr):
        yield lambda _number: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total)
        yield lambda number: bar.advance(task, number)


def counted_on_terminal(things: Iterable[T], total: int | None) -> Iterable[T]:
    """Return the things, counted where somebody waits for them at a terminal."""
    return counted(things, total) if screen.is_terminal(sys.stderr) else things
