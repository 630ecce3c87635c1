"""`cdsrules book`: the rulebooks as a printable book, as a page and as a PDF."""

from __future__ import annotations

from pathlib import Path

import click

from cdsrules.cli import basis, options, screen
from cdsrules.cli.exits import Exit
from cdsrules.cli.failures import installed
from cdsrules.rendering.text import Line


@click.command("book", short_help="Write the rulebooks as a printable book.")
@options.paths
@click.option(
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The HTML page to write.",
)
@click.option(
    "--pdf",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="A PDF to write as well, printed by Chromium or Chrome.",
)
def command(paths: tuple[Path, ...], output: Path, pdf: Path | None) -> int:
    """Write a book of the shipped rulebooks and those under each PATH.

    Every rule in plain words, with its texts, sources, evidence, numbers, hazards and
    cases, and diagrams of the order of steps and of what leads to what.
    """
    if pdf is not None:
        from cdsrules.cli.browser import find_browser

        find_browser()
    from cdsrules.documents.book import make_book
    from cdsrules.documents.book_page import book_page

    page = book_page(make_book(basis.basis(paths), installed("cdsrules") or "unknown"))
    output.write_text(page, encoding="utf-8")
    written = [output]
    if pdf is not None:
        from cdsrules.cli.browser import print_page

        print_page(page, pdf)
        written.append(pdf)
    screen.show(Line(f"Written: {file}") for file in written)
    return Exit.OK
