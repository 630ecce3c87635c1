"""What `cdsrules test` puts to the test: which cases of which rulebooks, and what they see of the rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import click

from cdsrules import clock
from cdsrules.advisor import Advisor
from cdsrules.cli import options
from cdsrules.cli.progress import counted_on_terminal
from cdsrules.errors import CasesError
from cdsrules.frozen import frozen
from cdsrules.loading.files import find_case_files, find_rule_files
from cdsrules.loading.meant import nearest
from cdsrules.loading.sources import SourceFile
from cdsrules.model.rulebook import Library
from cdsrules.testing.cases import CaseFile, read_cases
from cdsrules.testing.checking import check_cases
from cdsrules.testing.coverage import cover
from cdsrules.testing.matrix import Confusion, confusion
from cdsrules.testing.mutation.bench import Bench, judged
from cdsrules.testing.ran import Filed, Ran, filed
from cdsrules.testing.reports.coverage import Covered
from cdsrules.testing.reports.mutation import ByRulebook, by_rulebook
from cdsrules.testing.specimens import specimens
from cdsrules.testing.suite import Suite, run_suite


class Finished(NamedTuple):
    """The cases that were run; all of them unless somebody ended it before."""

    ran: tuple[Ran, ...]
    stopped: bool


@frozen
class Chosen:
    """The rulebooks that are loaded, those that are reported on, and the cases that were chosen."""

    library: Library
    rulebooks: frozenset[str]
    cases: tuple[Filed, ...]


def choose(paths: Sequence[Path], text: str | None) -> Chosen:
    """Return the cases beside the rulebooks under the paths, or the shipped ones, that have a text in their names.

    Raises `RulebookError` and `CasesError` with everything that is wrong, and a usage error when there is no case.
    """
    found = find_case_files(paths)
    with Advisor.load(options.rules_of(paths), today=clock.today()) as loaded:
        library = loaded.library
    problems = (*found.problems, *check_cases(found.files, library))
    if problems:
        raise CasesError(problems)
    _want_cases_in_each(paths, found.files)
    files = [read_cases(file.text, file.name, library) for file in found.files]
    cases = [one for file in files for one in filed(file) if text is None or _is_meant(one, text)]
    if not cases:
        raise click.UsageError(_no_case(text, files) if text else "There are no cases here yet.")
    return Chosen(library, _reported_on(paths, files, library), tuple(cases))


def _want_cases_in_each(paths: Sequence[Path], files: Sequence[SourceFile]) -> None:
    """Raise a usage error where no case is found, or none in one of several places: nobody would notice."""
    if not files:
        raise click.UsageError("There is no cases.yaml here: `cdsrules new case` writes one.")
    for path in paths if len(paths) > 1 else ():
        if not find_case_files([path]).files:
            message = f"There is no cases.yaml in {path}: `cdsrules new case` writes one."
            raise click.UsageError(message)


def _is_meant(one: Filed, text: str) -> bool:
    return any(text.casefold() in name.casefold() for name in (one.case.name, one.case.client, one.rulebook))


def _no_case(text: str, files: Sequence[CaseFile]) -> str:
    names = [name for file in files for name in (file.rulebook, *(case.name for case in file.cases))]
    near = nearest(text, names) or nearest(text, sorted({word for name in names for word in name.split()}))
    meant = "" if near is None else f" Did you mean “{near}”?"
    return f"No case has “{text}” in its name, client or rulebook.{meant}"


def _reported_on(paths: Sequence[Path], files: Sequence[CaseFile], library: Library) -> frozenset[str]:
    """Return the rulebooks that the cases are for, and those under the paths that have no cases."""
    given = {file.name for file in find_rule_files(options.rules_of(paths)).files if not file.is_shipped}
    return frozenset({file.rulebook for file in files} | {book.id for book in library.rulebooks if book.file in given})


def as_if_active(chosen: Chosen) -> Chosen:
    """Return what was chosen with the rules in shadow made active: they are to be defended before they are shown."""
    return replace(chosen, library=chosen.library.as_if_active())


def in_shadow(chosen: Chosen) -> tuple[str, ...]:
    """Return the rules in shadow of the rulebooks that are reported on, by their ids."""
    return tuple(rule.id for rule in chosen.library.in_shadow if rule.rulebook in chosen.rulebooks)


def compare(chosen: Chosen, ran: Sequence[Ran]) -> tuple[Confusion, ...]:
    """Return what became of each rule of the rulebooks that are reported on, and what the cases expect of it."""
    return confusion(chosen.library, ran, chosen.rulebooks)


def suite_of(chosen: Chosen) -> Suite:
    """Return the cases ready to be run today."""
    return Suite(chosen.library, chosen.cases, clock.today())


def run_all(suite: Suite, processes: int) -> Finished:
    """Return how every case came out, on both engines where both are there; Ctrl-C ends it with those that are done."""
    ran: list[Ran] = []
    try:
        ran.extend(counted_on_terminal(run_suite(suite, processes), len(suite.cases)))
    except KeyboardInterrupt:
        return Finished(tuple(ran), stopped=True)
    return Finished(tuple(ran), stopped=False)


def cover_all(chosen: Chosen, advisor: Advisor) -> Covered:
    """Return what the cases have seen of each rulebook that is reported on."""
    cases = [one.case for one in chosen.cases if one.case.skip is None and one.case.is_signed]
    watched = counted_on_terminal(specimens(cases, advisor), len(cases))
    return cover(advisor.program, watched).by_rulebook(chosen.rulebooks)


def make_slips(chosen: Chosen, ran: Sequence[Ran], processes: int) -> ByRulebook:
    """Return what becomes of every slip in the rulebooks that are reported on.

    A case that fails anyway, or need not come out as expected, notices nothing, so it is left out.
    """
    bench = Bench(chosen.library, tuple(one.case for one in ran if one.defends))
    places = bench.of(chosen.rulebooks)
    watched = counted_on_terminal(judged(bench, places, processes), len(places))
    return by_rulebook(watched, chosen.library)
