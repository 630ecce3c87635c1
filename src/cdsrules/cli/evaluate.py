"""`cdsrules evaluate`: guidance for one client, or for many."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path

import click

from cdsrules.cli import options, screen
from cdsrules.cli.answering import ENDINGS, Format, Wanted, answerer
from cdsrules.cli.answers import Put, to_file, to_folder, to_screen
from cdsrules.cli.documents import Batch, Given, count, gather
from cdsrules.cli.exits import Exit
from cdsrules.cli.failures import describe
from cdsrules.cli.progress import counted
from cdsrules.errors import ClientError
from cdsrules.loading.json_text import read_json
from cdsrules.rendering.problems import problem_lines
from cdsrules.rendering.text import WIDTH, Line, Role


@click.command("evaluate")
@click.argument(
    "clients", nargs=-1, required=True, type=click.Path(exists=True, allow_dash=True), metavar="CLIENT.json…"
)
@options.rules
@options.as_of
@click.option(
    "--format", "form", type=click.Choice(list(ENDINGS)), default="text", show_default=True, help="How to answer."
)
@click.option("--all", "everything", is_flag=True, help="In text: also what is folded, the reasons and the sources.")
@options.engine
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE|DIR",
    help="Write there instead of on the terminal; a folder gets one file for each client.",
)
def command(
    clients: tuple[str, ...],
    rules: tuple[Path, ...],
    as_of: date | None,
    form: Format,
    everything: bool,
    engine: options.EngineName,
    output: Path | None,
) -> int:
    """Answer with guidance for each CLIENT.

    CLIENT is a client document; a folder of them; a file with one on each line (JSON
    Lines); or `-` for standard input. A client whose document cannot be read is reported,
    and the others are answered.
    """
    batch = gather(clients)
    destination = _destination(output, form, many=batch.many)
    wanted = Wanted(as_of, form, everything, screen.width() if output is None else WIDTH, batch.many)
    with options.advisor(rules, engine) as advisor, destination as put:
        _warn(len(advisor.library.warnings))
        answer = answerer(advisor, wanted)

        def tell(given: Given) -> None:
            put(given.stem, answer(read_json(given.read(), given.name)))

        return _every(_watched(batch, clients, output), tell, many=batch.many)


def _destination(output: Path | None, form: Format, *, many: bool) -> AbstractContextManager[Put]:
    if output is None:
        if many and form == "html":
            raise click.UsageError("Many pages need a folder: add --output DIR.")
        return to_screen()
    if output.is_dir() or (many and (form == "html" or not output.suffix)):
        return to_folder(output, ENDINGS[form])
    return to_file(output)


def _watched(batch: Batch, paths: tuple[str, ...], output: Path | None) -> Iterable[Given]:
    """Return the clients, with a progress bar where somebody waits and the answers go elsewhere."""
    elsewhere = output is not None or not sys.stdout.isatty()
    if batch.many and elsewhere and screen.is_terminal(sys.stderr):
        return counted(batch.clients, count(paths))
    return batch.clients


def _every(clients: Iterable[Given], tell: Callable[[Given], None], *, many: bool) -> int:
    """Tell the answer for every client, and how many there was none for."""
    outcomes = Counter[Exit]()
    try:
        for given in clients:
            outcomes[_one(given, tell)] += 1
    except KeyboardInterrupt:
        screen.complain(f"Stopped. {_clients(outcomes[Exit.OK])} answered; that much is written.")
        return Exit.STOPPED
    if not outcomes:
        screen.complain("There is no client document: a folder's are its .json and .jsonl files.")
        return Exit.USAGE
    if many and max(outcomes) is not Exit.OK:
        screen.complain(f"{outcomes.total() - outcomes[Exit.OK]} of {_clients(outcomes.total())} not answered.")
    return max(outcomes)


def _one(given: Given, tell: Callable[[Given], None]) -> Exit:
    """Tell the answer for one client, or what is wrong with the document; the others do not suffer from it."""
    try:
        tell(given)
    except ClientError as error:
        screen.complain(Line(f"No answer for {given.name}:", Role.STRONG), *problem_lines(error.diagnostics))
        return Exit.FINDINGS
    except BrokenPipeError:
        raise
    except OSError as error:
        screen.complain(f"{error.filename or given.name}: {error.strerror}")
        return Exit.FINDINGS
    except Exception as error:  # noqa: BLE001 - the edge: one client's failure must not cost the others their answer
        screen.complain(f"No answer for {given.name}:", describe(error))
        return Exit.INTERNAL
    return Exit.OK


def _clients(number: int) -> str:
    return "1 client" if number == 1 else f"{number} clients"


def _warn(warnings: int) -> None:
    if warnings:
        told = "a warning" if warnings == 1 else f"{warnings} warnings"
        screen.complain(Line(f"There is {told} about the rulebooks; `cdsrules check` shows it.", Role.QUIET))
