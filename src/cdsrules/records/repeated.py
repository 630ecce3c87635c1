"""Answers that are told again: whoever heard nothing back sends the same once more, and it counts once."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import select

from cdsrules.records.feedback import Feedback
from cdsrules.records.ledger import Ledger
from cdsrules.records.tables import answers, entries


def told_before(ledger: Ledger, answer: Feedback) -> int | None:
    """Return the entry that holds an answer already: the same outcome of an item, by the same, of the same moment.

    None where there is none. An answer that names no moment is always another one.
    """
    if answer.answered_at is None:
        return None
    wanted = select(entries.c.seq, entries.c.payload).join(answers, answers.c.seq == entries.c.seq)
    same = {"client": answer.client, "item": answer.item, "outcome": answer.outcome.value}
    wanted = wanted.where(*(answers.c[name] == value for name, value in same.items())).order_by(entries.c.seq)
    with ledger.reading() as connection:
        rows = connection.execute(wanted).all()
    held = ((seq, json.loads(payload)) for seq, payload in rows)
    return next(
        (seq for seq, said in held if said.get("by") == answer.by and _moment(said) == answer.answered_at), None
    )


def _moment(said: dict[str, str]) -> datetime | None:
    told = said.get("answered_at")
    return datetime.fromisoformat(told) if told else None
