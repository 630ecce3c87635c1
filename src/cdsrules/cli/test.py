"""`cdsrules test`: the cases beside rulebooks, run on both engines, and every difference in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

import click

from cdsrules.advisor import Advisor
from cdsrules.cli import options, screen
from cdsrules.cli.exits import Exit
from cdsrules.errors import CasesError, EngineDisagreement
from cdsrules.loading.files import find_case_files
from cdsrules.loading.sources import SourceFile
from cdsrules.model.saying import say_date
from cdsrules.rendering.text import Line, Role, wrapped
from cdsrules.testing import Case, CaseFile, check_cases, read_cases, run_case


class _Ran(NamedTuple):
    """A case that was run, where it stands, and every way in which it did not come out as expected."""

    file: str
    case: Case
    differences: tuple[str, ...]


@click.command("test", short_help="Run the cases beside rulebooks.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH…]")
@click.option("-k", "text", metavar="TEXT", help="Only cases with TEXT in their name, client or rulebook.")
def command(paths: tuple[Path, ...], text: str | None) -> int:
    """Run the cases beside the rulebooks under each PATH, or the shipped ones.

    Cases stand in cases.yaml and stories.yaml. Both engines conclude each case, and every
    difference from what it expects is said in words. Ends with 1 when there is any.
    """
    found = find_case_files(paths)
    with Advisor.load(options.rules_of(paths), today=date.today()) as loaded:  # noqa: DTZ011 - the clinic's own day
        library = loaded.library
    problems = (*found.problems, *check_cases(found.files, library))
    if problems:
        raise CasesError(problems)
    read = [read_cases(file.text, file.name, library) for file in _some(found.files)]
    chosen = [(file.file, case) for file in read for case in file.cases if text is None or _is_meant(file, case, text)]
    if not chosen:
        message = f"No case has “{text}” in its name, client or rulebook." if text else "There are no cases here yet."
        raise click.UsageError(message)
    # Plugins take part by their rulebooks alone: none of them shall hear of a client who is made up.
    with Advisor(library, on_disagreement="raise") as advisor:
        ran = [_Ran(name, case, _differences(case, advisor)) for name, case in chosen]
        screen.show(_report(ran, advisor))
    return Exit.FINDINGS if any(one.differences for one in ran) else Exit.OK


def _some(files: Sequence[SourceFile]) -> Sequence[SourceFile]:
    if not files:
        raise click.UsageError("There is no cases.yaml here: `cdsrules new case` writes one.")
    return files


def _is_meant(file: CaseFile, case: Case, text: str) -> bool:
    return any(text.casefold() in name.casefold() for name in (case.name, case.client, file.rulebook))


def _differences(case: Case, advisor: Advisor) -> tuple[str, ...]:
    try:
        return run_case(case, advisor).differences
    except EngineDisagreement as error:
        return (f"The two engines did not agree: {error}.",)


def _report(ran: Sequence[_Ran], advisor: Advisor) -> Iterator[Line]:
    failed = [one for one in ran if one.differences]
    for place, one in enumerate(failed):
        if place == 0 or failed[place - 1].file != one.file:
            yield Line(one.file, Role.HEADING)
        yield from _failure(one)
        yield Line("")
    yield Line(_summary(ran, len(failed)), Role.URGENT if failed else Role.STRONG)
    if advisor.engine.name == "reference":
        yield from wrapped(f"Only the reference engine concluded them: {advisor.engine.unavailable}", Role.URGENT)


def _failure(one: _Ran) -> Iterator[Line]:
    width, case = screen.width(), one.case
    line = f", line {case.at.line}" if case.at else ""
    yield from wrapped(f"FAILED  {case.name}{line}", Role.URGENT, first="  ", rest="    ", width=width)
    who = f"{case.client}, {say_date(case.as_of)}: {case.story}"
    yield from wrapped(who, Role.QUIET, first="    ", rest="    ", width=width)
    for difference in one.differences:
        yield from wrapped(difference, first="    - ", rest="      ", width=width)


def _summary(ran: Sequence[_Ran], failed: int) -> str:
    """Return how many cases there were and how they came out.

    >>> _summary([], 0)
    '0 cases in 0 files, all as expected.'
    """
    files = len({one.file for one in ran})
    counted = f"{_count(len(ran), 'case')} in {_count(files, 'file')}"
    return f"{counted}, {f'{failed} not' if failed else 'all'} as expected."


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
