"""Whether a client could be one: what no practice would have on record is not proposed, however small it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from cdsrules.model.client import Client

BEFORE: Final = timedelta(weeks=8)
"""How long before the treatment a record may lie that belongs to it."""
_AGES: Final = range(6, 100)


def is_plausible(client: Client) -> bool:
    """Return whether a client who can be read could also be one.

    Everything is dated from shortly before the treatment to the day asked about, the client
    has an age at which one comes, and each questionnaire has a score or an answer.
    """
    return not any(_oddities(client))


def _oddities(client: Client) -> Iterator[bool]:
    start, as_of = client.treatment.on, client.as_of
    yield start > as_of
    yield any(not start - BEFORE <= record.on <= as_of for records in client.dated_lists() for record in records)
    yield client.birth_date is not None and _age(client.birth_date, as_of) not in _AGES
    yield any(one.score is None and one.risk is None for one in client.scores or ())
    yield any(one.on < start for one in client.sessions or ())
    yield any(later is not None and later < goal.on for goal in client.treatment.goals or () for later in goal[3:6])
    yield any(one.resolved_on is not None and one.resolved_on < one.on for one in client.obstacles or ())


def _age(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def is_tidy(document: Mapping[str, object]) -> bool:
    """Return whether a document has no group or questionnaire that says nothing."""
    groups = (document.get(key) for key in ("clinician", "medication", "risk"))
    return all(one is None or one != {} for one in groups)
