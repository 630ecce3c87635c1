"""What a client document says about the client, the clinician and the treatment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from cdsrules.loading.client_reading import EARLIEST, NOTHING, Fields, Reading, alternatives, by_day, in_words
from cdsrules.loading.client_records import read_noted
from cdsrules.loading.problems import did_you_mean
from cdsrules.model.client import ROLES, AgeBand, Clinician
from cdsrules.model.records import Pregnancy
from cdsrules.model.saying import say_date
from cdsrules.model.treatment import Approach, Goal, Pause, PrimaryMeasure, Treatment

if TYPE_CHECKING:
    from cdsrules.model.vocabulary import Instrument

OLDEST: Final = 120
LONGEST_INTERVAL: Final = 365

_TREATMENT: Final = frozenset(
    {"started_on", "primary_measure", "planned_interval_days", "approaches", "pauses", "plan_reviews", "goals"}
)
_PRIMARY: Final = frozenset({"instrument", "definition"})
_APPROACH: Final = frozenset({"modality", "since"})
_PAUSE: Final = frozenset({"from", "to"})
_GOAL: Final = frozenset({"id", "set_on", "agreed", "understood", "reviewed_on", "met_on", "dropped_on"})
_LATER: Final = ("reviewed_on", "met_on", "dropped_on")
_CLINICIAN: Final = frozenset({"role", "can_prescribe", "supervised", "strain", "wants_input"})
_BAND: Final = frozenset({"from", "to"})
_PREGNANCY: Final = frozenset({"date", "pregnant"})


def read_treatment(document: Fields, instruments: Mapping[str, Instrument], reading: Reading) -> Treatment:
    """Return the treatment; that it has a beginning is all it must say."""
    section = "$.treatment"
    if "treatment" not in document:
        reading.missing(document, "treatment", "$", 'Write {"started_on": "2026-01-05"} and what else is known.')
        return Treatment(EARLIEST)
    fields = reading.fields(document["treatment"], _TREATMENT, section)
    if fields is NOTHING:
        return Treatment(EARLIEST)
    interval = reading.number(fields, "planned_interval_days", (1, LONGEST_INTERVAL), section, whole=True)
    return Treatment(
        reading.day(fields, "started_on", section),
        _primary(fields, instruments, reading),
        None if interval is None else int(interval),
        _approaches(fields, reading),
        _pauses(fields, reading),
        read_noted(fields, "plan_reviews", "the plan was reviewed", reading, section),
        _goals(fields, reading),
    )


def _primary(treatment: Fields, instruments: Mapping[str, Instrument], reading: Reading) -> PrimaryMeasure | None:
    if "primary_measure" not in treatment:
        return None
    section = "$.treatment.primary_measure"
    fields = reading.fields(treatment["primary_measure"], _PRIMARY, section)
    name = reading.name(fields, "instrument", section)
    definition = reading.name(fields, "definition", section)
    if not name or not definition:
        return None
    instrument = instruments.get(name)
    if instrument is None:
        near = did_you_mean(name, instruments, "`cdsrules facts` lists the instruments of the vocabulary.")
        reading.refuse("CDS720", f"{section}.instrument", f"The vocabulary has no instrument {in_words(name)}.", near)
        return None
    for one in instrument.definitions:
        if one.id == definition:
            return PrimaryMeasure(instrument, one)
    names = [one.id for one in instrument.definitions]
    known = f"Write {alternatives(names)}." if names else "The vocabulary has none, so that it cannot be the primary."
    message = f"{instrument.name} has no definition {in_words(definition)}."
    reading.refuse("CDS729", f"{section}.definition", message, did_you_mean(definition, names, known))
    return None


def _approaches(treatment: Fields, reading: Reading) -> tuple[Approach, ...] | None:
    records = reading.items(treatment, "approaches", "$.treatment")
    if records is None:
        return None
    section, found, problems = "$.treatment.approaches", [], len(reading.problems)
    for place, record in enumerate(records):
        fields = reading.fields(record, _APPROACH, section, place)
        on = reading.day(fields, "since", section, place)
        found.append(Approach(on, reading.name(fields, "modality", section, place), place))
    found.sort(key=itemgetter(0))
    for one, other in pairwise(found):
        if one.on == other.on and len(reading.problems) == problems:
            message = "Two approaches begin on one day, and which of them is the present one cannot be told."
            reading.refuse("CDS735", f"{section}[{max(one.place, other.place)}]", message, "Correct one of the dates.")
    return tuple(found)


def _pauses(treatment: Fields, reading: Reading) -> tuple[Pause, ...] | None:
    records = reading.items(treatment, "pauses", "$.treatment")
    if records is None:
        return None
    section, found, problems = "$.treatment.pauses", [], len(reading.problems)
    for place, record in enumerate(records):
        fields = reading.fields(record, _PAUSE, section, place)
        on = reading.day(fields, "from", section, place)
        until = reading.day_or_none(fields, "to", section, place)
        reading.in_order(on, until, f"{section}[{place}].to", "to begin")
        found.append(Pause(on, until, place))
    found.sort(key=itemgetter(0))
    for one, other in pairwise(found):
        if (one.until is None or one.until >= other.on) and len(reading.problems) == problems:
            message = f"The pauses {section}[{one.place}] and {section}[{other.place}] overlap."
            reading.refuse("CDS735", f"{section}[{other.place}]", message, "Correct their dates, or write one pause.")
    return tuple(found)


def _goals(treatment: Fields, reading: Reading) -> tuple[Goal, ...] | None:
    records = reading.items(treatment, "goals", "$.treatment")
    if records is None:
        return None
    section, found = "$.treatment.goals", []
    for place, record in enumerate(records):
        fields = reading.fields(record, _GOAL, section, place)
        if "id" in fields:
            reading.name(fields, "id", section, place)
        on = reading.day(fields, "set_on", section, place)
        agreed = reading.flag(fields, "agreed", section, place)
        understood = reading.flag(fields, "understood", section, place)
        reviewed_on, met_on, dropped_on = [
            _later(on, fields, key, place, reading) if key in fields else None for key in _LATER
        ]
        found.append(Goal(on, agreed, understood, reviewed_on, met_on, dropped_on, place))
    return by_day(found)


def _later(on: date, fields: Fields, key: str, place: int, reading: Reading) -> date:
    """What happened to a goal after it was set."""
    day = reading.day(fields, key, "$.treatment.goals", place)
    reading.in_order(on, day, f"$.treatment.goals[{place}].{key}", "set")
    return day


def read_clinician(document: Fields, reading: Reading) -> Clinician:
    """Return what the document says about the clinician."""
    if "clinician" not in document:
        return Clinician()
    section = "$.clinician"
    fields = reading.fields(document["clinician"], _CLINICIAN, section)
    role = reading.word_or_none(fields, "role", ROLES, section)
    return Clinician(
        role,
        reading.flag(fields, "can_prescribe", section),
        reading.flag(fields, "supervised", section),
        reading.flag(fields, "strain", section),
        reading.flag(fields, "wants_input", section),
    )


def read_ages(person: Fields, started_on: date, reading: Reading) -> tuple[date | None, AgeBand | None]:
    """Return the birth date or the band of ages; at most one of them."""
    birth_date = reading.day_or_none(person, "birth_date", "$.client")
    if birth_date is not None and birth_date is not EARLIEST and started_on is not EARLIEST:
        if birth_date > started_on:
            message = f"The client was born on {say_date(birth_date)}, after treatment began ({say_date(started_on)})."
            reading.refuse("CDS734", "$.client.birth_date", message, "Correct one of the two dates.")
        elif started_on.year - birth_date.year > OLDEST:
            message = f"By that birth date the client was over {OLDEST} years old when treatment began."
            reading.refuse("CDS734", "$.client.birth_date", message, "Correct the birth date.")
    if "age_band" not in person:
        return birth_date, None
    if "birth_date" in person:
        message = "Both a birth date and an age band are given."
        reading.refuse("CDS736", "$.client", message, "Keep one of them.")
    section = "$.client.age_band"
    fields = reading.fields(person["age_band"], _BAND, section)
    for key in ("from", "to"):
        if key not in fields:
            reading.missing(fields, key, section, f"Write a whole number of years from 0 to {OLDEST}.")
    low = reading.number(fields, "from", (0, OLDEST), section, whole=True)
    high = reading.number(fields, "to", (0, OLDEST), section, whole=True)
    if low is None or high is None:
        return birth_date, None
    if low > high:
        message = f"The band runs from {low:g} down to {high:g}."
        reading.refuse("CDS736", section, message, "Write the lower age under `from`.")
    return birth_date, AgeBand(int(low), int(high))


def read_pregnancy(person: Fields, reading: Reading) -> tuple[Pregnancy, ...] | None:
    """Return what is on file about pregnancy by day, or None when there is no list of it."""
    records = reading.items(person, "pregnancy", "$.client")
    if records is None:
        return None
    section, found = "$.client.pregnancy", []
    for place, record in enumerate(records):
        fields = reading.fields(record, _PREGNANCY, section, place)
        on = reading.day(fields, "date", section, place)
        pregnant = reading.flag(fields, "pregnant", section, place)
        if "pregnant" not in fields:
            reading.missing(fields, "pregnant", f"{section}[{place}]", "Write true or false.")
        found.append(Pregnancy(on, pregnant or False, place))
    return by_day(found)
