"""`cdsrules serve`: the CDS Hooks service, with settings from a file and the environment."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from cdsrules.cli import screen
from cdsrules.cli.exits import Exit
from cdsrules.errors import ExtraMissing

if TYPE_CHECKING:
    from cdsrules.service.settings import ServiceSettings

_MOST_WORKERS: Final = 64


@click.command("serve", short_help="Answer CDS Hooks over HTTP.")
@click.option(
    "--settings",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    envvar="CDSRULES_SETTINGS",
    metavar="FILE",
    help="Settings in TOML. Those in the environment, such as CDSRULES_PORT, come before them.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, _MOST_WORKERS),
    metavar="N",
    help="How many processes answer; it comes before the setting `workers`.",
)
def command(file: Path | None, workers: int | None) -> int:
    """Answer CDS Hooks 2.0 over HTTP until it is stopped.

    Without clients in the settings everybody on this machine may call, and nobody else. SIGHUP
    loads the rulebooks anew; a set with an error is refused, and the old one stays. SIGTERM ends
    it when the calls that were begun are answered.
    """
    from cdsrules.adapters.fhir.settings import SettingsError

    try:
        from cdsrules.service.running import serve
        from cdsrules.service.settings import read_settings
    except ModuleNotFoundError as missing:
        message = "The service needs a part that is not installed: pip install 'cdsrules[server]'."
        raise ExtraMissing(message) from missing
    text = file.read_text(encoding="utf-8", errors="surrogateescape") if file is not None else ""
    try:
        settings = read_settings(text, os.environ, str(file or "settings"))
        _announce(settings)
        serve(settings if workers is None else replace(settings, workers=workers))
    except SettingsError as wrong:
        screen.complain(*str(wrong).splitlines())
        return Exit.FINDINGS
    return Exit.OK


def _announce(settings: ServiceSettings) -> None:
    """Say where the service answers, and to whom."""
    if settings.is_open:
        screen.complain(
            "No clients are named in the settings: everybody on this machine may call, and nobody else. "
            "Name clients before anyone relies on this."
        )
    screen.complain(
        f"cdsrules answers at {settings.base_url}/cds-services (listening on {settings.host}:{settings.port})."
    )
