"""The record from FHIR that is measured is one of which everything is read."""

from __future__ import annotations

from benchmarks.fhir import AS_OF, RESOURCES, record
from cdsrules.adapters.fhir import client_from_fhir
from tests.adapters.fhir.records import shipped


def test_what_is_measured_is_read_into_scores_sessions_and_problems() -> None:
    bundle = record(RESOURCES)
    reading = client_from_fhir(bundle, shipped(), as_of=AS_OF)
    counted = {name: len(held) for name in ("sessions", "measures") if isinstance(held := reading.document[name], list)}

    assert len(bundle["entry"]) == RESOURCES
    assert counted == {"sessions": 2_000, "measures": 3_999}
    assert reading.document["presenting_problems"] == [{"problem": "depression", "recorded_on": "2020-01-06"}]
    assert {one.resource for one in reading.notices} == {"http://loinc.org/q/70274-6"}
