"""The lists of a client document -> records by day."""

from __future__ import annotations

from itertools import pairwise
from operator import itemgetter
from typing import Final, get_args

from cdsrules.loading.client_columns import read_columns, records
from cdsrules.loading.client_reading import Fields, Reading, by_day
from cdsrules.model.client import OBSTACLE_KINDS, Medication
from cdsrules.model.records import (
    Contact,
    Homework,
    MedicationEvent,
    MedicationKind,
    Noted,
    Obstacle,
    Openness,
    Problem,
    Rated,
    Rater,
    Rating,
    Session,
    SessionStatus,
)
from cdsrules.model.saying import say_date, say_word

SESSION_STATUSES: Final[tuple[SessionStatus, ...]] = get_args(SessionStatus)
HOMEWORK: Final[tuple[Homework, ...]] = get_args(Homework)
OPENNESS: Final[tuple[Openness, ...]] = get_args(Openness)
RATERS: Final[tuple[Rater, ...]] = get_args(Rater)
RATED: Final[tuple[Rated, ...]] = get_args(Rated)
MEDICATION_KINDS: Final[tuple[MedicationKind, ...]] = get_args(MedicationKind)
RESOURCES: Final = ("support_group", "self_help", "workshop", "peer_support", "helpline", "other")

_SESSION: Final = frozenset({"date", "status", "homework", "openness"})
_RATING: Final = frozenset({"date", "by", "rating"})
_OBSTACLE: Final = frozenset({"date", "kind", "resolved_on"})
_DATE: Final = frozenset({"date"})
_CONTACT: Final = frozenset({"date", "covers_same_day"})
_KIND: Final = frozenset({"date", "kind"})
_PROBLEM: Final = frozenset({"problem", "recorded_on"})
_MEDICATION: Final = frozenset({"current", "events"})


def read_sessions(document: Fields, reading: Reading) -> tuple[Session, ...] | None:
    """Return the sessions by day, or None when the document has no list of them."""
    columns = read_columns(document, "sessions", _SESSION, reading)
    if columns is None:
        return None
    status = columns.words("status", SESSION_STATUSES)
    homework = columns.words_or_none("homework", HOMEWORK)
    openness = columns.words_or_none("openness", OPENNESS)
    return by_day(records(Session, columns.days("date"), status, homework, openness, columns.places))


def read_ratings(document: Fields, reading: Reading) -> tuple[Rating, ...] | None:
    """Return the ratings of progress by day, or None when the document has no list of them."""
    records = reading.items(document, "ratings", "$")
    if records is None:
        return None
    section = "$.ratings"
    found: list[Rating] = []
    for place, record in enumerate(records):
        fields = reading.fields(record, _RATING, section, place)
        on = reading.day(fields, "date", section, place)
        by = reading.word(fields, "by", RATERS, section, place)
        found.append(Rating(on, by, reading.word(fields, "rating", RATED, section, place), place))
    found.sort(key=itemgetter(0, 1))
    for one, other in pairwise(found):
        if (one.on, one.by) == (other.on, other.by) and one.rating != other.rating:
            message = f"The {one.by} rated the progress twice on {say_date(one.on)}: {one.rating} and {other.rating}."
            reading.refuse("CDS733", f"{section}[{max(one.place, other.place)}]", message, "Keep the one that counts.")
    return tuple(found)


def read_obstacles(document: Fields, reading: Reading) -> tuple[Obstacle, ...] | None:
    """Return the obstacles by day, or None when the document has no list of them."""
    records = reading.items(document, "obstacles", "$")
    if records is None:
        return None
    section = "$.obstacles"
    found = []
    for place, record in enumerate(records):
        fields = reading.fields(record, _OBSTACLE, section, place)
        on = reading.day(fields, "date", section, place)
        kind = reading.word(fields, "kind", OBSTACLE_KINDS, section, place)
        resolved_on = reading.day_or_none(fields, "resolved_on", section, place)
        reading.in_order(on, resolved_on, f"{section}[{place}].resolved_on", "recorded")
        found.append(Obstacle(on, kind, resolved_on, place))
    return by_day(found)


def read_noted(
    document: Fields, key: str, words: str, reading: Reading, section: str = "$"
) -> tuple[Noted, ...] | None:
    """Return a list of which only the days count, or None when the document has no such list."""
    records = reading.items(document, key, section)
    if records is None:
        return None
    path = f"{section}.{key}"
    found = []
    for place, record in enumerate(records):
        fields = reading.fields(record, _DATE, path, place)
        found.append(Noted(reading.day(fields, "date", path, place), words, path, place))
    return by_day(found)


def read_resources(document: Fields, reading: Reading) -> tuple[Noted, ...] | None:
    """Return the resources offered by day, or None when the document has no list of them."""
    records = reading.items(document, "resources_offered", "$")
    if records is None:
        return None
    section = "$.resources_offered"
    found = []
    for place, record in enumerate(records):
        fields = reading.fields(record, _KIND, section, place)
        on = reading.day(fields, "date", section, place)
        kind = reading.word(fields, "kind", RESOURCES, section, place)
        found.append(Noted(on, f"offered: {say_word(kind)}", section, place))
    return by_day(found)


def read_contacts(document: Fields, reading: Reading) -> tuple[Contact, ...] | None:
    """Return the contacts with the client by day, or None when the document has no list of them."""
    records = reading.items(document, "client_contacts", "$")
    if records is None:
        return None
    section = "$.client_contacts"
    found = []
    for place, record in enumerate(records):
        fields = reading.fields(record, _CONTACT, section, place)
        on = reading.day(fields, "date", section, place)
        found.append(Contact(on, reading.flag(fields, "covers_same_day", section, place) or False, place))
    return by_day(found)


def read_medication(document: Fields, reading: Reading) -> Medication:
    """Return what the document says about medication."""
    if "medication" not in document:
        return Medication()
    section = "$.medication"
    fields = reading.fields(document["medication"], _MEDICATION, section)
    current = reading.flag(fields, "current", section)
    records = reading.items(fields, "events", section)
    if records is None:
        return Medication(current)
    path = f"{section}.events"
    found = []
    for place, record in enumerate(records):
        event = reading.fields(record, _KIND, path, place)
        on = reading.day(event, "date", path, place)
        found.append(MedicationEvent(on, reading.word(event, "kind", MEDICATION_KINDS, path, place), place))
    return Medication(current, by_day(found))


def read_problems(document: Fields, reading: Reading) -> tuple[Problem, ...] | None:
    """Return the presenting problems, or None when the document has no list of them."""
    records = reading.items(document, "presenting_problems", "$")
    if records is None:
        return None
    section = "$.presenting_problems"
    found = []
    for place, record in enumerate(records):
        fields = reading.fields(record, _PROBLEM, section, place)
        on = reading.day_or_none(fields, "recorded_on", section, place)
        found.append(Problem(on, reading.name(fields, "problem", section, place), place))
    return tuple(sorted(found, key=lambda one: (str(one.on), one.problem)))
