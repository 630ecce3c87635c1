"""Calls of hooks for tests, made from the FHIR record that the examples hold."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from tests.adapters.fhir.records import Resource

# The record of the examples is of the year 2026; the service looks at its client on the third of August, at noon.
NOON = 1_785_758_400.0
ROOT = Path(__file__).parents[2]
BUNDLE = json.loads(Path(ROOT, "examples", "fhir", "bundle.json").read_text(encoding="utf-8"))
RESOURCES: list[Resource] = [entry["resource"] for entry in BUNDLE["entry"]]
INSTANCE = "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea"
REFERRAL = next(one for one in RESOURCES if one["resourceType"] == "ServiceRequest")


def search(*resources: Resource) -> Resource:
    """What a search found."""
    return {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": one} for one in resources]}


def found(kind: str) -> Resource:
    """What a search for a type finds in the record."""
    return search(*(one for one in RESOURCES if one["resourceType"] == kind))


def prefetch() -> dict[str, object]:
    """The record as it is prefetched."""
    return {
        "patient": RESOURCES[0],
        "plans": found("CarePlan"),
        "appointments": found("Appointment"),
        "scores": found("Observation"),
        "conditions": found("Condition"),
    }


def call(hook: str = "patient-view", context: Mapping[str, object] | None = None, **more: object) -> dict[str, object]:
    """A call of a hook for the patient of the record."""
    return {
        "hook": hook,
        "hookInstance": INSTANCE,
        "context": {"userId": "Practitioner/7", "patientId": "4711", **(context or {})},
        "prefetch": prefetch(),
        **more,
    }


def signing(*orders: Resource) -> dict[str, object]:
    """A call of `order-sign` with these drafts."""
    return call("order-sign", {"draftOrders": search(*orders)})


RULES = """\
rulebook: ours
version: 1.0.0
status: active
title: Ours
owner: Tests
review_by: 2099-01-01
sources: {{text: {{title: A text, grade: consensus}}}}
rules:
  - id: long-enough
    finds: long_enough
    title: Therapy has lasted for a while
    sources: [text]
    when: {{fact: treatment.duration, at_least: {months} months}}
"""


def write_rules(folder: Path, months: object) -> None:
    """Write a rulebook of our own into a folder; with something else than a number it is none that loads."""
    # Written beside and moved into place: whoever reads at this moment reads the one or the other.
    new = folder / "rules.new"
    new.write_text(RULES.format(months=months), encoding="utf-8")
    new.replace(folder / "rules.yaml")
