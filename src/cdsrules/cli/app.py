"""The command `cdsrules`: its subcommands, each imported when it is called, and how every one of them ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from cdsrules.cli.attempts import Broken, attempt
from cdsrules.cli.exits import Exit
from cdsrules.cli.screen import complain, flush, width
from cdsrules.errors import (
    CasesError,
    CdsrulesError,
    ClientError,
    ExtraMissing,
    LawsError,
    ObligationsError,
    RulebookError,
    SiteError,
    UnknownName,
)
from cdsrules.records.errors import RecordRefused, RecordsError
from cdsrules.rendering.problems import problem_lines
from cdsrules.rendering.text import Line, Role

COMMANDS = (
    "evaluate",
    "check",
    "test",
    "laws",
    "analyse",
    "impact",
    "records",
    "replay",
    "serve",
    "explain",
    "facts",
    "sources",
    "book",
    "dossier",
    "doctor",
    "init",
    "new",
)


class Commands(click.Group):
    """The subcommands, so that `evaluate` does not wait for the modules of `check`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of use."""
        return [*COMMANDS, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command by its name, imported now."""
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        command: click.Command = import_module(f"cdsrules.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is called; of one that is not there, say which was probably meant."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from cdsrules.loading.meant import nearest

            near = nearest(args[0], COMMANDS)
            if near is None or near in error.message:
                raise
            message = f"{error.message} Did you mean '{near}'?"
            raise click.UsageError(message, ctx) from None


@click.group(
    cls=Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 88},
)
@click.version_option(package_name="cdsrules", message="cdsrules %(version)s")
@click.pass_context
def cdsrules(ctx: click.Context) -> None:
    """Clinical decision support for psychotherapy that stalls.

    It reads what is on record about a client against rulebooks, and answers what is seen,
    what to do next, what to hold off, what is not known, and why.
    """
    if ctx.invoked_subcommand is None:
        complain(*ctx.get_help().splitlines())
        ctx.exit(Exit.USAGE)


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; nothing escapes but a sentence."""

    def work() -> object:
        outcome = cdsrules.main(list(arguments), prog_name="cdsrules", standalone_mode=False)
        flush()
        return outcome

    match attempt(work, KeyboardInterrupt):
        case Broken(error):
            return ended_by(error)
        case int(code):
            return code
        case _:
            return Exit.OK


def ended_by(error: BaseException) -> int:
    """Say what ended the command, and return the exit code for it."""
    code: int
    match error:
        case click.exceptions.Exit():
            code = error.exit_code
        case click.Abort() | KeyboardInterrupt():
            complain("Stopped.")
            code = Exit.STOPPED
        case click.ClickException():
            _misused(error)
            code = Exit.USAGE
        case RulebookError() | CasesError() | LawsError() | ObligationsError() | SiteError() | ClientError():
            complain(*problem_lines(error.diagnostics, width=width()))
            code = Exit.FINDINGS
        case UnknownName() | ExtraMissing() | RecordsError() | RecordRefused():
            complain(str(error))
            code = Exit.USAGE
        case BrokenPipeError():
            _nobody_reads()
            code = Exit.FINDINGS
        case OSError():
            reason = error.strerror or str(error)
            complain(f"{error.filename}: {reason}" if error.filename else reason)
            code = Exit.USAGE
        case CdsrulesError():
            complain(Line(str(error), Role.URGENT))
            code = Exit.INTERNAL
        case _:
            from cdsrules.cli.failures import describe

            complain(describe(error))
            code = Exit.INTERNAL
    return code


def _misused(error: click.ClickException) -> None:
    if isinstance(error, click.UsageError) and error.ctx is not None:
        complain(*error.ctx.get_usage().splitlines(), f"`{error.ctx.command_path} --help` tells more.", "")
    complain(f"Error: {error.format_message()}")


def _nobody_reads() -> None:
    """Leave without a word, as after `| head`, and keep Python from stumbling when it closes."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
