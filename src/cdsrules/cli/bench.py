"""What `cdsrules test` puts to the test: which cases of which rulebooks, and what they see of the rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

import click

from cdsrules.advisor import Advisor
from cdsrules.cli import options
from cdsrules.cli.progress import counted_on_terminal
from cdsrules.errors import CasesError, EngineDisagreement
from cdsrules.loading.files import find_case_files, find_rule_files
from cdsrules.loading.sources import SourceFile
from cdsrules.model.rulebook import Library
from cdsrules.testing.cases import Case, CaseFile, read_cases
from cdsrules.testing.checking import check_cases
from cdsrules.testing.coverage import cover
from cdsrules.testing.exemptions import Leave, skipped, with_known_gap
from cdsrules.testing.mutation.bench import Bench, judged
from cdsrules.testing.reports.cases import Ran
from cdsrules.testing.reports.coverage import Covered
from cdsrules.testing.reports.mutation import ByRulebook, by_rulebook
from cdsrules.testing.runner import run_case
from cdsrules.testing.specimens import specimens
from cdsrules.testing.why import why


class ChosenCase(NamedTuple):
    """A case, with its file and the rulebook that the file is for."""

    file: str
    rulebook: str
    case: Case


@dataclass(frozen=True, slots=True)
class Chosen:
    """The rulebooks that are loaded, those that are reported on, and the cases that were chosen."""

    library: Library
    rulebooks: frozenset[str]
    cases: tuple[ChosenCase, ...]


def choose(paths: Sequence[Path], text: str | None) -> Chosen:
    """Return the cases beside the rulebooks under the paths, or the shipped ones, that have a text in their names.

    Raises `RulebookError` and `CasesError` with everything that is wrong, and a usage error when there is no case.
    """
    found = find_case_files(paths)
    with Advisor.load(options.rules_of(paths), today=date.today()) as loaded:  # noqa: DTZ011 - the clinic's own day
        library = loaded.library
    problems = (*found.problems, *check_cases(found.files, library))
    if problems:
        raise CasesError(problems)
    files = [read_cases(file.text, file.name, library) for file in _some(found.files)]
    cases = [
        ChosenCase(file.file, file.rulebook, case)
        for file in files
        for case in file.cases
        if text is None or _is_meant(file, case, text)
    ]
    if not cases:
        message = f"No case has “{text}” in its name, client or rulebook." if text else "There are no cases here yet."
        raise click.UsageError(message)
    return Chosen(library, _reported_on(paths, files, library), tuple(cases))


def _some(files: Sequence[SourceFile]) -> Sequence[SourceFile]:
    if not files:
        raise click.UsageError("There is no cases.yaml here: `cdsrules new case` writes one.")
    return files


def _is_meant(file: CaseFile, case: Case, text: str) -> bool:
    return any(text.casefold() in name.casefold() for name in (case.name, case.client, file.rulebook))


def _reported_on(paths: Sequence[Path], files: Sequence[CaseFile], library: Library) -> frozenset[str]:
    """Return the rulebooks that the cases are for, and those under the paths that have no cases."""
    given = {file.name for file in find_rule_files(options.rules_of(paths)).files if not file.is_shipped}
    return frozenset({file.rulebook for file in files} | {book.id for book in library.rulebooks if book.file in given})


def run_all(chosen: Chosen, advisor: Advisor) -> tuple[Ran, ...]:
    """Return how every case came out, on both engines where both are there."""
    today = date.today()  # noqa: DTZ011 - the clinic's own day
    return tuple(_ran(one, advisor, today) for one in counted_on_terminal(chosen.cases, len(chosen.cases)))


def _ran(chosen: ChosenCase, advisor: Advisor, today: date) -> Ran:
    file, rulebook, case = chosen
    if case.skip is not None:
        leave = skipped(case.skip, today)
        return Ran(file, rulebook, case, problem=leave.problem, left_alone=leave.note)
    try:
        differences = run_case(case, advisor).differences
    except EngineDisagreement as error:
        return Ran(file, rulebook, case, problem=f"The two engines did not agree: {error}.")
    leave = Leave() if case.known_gap is None else with_known_gap(case.known_gap, differences, today)
    whys = why(case, differences, advisor) if differences and leave.note is None else {}
    return Ran(file, rulebook, case, differences, whys, leave.problem, leave.note)


def cover_all(chosen: Chosen, advisor: Advisor) -> Covered:
    """Return what the cases have seen of each rulebook that is reported on."""
    cases = [one.case for one in chosen.cases if one.case.skip is None]
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
