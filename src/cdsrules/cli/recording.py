"""What the commands about records share: the settings they go by, and the database that is opened for them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cdsrules.cli import options, screen
from cdsrules.cli.exits import Exit
from cdsrules.errors import ExtraMissing
from cdsrules.frozen import frozen

if TYPE_CHECKING:
    from cdsrules.records.ledger import Ledger
    from cdsrules.service.settings import ServiceSettings


@frozen
class Asked:
    """What was said of the whole group: the address of a database, and the file of settings."""

    address: str | None
    settings: Path | None


def settings_of(ctx: click.Context) -> ServiceSettings:
    """Return the settings of the file that was named and of the environment; where they are wrong, say so and end."""
    from cdsrules.adapters.fhir.settings import SettingsError

    asked = ctx.find_object(Asked)
    try:
        return options.service_settings(asked.settings if asked is not None else None, options.NO_RECORDS)
    except SettingsError as wrong:
        screen.complain(*str(wrong).splitlines())
        raise click.exceptions.Exit(Exit.FINDINGS) from wrong


def ledger_of(ctx: click.Context, *, make: bool = False) -> Ledger:
    """Return the ledger of the group's database, closed when the command ends; a file is made for what adds to it."""
    try:
        from cdsrules.records.ledger import Ledger
    except ModuleNotFoundError as missing:
        raise ExtraMissing(options.NO_RECORDS) from missing
    asked = ctx.find_object(Asked)
    address = (asked.address if asked is not None else None) or settings_of(ctx).records
    if not address:
        message = "Say which records: --db DATABASE, CDSRULES_RECORDS, or `records` in the settings."
        raise click.UsageError(message)
    return ctx.with_resource(Ledger.open(address, make=make))
