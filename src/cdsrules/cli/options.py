"""Options that several commands share."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from math import nan
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, TypeVar

import click

from cdsrules import clock
from cdsrules.errors import ExtraMissing

if TYPE_CHECKING:
    from cdsrules.advisor import Advisor
    from cdsrules.loading.library import CatalogueOf
    from cdsrules.model.attention import Attended
    from cdsrules.service.settings import ServiceSettings

_WHOLE: Final = 100
NO_RECORDS: Final = "Records need a part that is not installed: pip install 'cdsrules[records]'."

EngineName: TypeAlias = Literal["durable", "reference"]
Command = TypeVar("Command", bound=Callable[..., object])


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


class Whole(click.ParamType[int]):
    """A whole number, from the least to the most that is taken; what to write is said in plain words."""

    name = "whole number"

    def __init__(self, least: int, most: int | None = None, *, write: str = "") -> None:
        """`write` says what to write, where that is more than a number between bounds."""
        self._least, self._most = least, most
        self._write = write or f"a whole number {f'of at least {least}' if most is None else f'from {least} to {most}'}"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number that was written."""
        try:
            number = int(str(value))
        except ValueError:
            number = None
        if number is None or number < self._least or (self._most is not None and number > self._most):
            self.fail(f"“{value}” cannot be taken. Write {self._write}.", param, ctx)
        return number


class Percent(click.ParamType[float]):
    """A number from 0 to 100."""

    name = "number"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the number that was written."""
        try:
            number = float(str(value))
        except ValueError:
            number = nan
        if not 0 <= number <= _WHOLE:
            self.fail(f"“{value}” cannot be taken. Write a number from 0 to {_WHOLE}.", param, ctx)
        return number


class Readable(click.Path):
    """A path that can be read; of one that is there and may not be looked at nobody is told that it does not exist."""

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        """Return the path as it was written."""
        try:
            Path(value).stat()
        except (FileNotFoundError, NotADirectoryError):
            pass
        except OSError as error:
            self.fail(f"{value} cannot be read: {error.strerror}.", param, ctx)
        return super().convert(value, param, ctx)


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


def _plugins_chosen(ctx: click.Context, _: click.Parameter, chosen: str | None) -> None:
    """Let a command choose its plugins as the environment would, whichever process of it asks for them."""
    from cdsrules.plugins.registering import WHICH

    if chosen is None:
        return
    before = os.environ.get(WHICH)
    os.environ[WHICH] = chosen
    ctx.call_on_close(lambda: os.environ.pop(WHICH) if before is None else os.environ.__setitem__(WHICH, before))


plugins = click.option(
    "--plugins",
    metavar="off|NAME,…",
    expose_value=False,
    callback=_plugins_chosen,
    help="Which installed plugins take part; all of them without this. Also read from CDSRULES_PLUGINS.",
)
site = click.option(
    "--site",
    type=click.Path(path_type=Path),
    envvar="CDSRULES_SITE",
    metavar="FILE",
    help="The file of your site, in TOML: crisis lines, protocol and who is told, shown where something must not wait.",
)
client_file = click.option(
    "--client",
    type=Readable(exists=True, dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="A client document; `-` reads standard input.",
)


settings = click.option(
    "--settings",
    "settings_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    envvar="CDSRULES_SETTINGS",
    metavar="FILE",
    help="Settings in TOML. Those in the environment, such as CDSRULES_PORT, come before them.",
)
records = click.option(
    "--records",
    "database",
    metavar="DATABASE",
    help="Records of what was shown before: what is known is marked, what was put off is left out. Only read.",
)


paths = click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH…]")


def reported_as(*forms: str) -> Callable[[Command], Command]:
    """Return the option that says how to report: in text, or in one of the other forms."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(["text", *forms]),
        default="text",
        show_default=True,
        help="How to report.",
    )


def rules_of(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Return where the rules are for paths that may name a file beside rules, such as one of cases."""
    from cdsrules.loading.file_names import is_case_file, is_law_file, is_obligation_file

    def stands_beside(path: Path) -> bool:
        sorts = (is_case_file, is_law_file, is_obligation_file)
        return any(is_sort(path) for is_sort in sorts) and not path.is_dir()

    return tuple(path.parent if stands_beside(path) else path for path in paths)


def service_settings(file: Path | None, missing: str) -> ServiceSettings:
    """Return the settings of a file, if one is named, and of the environment.

    Raises `SettingsError`, and `ExtraMissing` with what is `missing` where a part is not installed.
    """
    try:
        from cdsrules.service.settings import read_settings
    except ModuleNotFoundError as gone:
        raise ExtraMissing(missing) from gone
    text = file.read_text(encoding="utf-8", errors="surrogateescape") if file is not None else ""
    return read_settings(text, os.environ, str(file or "settings"))


@contextmanager
def remembered(database: str | None) -> Iterator[Attended | None]:
    """Give what marks guidance by the records of a database; None where none is named."""
    if database is None:
        yield None
        return
    try:
        from cdsrules.records.ledger import Ledger
        from cdsrules.records.store import Records
    except ModuleNotFoundError as missing:
        raise ExtraMissing(NO_RECORDS) from missing
    with Ledger.open(database, make=False) as ledger:
        yield Records(ledger).attended


def known_facts() -> CatalogueOf:
    """Return what tells the facts that rules may ask about, those of the plugins that take part among them."""
    from cdsrules.advisor import catalogue_of
    from cdsrules.plugins.session import start_plugins

    return catalogue_of(start_plugins())


def advisor(rules: tuple[Path, ...], engine: EngineName = "durable", site: Path | None = None) -> Advisor:
    """Return the advisor for the rulebooks that were named, beside the shipped ones, at a site."""
    with kept():
        from cdsrules.advisor import Advisor

        return Advisor.load(rules, engine=engine, today=clock.today(), site=site)


@contextmanager
def kept() -> Iterator[None]:
    """Keep the garbage collector off what is made here: rules and modules stay, and it finds nothing among them."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
