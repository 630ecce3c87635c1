"""Psychotropic medication from MedicationRequests and MedicationStatements: that, since when, never which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from cdsrules.adapters.fhir.dates import Span, end_of, read_date, start_of
from cdsrules.adapters.fhir.notices import Notice, about
from cdsrules.adapters.fhir.resources import Gathered
from cdsrules.adapters.fhir.settings import FhirSettings
from cdsrules.adapters.fhir.walk import Node, all_codes, name_of, nodes, reference, text

_TAKEN: Final = frozenset({"active"})
_NOT_TAKEN: Final = frozenset({"stopped", "completed", "on-hold", "cancelled", "not-taken"})


def read_medication(
    gathered: Gathered, settings: FhirSettings, *, complete: bool
) -> tuple[dict[str, object] | None, tuple[Notice, ...]]:
    """Return the `medication` of a document, or None where nothing says anything, and notices.

    `complete` says that the record holds every prescription: only then does none mean that
    none is taken. What a record cannot tell as psychotropic or not is named.
    """
    notices: list[Notice] = []
    events: list[tuple[date, str]] = []
    taken: list[bool | None] = []
    known = {name_of(one): one for one in gathered.of("Medication")}
    for resource in (*gathered.of("MedicationRequest"), *gathered.of("MedicationStatement")):
        status = text(resource, "status")
        if status not in _TAKEN | _NOT_TAKEN or text(resource, "intent") in ("proposal", "plan", "option"):
            continue  # a draft or a proposal: nothing that is taken yet
        psychotropic = is_psychotropic(resource, known, settings)
        if psychotropic is False:
            continue
        if psychotropic is None:
            notices.append(
                about(resource, "which medication it is cannot be told, so whether it is psychotropic is unknown")
            )
        taken.append(psychotropic if status in _TAKEN else (False if psychotropic else None))
        if psychotropic:
            events += _events(resource, settings, notices)
    current = _current(taken, complete=complete)
    if current is None and not events:
        return None, tuple(notices)
    found: dict[str, object] = {} if current is None else {"current": current}
    found["events"] = [{"date": str(day), "kind": kind} for day, kind in sorted(set(events))]
    return found, tuple(notices)


def _current(taken: Sequence[bool | None], *, complete: bool) -> bool | None:
    if True in taken:
        return True
    return False if complete and None not in taken else None


def is_psychotropic(resource: Node, known: Mapping[str, Node], settings: FhirSettings) -> bool | None:
    """Return whether the medication is psychotropic by its codes; None where no code of a known system says."""
    codes = all_codes(resource, "medicationCodeableConcept")
    named = reference(resource, "medicationReference")
    if named is not None:
        inside = {f"#{text(one, 'id')}": one for one in nodes(resource, "contained")}
        target = known.get(named) or inside.get(named)
        codes += all_codes(target, "code") if target is not None else ()
    if any(code.startswith(beginning) for code in codes for beginning in settings.psychotropic):
        return True
    systems = {beginning.partition("|")[0] for beginning in settings.psychotropic}
    return False if any(code.partition("|")[0] in systems for code in codes) else None


def _events(resource: Node, settings: FhirSettings, notices: list[Notice]) -> list[tuple[date, str]]:
    found = []
    began = _began(resource, settings)
    kind = "changed" if reference(resource, "priorPrescription") else "started"
    if began is not None and began.day is not None:
        found.append((began.day, kind))
    elif began is not None and began.at is None:
        notices.append(about(resource, f"when it was {kind} is no full date and is left out"))
    ended = _ended(resource, settings)
    if ended is not None and ended.day is not None:
        found.append((ended.day, "stopped"))
    return found


def _began(resource: Node, settings: FhirSettings) -> Span | None:
    if text(resource, "resourceType") == "MedicationRequest":
        return read_date(text(resource, "authoredOn"), settings.zone)
    began = start_of(resource, "effectivePeriod", settings.zone)
    return began or read_date(text(resource, "effectiveDateTime"), settings.zone)


def _ended(resource: Node, settings: FhirSettings) -> Span | None:
    over = text(resource, "status") in ("stopped", "completed")
    return end_of(resource, "effectivePeriod", settings.zone) if over else None
