"""Bringing a database to the present tables, step by step, by Alembic: all steps or none."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from cdsrules.records.errors import RecordsError

STEPS: Final = Path(__file__).parent / "migrations"


def bring_up_to_date(connection: Connection, version: str = "head") -> None:
    """Take every step that a database has not taken yet, up to `version`, within the transaction of `connection`.

    Raises `RecordsError` for a database that a later version of cdsrules has written.
    """
    config = Config()
    config.set_main_option("script_location", str(STEPS).replace("%", "%%"))
    known = {step.revision for step in ScriptDirectory.from_config(config).walk_revisions()}
    present = MigrationContext.configure(connection).get_current_revision()
    if present is not None and present not in known:
        message = (
            f"The records were written by a later version of cdsrules (their tables are of version {present}). "
            "Install that version, or give another database."
        )
        raise RecordsError(message)
    config.attributes["connection"] = connection
    command.upgrade(config, version)
