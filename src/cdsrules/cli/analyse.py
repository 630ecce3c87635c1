"""`cdsrules analyse`: what no case can show of rules, searched and proved, each with a client who shows it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

import click

from cdsrules import clock
from cdsrules.cli import options, screen
from cdsrules.cli.exits import Exit
from cdsrules.cli.progress import counted_on_terminal
from cdsrules.errors import CasesError, ExtraMissing, ObligationsError

if TYPE_CHECKING:
    from cdsrules.advisor import Advisor
    from cdsrules.analysis.bench import Analysis
    from cdsrules.analysis.obligation import Duties
    from cdsrules.model.rulebook import Library, Rule
    from cdsrules.testing.cases import CaseFile

Format: TypeAlias = Literal["text", "json"]


@click.command("analyse", short_help="Search rules for faults that no case can show.")
@options.paths
@options.reported_as("json")
@click.option(
    "--save",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write each client that shows something into DIR: as a document, and as a case to keep.",
)
def command(paths: tuple[Path, ...], form: Format, save: Path | None) -> int:
    """Search the rules under each PATH, or the shipped ones, for faults that no case can show.

    Rules that can never hold, that another always stands before, that say what another
    says, or that recommend what another cautions against; and clients to whom the
    rules owe something (obligations.yaml) and who get nothing. What is found comes with a
    client who was evaluated and shows it. Rules in shadow are taken as if they were active.
    Ends with 1 when there is anything to remark.
    """
    if find_spec("z3") is None:
        message = "`cdsrules analyse` needs z3-solver, which is not installed: pip install 'cdsrules[analysis]'"
        raise ExtraMissing(message)
    from cdsrules.advisor import Advisor
    from cdsrules.analysis.bench import Bench
    from cdsrules.analysis.report import analysis_document, analysis_lines

    today = clock.today()
    with Advisor.load(options.rules_of(paths), today=today) as loaded:
        library = loaded.library.as_if_active()
    # Plugins take part by their rulebooks alone: none of them shall hear of a client who is made up.
    with Advisor(library, on_disagreement="raise") as advisor:
        chosen, duties = _chosen(paths, advisor.library), _duties(paths, advisor.library)
        bench = Bench(advisor, chosen, duties, cases=_cases(paths, advisor.library))
        found = bench.gathered(counted_on_terminal(bench.run(), bench.steps), today)
        if save is not None:
            _save(found, advisor, save)
        if form == "json":
            screen.put(json.dumps(analysis_document(found, advisor), indent=2, ensure_ascii=False) + "\n")
        else:
            screen.show(analysis_lines(found, advisor, width=screen.width()))
    return Exit.OK if found.is_clean else Exit.FINDINGS


def _duties(paths: Sequence[Path], library: Library) -> Duties:
    from cdsrules.analysis.obligation_file import check_obligations, read_obligations
    from cdsrules.loading.files import find_obligation_files

    found = find_obligation_files(paths)
    if found.problems:
        raise ObligationsError((*found.problems, *check_obligations(found.files, library)))
    return read_obligations(found.files, library)


def _cases(paths: Sequence[Path], library: Library) -> tuple[CaseFile, ...]:
    """Return the cases beside the rules; what is amiss with a file of them is for `check` and `test` to say."""
    from cdsrules.loading.files import find_case_files
    from cdsrules.testing.cases import read_cases

    found: list[CaseFile] = []
    for file in find_case_files(paths).files:
        with suppress(CasesError):
            found.append(read_cases(file.text, file.name, library))
    return tuple(found)


def _chosen(paths: Sequence[Path], library: Library) -> tuple[Rule, ...]:
    """Return the running rules of the rulebooks that were named, or of all."""
    from cdsrules.inference.order import running
    from cdsrules.loading.files import find_rule_files

    given = {file.name for file in find_rule_files(options.rules_of(paths)).files if not file.is_shipped}
    books = [book for book in library.rulebooks if not given or book.file in given]
    rules = running([rule for book in books for rule in book.rules])
    if not rules:
        raise click.UsageError("There is no rule here to look into: drafts and retired rules are left out.")
    return rules


def _save(found: Analysis, advisor: Advisor, folder: Path) -> None:
    from cdsrules.analysis.saving import files_of

    folder.mkdir(parents=True, exist_ok=True)
    for remark in found.remarks:
        for name, text in files_of(remark, advisor):
            (folder / name).write_text(text, encoding="utf-8")
