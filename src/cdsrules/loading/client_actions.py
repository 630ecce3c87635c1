"""What a client document says was done, declined and is proposed, by the vocabulary's actions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, get_args

from cdsrules.loading.client_reading import Fields, Reading, in_words
from cdsrules.loading.problems import did_you_mean
from cdsrules.model.records import LESS_OFTEN, MORE_OFTEN, ActionRecord, ActionStatus, Proposal, goes_against

if TYPE_CHECKING:
    from cdsrules.model.vocabulary import Action

ACTION_STATUSES: Final[tuple[ActionStatus, ...]] = get_args(ActionStatus)
OUTCOMES: Final = ("plan_changed", "plan_confirmed", "inconclusive")
MOST_PER_WEEK: Final = 14

_ACTION: Final = frozenset({"action", "date", "status", "outcome"})
_PROPOSAL: Final = frozenset({"action", "discussed", "gradual", "sessions_per_week"})
_ENDS: Final = frozenset({"from", "to"})


def read_actions(document: Fields, actions: Mapping[str, Action], reading: Reading) -> tuple[ActionRecord, ...] | None:
    """Return what was done and declined by day, or None when the document has no list of it."""
    records = reading.items(document, "actions", "$")
    if records is None:
        return None
    section = "$.actions"
    found = []
    for place, record in enumerate(records):
        fields = reading.fields(record, _ACTION, section, place)
        on = reading.day(fields, "date", section, place)
        status = reading.word(fields, "status", ACTION_STATUSES, section, place)
        if "outcome" in fields:
            reading.word(fields, "outcome", OUTCOMES, section, place)
        action = _action(fields, actions, section, place, reading)
        if action is not None:
            found.append(ActionRecord(on, status, action, place))
    found.sort(key=lambda one: (one.on, one.status, one.action.id))
    return tuple(found)


def read_proposals(document: Fields, actions: Mapping[str, Action], reading: Reading) -> Mapping[str, Proposal]:
    """Return what the clinician proposes, by action; nothing when the document has no list of it."""
    section = "$.proposed_actions"
    found: dict[str, Proposal] = {}
    for place, record in enumerate(reading.items(document, "proposed_actions", "$") or ()):
        fields = reading.fields(record, _PROPOSAL, section, place)
        action = _action(fields, actions, section, place, reading)
        discussed = reading.flag(fields, "discussed", section, place)
        gradual = reading.flag(fields, "gradual", section, place)
        per_week = _per_week(fields, f"{section}[{place}].sessions_per_week", reading)
        if action is None:
            continue
        _check_direction(action.id, *per_week, f"{section}[{place}].sessions_per_week", reading)
        if action.id in found:
            message = f"{in_words(action.id)} is proposed at {section}[{found[action.id].place}] already."
            reading.refuse("CDS731", f"{section}[{place}]", message, "Write one entry for each action.")
        found[action.id] = Proposal(action, discussed, gradual, *per_week, place)
    return found


def _per_week(fields: Fields, path: str, reading: Reading) -> tuple[float | None, float | None]:
    if "sessions_per_week" not in fields:
        return None, None
    ends = reading.fields(fields["sessions_per_week"], _ENDS, path)
    bounds = (0, MOST_PER_WEEK)
    return reading.number(ends, "from", bounds, path), reading.number(ends, "to", bounds, path)


def _check_direction(action: str, now: float | None, then: float | None, path: str, reading: Reading) -> None:
    if now is None or then is None or not goes_against(action, now, then):
        return
    other, then_in_words = (LESS_OFTEN, "fewer") if action == MORE_OFTEN else (MORE_OFTEN, "more")
    message = f"{in_words(action)} is proposed, with {then_in_words} sessions a week: from {now:g} to {then:g}."
    advice = f'Write {{"from": {then:g}, "to": {now:g}}}, or propose {in_words(other)} if that is meant.'
    reading.refuse("CDS732", path, message, advice)


def _action(fields: Fields, actions: Mapping[str, Action], section: str, place: int, reading: Reading) -> Action | None:
    """The action that a record names, or None after a problem."""
    name = fields.get("action")
    if isinstance(name, str) and name in actions:
        return actions[name]
    path = f"{section}[{place}]"
    if isinstance(name, str):
        near = did_you_mean(name, actions, f"The vocabulary has {', '.join(f'`{one}`' for one in actions)}.")
        reading.refuse("CDS730", f"{path}.action", f"The vocabulary has no action {in_words(name)}.", near)
    elif "action" in fields:
        message = f"This is {in_words(name)}, where the id of an action should stand."
        reading.refuse("CDS712", f"{path}.action", message, "Write an id in quotes, like consultation.")
    else:
        reading.missing(fields, "action", path, "Write the id of an action, like consultation.")
    return None
