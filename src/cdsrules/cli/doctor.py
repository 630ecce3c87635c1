"""`cdsrules doctor`: what is installed, which engine speaks, which rulebooks are found."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cdsrules.cli import options, screen
from cdsrules.cli.exits import Exit
from cdsrules.cli.failures import PACKAGES, installed
from cdsrules.loading.shipped import shipped_rules
from cdsrules.model.site import local_words
from cdsrules.rendering.problems import problem_lines
from cdsrules.rendering.text import Line, Role, wrapped

if TYPE_CHECKING:
    from cdsrules.advisor import Advisor


@click.command("doctor", short_help="Tell what is installed and whether it is in order.")
@options.rules
@options.plugins
@options.site
def command(rules: tuple[Path, ...], site: Path | None) -> int:
    """Tell what is installed and whether it is in order.

    Ends with 1 when something deserves a look.
    """
    screen.show(_installed())
    with options.advisor(rules, site=site) as advisor:
        screen.show(_engine(advisor))
        screen.show(_rulebooks(advisor))
        screen.show(_plugins(advisor))
        screen.show(_site(advisor))
        worries = list(_worries(advisor))
    screen.show(worries or (Line(""), Line("All is well.")))
    return Exit.FINDINGS if worries else Exit.OK


def _installed() -> Iterator[Line]:
    yield Line(f"cdsrules {installed('cdsrules')}", Role.TITLE)
    yield Line(f"  Python {platform.python_version()} on {platform.platform()}")
    yield from (Line(f"  {name} {installed(name) or 'not installed'}") for name in PACKAGES[1:])
    stream = screen.output()
    colour = "colour" if screen.is_terminal(stream) else "no colour"
    yield Line(f"  This output: {stream.encoding}, {colour}, {screen.width()} columns")


def _engine(advisor: Advisor) -> Iterator[Line]:
    yield from _heading("Engine")
    if advisor.engine.name == "reference":
        yield Line("  the reference engine")
        return
    yield Line("  durable-rules, each answer verified by the reference engine")
    outside = advisor.program.decided_outside
    if outside:
        because = "having too many alternatives or an exception that reads findings"
        said = f"Decided outside of it, {because}: {', '.join(outside)}"
        yield from wrapped(said, first="  ", rest="    ", width=screen.width())


def _rulebooks(advisor: Advisor) -> Iterator[Line]:
    yield from _heading("Rulebooks")
    for book in advisor.library.rulebooks:
        rules = "1 rule" if len(book.rules) == 1 else f"{len(book.rules)} rules"
        yield Line(f"  {book.id} {book.version}, {book.status.value}, {rules}, from {book.file}")
    yield Line(f"  shipped ones: {shipped_rules()}")
    yield Line(f"  content hash: {advisor.library.content_hash}")


def _plugins(advisor: Advisor) -> Iterator[Line]:
    yield from _heading("Plugins")
    for name, version in advisor.plugins:
        yield Line(f"  {name} {version}")
    if not advisor.plugins:
        yield Line("  none")


def _site(advisor: Advisor) -> Iterator[Line]:
    yield from _heading("Site")
    yield Line(f"  {advisor.site.name}" if advisor.site is not None else "  none")
    for words in local_words(advisor.site):
        yield from wrapped(words, first="  ", rest="    ", width=screen.width())


def _worries(advisor: Advisor) -> Iterator[Line]:
    worries = [advisor.engine.unavailable] if advisor.engine.unavailable else []
    worries += advisor.plugin_failures
    if worries or advisor.library.warnings:
        yield from _heading("Deserves a look")
    for worry in worries:
        yield from wrapped(worry, first="  ", rest="  ", width=screen.width())
    yield from problem_lines(advisor.library.warnings, width=screen.width())


def _heading(words: str) -> Iterator[Line]:
    yield Line("")
    yield Line(words.upper(), Role.HEADING)
