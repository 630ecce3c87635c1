"""`cdsrules test`: the cases beside rulebooks, run on both engines, and what they do not defend."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal, TypeAlias

import click

from cdsrules.advisor import Advisor
from cdsrules.cli import options, screen
from cdsrules.cli.bench import (
    Chosen,
    as_if_active,
    choose,
    compare,
    cover_all,
    in_shadow,
    make_slips,
    run_all,
    suite_of,
)
from cdsrules.cli.exits import Exit
from cdsrules.cli.failures import installed
from cdsrules.cli.proposing import check_target, proposal_lines, propose_all, put, written
from cdsrules.frozen import frozen
from cdsrules.guidance.lexicon import program_lexicon
from cdsrules.rendering.text import Line, Role, wrapped
from cdsrules.testing.ran import Ran
from cdsrules.testing.reports.cases import case_lines
from cdsrules.testing.reports.coverage import coverage_lines
from cdsrules.testing.reports.junit import junit
from cdsrules.testing.reports.matrix import matrix_lines
from cdsrules.testing.reports.mutation import mutation_lines, told_by_rule
from cdsrules.testing.reports.run import TestRun, run_document
from cdsrules.testing.reports.trial import Trial, trial_lines

Format: TypeAlias = Literal["text", "json", "junit"]


@frozen
class _Proposing:
    """That cases are to be proposed, and the file to write them to."""

    write: Path | None


@frozen
class _Wanted:
    """What was asked for; `jobs` is how many processes may be used."""

    paths: tuple[Path, ...]
    text: str | None
    coverage: bool
    mutate: bool
    matrix: bool
    jobs: int
    html: Path | None
    fail_under: float | None
    form: Format
    proposing: _Proposing | None


@click.command("test", short_help="Run the cases beside rulebooks.")
@options.paths
@options.plugins
@click.option("-k", "text", metavar="TEXT", help="Only cases with TEXT in their name, client or rulebook.")
@click.option("--coverage", is_flag=True, help="Say how much of each rule the cases have seen, and what they have not.")
@click.option("--mutate", is_flag=True, help="Make slips in the rules, one at a time, and say which no case notices.")
@click.option(
    "--jobs",
    type=options.Whole(1),
    metavar="N",
    help="How many processes at most; as many as there are processors when left out. The report is the same.",
)
@click.option(
    "--matrix",
    is_flag=True,
    help="Say for each rule how often it held where a case expects it to, and where a case expects it not to.",
)
@click.option(
    "--html",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the rules as a page, each clause marked by what the cases have seen of it.",
)
@click.option(
    "--fail-under",
    type=options.Percent(),
    metavar="PERCENT",
    help="End with 1 when a share of a rulebook is below PERCENT.",
)
@click.option(
    "--propose",
    is_flag=True,
    help="Write cases for what --coverage and --mutate find open. What they expect is what the rules do now.",
)
@click.option(
    "--write",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Where --propose writes the cases, such as proposed.cases.yaml; they are printed when left out.",
)
@click.option("--watch", is_flag=True, help="Run again whenever a rule or a case is changed, until Ctrl-C.")
@options.reported_as("json", "junit")
def command(
    paths: tuple[Path, ...],
    text: str | None,
    coverage: bool,
    mutate: bool,
    jobs: int | None,
    matrix: bool,
    html: Path | None,
    fail_under: float | None,
    propose: bool,
    write: Path | None,
    watch: bool,
    form: Format,
) -> int:
    """Run the cases beside the rulebooks under each PATH, or the shipped ones.

    Cases stand in cases.yaml and stories.yaml. Both engines conclude each case, and every
    difference from what it expects is said in words. Ends with 1 when there is any.
    Ctrl-C ends it with a report on the cases that were run.
    """
    if fail_under is not None and not (coverage or mutate):
        raise click.UsageError("--fail-under needs a share to look at: add --coverage or --mutate.")
    if write is not None and not propose:
        raise click.UsageError("--write needs something to write: add --propose.")
    if propose and form != "text":
        raise click.UsageError("--propose writes cases, which are text: leave --format out.")
    check_target(write)
    proposing = _Proposing(write) if propose else None
    jobs = jobs or os.cpu_count() or 1
    coverage, mutate = coverage or propose, mutate or propose
    wanted = _Wanted(paths, text, coverage, mutate, matrix, jobs, html, fail_under, form, proposing)
    if not watch:
        return _run(wanted)
    if form != "text":
        raise click.UsageError("--watch is for people: leave --format out.")
    from cdsrules.cli.watching import again_and_again

    return again_and_again(lambda: _run(wanted), paths)


def _run(wanted: _Wanted) -> int:
    """Run the cases, report, and return the exit code."""
    chosen = choose(wanted.paths, wanted.text)
    suite = suite_of(chosen)
    with suite.advisor as advisor:
        ran, stopped = run_all(suite, wanted.jobs)
        run = TestRun(ran, len(chosen.cases), program_lexicon(advisor.program), fail_under=wanted.fail_under)
        if wanted.matrix:
            run = replace(run, matrix=compare(chosen, ran))
        if not stopped:
            run, stopped = _looked_into(run, wanted, chosen, advisor)
        alone = advisor.engine.unavailable if advisor.engine.name == "reference" else None
    if wanted.html is not None and not stopped:
        wanted.html.write_text(_page(run), encoding="utf-8")
    _report(run, wanted, alone, stopped=stopped)
    if wanted.proposing is not None and not stopped:
        _propose(run, chosen, wanted.proposing)
    return Exit.STOPPED if stopped else Exit.OK if run.is_well else Exit.FINDINGS


def _looked_into(run: TestRun, wanted: _Wanted, chosen: Chosen, advisor: Advisor) -> tuple[TestRun, bool]:
    """Return the run with its shares, and whether somebody ended it before they were known."""
    looks = wanted.coverage or wanted.mutate or wanted.html is not None
    if looks and chosen.library.in_shadow:
        return _tried(run, wanted, chosen)
    return _measured(run, wanted, chosen, advisor, run.ran)


def _tried(run: TestRun, wanted: _Wanted, chosen: Chosen) -> tuple[TestRun, bool]:
    """Return the run with the shares that it has once the rules in shadow are active, and what that turns."""
    active = as_if_active(chosen)
    suite = suite_of(active)
    with suite.advisor as advisor:
        ran, stopped = run_all(suite, wanted.jobs)
        if stopped:
            return run, True
        turned = tuple(now for was, now in zip(run.ran, ran, strict=True) if now.failed and not was.failed)
        rules = in_shadow(chosen)
        trial = Trial(rules, turned) if rules else None
        run = replace(run, trial=trial, lexicon=program_lexicon(advisor.program))
        return _measured(run, wanted, active, advisor, ran)


def _measured(
    run: TestRun, wanted: _Wanted, chosen: Chosen, advisor: Advisor, ran: Sequence[Ran]
) -> tuple[TestRun, bool]:
    try:
        if wanted.coverage or wanted.html:
            run = replace(run, covered=cover_all(chosen, advisor))
        if wanted.mutate:
            run = replace(run, slips=make_slips(chosen, ran, wanted.jobs))
    except KeyboardInterrupt:
        return run, True
    return run, False


def _propose(run: TestRun, chosen: Chosen, proposing: _Proposing) -> None:
    proposed = propose_all(run, chosen)
    files = written(proposed, chosen, proposing.write)
    put(files)
    screen.show([Line(""), *proposal_lines(proposed, files, width=screen.width())])


def _page(run: TestRun) -> str:
    from cdsrules.documents.coverage_page import coverage_page

    return coverage_page(
        run.covered or {}, run.lexicon, installed("cdsrules") or "unknown", told_by_rule(run.slips or {})
    )


def _report(run: TestRun, wanted: _Wanted, alone: object, *, stopped: bool) -> None:
    match wanted.form:
        case "json":
            screen.put(json.dumps(run_document(run), indent=2) + "\n")
        case "junit":
            screen.put(junit(run.ran, run.matrix or ()))
        case _:
            screen.show(_lines(run, None if stopped else wanted.html, alone))
    if stopped:
        screen.flush()
        screen.complain("Stopped.")


def _lines(run: TestRun, html: Path | None, alone: object) -> Iterator[Line]:
    width = screen.width()
    yield from case_lines(run.ran, chosen=run.chosen, width=width)
    if alone is not None:
        yield from wrapped(f"Only the reference engine concluded them: {alone}", Role.URGENT)
    if run.matrix is not None:
        yield Line("")
        yield from matrix_lines(run.matrix, width=width)
    if run.trial is not None:
        yield Line("")
        yield from trial_lines(run.trial, width=width)
    if run.covered is not None:
        yield Line("")
        yield from coverage_lines(run.covered, run.lexicon, width=width)
    if run.slips is not None:
        yield Line("")
        yield from mutation_lines(run.slips, width=width)
    for missed in run.below:
        yield Line("")
        yield from wrapped(f"Below {run.fail_under:g} %: {missed}.", Role.URGENT, width=width)
    if html is not None:
        yield Line("")
        yield Line(f"Written: {html}")
