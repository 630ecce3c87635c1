"""Records as Bundles: whose they are, what names what in them, and what was not sent."""

from __future__ import annotations

from datetime import date

import pytest

from cdsrules.adapters.fhir import FhirError, FhirReading, client_from_fhir
from tests.adapters.fhir.records import (
    ITEM_9,
    PATIENT,
    PHQ_9,
    PLAN,
    Resource,
    appointment,
    bundle,
    observation,
    shipped,
)

AS_OF = date(2026, 8, 3)
RECORD = (
    PATIENT,
    PLAN,
    appointment("a1", "2026-01-05T09:00:00Z", "fulfilled"),
    observation("p1", PHQ_9, "2026-01-05", valueInteger=17),
    observation("i1", ITEM_9, "2026-01-05", valueInteger=1),
)


def read(source: object, **more: object) -> FhirReading:
    return client_from_fhir(source, shipped(), as_of=AS_OF, **more)  # type: ignore[arg-type]


def said(reading: FhirReading) -> list[str]:
    return [str(one) for one in reading.notices]


def test_of_several_patients_the_host_says_whose_record_it_is() -> None:
    """What a search brought along of others takes no guidance away."""
    other: Resource = {**PATIENT, "id": "0815", "birthDate": "2001-01-01"}
    reading = read(bundle(other, *RECORD), patient="4711")

    assert reading.document == read(bundle(*RECORD)).document
    assert said(reading) == ["Patient/0815: it is another patient."]
    with pytest.raises(FhirError, match="there is none here"):
        read(bundle(*RECORD), patient="0815")
