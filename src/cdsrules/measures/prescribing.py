"""Facts about medication that a prescriber or pharmacist should hear of, and whether they have.

Nothing here grows old, and stopping the medication settles nothing: each stays open until
a contact with the prescriber or pharmacist, or a review of the medication, is recorded on
that day or later. The same day counts, for whoever notices something calls because of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from operator import attrgetter
from typing import Final, TypeAlias

from cdsrules.measures.declare import Fact, Measure, fact
from cdsrules.measures.history import History
from cdsrules.measures.medication import NO_EVENTS, current
from cdsrules.measures.people import pregnant
from cdsrules.measures.population import age_on
from cdsrules.model.facts import Kind, Measurement, Reason, Unknown
from cdsrules.model.records import ActionRecord, MedicationEvent
from cdsrules.model.saying import say_date

# Younger than this, a medication that was begun or changed is a reason to call (CLINICAL S08).
YOUNG: Final = 25

_CONTACTS: Final = ("contact_prescriber", "medication_review")
_BEGUN: Final = frozenset({"started", "changed"})
_REFERENCE: Final = "never ages: open until a later contact with the prescriber or pharmacist"
_CLOSED_BY: Final = "contact with the prescriber or pharmacist were recorded"

Contact: TypeAlias = MedicationEvent | ActionRecord

_by_day = attrgetter("on")


def _contacts(history: History) -> tuple[Contact, ...]:
    """When a prescriber or pharmacist was asked, oldest first, wherever that is recorded."""
    events = [one for one in history.medication or () if one.kind == "prescriber_contacted"]
    done = [one for name in _CONTACTS for one in history.actions_of.get(name, ()) if one.status == "done"]
    return tuple(sorted((*events, *done), key=_by_day))


def _not_heard_of(history: History, events: Iterable[MedicationEvent]) -> tuple[MedicationEvent, ...]:
    """The events after which nobody who prescribes was contacted."""
    found = tuple(events)
    last = max((one.on for one in _contacts(history)), default=date.min) if found else date.min
    return tuple([one for one in found if one.on > last])


def _nothing_open(history: History) -> Measurement:
    """That nothing is open: the list must be there and reach back to the start of the treatment."""
    if history.medication is None:
        return NO_EVENTS
    return history.gap("medication", history.start) or (False, _contacts(history)[-1:])


# ---- A possible side effect


def side_effect(history: History) -> Measurement:
    """Return whether a possible side effect was flagged and nobody who prescribes was contacted since."""
    flagged = _not_heard_of(history, (one for one in history.medication or () if one.kind == "possible_side_effect"))
    return (True, flagged) if flagged else _nothing_open(history)


# ---- Begun or changed in a young person


def new_in_young(history: History) -> Measurement:
    """Return whether medication was begun or changed under the age of 25, without contact since.

    Of what came before the treatment only that counts which is still so: somebody of forty
    who began at twenty is no young person, and one of twenty who began last year is.
    """
    begun = _not_heard_of(history, (one for one in history.medication or () if one.kind in _BEGUN))
    answers = [(one, _was_young(history, one.on)) for one in begun]
    young = tuple([one for one, answer in answers if answer])
    if young:
        return True, young
    undecided = [one for one, answer in answers if answer is None]
    if undecided:
        return _age_needed(history, undecided[-1])
    if _was_young(history, history.as_of) is False and _was_young(history, history.start) is False:
        return False, ()
    return _nothing_open(history)


def _was_young(history: History, day: date) -> bool | None:
    """Whether the client was young on a day and is, or was in this treatment; None when the age cannot tell."""
    born, ages = history.client.birth_date, history.ages
    if born is not None:
        still = day >= history.start or age_on(born, history.as_of) < YOUNG
        return still and age_on(born, day) < YOUNG
    if ages is None:
        return None
    return True if ages.high < YOUNG else False if ages.low >= YOUNG else None


def _age_needed(history: History, event: MedicationEvent) -> Unknown:
    ages = history.ages
    age = "the client's age is not recorded" if ages is None else f"the age only as {ages.low} to {ages.high}"
    because = f"medication was {event.kind} on {say_date(event.on)}, and {age}"
    return Unknown(Reason.NOT_RECORDED, because, (event,))


# ---- Pregnancy


def in_pregnancy(history: History) -> Measurement:
    """Return whether psychotropic medication is taken in pregnancy, without contact since both are known."""
    expecting = pregnant(history)
    if type(expecting) is Unknown:
        return expecting
    is_expecting, told = expecting
    if not is_expecting:
        return False, told
    begun = [one for one in history.medication or () if one.kind in _BEGUN]
    takes = _takes(history)
    if type(takes) is Unknown:
        return Unknown(takes.reason, f"the client is pregnant, and {takes.because}", told)
    is_taking, noted = takes
    if not is_taking:
        return False, noted
    heard = _contacts(history)[-1:]
    if heard and heard[0].on >= max(_pregnant_since(history), *(one.on for one in begun), date.min):
        return False, heard
    return True, tuple(dict.fromkeys((*told, *noted, *begun[-1:])))


def _takes(history: History) -> Measurement:
    """Whether the client takes medication; where nobody says so, what was last begun or stopped does."""
    said = current(history)
    if type(said) is not Unknown:
        return said
    changes = [one for one in history.medication or () if one.kind in _BEGUN or one.kind == "stopped"]
    return (changes[-1].kind != "stopped", tuple(changes[-1:])) if changes else said


def _pregnant_since(history: History) -> date:
    """The day of the first record of the present pregnancy."""
    records = history.pregnancy or ()
    over = max((place for place, one in enumerate(records) if not one.pregnant), default=-1)
    return records[over + 1].on


def _open(name: str, measure: Measure, *, words: str, meaning: str, ask: str, clause: str) -> Fact:
    return fact(
        f"medication.{name}.open",
        Kind.YES_NO,
        measure,
        words=words,
        meaning=meaning,
        reference=_REFERENCE,
        ask=ask,
        clause=f"{clause} without contact with the prescriber since",
        negation=f"there is no sign that {clause} without contact with the prescriber since",
        closed_by=_CLOSED_BY,
    )


FACTS: Final[tuple[Fact, ...]] = (
    _open(
        "new_in_young",
        new_in_young,
        words="new or changed medication in a young person",
        meaning=f"Whether psychotropic medication was begun or changed under the age of {YOUNG}, and neither the "
        "prescriber nor a pharmacist was contacted on that day or later. What came before the treatment counts while "
        "the client is that young. An age band stands for the age then.",
        ask="the birth date, and when medication was begun or changed",
        clause="medication was begun or changed in a young person",
    ),
    _open(
        "in_pregnancy",
        in_pregnancy,
        words="medication in pregnancy",
        meaning="Whether the client is pregnant and takes psychotropic medication, and neither the prescriber nor a "
        "pharmacist was contacted since the pregnancy was recorded and the medication last begun or changed.",
        ask="whether the client is pregnant, and takes psychotropic medication",
        clause="medication is taken in pregnancy",
    ),
    _open(
        "side_effect",
        side_effect,
        words="a possible side effect that nobody was asked about",
        meaning="Whether a possible side effect was flagged, and neither the prescriber nor a pharmacist was contacted "
        "on that day or later.",
        ask="what was noticed about medication, and whether the prescriber was contacted",
        clause="a possible side effect was flagged",
    ),
)
