"""`cdsrules check`: everything that is wrong with rulebooks, their cases and laws, for people and for machines."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias, assert_never

import click

from cdsrules import clock
from cdsrules.cli import options, screen
from cdsrules.cli.exits import Exit
from cdsrules.diagnostics import Diagnostic, Severity, in_order
from cdsrules.loading.sources import SourceFile

if TYPE_CHECKING:
    from cdsrules.model.rulebook import Library

Format: TypeAlias = Literal["text", "json", "sarif", "github"]


@click.command("check", short_help="Say what is wrong with rulebooks, and what to write instead.")
@options.paths
@options.site
@options.plugins
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif", "github"]),
    default="text",
    show_default=True,
    help="For people, for programs, for code scanning, or as annotations of a GitHub workflow.",
)
def command(paths: tuple[Path, ...], site: Path | None, form: Format) -> int:
    """Check the rulebooks under each PATH together with the shipped ones, their cases, laws and obligations.

    With --site also the file of your site: that it can be read, and is shown where it says.
    Plugins take part with their rulebooks and facts, and say what their own checks find.

    Every problem is named with its place and with what to write instead. Ends with 1 when
    there is any, warnings included; notes, as on a shipped rule that yours replaces, are no
    problem. `cdsrules test` runs the cases, `cdsrules laws` and
    `cdsrules analyse` look into the others.
    """
    from cdsrules.advisor import catalogue_of
    from cdsrules.loading.files import (
        find_case_files,
        find_law_files,
        find_obligation_files,
        find_rule_files,
        read_schemas,
        read_site_file,
    )
    from cdsrules.loading.library import check_files, load_library
    from cdsrules.plugins.checking import about, what_checks_say
    from cdsrules.plugins.session import start_plugins

    session = start_plugins()
    added, failed = session.rulebooks()
    files, unread = find_rule_files([*added, *options.rules_of(paths)])
    problems = [*unread, *check_files(files, catalogue_of(session), clock.today(), read_schemas())]
    usable = not any(one.severity is Severity.ERROR for one in problems)
    cases, unread = find_case_files(paths)
    laws = tuple(file for file in find_law_files(paths).files if not (paths and file.is_shipped))
    owed = tuple(file for file in find_obligation_files(paths).files if not (paths and file.is_shipped))
    sites = () if site is None else (read_site_file(site),)
    problems += unread
    if usable:
        library = load_library(files, catalogue_of(session))
        problems += _case_problems(library, cases)
        problems += _law_problems(library, paths) if laws else ()
        problems += _obligation_problems(library, paths) if owed else ()
        problems += _site_problems(library, sites)
        problems += what_checks_say(session, library)
    problems += about((*session.failures, *failed, *session.refused))
    screen.put(_report(in_order(problems), (*files, *cases, *laws, *owed, *sites), form))
    if cases and not usable:
        screen.flush()
        screen.complain("The cases were not checked: that needs rules without errors.")
    return Exit.FINDINGS if any(one.severity is not Severity.NOTE for one in problems) else Exit.OK


def _case_problems(library: Library, cases: Sequence[SourceFile]) -> tuple[Diagnostic, ...]:
    """Return what is wrong with cases, read against the rules that are in order."""
    if not cases:
        return ()
    from cdsrules.testing.checking import check_cases, check_reviews

    return (*check_cases(cases, library), *check_reviews(cases, library))


def _law_problems(library: Library, paths: Sequence[Path]) -> tuple[Diagnostic, ...]:
    """Return what is wrong with laws, those that come with cdsrules among them."""
    from cdsrules.loading.files import find_law_files
    from cdsrules.testing.laws.reading import check_laws

    return check_laws(find_law_files(paths).files, library)


def _obligation_problems(library: Library, paths: Sequence[Path]) -> tuple[Diagnostic, ...]:
    """Return what is wrong with obligations, those that come with cdsrules among them."""
    from cdsrules.analysis.obligation_file import check_obligations
    from cdsrules.loading.files import find_obligation_files

    return check_obligations(find_obligation_files(paths).files, library)


def _site_problems(library: Library, sites: Sequence[SourceFile]) -> tuple[Diagnostic, ...]:
    """Return what is wrong with files of sites, held to the safety rules."""
    if not sites:
        return ()
    from cdsrules.loading.site_file import check_site

    return tuple(problem for site in sites for problem in check_site(site, library))


def _report(problems: Sequence[Diagnostic], files: Sequence[SourceFile], form: Format) -> str:
    from cdsrules.loading import report

    match form:
        case "text":
            told = report.as_text(problems, {file.name: file.text for file in files})
            return f"{told}{report.summary(problems)}\n"
        case "json":
            return report.as_json(problems)
        case "sarif":
            from cdsrules.cli.failures import installed

            return report.as_sarif(problems, installed("cdsrules") or "unknown")
        case "github":
            return report.as_github(problems)
        case _:
            assert_never(form)
