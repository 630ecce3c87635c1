"""`cdsrules dossier`: source attributes, criteria, hazards and traceability, as a page, as data and as tables."""

from __future__ import annotations

import json
from pathlib import Path

import click

from cdsrules.cli import basis, options, screen
from cdsrules.cli.exits import Exit
from cdsrules.cli.failures import installed
from cdsrules.rendering.text import Line, Role


@click.command("dossier", short_help="Write the regulatory dossier of the rules.")
@options.paths
@click.option(
    "--output",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="The folder to write into; it is made when it is not there.",
)
def command(paths: tuple[Path, ...], output: Path) -> int:
    """Write the dossier of the shipped rulebooks and those under each PATH.

    Runs every case first. Ends with 1 when a case does not come out as expected, or when a
    requirement has no rule or no case.
    """
    from cdsrules.documents.dossier import dossier_document, make_dossier
    from cdsrules.documents.dossier_page import dossier_page
    from cdsrules.documents.tables import tables
    from cdsrules.documents.tracing import rows

    made_from = basis.basis(paths)
    dossier = make_dossier(made_from, installed("cdsrules") or "unknown", basis.outcomes(made_from))
    output.mkdir(parents=True, exist_ok=True)
    made = {
        "dossier.html": dossier_page(dossier),
        "dossier.json": json.dumps(dossier_document(dossier), indent=2) + "\n",
        **{f"{part}.csv": table for part, table in tables(dossier).items()},
    }
    for name, text in made.items():
        (output / name).write_text(text, encoding="utf-8")
    screen.show(Line(f"Written: {output / name}") for name in made)
    lacking = [row.requirement.id for row in rows(made_from.library, made_from.files) if row.lacks]
    if lacking:
        screen.complain(Line(f"Requirements without a rule or a case: {', '.join(lacking)}.", Role.URGENT))
    for case in dossier.unexpected:
        screen.complain(Line(f"Not as expected: {case}", Role.URGENT))
    return Exit.FINDINGS if lacking or dossier.unexpected else Exit.OK
