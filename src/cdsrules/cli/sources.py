"""`cdsrules sources`: what the rules have to say, row by row, with the rules and cases that carry it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

import click

from cdsrules.cli import basis, options, screen
from cdsrules.cli.exits import Exit


@click.command("sources", short_help="Show which rules and cases carry each requirement.")
@options.paths
@options.reported_as("json")
@click.option("--all", "everything", is_flag=True, help="Name every case, not a few of each rule.")
def command(paths: tuple[Path, ...], form: Literal["text", "json"], *, everything: bool) -> int:
    """Show every row of what the rules have to say: its source, the rules that carry it, the cases that show them.

    Looks at the shipped rulebooks and those under each PATH. Ends with 1 when a row has no
    rule or no case.
    """
    from cdsrules.documents.row_list import row_document, row_lines
    from cdsrules.documents.tracing import rows

    advisor, files = basis.advisor_and_cases(paths)
    found = rows(advisor.library, files)
    if form == "json":
        screen.put(json.dumps([row_document(row) for row in found], indent=2) + "\n")
    else:
        screen.show(row_lines(found, width=screen.width(), everything=everything))
    return Exit.FINDINGS if any(row.lacks for row in found) else Exit.OK
