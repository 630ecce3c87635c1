"""`cdsrules serve`: the CDS Hooks service, with settings from a file and the environment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from cdsrules.cli import options, screen
from cdsrules.cli.exits import Exit
from cdsrules.errors import ExtraMissing, RulebookError, SiteError
from cdsrules.rendering.problems import problem_lines

if TYPE_CHECKING:
    from cdsrules.diagnostics import Diagnostic
    from cdsrules.service.settings import ServiceSettings

_MOST_WORKERS: Final = 64
_NO_SERVER: Final = "The service needs a part that is not installed: pip install 'cdsrules[server]'."


@click.command("serve", short_help="Answer CDS Hooks over HTTP.")
@options.settings
@click.option(
    "--workers",
    type=options.Whole(1, _MOST_WORKERS),
    metavar="N",
    help="How many processes answer; it comes before the setting `workers`.",
)
def command(settings_file: Path | None, workers: int | None) -> int:
    """Answer CDS Hooks 2.0 over HTTP until it is stopped.

    Without clients in the settings everybody on this machine may call, and nobody else. SIGHUP
    loads the rulebooks anew; a set with an error is refused, and the old one stays. SIGTERM ends
    it when the calls that were begun are answered.
    """
    from cdsrules.adapters.fhir.settings import SettingsError

    try:
        from cdsrules.service.remembered import CannotRemember
        from cdsrules.service.running import CannotListen, serve
    except ModuleNotFoundError as missing:
        raise ExtraMissing(_NO_SERVER) from missing
    try:
        settings = options.service_settings(settings_file, _NO_SERVER)
        serve(settings if workers is None else replace(settings, workers=workers), partial(_announce, settings))
    except SettingsError as wrong:
        screen.complain(*str(wrong).splitlines())
        return Exit.FINDINGS
    except (RulebookError, SiteError) as refused:
        _say_why(refused.diagnostics)
        return Exit.FINDINGS
    except (CannotListen, CannotRemember) as cannot:
        screen.complain(str(cannot))
        return Exit.USAGE
    return Exit.OK


def _say_why(problems: Sequence[Diagnostic]) -> None:
    """Say what keeps rules or a site from being used, last of all, so that nothing stands between it and the reader."""
    from cdsrules.service.refused import weighed

    found = weighed(problems)
    screen.complain(*problem_lines(found.errors, width=screen.width()))
    if found.others:
        screen.complain(found.others_in_words)


def _announce(settings: ServiceSettings, kept_in_mind: Iterable[str]) -> None:
    """Say what is to be kept in mind, and where the service answers."""
    screen.complain(*kept_in_mind)
    screen.complain(
        f"cdsrules answers at {settings.base_url}/cds-services (listening on {settings.host}:{settings.port})."
    )
