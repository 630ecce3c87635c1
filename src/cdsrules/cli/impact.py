"""`cdsrules impact`: what a change of the rules does to clients, before anybody approves it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final, Literal, TypeAlias

import click

from cdsrules.cli import options, screen
from cdsrules.cli.documents import count as count_documents
from cdsrules.cli.documents import gather
from cdsrules.cli.exits import Exit
from cdsrules.cli.failures import installed
from cdsrules.cli.progress import advancing
from cdsrules.cli.revisions import Edition, edition
from cdsrules.errors import CasesError, ClientError
from cdsrules.impact.comparing import Comparison, Given, compared
from cdsrules.impact.imagined import Specimen, imagine
from cdsrules.impact.in_full import in_full
from cdsrules.impact.report_document import impact_document
from cdsrules.impact.report_text import impact_lines
from cdsrules.impact.result import Impact, Tally
from cdsrules.impact.typical import MOST, groups
from cdsrules.rendering.text import WIDTH, joined
from cdsrules.testing.cases import read_cases

Format: TypeAlias = Literal["text", "json", "html"]

SHRUNK_FROM: Final = 40
"""Of so many groups of clients the typical one is read again, to be made smaller."""


@click.command("impact", short_help="Say what a change of the rules does to clients.")
@click.argument("old")
@click.argument("new")
@click.option(
    "--clients",
    "paths",
    multiple=True,
    required=True,
    type=click.Path(exists=True),
    metavar="PATH",
    help="Client documents: a file, a folder, or one on each line (JSON Lines). Can be given again.",
)
@options.as_of
@options.reported_as("json", "html")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write there instead of on the terminal.",
)
@click.option(
    "--jobs",
    type=options.Whole(1),
    metavar="N",
    help="How many processes compare; as many as there are processors when left out.",
)
def command(
    old: str, new: str, paths: tuple[str, ...], as_of: date | None, form: Format, output: Path | None, jobs: int | None
) -> int:
    """Hold every client against the rules OLD and the rules NEW, and say who is told something else, and why.

    OLD and NEW are folders of rulebooks; `shipped` for the rules that come with cdsrules; or
    revisions of git, such as HEAD~1 or v1.2:rules. A folder stands beside the shipped rules,
    as everywhere; one that has its own `safety` stands alone. Ends with 1 when a safety item
    was lost, or a client could not be compared.
    """
    before, after = edition(old, new), edition(new, old)
    comparison = Comparison(before.library, after.library, as_of)
    tally = Tally()
    total = count_documents(paths)
    with advancing(total) as advance:
        for batch in compared(comparison, _documents(paths), jobs or os.cpu_count() or 1):
            tally.take_in(batch)
            advance(batch.counted + len(batch.unread))
    if not tally.counted and not tally.unread:
        raise click.UsageError("There is no client document: a folder's are its .json and .jsonl files.")
    impact = _impact((before, after), comparison, tally, paths)
    _put(impact, form, output)
    return Exit.FINDINGS if impact.safety_lost or impact.unread else Exit.OK


def _documents(paths: tuple[str, ...]) -> Iterator[Given]:
    for given in gather(paths).clients:
        try:
            yield Given(given.name, given.read(), file=given.file, line=given.line or 1)
        except OSError as error:
            yield Given(given.name, None, error.strerror or "It cannot be read.")


def _impact(editions: tuple[Edition, Edition], comparison: Comparison, tally: Tally, paths: tuple[str, ...]) -> Impact:
    """Return what it comes to; typical clients are read again, so that no other needs to be kept."""
    typical = [one.typical.name for one in groups(tally.touched)[:SHRUNK_FROM]]
    documents = dict(_read_again(typical, paths))
    changed = [Specimen("a client of the caseload", documents[name]) for name in typical if name in documents]
    return Impact(
        names=(editions[0].name, editions[1].name),
        differences=comparison.differences,
        counted=tally.counted,
        touched=tuple(tally.touched),
        unread=tuple(tally.unread),
        loads=tally.loads,
        typical=tuple(in_full(comparison, documents[name], name) for name in typical[:MOST] if name in documents),
        imagined=imagine(comparison, changed, () if changed else _specimens(editions)),
    )


def _read_again(names: Sequence[str], paths: tuple[str, ...]) -> Iterator[tuple[str, Mapping[str, object]]]:
    wanted = set(names)
    for given in gather(paths).clients if wanted else ():
        if given.name in wanted:
            wanted.discard(given.name)
            yield given.name, given.document()
        if not wanted:
            return


def _specimens(editions: Iterable[Edition]) -> Iterator[Specimen]:
    """Yield the clients of all cases beside either rulebooks; what cannot be read is left to `cdsrules check`."""
    for one in editions:
        for file in one.cases:
            try:
                cases = read_cases(file.text, file.name, one.library).cases
            except (CasesError, ClientError):
                continue
            for case in cases:
                yield Specimen(f"the case “{case.name}”", {**case.document, "as_of": case.as_of.isoformat()})


def _put(impact: Impact, form: Format, output: Path | None) -> None:
    if form == "text" and output is None:
        screen.show(impact_lines(impact, width=screen.width()))
        return
    text = _text(impact, form)
    if output is None:
        screen.put(text)
    else:
        output.write_text(text, encoding="utf-8")
        screen.complain(f"Written: {output}")


def _text(impact: Impact, form: Format) -> str:
    match form:
        case "text":
            return joined(impact_lines(impact, width=WIDTH))
        case "json":
            return json.dumps(impact_document(impact), indent=2) + "\n"
        case "html":
            from cdsrules.documents.impact_page import impact_page

            return impact_page(impact, installed("cdsrules") or "unknown")
