"""What becomes of feedback on cards: it is recorded, told to plugins, and never dropped without a trace."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final, NamedTuple, TypeAlias

from cdsrules.adapters.fhir.people import is_of_register
from cdsrules.plugins.session import PluginSession
from cdsrules.records.errors import RecordRefused
from cdsrules.records.feedback import Feedback
from cdsrules.records.offered import Keeper
from cdsrules.service.cards import item_of_card
from cdsrules.service.told import Told

Way: TypeAlias = Callable[[str, str, str | None], Feedback]
_CLOCKS_DIFFER: Final = timedelta(minutes=5)


class Caller(NamedTuple):
    """Who tells what became of cards, and the register whose patients they call about; empty where all share one."""

    name: str
    register: str = ""


def take_feedback(
    records: Keeper, told: tuple[Told, ...], caller: Caller, plugins: PluginSession, now: datetime
) -> Mapping[str, int]:
    """Record the feedback on items that were shown, let plugins hear of it, and return what the log says of that.

    Cards without an item are passed over, and those on patients of another register are refused. What was to be
    put off and may not be, or until no day or one that was over, is recorded as passed over: the clinician did so,
    and has gone on. What names a moment that is yet to come is recorded as told, and counts from now. Raises
    `RecordsError` where the records cannot be written.
    """
    recorded = not_put_off = refused = ahead = 0
    for one in told:
        item = item_of_card(one.card)
        client = records.client_of(item) if item is not None else None
        if item is None or client is None:
            continue
        is_theirs = is_of_register(client, caller.register)
        given = _recorded(records, _ways(one, now), client, item, caller.name) if is_theirs else None
        if given is None:
            refused += 1
            continue
        recorded += 1
        not_put_off += one.is_to_rest and given.until is None
        ahead += one.at > now + _CLOCKS_DIFFER
        plugins.feedback(given)  # who fails to hear is logged as every plugin that fails
    counts = {"recorded": recorded, "not_put_off": not_put_off, "refused": refused, "ahead": ahead}
    return {"feedback": len(told), **counts}


def _ways(one: Told, now: datetime) -> tuple[Way, ...]:
    """The ways in which feedback can be taken, as it was meant first."""
    if not one.puts_off:
        return (one.feedback,)
    return (one.passed_over,) if one.was_over(now) else (one.feedback, one.passed_over)


def _recorded(records: Keeper, ways: tuple[Way, ...], client: str, item: str, who: str) -> Feedback | None:
    """The feedback as the records take it; None where they take it in no way."""
    for way in ways:
        try:
            given = way(client, item, who)
            records.feedback(given)
        except RecordRefused:
            continue
        return given
    return None
