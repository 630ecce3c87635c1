"""Where Alembic begins: the connection is handed over by `cdsrules.records.migrating`."""

from __future__ import annotations

from alembic import context

from cdsrules.records.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
context.run_migrations()
