"""How somebody finds a resource in their own software: what it is, in its own words, and its day."""

from __future__ import annotations

from datetime import timedelta, tzinfo
from typing import Final

from cdsrules.adapters.fhir.dates import Span, choice, read_date, start_of
from cdsrules.adapters.fhir.notices import quoted
from cdsrules.adapters.fhir.walk import Node, all_codes, node, nodes, text
from cdsrules.model.saying import say_date

_KINDS: Final = {
    "Flag": "flag",
    "Condition": "diagnosis",
    "Observation": "observation",
    "QuestionnaireResponse": "questionnaire",
    "Appointment": "appointment",
    "Encounter": "encounter",
    "CarePlan": "care plan",
    "Goal": "goal",
    "MedicationRequest": "prescription",
    "MedicationStatement": "medication",
    "ServiceRequest": "request",
    "Task": "task",
    "Procedure": "procedure",
    "RiskAssessment": "risk assessment",
}
# Where the types that are read have the day that clinicians know them by.
_CHOICES: Final = ("effective", "performed", "occurrence")
_DATES: Final = ("authored", "recordedDate", "authoredOn", "start", "startDate", "issued")


def said_in(concept: Node) -> str | None:
    """Return the words of a CodeableConcept, or of the first of its codings that has some."""
    return text(concept, "text") or next(filter(None, (text(one, "display") for one in nodes(concept, "coding"))), None)


def in_words_and_codes(resource: Node) -> str:
    """Return what a resource says that it is, in its own words where it has some and by its codes."""
    said, codes = said_in(node(resource, "code")), ", ".join(all_codes(resource, "code")) or "without a code"
    return f"{quoted(said)}; {codes}" if said else codes


def called(resource: Node, of_day: str = "") -> str:
    """Return what a resource is, in its own words: the flag “Needs an interpreter”. `of_day` follows them.

    Nobody reads the words but people: a text never makes a sign of risk, and may be one.
    """
    said = said_in(node(resource, "code"))
    if said:
        return f"the {_kind(resource)} {quoted(said)}{of_day}"
    wordless = " without words" if text(resource, "resourceType") == "Flag" else ""
    return f"{_a(_kind(resource))}{of_day}{wordless}"


def found_by(resource: Node, zone: tzinfo) -> str:
    """Return what a resource is, in its own words, and of which day: the flag “Watch him” of 3 May 2026."""
    return called(resource, of_its_day(resource, zone))


def found_without_words(resource: Node, zone: tzinfo) -> str:
    """Return what a resource is and of which day, and nothing that it says: an observation of 3 May 2026."""
    return f"{_a(_kind(resource))}{of_its_day(resource, zone)}"


def of_its_day(resource: Node, zone: tzinfo) -> str:
    """Return the day of a resource as words that follow what it is: " of 3 May 2026"; nothing where it has none."""
    span = _span(resource, zone)
    return f" of {_in_words(span)}" if span is not None else ""


def _span(resource: Node, zone: tzinfo) -> Span | None:
    chosen = (choice(resource, name, zone) for name in _CHOICES)
    dated = (read_date(text(resource, name), zone) for name in _DATES)
    begun = (start_of(resource, "period", zone), choice(resource, "onset", zone))
    return next((span for span in (*chosen, *dated, *begun) if span is not None), None)


def _in_words(span: Span) -> str:
    """The first day; of a whole month or year, as dates in part are read, the month or the year."""
    first, after = span.first, span.last + timedelta(days=1)
    if (first.day, first.month, after.day, after.month, after.year) == (1, 1, 1, 1, first.year + 1):
        return str(first.year)
    if first.day == after.day == 1 and (after.year - first.year) * 12 + after.month - first.month == 1:
        return say_date(first).partition(" ")[2]
    return say_date(first)


def _kind(resource: Node) -> str:
    kind = text(resource, "resourceType") or "resource"
    return _KINDS.get(kind, kind)


def _a(kind: str) -> str:
    return f"{'an' if kind[:1] in 'aeiouAEIOU' else 'a'} {kind}"
