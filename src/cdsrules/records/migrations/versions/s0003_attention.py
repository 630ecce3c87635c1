"""What attention over time is counted from: looks, answers, arrivals, and what was put off."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_ENTRIES = sa.table(
    "entries",
    sa.column("seq"),
    sa.column("kind", sa.String),
    sa.column("at", sa.String),
    sa.column("client"),
    sa.column("payload", sa.Text),
)
_SIGHTINGS = sa.table("sightings", sa.column("seq"), sa.column("item"))
_KEPT = ("item", "rule", "outcome", "reason", "until", "shown_on")
_PAGE = 500


def upgrade() -> None:
    """Create the tables, and fill them from what is on record; what arrived before was not recorded."""
    with op.batch_alter_table("sightings") as sightings:
        sightings.add_column(sa.Column("put_off", sa.Integer, nullable=False, server_default="0"))
    op.drop_index("sightings_of_rule", "sightings")
    op.drop_index("sightings_of_client", "sightings")
    op.create_index("sightings_of_client", "sightings", ["client", "item", "put_off", "shown_on"])
    op.create_index("sightings_on", "sightings", ["rule", "shown_on", "client", "put_off", "item"])
    looks, answers = _tables()
    connection = op.get_bind()
    begun: dict[str, int] = {}  # when each item was first shown
    for seq, kind, at, client, held in _content(connection):
        moment = round(datetime.fromisoformat(at).timestamp())
        if kind == "evaluation":
            day = held["guidance"]["as_of"]
            connection.execute(looks.insert(), {"seq": seq, "client": client, "shown_on": day})
            for item in connection.execute(sa.select(_SIGHTINGS.c.item).where(_SIGHTINGS.c.seq == seq)).scalars():
                begun.setdefault(item, moment)
        else:
            row: dict[str, object] = {name: held.get(name) for name in _KEPT}
            first = begun.get(str(held["item"]))
            row |= {"seq": seq, "client": client, "at": moment, "first_shown_at": first}
            connection.execute(answers.insert(), row)


def _tables() -> tuple[sa.Table, sa.Table]:
    count = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    looks = op.create_table(
        "looks",
        sa.Column("seq", count, sa.ForeignKey("entries.seq"), primary_key=True),
        sa.Column("client", sa.String(128), nullable=False),
        sa.Column("shown_on", sa.String(10), nullable=False),
    )
    op.create_index("looks_on", "looks", ["shown_on", "client"])
    answers = op.create_table(
        "answers",
        sa.Column("seq", count, sa.ForeignKey("entries.seq"), primary_key=True),
        sa.Column("client", sa.String(128), nullable=False),
        sa.Column("item", sa.String(64), nullable=False),
        sa.Column("rule", sa.String(128), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(32)),
        sa.Column("until", sa.String(10)),
        sa.Column("shown_on", sa.String(10), nullable=False),
        sa.Column("first_shown_at", count),
        sa.Column("at", count, nullable=False),
    )
    op.create_index("answers_of_client", "answers", ["client", "seq"])
    op.create_index("answers_on", "answers", ["rule", "shown_on"])
    op.create_table(
        "arrivals",
        sa.Column("client", sa.String(128), primary_key=True),
        sa.Column("input", sa.String(64), primary_key=True),
        sa.Column("arrived_on", sa.String(10), primary_key=True),
        sa.Column("seq", count, sa.ForeignKey("entries.seq"), nullable=False),
    )
    op.create_index("arrivals_on", "arrivals", ["input", "arrived_on"])
    op.create_index("arrivals_of_entry", "arrivals", ["seq"])
    return looks, answers


def _content(connection: sa.Connection) -> Iterator[tuple[int, str, str, str, dict[str, dict[str, str]]]]:
    """The evaluations and feedback that were not erased, page by page, in their order."""
    columns = (_ENTRIES.c.seq, _ENTRIES.c.kind, _ENTRIES.c.at, _ENTRIES.c.client, _ENTRIES.c.payload)
    wanted = sa.select(*columns).where(_ENTRIES.c.kind.in_(("evaluation", "feedback")), _ENTRIES.c.payload.is_not(None))
    after = 0
    while page := connection.execute(wanted.where(_ENTRIES.c.seq > after).order_by(_ENTRIES.c.seq).limit(_PAGE)).all():
        for seq, kind, at, client, payload in page:
            yield seq, kind, at, client, json.loads(payload)
        after = page[-1].seq
