"""Answers that are told again: whoever heard nothing back sends the same once more, and it counts once."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Select, String, bindparam, func, literal_column, select

from cdsrules.records.chain import Row
from cdsrules.records.driver import Running
from cdsrules.records.errors import RecordRefused
from cdsrules.records.ledger import Ledger
from cdsrules.records.tables import answers, entries, sightings


def told_before(ledger: Ledger, told: str | None) -> int | None:
    """Return the entry that holds an answer already, by what tells it from all others; None where there is none."""
    if told is None:
        return None
    with ledger.reading() as connection:
        return connection.execute(select(answers.c.seq).where(answers.c.told == told)).scalar_one_or_none()


def told_meanwhile(running: Running, client: str, item: str, told: str | None) -> Row | None:
    """Return what `told_before` looks for, when it is this answer's turn to be recorded: others may have been quicker.

    Raises `RecordRefused` where the client was erased meanwhile.
    """
    ((shown,),) = running.rows(_SHOWN, {"client": client, "item": item})
    if not shown:
        raise not_shown(item)
    return next((Row.of(held) for held in running.rows(_TOLD, {"told": told})), None)


def not_shown(item: str) -> RecordRefused:
    """Return the refusal of an answer to what was not shown."""
    return RecordRefused(f"No item {item} was shown to this client: give the id that stands in the guidance.")


_SHOWN: Final = select(func.count()).where(
    sightings.c.client == bindparam("client", type_=String),
    sightings.c.item == bindparam("item", type_=String),
    sightings.c.put_off == literal_column("0"),
)
_TOLD: Final[Select[*tuple[object, ...]]] = select(entries).where(
    entries.c.seq == answers.c.seq, answers.c.told == bindparam("told", type_=String)
)
