"""The lists of a client document -> records by day."""

from __future__ import annotations

from itertools import pairwise
from operator import itemgetter
from typing import Final, get_args

from cdsrules.loading.client_layout import Layout, day, flag, name, optional, word, word_for
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

_SESSION: Final = Layout(
    Session,
    day("date"),
    word("status", SESSION_STATUSES),
    optional(word("homework", HOMEWORK)),
    optional(word("openness", OPENNESS)),
)
_RATING: Final = Layout(Rating, day("date"), word("by", RATERS), word("rating", RATED))
_OBSTACLE: Final = Layout(Obstacle, day("date"), word("kind", OBSTACLE_KINDS), optional(day("resolved_on")))
_RESOURCE: Final = Layout(
    Noted,
    day("date"),
    word_for("kind", {kind: f"offered: {say_word(kind)}" for kind in RESOURCES}),
    always=("$.resources_offered",),
)
_CONTACT: Final = Layout(Contact, day("date"), optional(flag("covers_same_day"), otherwise=False))
_EVENT: Final = Layout(MedicationEvent, day("date"), word("kind", MEDICATION_KINDS))
_PROBLEM: Final = Layout(Problem, optional(day("recorded_on")), name("problem"))
_MEDICATION: Final = frozenset({"current", "events"})


def noted(words: str, path: str) -> Layout[Noted]:
    """Return the layout of a list of which only the days count."""
    return Layout(Noted, day("date"), always=(words, path))


_OVERWHELM: Final = noted("overwhelmed, the client reported", "$.overwhelm")
_RESERVATIONS: Final = noted("reservations voiced", "$.reservations")


def read_sessions(document: Fields, reading: Reading) -> tuple[Session, ...] | None:
    """Return the sessions by day, or None when the document has no list of them."""
    return by_day(_SESSION.read(document, "sessions", reading))


def read_ratings(document: Fields, reading: Reading) -> tuple[Rating, ...] | None:
    """Return the ratings of progress by day, or None when the document has no list of them."""
    found = _RATING.read(document, "ratings", reading)
    if found is None:
        return None
    found.sort(key=itemgetter(0, 1))
    for one, other in pairwise(found):
        if one.on == other.on and one.by == other.by and one.rating != other.rating:
            message = f"The {one.by} rated the progress twice on {say_date(one.on)}: {one.rating} and {other.rating}."
            path = f"$.ratings[{max(one.place, other.place)}]"
            reading.refuse("CDS733", path, message, "Keep the one that counts.")
    return tuple(found)


def read_obstacles(document: Fields, reading: Reading) -> tuple[Obstacle, ...] | None:
    """Return the obstacles by day, or None when the document has no list of them."""
    found = _OBSTACLE.read(document, "obstacles", reading)
    for one in found or ():
        reading.in_order(one.on, one.resolved_on, f"$.obstacles[{one.place}].resolved_on", "recorded")
    return by_day(found)


def read_overwhelm(document: Fields, reading: Reading) -> tuple[Noted, ...] | None:
    """Return when the client reported being overwhelmed, or None when the document has no list of it."""
    return by_day(_OVERWHELM.read(document, "overwhelm", reading))


def read_reservations(document: Fields, reading: Reading) -> tuple[Noted, ...] | None:
    """Return when the client voiced reservations, or None when the document has no list of it."""
    return by_day(_RESERVATIONS.read(document, "reservations", reading))


def read_resources(document: Fields, reading: Reading) -> tuple[Noted, ...] | None:
    """Return the resources offered by day, or None when the document has no list of them."""
    return by_day(_RESOURCE.read(document, "resources_offered", reading))


def read_contacts(document: Fields, reading: Reading) -> tuple[Contact, ...] | None:
    """Return the contacts with the client by day, or None when the document has no list of them."""
    return by_day(_CONTACT.read(document, "client_contacts", reading))


def read_medication(document: Fields, reading: Reading) -> Medication:
    """Return what the document says about medication."""
    if "medication" not in document:
        return Medication()
    section = "$.medication"
    fields = reading.fields(document["medication"], _MEDICATION, section)
    current = reading.flag(fields, "current", section)
    return Medication(current, by_day(_EVENT.read(fields, "events", reading, section)))


def read_problems(document: Fields, reading: Reading) -> tuple[Problem, ...] | None:
    """Return the presenting problems, or None when the document has no list of them."""
    found = _PROBLEM.read(document, "presenting_problems", reading)
    if found is not None and len(found) > 1:
        found.sort(key=lambda one: (str(one.on), one.problem))
    return None if found is None else tuple(found)
