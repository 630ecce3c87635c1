"""FHIR records over the hook for records, as a plugin of cdsrules itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from cdsrules.adapters.fhir.dates import read_date
from cdsrules.adapters.fhir.notices import alike
from cdsrules.adapters.fhir.reading import FhirError, FhirReading, client_from_fhir
from cdsrules.adapters.fhir.settings import FhirSettings
from cdsrules.adapters.fhir.walk import text
from cdsrules.diagnostics import Diagnostic
from cdsrules.errors import ClientError
from cdsrules.frozen import frozen
from cdsrules.model.vocabulary import Vocabulary
from cdsrules.plugins import FromRecord, hookimpl

_ADVICE = "docs/fhir.md says which resources make a client, and what each has to say."
_NAME_THE_DAY = (
    "Name the day with `--as-of 2026-08-03` on the command line or `as_of=date(2026, 8, 3)` in Python, or write "
    "`timestamp` into the Bundle."
)


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
    pressing = tuple(str(one) for one in reading.notices if one.pressing)  # says by itself that it is in the record
    others = [one for one in reading.notices if not one.pressing]
    gathered = tuple(replace(one, words=_told(one.words)) for one in alike(others))
    return FromRecord(reading.document, tuple(_told(str(one)) for one in others), pressing, gathered)


def _told(words: str) -> str:
    return f"In the FHIR record: {words}"


def _day_of(bundle: Mapping[str, object]) -> date:
    """Return the day on which a Bundle was put together, in the zone that its moments are read in."""
    span = read_date(text(bundle, "timestamp"), FhirSettings().zone)
    if span is None or span.day is None:
        message = "The Bundle has no `timestamp`, so nobody can tell as of which day it is to be read."
        raise _unread(message, _NAME_THE_DAY)
    return span.day


def _unread(message: str, advice: str = _ADVICE) -> ClientError:
    return ClientError([Diagnostic("CDS300", message, advice, path="$")])
