"""What tells an answer from all others, so that one that is told twice at once is on record once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_ENTRIES = sa.table(
    "entries",
    sa.column("seq"),
    sa.column("kind", sa.String),
    sa.column("at", sa.String),
    sa.column("payload", sa.Text),
)
_ANSWERS = sa.table("answers", sa.column("seq"), sa.column("at"), sa.column("told", sa.String))
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_PAGE = 500


def upgrade() -> None:
    """Add the column and fill it; of answers that were told twice at once before, the first has it.

    The moment of an answer was rounded from more than the entry holds of it, and is rounded from that now.
    """
    with op.batch_alter_table("answers") as answers:
        answers.add_column(sa.Column("told", sa.String(64)))
    op.create_index("answers_told", "answers", ["told"], unique=True)
    connection = op.get_bind()
    for seq, at, held in _feedback(connection):
        told = _told(held)
        if told and connection.execute(sa.select(_ANSWERS.c.seq).where(_ANSWERS.c.told == told)).first():
            told = None
        row = sa.update(_ANSWERS).where(_ANSWERS.c.seq == seq)
        connection.execute(row.values(told=told, at=_at(_seconds(at), held)))


def _told(held: dict[str, str]) -> str | None:
    if "answered_at" not in held:
        return None
    moment = (datetime.fromisoformat(held["answered_at"]) - _BEGINNING) // timedelta(microseconds=1)
    said = [held["client"], held["item"], held["outcome"], held.get("by"), moment]
    written = json.dumps(said, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()


def _at(made: int, held: dict[str, str]) -> int:
    if "answered_at" not in held:
        return made
    return min(made, max(_seconds(held["answered_at"]), _seconds(held["first_shown_at"])))


def _seconds(moment: str) -> int:
    return round(datetime.fromisoformat(moment).timestamp())


def _feedback(connection: sa.Connection) -> Iterator[tuple[int, str, dict[str, str]]]:
    """The answers that were not erased, page by page, in their order."""
    columns = (_ENTRIES.c.seq, _ENTRIES.c.at, _ENTRIES.c.payload)
    wanted = sa.select(*columns).where(_ENTRIES.c.kind == "feedback", _ENTRIES.c.payload.is_not(None))
    after = 0
    while page := connection.execute(wanted.where(_ENTRIES.c.seq > after).order_by(_ENTRIES.c.seq).limit(_PAGE)).all():
        for seq, at, payload in page:
            yield seq, at, json.loads(payload)
        after = page[-1].seq
