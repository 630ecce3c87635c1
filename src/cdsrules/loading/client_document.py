"""A client document, as JSON has it -> a `Client`, or everything that is wrong with it.

Nothing is guessed and nothing dropped: "12" is not 12, a field that nothing bears is an
error, a score outside its instrument's range is an error. What is checked here does not
rest on the JSON Schema having been run before: whatever the schema refuses is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Final, NoReturn

from cdsrules.diagnostics import Diagnostic, in_order
from cdsrules.errors import ClientError
from cdsrules.loading.client_actions import read_actions, read_proposals
from cdsrules.loading.client_reading import EARLIEST, LATEST, NOTHING, Fields, Reading, alternatives, in_words
from cdsrules.loading.client_records import (
    read_contacts,
    read_medication,
    read_obstacles,
    read_overwhelm,
    read_problems,
    read_ratings,
    read_reservations,
    read_resources,
    read_sessions,
)
from cdsrules.loading.client_risk import read_risk
from cdsrules.loading.client_scores import Sheet, read_scores, sheets_of
from cdsrules.loading.client_treatment import read_ages, read_clinician, read_pregnancy, read_treatment
from cdsrules.loading.problems import EnoughProblems
from cdsrules.model.client import Client
from cdsrules.model.saying import say_date

if TYPE_CHECKING:
    from cdsrules.model.treatment import Treatment
    from cdsrules.model.vocabulary import Vocabulary

VERSIONS: Final = ("1.0",)

PARTS: Final = (
    "client",
    "treatment",
    "clinician",
    "presenting_problems",
    "sessions",
    "measures",
    "ratings",
    "obstacles",
    "overwhelm",
    "reservations",
    "medication",
    "actions",
    "client_contacts",
    "resources_offered",
    "risk",
)
"""The parts of a document in which something may not be recorded."""
_DOCUMENT: Final = frozenset(
    {"$schema", "schema_version", "as_of", *PARTS, "proposed_actions", "recorded_since", "extensions"}
)
_CLIENT: Final = frozenset({"id", "birth_date", "age_band", "pregnancy"})
# The lists that may say from when they are complete, and where each stands.
_LISTS: Final[Mapping[str, tuple[str, ...]]] = {
    "sessions": ("sessions",),
    "measures": ("measures",),
    "ratings": ("ratings",),
    "actions": ("actions",),
    "client_contacts": ("client_contacts",),
    "resources_offered": ("resources_offered",),
    "obstacles": ("obstacles",),
    "overwhelm": ("overwhelm",),
    "reservations": ("reservations",),
    "medication": ("medication", "events"),
    "goals": ("treatment", "goals"),
    "plan_reviews": ("treatment", "plan_reviews"),
    "approaches": ("treatment", "approaches"),
    "pauses": ("treatment", "pauses"),
}
_LISTED: Final = frozenset(_LISTS)


class ClientReader:
    """Reads client documents that name the instruments and actions of one vocabulary."""

    __slots__ = ("_sheets", "_vocabulary")

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._sheets = sheets_of(vocabulary.instruments)

    def read(self, document: Mapping[str, object], as_of: date | None = None) -> Client:
        """Return the client that a document describes, as of the day given or the one it names.

        Args:
            document: the JSON object, read by a JSON reader and not changed since.
            as_of: the day to look at the client; the document's own day when left out.

        Raises:
            ClientError: something is wrong with the document; all of it, each with its JSON path.
        """
        reading = Reading()
        try:
            client = _client(document, self._vocabulary, self._sheets, as_of, reading)
        except EnoughProblems:
            client = None
        if client is None or reading.problems:
            raise ClientError(in_order(reading.problems))
        return client


def parse_client(document: Mapping[str, object], vocabulary: Vocabulary, as_of: date | None = None) -> Client:
    """Return the client that one document describes; whoever reads many keeps a `ClientReader`."""
    return ClientReader(vocabulary).read(document, as_of)


def _client(
    document: object,
    vocabulary: Vocabulary,
    sheets: Mapping[str, Sheet],
    as_of: date | None,
    reading: Reading,
) -> Client | None:
    fields = reading.fields(document if type(document) is dict else _as_object(document), _DOCUMENT, "$")
    if fields is NOTHING:
        return None
    _refuse_version(fields)
    return _read(fields, vocabulary, sheets, as_of, reading)


def _as_object(document: object) -> object:
    return dict(document) if isinstance(document, Mapping) else document


def _refuse_version(fields: Fields) -> None:
    """A version that is not known ends it: what else is wrong could not be told."""
    version = fields.get("schema_version")
    if type(version) is str and version in VERSIONS:
        return
    known = alternatives(f'"{one}"' for one in VERSIONS)
    if "schema_version" not in fields:
        _end("$", "The field `schema_version` is missing, so that nobody can tell how to read the rest.", known)
    message = f"This document is of version {in_words(version)}, which this cdsrules does not know."
    _end("$.schema_version", message, known)


def _end(path: str, message: str, known: str) -> NoReturn:
    raise ClientError((Diagnostic("CDS710", message, f"It reads version {known}.", path=path),))


def _read(
    fields: Fields, vocabulary: Vocabulary, sheets: Mapping[str, Sheet], as_of: date | None, reading: Reading
) -> Client:
    actions = vocabulary.actions
    treatment = read_treatment(fields, vocabulary.instruments, reading)
    person = _person(fields, reading)
    birth_date, age_band = read_ages(person, treatment.on, reading)
    # In the order of its fields: by their names it would take three times as long.
    return Client(
        reading.name(person, "id", "$.client"),
        treatment,
        _as_of(fields, as_of, treatment, reading),
        birth_date,
        age_band,
        read_pregnancy(person, reading),
        read_clinician(fields, reading),
        read_problems(fields, reading),
        read_sessions(fields, reading),
        read_scores(fields, sheets, reading),
        read_ratings(fields, reading),
        read_obstacles(fields, reading),
        read_overwhelm(fields, reading),
        read_reservations(fields, reading),
        read_medication(fields, reading),
        read_actions(fields, actions, reading),
        read_contacts(fields, reading),
        read_resources(fields, reading),
        read_proposals(fields, actions, reading),
        read_risk(fields, reading),
        _recorded_since(fields, reading),
    )


def _person(fields: Fields, reading: Reading) -> Fields:
    _refuse_other(fields, "$schema", str, "a text", reading)
    _refuse_other(fields, "extensions", dict, "an object", reading)
    if "client" not in fields:
        reading.missing(fields, "client", "$", 'Write {"id": "c-4711"} and what else is known.')
        return NOTHING
    return reading.fields(fields["client"], _CLIENT, "$.client")


def _refuse_other(fields: Fields, key: str, kind: type, wanted: str, reading: Reading) -> None:
    if key in fields and type(fields[key]) is not kind:
        message = f"This is {in_words(fields[key])}, where {wanted} should stand."
        reading.refuse("CDS712", f"$.{key}", message, "Correct it or leave it out.")


def _as_of(fields: Fields, given: date | None, treatment: Treatment, reading: Reading) -> date:
    named = reading.day_or_none(fields, "as_of", "$")
    day = given or named
    if day is None:
        advice = (
            "Write `as_of`, like 2026-08-03, or give the day when asking (`--as-of 2026-08-03` on the command line)."
        )
        reading.refuse("CDS737", "$", "Neither the document nor whoever asks says for which day.", advice)
        return date.max
    wrong = None if day is EARLIEST else unanswerable(treatment, day)
    if wrong is not None:
        reading.problems.append(wrong)
    return day


def unanswerable(treatment: Treatment, day: date) -> Diagnostic | None:
    """Return what is wrong with asking about a day before the treatment began or in a far future, None for any other.

    Near the end of the calendar there would be no days left to reckon with.
    """
    if day > LATEST:
        message = f"{say_date(day)} is no day in these centuries."
        return Diagnostic("CDS715", message, f"Ask about a day up to {say_date(LATEST)}.", path="$.as_of")
    if treatment.on <= day:
        return None
    message = f"The treatment begins on {say_date(treatment.on)}, after the day asked about ({say_date(day)})."
    advice = "Ask about a day from its beginning on, or correct the date."
    return Diagnostic("CDS738", message, advice, path="$.treatment.started_on")


def _recorded_since(fields: Fields, reading: Reading) -> Mapping[str, date]:
    if "recorded_since" not in fields:
        return NO_DAYS
    section = "$.recorded_since"
    since = reading.fields(fields["recorded_since"], _LISTED, section)
    found = {}
    for key in since:
        if key not in _LISTS:
            continue
        found[key] = reading.day(since, key, section)
        if not _is_there(fields, _LISTS[key]):
            path = ".".join(_LISTS[key])
            message = f"There is no list `{path}` in the document that could be complete from a day on."
            reading.refuse(
                "CDS739", f"{section}.{key}", message, "Write the list ([] if it is empty), or leave this out."
            )
    return found


def _is_there(fields: Fields, path: tuple[str, ...]) -> bool:
    value: object = fields
    for key in path:
        if not isinstance(value, dict) or key not in value:
            return False
        value = value[key]
    return True


NO_DAYS: Final[Mapping[str, date]] = {}
