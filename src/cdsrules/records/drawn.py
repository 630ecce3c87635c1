"""What is drawn from an entry of the ledger into the tables that are looked up: shown, looked at, answered, arrived.

The ledger alone counts; the same entries give the same rows, so that the tables can be made anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Table

from cdsrules.model.json_value import Json, list_of, object_of
from cdsrules.records.canonical import canonical, digest_of
from cdsrules.records.tables import answers, arrivals, looks, sightings

EVALUATION: Final = "evaluation"
FEEDBACK: Final = "feedback"

_NO_RECORD: Final[Json] = {"newest": {}}
_BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)

Values = dict[str, object]


class Drawn(NamedTuple):
    """A row of a table, but for what every row of an entry has: its number, its client, its moment."""

    table: Table
    values: Values


class Shown(NamedTuple):
    """One item of a guidance document, and whether it was put off."""

    item: Json
    put_off: bool


def shown_in(guidance: Json) -> Iterator[Shown]:
    """Yield each item of a guidance document once, safety first, then what is put off."""
    pathway = object_of(guidance["pathway"])
    cautions = [one for answer in _objects(guidance["proposals"]) for one in _objects(answer["cautions"])]
    places = (guidance["safety"], guidance["speaking"], pathway["now"], pathway["then"], cautions)
    seen: set[object] = set()
    for item in (one for place in places for one in _objects(place)):
        if item["id"] not in seen:
            seen.add(item["id"])
            yield Shown(item, put_off=False)
    for one in _objects(object_of(guidance.get("attention", {})).get("put_off", [])):
        yield Shown(object_of(one["item"]), put_off=True)


def of_evaluation(payload: Json) -> Iterator[Drawn]:
    """Yield the rows that an evaluation gives: that it was, what was shown, and what has arrived."""
    guidance = object_of(payload["guidance"])
    day = guidance["as_of"]
    yield Drawn(looks, {"shown_on": day})
    for item, put_off in shown_in(guidance):
        row = {"item": item["id"], "rule": item["rule"], "tier": item["tier"], "shown_on": day, "put_off": int(put_off)}
        yield Drawn(sightings, row)
    # What was recorded before arrivals were has none.
    for name, arrived in object_of(object_of(payload.get("on_record", _NO_RECORD))["newest"]).items():
        yield Drawn(arrivals, {"input": name, "arrived_on": arrived})


def of_feedback(payload: Json) -> Drawn:
    """Return the row that feedback gives."""
    row = {name: payload.get(name) for name in ("item", "rule", "outcome", "reason", "until", "shown_on")}
    first = payload.get("first_shown_at")
    return Drawn(answers, {**row, "first_shown_at": seconds_of(first) if first else None, "told": told_of(payload)})


def told_of(answer: Json) -> str | None:
    """Return what tells an answer from all others: the outcome of an item, by whom, of which moment.

    None where it names no moment: such an answer is always another one.
    """
    told = answer.get("answered_at")
    if told is None:
        return None
    moment = datetime.fromisoformat(str(told)) - _BEGINNING
    said = [answer["client"], answer["item"], answer["outcome"], answer.get("by"), moment // timedelta(microseconds=1)]
    return digest_of(canonical(said))


def done_at(payload: Json) -> int | None:
    """Return when feedback says that the answer was given, not before the item was first shown; None where it does not.

    The clocks of a caller and of the records differ.
    """
    told = payload.get("answered_at")
    return None if told is None else max(seconds_of(told), seconds_of(payload["first_shown_at"]))


def seconds_of(moment: object) -> int:
    """Return a moment in seconds since 1970."""
    return round(datetime.fromisoformat(str(moment)).timestamp())


def _objects(value: object) -> list[Json]:
    return [object_of(one) for one in list_of(value)]
