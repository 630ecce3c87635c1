"""FHIR records over the hook for records, as a plugin of cdsrules itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from cdsrules.adapters.fhir.dates import read_date
from cdsrules.adapters.fhir.reading import FhirError, FhirReading, client_from_fhir
from cdsrules.adapters.fhir.settings import FhirSettings
from cdsrules.adapters.fhir.walk import text
from cdsrules.diagnostics import Diagnostic
from cdsrules.errors import ClientError
from cdsrules.frozen import frozen
from cdsrules.model.vocabulary import Vocabulary
from cdsrules.plugins import FromRecord, hookimpl

_ADVICE = "docs/fhir.md says which resources make a client, and what each has to say."


@frozen
class FhirRecord:
    """A FHIR record to be read as of a day; the fields are what `client_from_fhir` takes."""

    source: Mapping[str, object] | Iterable[object]
    as_of: date
    settings: FhirSettings | None = None
    complete: tuple[str, ...] = ()
    started_on: date | None = None
    clinician: str | None = None
    patient: str | None = None


class FhirRecords:
    """Reads a `FhirRecord`, and a Bundle as of a day: the one given, else that of its `timestamp`."""

    def __init__(self, vocabulary: Vocabulary, as_of: date | None = None) -> None:
        self._vocabulary = vocabulary
        self._as_of = as_of

    @hookimpl
    def cdsrules_client_from_record(self, record: object) -> FromRecord | None:
        """Return the client of a FHIR record, with what was not understood; None for a record of another kind.

        Raises `ClientError` where no client can be made of it.
        """
        if isinstance(record, FhirRecord):
            return self._read(record)
        if isinstance(record, Mapping) and record.get("resourceType") == "Bundle":
            return self._read(FhirRecord(record, self._as_of or _day_of(record)))
        return None

    def _read(self, record: FhirRecord) -> FromRecord:
        try:
            reading = client_from_fhir(
                record.source,
                self._vocabulary,
                as_of=record.as_of,
                settings=record.settings,
                complete=record.complete,
                started_on=record.started_on,
                clinician=record.clinician,
                patient=record.patient,
            )
        except FhirError as problem:
            raise _unread(str(problem)) from problem
        return as_record(reading)


def as_record(reading: FhirReading) -> FromRecord:
    """Return what was read with all that was not understood, as `Advisor.evaluate` takes it and records keep it."""
    said = [(f"In the FHIR record: {one}", one.pressing) for one in reading.notices]
    ordinary, pressing = (tuple(words for words, presses in said if presses is wanted) for wanted in (False, True))
    return FromRecord(reading.document, ordinary, pressing)


def _day_of(bundle: Mapping[str, object]) -> date:
    """Return the day on which a Bundle was put together, in the zone that its moments are read in."""
    span = read_date(text(bundle, "timestamp"), FhirSettings().zone)
    if span is None or span.day is None:
        message = "The Bundle has no `timestamp`, so nobody can tell as of which day it is to be read: name the day."
        raise _unread(message)
    return span.day


def _unread(message: str) -> ClientError:
    return ClientError([Diagnostic("CDS300", message, _ADVICE, path="$")])
