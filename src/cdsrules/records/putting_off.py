"""Putting something off: what may be, for how long, and how things stood when it was."""

from __future__ import annotations

from datetime import date

from cdsrules.loading.values import as_duration
from cdsrules.model.attention import Mark, OnRecord, Snooze
from cdsrules.model.json_value import Json, day_of, day_or_none, list_of, object_of
from cdsrules.model.rulebook import SAFETY_RULEBOOK, Tier, Verb
from cdsrules.model.saying import say_date
from cdsrules.model.time import after
from cdsrules.records.drawn import shown_in
from cdsrules.records.errors import RecordRefused


def snooze_of(recorded: Json, item_id: str, until: date, reason: str) -> Snooze:
    """Return the snooze of an item; `recorded` is the payload of the evaluation that was answered.

    Raises `RecordRefused` for an item that may not be put off, or not for so long.
    """
    guidance = object_of(recorded["guidance"])
    shown = [one.item for one in shown_in(guidance)]
    item = next(one for one in shown if one["id"] == item_id)
    on = day_of(recorded["as_of"])
    _check(item, on, until)
    return Snooze(
        item=item_id,
        rule=str(item["rule"]),
        on=on,
        until=until,
        reason=reason,
        also=frozenset(map(str, list_of(item["also"]))),
        rests_on=frozenset(_records(item)),
        safety=frozenset(str(object_of(one)["id"]) for one in list_of(guidance["safety"])),
        then=OnRecord.parse(recorded["on_record"]),
    )


def _check(item: Json, on: date, until: date) -> None:
    if item["tier"] == Tier.SAFETY or item["rulebook"] == SAFETY_RULEBOOK:
        raise RecordRefused("A sign of risk cannot be put off. It closes when what it asks for is on record.")
    if item["verb"] == Verb.CAUTIONS:
        raise RecordRefused("A caution answers what is proposed: it is there while that is, and cannot be put off.")
    longest = as_duration(str(item.get("snooze")))
    if longest is None:
        message = f"By the rule {item['rule']} this may not be put off."
        raise RecordRefused(message)
    last = after(on, longest)
    if not on < until <= last:
        message = (
            f"This may be put off for {longest} at most, counted from the day of the guidance that was answered: "
            f"give a day after {say_date(on)}, up to {say_date(last)}."
        )
        raise RecordRefused(message)


def _records(item: Json) -> list[Mark]:
    """The dated records behind an item, as `cdsrules.guidance.attention.rests_on` has them."""
    facts = map(object_of, list_of(object_of(item["explanation"])["facts"]))
    records = [object_of(one) for fact in facts for one in list_of(fact["records"])]
    return [Mark(str(one["label"]), day_or_none(one["on"])) for one in records]
