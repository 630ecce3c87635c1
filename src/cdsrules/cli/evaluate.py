"""`cdsrules evaluate`: guidance for one client, or for many."""

from __future__ import annotations

import errno
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import field, replace
from datetime import date
from pathlib import Path

import click

from cdsrules.attempts import Broken, attempt
from cdsrules.cli import options, screen
from cdsrules.cli.answering import ENDINGS, Format, Wanted, answerer
from cdsrules.cli.answers import Answer, Put, to_file, to_folder, to_screen, undisturbed
from cdsrules.cli.documents import Batch, Given, count, gather, holds_documents, is_document
from cdsrules.cli.exits import Exit
from cdsrules.cli.progress import counted
from cdsrules.errors import ClientError
from cdsrules.frozen import frozen
from cdsrules.rendering.problems import problem_lines
from cdsrules.rendering.text import WIDTH, Line, Role

# Reasons not to write an answer that the next one would meet as well.
_FOR_EVERY_ANSWER = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO})
_PAGES = frozenset({".html", ".htm"})


def _readable(ctx: click.Context, parameter: click.Parameter, clients: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse a path that cannot be read where it is the only one; of several the others are answered."""
    if len(clients) == 1:
        options.Readable(exists=True, allow_dash=True).convert(clients[0], parameter, ctx)
    return clients


@click.command("evaluate", short_help="Answer with guidance for one client or many.")
@click.argument(
    "clients", nargs=-1, required=True, type=click.Path(allow_dash=True), callback=_readable, metavar="CLIENT.json…"
)
@options.rules
@options.plugins
@options.site
@options.as_of
@click.option(
    "--format", "form", type=click.Choice(list(ENDINGS)), default="text", show_default=True, help="How to answer."
)
@click.option("--all", "everything", is_flag=True, help="In text: also what is folded, the reasons and the sources.")
@click.option("--shadow", is_flag=True, help="In text: also what rules in shadow would change; for whoever tries them.")
@options.engine
@options.records
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE|DIR",
    help="Write there instead of on the terminal; a folder gets one file for each client.",
)
def command(
    clients: tuple[str, ...],
    rules: tuple[Path, ...],
    site: Path | None,
    as_of: date | None,
    form: Format,
    everything: bool,
    shadow: bool,
    engine: options.EngineName,
    database: str | None,
    output: Path | None,
) -> int:
    """Answer with guidance for each CLIENT.

    CLIENT is a client document; a folder of them; a file with one on each line (JSON
    Lines); or `-` for standard input. A client whose document cannot be read is reported,
    and the others are answered.
    """
    if shadow and form != "text":
        raise click.UsageError("--shadow is for text. JSON holds it anyway, and no page for a clinician does.")
    batch = gather(clients)
    destination = _destination(output, clients, form, many=batch.many)
    wanted = Wanted(as_of, form, everything, screen.width() if output is None else WIDTH, batch.many, shadow)
    with options.advisor(rules, engine, site) as advisor, destination as put, options.remembered(database) as attended:
        _warn(len(advisor.library.warnings))
        wanted = wanted if attended is None else replace(wanted, attended=attended)
        answer = answerer(advisor, wanted)
        desk = _Desk(lambda given: answer(given.document()), put)
        status = desk.serve(_watched(batch, clients, output), many=batch.many)
        _tell(output, desk.outcomes[Exit.OK])
        return status


def _destination(
    output: Path | None, clients: tuple[str, ...], form: Format, *, many: bool
) -> AbstractContextManager[Put]:
    if output is None:
        if many and form == "html":
            raise click.UsageError("Many pages need a folder: add --output DIR.")
        return to_screen()
    if many and form == "html" and not output.is_dir() and output.suffix.lower() in _PAGES:
        message = f"Many pages need a folder, and {output} is named like a page: name another."
        raise click.UsageError(message)
    if output.is_dir() or (many and not output.exists() and (form == "html" or not output.suffix)):
        if form == "json" and holds_documents(output, clients):
            message = f"The client documents stand in {output}: name another folder for the answers."
            raise click.UsageError(message)
        return to_folder(output, ENDINGS[form])
    if many and form == "html":
        message = f"Many pages need a folder, and {output} is none: name another."
        raise click.UsageError(message)
    if is_document(output, clients):
        message = f"{output} is a client document: name another file for the answer."
        raise click.UsageError(message)
    return to_file(output)


def _tell(output: Path | None, answered: int) -> None:
    """Say where the answers are, to somebody who waits at a terminal; a script knows what it asked for."""
    if output is not None and answered and screen.is_terminal(sys.stderr):
        of_many = f" ({answered} answers)" if answered > 1 else ""
        screen.complain(Line(f"Written: {output}{of_many}", Role.QUIET))


def _watched(batch: Batch, paths: tuple[str, ...], output: Path | None) -> Iterable[Given]:
    """Return the clients, with a progress bar where somebody waits and the answers go elsewhere."""
    elsewhere = output is not None or not screen.output().isatty()
    if batch.many and elsewhere and screen.is_terminal(sys.stderr):
        return counted(batch.clients, count(paths))
    return batch.clients


class _NoPlaceError(Exception):
    """There is no place for answers, and no use in making more."""


def _not_written(error: OSError) -> str:
    name = error.filename2 or error.filename
    place = f" to {name}" if name else ""
    return f"The answer could not be written{place}: {error.strerror or 'the system gave no reason'}."


@frozen
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
        except _NoPlaceError as error:
            told = f" {_clients(self.outcomes[Exit.OK])} answered before." if many else ""
            screen.complain(f"{error}{told}")
            return Exit.USAGE
        served = self.outcomes.total()
        if not served:
            screen.complain("There is no client document: a folder's are its .json and .jsonl files.")
            return Exit.USAGE
        if many and served > self.outcomes[Exit.OK]:
            screen.complain(f"{served - self.outcomes[Exit.OK]} of {_clients(served)} not answered.")
        return max(self.outcomes)

    def serve_one(self, given: Given) -> None:
        """Put down the answer for one client, or say why there is none; the others do not suffer from it."""
        answer = self._answered(given)
        if answer is None:
            return
        try:
            with undisturbed():
                self.put(given.stem, answer)
                self.outcomes[Exit.OK] += 1
        except BrokenPipeError:
            raise
        except OSError as error:
            if error.filename is None or error.errno in _FOR_EVERY_ANSWER:
                raise _NoPlaceError(_not_written(error)) from error
            self.outcomes[Exit.FINDINGS] += 1
            screen.complain(_not_written(error))

    def _answered(self, given: Given) -> Answer | None:
        found = attempt(lambda: self.answer(given), SystemExit)
        if not isinstance(found, Broken):
            return found
        match found.error:
            case ClientError() as error:
                self.outcomes[Exit.FINDINGS] += 1
                screen.complain(Line(f"No answer for {given.name}:", Role.STRONG), *problem_lines(error.diagnostics))
            case OSError() as error:
                self.outcomes[Exit.FINDINGS] += 1
                screen.complain(f"No answer for {given.name}: {error.strerror or 'it cannot be read.'}")
            case error:
                from cdsrules.cli.failures import describe

                self.outcomes[Exit.INTERNAL] += 1
                screen.complain(f"No answer for {given.name}:", describe(error))
        return None


def _clients(number: int) -> str:
    return "1 client" if number == 1 else f"{number} clients"


def _warn(warnings: int) -> None:
    if warnings:
        told = "a warning" if warnings == 1 else f"{warnings} warnings"
        screen.complain(Line(f"There is {told} about the rulebooks; `cdsrules check` shows it.", Role.QUIET))
