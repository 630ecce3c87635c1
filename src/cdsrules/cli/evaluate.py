"""`cdsrules evaluate`: guidance for one client, or for many."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import click

from cdsrules.cli import options, screen
from cdsrules.cli.answering import ENDINGS, Format, Wanted, answerer
from cdsrules.cli.answers import Answer, Put, to_file, to_folder, to_screen, undisturbed
from cdsrules.cli.documents import Batch, Given, count, gather
from cdsrules.cli.exits import Exit
from cdsrules.cli.progress import counted
from cdsrules.errors import ClientError
from cdsrules.loading.json_text import read_json
from cdsrules.rendering.problems import problem_lines
from cdsrules.rendering.text import WIDTH, Line, Role


@click.command("evaluate", short_help="Answer with guidance for one client or many.")
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
        desk = _Desk(lambda given: answer(read_json(given.read(), given.name)), put)
        return desk.serve(_watched(batch, clients, output), many=batch.many)


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


@dataclass(frozen=True, slots=True)
class _Desk:
    """Answers one client after the other, and counts how that went."""

    answer: Callable[[Given], Answer]
    put: Put
    outcomes: Counter[Exit] = field(default_factory=Counter)

    def serve(self, clients: Iterable[Given], *, many: bool) -> int:
        """Answer every client; return the exit code of the worst outcome."""
        try:
            for given in clients:
                self.serve_one(given)
        except KeyboardInterrupt:
            screen.complain(f"Stopped. {_clients(self.outcomes[Exit.OK])} answered; that much is written.")
            return Exit.STOPPED
        served = self.outcomes.total()
        if not served:
            screen.complain("There is no client document: a folder's are its .json and .jsonl files.")
            return Exit.USAGE
        if many and served > self.outcomes[Exit.OK]:
            screen.complain(f"{served - self.outcomes[Exit.OK]} of {_clients(served)} not answered.")
        return max(self.outcomes)

    def serve_one(self, given: Given) -> None:
        """Put down the answer for one client, or say why there is none; the others do not suffer from it."""
        try:
            answer = self.answer(given)
            with undisturbed():
                self.put(given.stem, answer)
                self.outcomes[Exit.OK] += 1
        except BrokenPipeError:
            raise
        except ClientError as error:
            self.outcomes[Exit.FINDINGS] += 1
            screen.complain(Line(f"No answer for {given.name}:", Role.STRONG), *problem_lines(error.diagnostics))
        except OSError as error:
            self.outcomes[Exit.FINDINGS] += 1
            screen.complain(f"{error.filename or given.name}: {error.strerror}")
        except Exception as error:  # noqa: BLE001 - the edge: one client's failure must not cost the others their answer
            from cdsrules.cli.failures import describe

            self.outcomes[Exit.INTERNAL] += 1
            screen.complain(f"No answer for {given.name}:", describe(error))


def _clients(number: int) -> str:
    return "1 client" if number == 1 else f"{number} clients"


def _warn(warnings: int) -> None:
    if warnings:
        told = "a warning" if warnings == 1 else f"{warnings} warnings"
        screen.complain(Line(f"There is {told} about the rulebooks; `cdsrules check` shows it.", Role.QUIET))
