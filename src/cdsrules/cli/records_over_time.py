"""`cdsrules records stats` and `retain`: what became of what was shown, and how long it is kept."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias, assert_never

import click

from cdsrules import clock
from cdsrules.cli import options, screen
from cdsrules.cli.exits import Exit
from cdsrules.cli.recording import ledger_of, settings_of
from cdsrules.cli.writing import create
from cdsrules.errors import RulebookError
from cdsrules.model.saying import say_date
from cdsrules.rendering.problems import problem_lines
from cdsrules.rendering.text import WIDTH, Line, Role, joined

if TYPE_CHECKING:
    from cdsrules.diagnostics import Diagnostic
    from cdsrules.records.ledger import Ledger
    from cdsrules.records.statistics import Statistics
    from cdsrules.service.settings import ServiceSettings

Form: TypeAlias = Literal["text", "json", "html"]

_DAYS = 91


@click.command("stats")
@click.option("--since", type=options.Day(), metavar="DATE", help="The first day; 13 weeks back when left out.")
@click.option("--until", type=options.Day(), metavar="DATE", help="The last day; today when left out.")
@click.option("--format", "form", type=click.Choice(["text", "json", "html"]), default="text", show_default=True)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write it here.")
@click.pass_context
def stats(
    ctx: click.Context,
    since: date | None,
    until: date | None,
    form: Form,
    output: Path | None,
) -> int:
    """Count by rule what was shown, taken up, passed over and put off, and name what deserves a look.

    Ends with 1 when there is something: a rule passed over more than nine times in ten, a rule that has
    gone silent or left the band of `[expected]` in the settings, a kind of record that stopped arriving,
    a band for a rule that is none.
    """
    last = until or clock.today()
    first = since or last - timedelta(days=_DAYS - 1)
    if first > last:
        message = f"--since {first} comes after --until {last}."
        raise click.UsageError(message)
    if last - first >= first - date.min:
        message = f"--since {first} is too early: as many days before it are looked at too."
        raise click.UsageError(message)
    ledger = ledger_of(ctx)
    from cdsrules.records.counting import Span, count
    from cdsrules.records.statistics import statistics

    settings = settings_of(ctx)
    unknown, wrong = _wrong_with_bands(ledger, settings)
    screen.complain(*problem_lines(wrong, width=screen.width()))
    bands = {rule: band for rule, band in settings.expected.items() if rule not in unknown}
    found = statistics(count(ledger, Span(first, last)), bands)
    written = _written(found, form, screen.width() if output is None else WIDTH)
    if output is not None:
        create(output, (written if isinstance(written, str) else joined(written)).encode())
    elif isinstance(written, str):
        screen.put(written)
    else:
        screen.show(written)
    return Exit.FINDINGS if found.concerns or wrong else Exit.OK


def _wrong_with_bands(ledger: Ledger, settings: ServiceSettings) -> tuple[Collection[str], tuple[Diagnostic, ...]]:
    """The bands of rules that are none, and what is wrong with them: no such rule is on record or in force.

    The rules of the settings are loaded where that is needed to tell; where they cannot be, that is what is wrong.
    """
    from cdsrules.records.bands import bands_of_none
    from cdsrules.records.counting import rules_on_record

    known = rules_on_record(ledger, settings.expected)
    if not bands_of_none(settings.expected, known):
        return (), ()
    try:
        with options.advisor(tuple(map(Path, settings.rules))) as advisor:
            unknown = bands_of_none(settings.expected, {*known, *advisor.library.by_id})
    except RulebookError as unreadable:
        return (), unreadable.diagnostics
    return unknown, tuple(unknown.values())


def _written(found: Statistics, form: Form, width: int) -> str | tuple[Line, ...]:
    """The statistics in the form that is wanted; text as lines, so that a terminal can colour them."""
    from cdsrules.records.statistics_page import statistics_page
    from cdsrules.records.statistics_report import statistics_document, statistics_lines

    match form:
        case "text":
            return tuple(statistics_lines(found, width=width))
        case "json":
            return json.dumps(statistics_document(found), indent=2) + "\n"
        case "html":
            return statistics_page(found, version("cdsrules"))
        case _:
            assert_never(form)


@click.command("retain")
@click.option(
    "--keep-for", "length", metavar="LENGTH", help="Such as `10 years`; otherwise `retention` of the settings."
)
@click.option("--erase", "do", is_flag=True, help="Erase it. Without this it is only said what would go.")
@click.pass_context
def retain(ctx: click.Context, length: str | None, do: bool) -> int:
    """Say which records of clients are older than they are to be kept, and with --erase erase them.

    Content and salt go, and a tombstone names the entries; the chain still verifies. What is said of rules that
    came into force stays.
    """
    from cdsrules.records.retention import REASON, kept_from, read_retention

    try:
        kept = settings_of(ctx).retention if length is None else read_retention(length)
    except ValueError as problem:
        raise click.BadParameter(str(problem), param_hint="--keep-for") from problem
    if kept is None:
        raise click.UsageError("Say how long records are kept: `retention` in the settings, or --keep-for.")
    ledger = ledger_of(ctx)
    cut = kept_from(clock.today(), kept)
    due = ledger.due(cut)
    for kind, entries in due.items():
        screen.show([Line(f"{_entries(entries)} of kind {kind}, from before {say_date(cut.date())}.")])
    if not due:
        screen.show([Line(f"Nothing is from before {say_date(cut.date())}.")])
    elif do:
        gone = ledger.erase_before(cut, REASON.format(length=kept))
        screen.show([Line(f"{_entries(gone)} erased. The chain still verifies.", Role.STRONG)])
    else:
        screen.show([Line("Nothing was erased. Add --erase to erase it; nobody can bring it back.", Role.STRONG)])
    return Exit.OK


def _entries(number: int) -> str:
    return "1 entry" if number == 1 else f"{number:,} entries"
