"""The command `cdsrules`: its subcommands, each imported when it is called, and how every one of them ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from cdsrules.attempts import Broken, attempt
from cdsrules.cli.exits import Exit
from cdsrules.cli.offered import Commands
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
            code = Exit.UNREAD
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
        if error.message == error.ctx.get_help():  # a command of several, and none of them was named
            complain(*error.message.splitlines())
            return
        complain(*error.ctx.get_usage().splitlines(), f"`{error.ctx.command_path} --help` tells more.", "")
    complain(f"Error: {error.format_message()}")


def _nobody_reads() -> None:
    """Leave without a word, as after `| head`, and keep Python from stumbling when it closes."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
