"""Options that several commands share."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

import click

from cdsrules import clock

if TYPE_CHECKING:
    from cdsrules.advisor import Advisor

EngineName: TypeAlias = Literal["durable", "reference"]


class Day(click.ParamType[date]):
    """A day, written as 2026-05-15."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the day that was written."""
        from cdsrules.loading.values import as_day

        day = value if isinstance(value, date) else as_day(str(value))
        if day is None:
            self.fail(f"“{value}” is no day of the calendar. Write it as 2026-05-15.", param, ctx)
        return day


rules = click.option(
    "--rules",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Rulebooks of your own; they add to the shipped ones and replace them by rule id. Can be given again.",
)
as_of = click.option("--as-of", type=Day(), metavar="DATE", help="The day to answer for, such as 2026-05-15.")
engine = click.option(
    "--engine",
    type=click.Choice(["durable", "reference"]),
    default="durable",
    show_default=True,
    help="What concludes: durable-rules, verified by the reference; or the reference alone.",
)
client_file = click.option(
    "--client",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="A client document; `-` reads standard input.",
)


def rules_of(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Return where the rules are for paths that may name a file beside rules, such as one of cases."""
    from cdsrules.loading.file_names import is_case_file, is_law_file, is_obligation_file

    def stands_beside(path: Path) -> bool:
        sorts = (is_case_file, is_law_file, is_obligation_file)
        return any(is_sort(path) for is_sort in sorts) and not path.is_dir()

    return tuple(path.parent if stands_beside(path) else path for path in paths)


def advisor(rules: tuple[Path, ...], engine: EngineName = "durable") -> Advisor:
    """Return the advisor for the rulebooks that were named, beside the shipped ones."""
    with kept():
        from cdsrules.advisor import Advisor

        return Advisor.load(rules, engine=engine, today=clock.today())


@contextmanager
def kept() -> Iterator[None]:
    """Keep the garbage collector off what is made here: rules and modules stay, and it finds nothing among them."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
