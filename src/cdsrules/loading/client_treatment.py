"""What a client document says about the client, the clinician and the treatment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from cdsrules.loading.client_layout import Layout, day, flag, name, optional
from cdsrules.loading.client_reading import EARLIEST, NOTHING, Fields, Reading, alternatives, by_day, in_words
from cdsrules.loading.client_records import noted
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
_APPROACH: Final = Layout(Approach, day("since"), name("modality"))
_PAUSE: Final = Layout(Pause, day("from"), optional(day("to")))
_PLAN_REVIEW: Final = noted("the plan was reviewed", "$.treatment.plan_reviews")
_LATER: Final = ("reviewed_on", "met_on", "dropped_on")
_GOAL: Final = Layout(
    Goal,
    day("set_on"),
    optional(flag("agreed")),
    optional(flag("understood")),
    *(optional(day(what)) for what in _LATER),
    besides=(optional(name("id")),),
)
_CLINICIAN: Final = frozenset({"role", "can_prescribe", "supervised", "strain", "wants_input"})
_BAND: Final = frozenset({"from", "to"})
_PREGNANCY: Final = Layout(Pregnancy, day("date"), flag("pregnant"))


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
        by_day(_PLAN_REVIEW.read(fields, "plan_reviews", reading, section)),
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
    problems = len(reading.problems)
    found = _APPROACH.read(treatment, "approaches", reading, "$.treatment")
    if found is None:
        return None
    found.sort(key=itemgetter(0))
    for one, other in pairwise(found):
        if one.on == other.on and len(reading.problems) == problems:
            message = "Two approaches begin on one day, and which of them is the present one cannot be told."
            path = f"$.treatment.approaches[{max(one.place, other.place)}]"
            reading.refuse("CDS735", path, message, "Correct one of the dates.")
    return tuple(found)


def _pauses(treatment: Fields, reading: Reading) -> tuple[Pause, ...] | None:
    problems = len(reading.problems)
    section, found = "$.treatment.pauses", _PAUSE.read(treatment, "pauses", reading, "$.treatment")
    if found is None:
        return None
    for one in found:
        reading.in_order(one.on, one.until, f"{section}[{one.place}].to", "to begin")
    found.sort(key=itemgetter(0))
    for one, other in pairwise(found):
        if (one.until is None or one.until >= other.on) and len(reading.problems) == problems:
            message = f"The pauses {section}[{one.place}] and {section}[{other.place}] overlap."
            reading.refuse("CDS735", f"{section}[{other.place}]", message, "Correct their dates, or write one pause.")
    return tuple(found)


def _goals(treatment: Fields, reading: Reading) -> tuple[Goal, ...] | None:
    found = _GOAL.read(treatment, "goals", reading, "$.treatment")
    for goal in found or ():
        for what, later in zip(_LATER, goal[3:6], strict=True):
            if later is not None:
                reading.in_order(goal.on, later, f"$.treatment.goals[{goal.place}].{what}", "set")
    return by_day(found)


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
    return by_day(_PREGNANCY.read(person, "pregnancy", reading, "$.client"))
