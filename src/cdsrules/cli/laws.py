"""`cdsrules laws`: what must hold for every client, and the smallest client for whom it does not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Literal, TypeAlias

import click

from cdsrules import clock
from cdsrules.cli import options, screen
from cdsrules.cli.exits import Exit
from cdsrules.cli.progress import counted_on_terminal
from cdsrules.errors import ExtraMissing, LawsError

if TYPE_CHECKING:
    from cdsrules.advisor import Advisor
    from cdsrules.model.rulebook import Library
    from cdsrules.testing.laws.law import Law
    from cdsrules.testing.laws.searching import Known, Searched

Format: TypeAlias = Literal["text", "json"]


@click.command("laws", short_help="Look for a client who breaks what must hold for every client.")
@options.paths
@click.option("-k", "text", metavar="TEXT", help="Only laws with TEXT in their name or title.")
@click.option(
    "--examples",
    type=options.Whole(1),
    default=100,
    show_default=True,
    metavar="N",
    help="How many clients each law is put to.",
)
@click.option(
    "--seed",
    type=options.Whole(0),
    default=0,
    show_default=True,
    metavar="N",
    help="Where to begin: another number, other clients. The same number gives the same clients.",
)
@click.option(
    "--seconds",
    type=options.Whole(1),
    metavar="N",
    help="Look for no longer than N seconds, whatever was found until then; no bound when left out.",
)
@click.option(
    "--save",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write each client who breaks a law, before and after the change, as documents into DIR.",
)
@options.reported_as("json")
def command(
    paths: tuple[Path, ...],
    text: str | None,
    examples: int,
    seed: int,
    seconds: int | None,
    save: Path | None,
    form: Format,
) -> int:
    """Put the laws beside the rulebooks under each PATH, and those that come with cdsrules, to many clients.

    Laws stand in laws.yaml. Each compares a client with the same client after one change. The clients are those
    of the cases, varied, and others who are made up. Ends with 1 when a law is broken.
    """
    _check_installed()
    from cdsrules.advisor import Advisor
    from cdsrules.testing.reports.laws import broken, law_document, law_lines

    with Advisor.load(options.rules_of(paths), today=clock.today()) as advisor:
        laws = _chosen(paths, text, advisor.library)
        ends = None if seconds is None else monotonic() + seconds
        searched = tuple(
            _search_all(
                laws, advisor, _known(paths, advisor), examples, seed, lambda: ends is None or monotonic() < ends
            )
        )
    if save is not None:
        _save(searched, save)
    if form == "json":
        screen.put(json.dumps(law_document(searched), indent=2, ensure_ascii=False) + "\n")
    else:
        screen.show(law_lines(searched, width=screen.width()))
    return Exit.FINDINGS if broken(searched) else Exit.OK


def _check_installed() -> None:
    if find_spec("hypothesis") is None:
        raise ExtraMissing("`cdsrules laws` needs Hypothesis, which is not installed: pip install 'cdsrules[testing]'")


def _chosen(paths: Sequence[Path], text: str | None, library: Library) -> tuple[Law, ...]:
    from cdsrules.loading.files import find_law_files
    from cdsrules.testing.laws.reading import check_laws, read_laws

    found = find_law_files(paths)
    if found.problems:
        raise LawsError((*found.problems, *check_laws(found.files, library)))
    laws = read_laws(found.files, library)
    chosen = tuple(one for one in laws if text is None or text.casefold() in f"{one.id} {one.title}".casefold())
    if not chosen:
        message = f"No law has “{text}” in its name or title."
        raise click.UsageError(message)
    return chosen


def _known(paths: Sequence[Path], advisor: Advisor) -> tuple[Known, ...]:
    """Return the clients of all cases, those that come with cdsrules first, each once."""
    from cdsrules.diagnostics import Severity
    from cdsrules.errors import CasesError
    from cdsrules.loading.files import find_case_files
    from cdsrules.testing.cases import read_cases
    from cdsrules.testing.checking import check_cases
    from cdsrules.testing.laws.searching import Known

    files = {file.text: file for given in ((), paths) if given or not paths for file in find_case_files(given).files}
    problems = check_cases(files.values(), advisor.library)
    if any(one.severity is Severity.ERROR for one in problems):
        raise CasesError(problems)
    cases = [case for file in files.values() for case in read_cases(file.text, file.name, advisor.library).cases]
    found = {json.dumps([str(one.as_of), one.document], sort_keys=True): one for one in cases}
    return tuple(Known(one.document, one.as_of) for one in found.values())


def _search_all(
    laws: Sequence[Law],
    advisor: Advisor,
    known: Sequence[Known],
    examples: int,
    start: int,
    go_on: Callable[[], bool],
) -> Iterator[Searched]:
    from cdsrules.advisor import Advisor as Other
    from cdsrules.testing.laws.asking import asking
    from cdsrules.testing.laws.searching import Answering, search

    with Other(advisor.library, engine="durable", verify=False) as durable:
        answering = Answering(asking(Other(advisor.library, engine="reference")), asking(durable))
        today = clock.today()
        for law in counted_on_terminal(laws, len(laws)):
            yield search(
                law,
                answering,
                advisor.library.vocabulary,
                known,
                examples=examples,
                start=start,
                today=today,
                go_on=go_on,
            )


def _save(searched: Sequence[Searched], folder: Path) -> None:
    """Write the clients who break a law, before and after the change."""
    from cdsrules.testing.reports.laws import client_document

    folder.mkdir(parents=True, exist_ok=True)
    for one in searched:
        if one.counterexample is None:
            continue
        for name, after in (("before", False), ("after", True)):
            told = json.dumps(client_document(one.counterexample, after=after), indent=2, ensure_ascii=False)
            (folder / f"{one.law.id}.{name}.json").write_text(f"{told}\n", encoding="utf-8")
