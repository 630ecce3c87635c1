"""`cdsrules test`: the cases beside rulebooks, run on both engines, and what they do not defend."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, TypeAlias

import click

from cdsrules.advisor import Advisor
from cdsrules.cli import screen
from cdsrules.cli.bench import choose, cover_all, make_slips, run_all
from cdsrules.cli.exits import Exit
from cdsrules.cli.failures import installed
from cdsrules.guidance.lexicon import program_lexicon
from cdsrules.rendering.text import Line, Role, wrapped
from cdsrules.testing.reports.cases import case_lines, failures
from cdsrules.testing.reports.coverage import coverage_lines
from cdsrules.testing.reports.junit import junit
from cdsrules.testing.reports.mutation import mutation_lines, survivors_by_rule
from cdsrules.testing.reports.run import TestRun, run_document

Format: TypeAlias = Literal["text", "json", "junit"]


@click.command("test", short_help="Run the cases beside rulebooks.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH…]")
@click.option("-k", "text", metavar="TEXT", help="Only cases with TEXT in their name, client or rulebook.")
@click.option("--coverage", is_flag=True, help="Say how much of each rule the cases have seen, and what they have not.")
@click.option("--mutate", is_flag=True, help="Make slips in the rules, one at a time, and say which no case notices.")
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="How many processes look for slips; as many as there are processors when left out.",
)
@click.option(
    "--html",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the rules as a page, each clause marked by what the cases have seen of it.",
)
@click.option(
    "--fail-under",
    type=click.FloatRange(0, 100),
    metavar="PERCENT",
    help="End with 1 when a share of a rulebook is below PERCENT.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "junit"]),
    default="text",
    show_default=True,
    help="How to report.",
)
def command(
    paths: tuple[Path, ...],
    text: str | None,
    coverage: bool,
    mutate: bool,
    jobs: int | None,
    html: Path | None,
    fail_under: float | None,
    form: Format,
) -> int:
    """Run the cases beside the rulebooks under each PATH, or the shipped ones.

    Cases stand in cases.yaml and stories.yaml. Both engines conclude each case, and every
    difference from what it expects is said in words. Ends with 1 when there is any.
    """
    if fail_under is not None and not (coverage or mutate):
        raise click.UsageError("--fail-under needs a share to look at: add --coverage or --mutate.")
    chosen = choose(paths, text)
    # Plugins take part by their rulebooks alone: none of them shall hear of a client who is made up.
    with Advisor(chosen.library, on_disagreement="raise") as advisor:
        ran = run_all(chosen, advisor)
        run = TestRun(
            ran=ran,
            covered=cover_all(chosen, advisor) if coverage or html else None,
            slips=make_slips(chosen, ran, jobs or os.cpu_count() or 1) if mutate else None,
            lexicon=program_lexicon(advisor.program),
            fail_under=fail_under,
        )
        alone = advisor.engine.unavailable if advisor.engine.name == "reference" else None
    if html is not None:
        html.write_text(_page(run), encoding="utf-8")
    if form == "json":
        screen.put(json.dumps(run_document(run), indent=2) + "\n")
    elif form == "junit":
        screen.put(junit(run.ran))
    else:
        screen.show(_report(run, alone, html))
    return Exit.FINDINGS if failures(run.ran) or run.below else Exit.OK


def _page(run: TestRun) -> str:
    from cdsrules.documents.coverage_page import coverage_page

    return coverage_page(
        run.covered or {}, run.lexicon, installed("cdsrules") or "unknown", survivors_by_rule(run.slips or {})
    )


def _report(run: TestRun, alone: object, html: Path | None) -> Iterator[Line]:
    width = screen.width()
    yield from case_lines(run.ran, width=width)
    if alone is not None:
        yield from wrapped(f"Only the reference engine concluded them: {alone}", Role.URGENT)
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
