"""The commands that there are: those of cdsrules, imported when they are called, and those of plugins."""

from __future__ import annotations

from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Final

import click
import pluggy

from cdsrules.cli.exits import Exit
from cdsrules.cli.screen import complain
from cdsrules.errors import CdsrulesError

if TYPE_CHECKING:
    from collections.abc import Mapping

COMMANDS: Final = (
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
# As `cdsrules.plugins.hookimpl`, which would bring the facts along and make `cdsrules --help` wait.
_hookimpl: Final = pluggy.HookimplMarker("cdsrules")


@_hookimpl
def cdsrules_commands(cli: Commands) -> None:
    """Add the commands of cdsrules, so that `evaluate` does not wait for the modules of `check`."""
    for name in COMMANDS:
        cli.add_later(name, f"cdsrules.cli.{name}")


class Commands(click.Group):
    """The subcommands; plugins are asked for theirs when one is called that is not here, or all are listed."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        """Begin with the commands of cdsrules."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # as click hands them over
        self._later: dict[str, str] = {}
        cdsrules_commands(self)

    def add_later(self, name: str, module: str) -> None:
        """Add the `command` of a module, which is imported when it is called."""
        self._later[name] = module

    @property
    def names(self) -> tuple[str, ...]:
        """The commands, in the order of use."""
        return (*self._later, *self._of_plugins)

    @cached_property
    def _of_plugins(self) -> Mapping[str, tuple[str, click.Command]]:
        """The commands of plugins by name, each with its plugin; one that takes a name that is taken is left out."""
        from cdsrules.plugins.session import start_plugins

        session = start_plugins()
        offered, failures = session.fill("cdsrules_commands", "cli", click.Group, "Its commands are not there")
        found: dict[str, tuple[str, click.Command]] = {}
        for plugin, group in offered:
            for name, command in group.commands.items():
                if name in self._later or name in found:
                    complain(f"Plugin {plugin} may not add the command {name}: there is one of that name.")
                else:
                    found[name] = plugin, command
        for failure in (*session.failures, *failures):
            complain(failure.in_full)
        return found

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of use."""
        return [*self.names, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command by its name, imported now."""
        module = self._later.get(cmd_name)
        if module is not None:
            command: click.Command = import_module(module).command
            return command
        if cmd_name in self._of_plugins:
            return self._of_plugins[cmd_name][1]
        return super().get_command(ctx, cmd_name)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command that is called; where one of a plugin breaks, say whose it is."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # click would end with 1, which is for findings
            raise click.exceptions.Exit(Exit.UNREAD) from None
        except (click.ClickException, click.exceptions.Exit, click.Abort, CdsrulesError, OSError):
            raise
        except Exception as error:
            called = ctx.invoked_subcommand
            if called is None or called in self._later:
                raise
            plugin, _ = self._of_plugins[called]
            message = f"The command {called} of the plugin {plugin} failed ({type(error).__name__})."
            raise CdsrulesError(message) from error

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is called; of one that is not there, say which was probably meant."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from cdsrules.loading.meant import nearest

            near = nearest(args[0], self.names)
            if near is None or near in error.message:
                raise
            message = f"{error.message} Did you mean '{near}'?"
            raise click.UsageError(message, ctx) from None
