"""Psychotropic medication from MedicationRequests and MedicationStatements: that, since when, never which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

from cdsrules.adapters.fhir.dates import Span, end_of, read_date, start_of
from cdsrules.adapters.fhir.notices import Notice, unread
from cdsrules.adapters.fhir.resources import Gathered
from cdsrules.adapters.fhir.settings import FhirSettings
from cdsrules.adapters.fhir.walk import Node, all_codes, name_of, nodes, reference, text

_TAKEN: Final = {"active": True, "stopped": False, "completed": False, "on-hold": False}
_NEVER_TAKEN: Final = frozenset({"cancelled", "not-taken"})
_NOT_YET: Final = frozenset({"draft", "intended"})


class _Said(NamedTuple):
    """What one prescription or statement says: whether the medication is taken, and when that changed."""

    taken: bool | None
    never: bool = False
    events: tuple[tuple[date, str], ...] = ()
    notices: tuple[Notice, ...] = ()


def read_medication(
    gathered: Gathered, settings: FhirSettings, *, complete: bool, kept: bool = True
) -> tuple[dict[str, object] | None, tuple[Notice, ...]]:
    """Return the `medication` of a document, or None where nothing says anything, and notices.

    `complete` says that the record holds every prescription: only then does none mean that
    none is taken; where it may be that nobody keeps them there (not `kept`), only of what was
    taken before. What a record cannot tell as psychotropic or as taken is named.
    """
    known = {name_of(one): one for one in gathered.of("Medication")}
    said: list[_Said] = []
    for resource in (*gathered.of("MedicationRequest"), *gathered.of("MedicationStatement")):
        psychotropic = is_psychotropic(resource, known, settings)
        if psychotropic is not False and not _is_to_come(resource):
            said.append(_said(resource, settings) if psychotropic else _not_told(resource))
    taken = [one.taken for one in said if not one.never]
    current = _current(taken, complete=complete and (kept or bool(taken)))
    events = sorted({event for one in said for event in one.events})
    notices = tuple(notice for one in said for notice in one.notices)
    if current is None and not events:
        return None, notices
    found: dict[str, object] = {} if current is None else {"current": current}
    found["events"] = [{"date": str(day), "kind": kind} for day, kind in events]
    return found, notices


def _current(taken: Sequence[bool | None], *, complete: bool) -> bool | None:
    if True in taken:
        return True
    return False if complete and None not in taken else None


def _is_to_come(resource: Node) -> bool:
    """Whether medication is only drafted, proposed or intended: nothing that is taken yet."""
    return text(resource, "status") in _NOT_YET or text(resource, "intent") in ("proposal", "plan", "option")


def _not_told(resource: Node) -> _Said:
    return _Said(
        None,
        notices=(unread(resource, "which medication it is cannot be told, so whether it is psychotropic is unknown"),),
    )


def _said(resource: Node, settings: FhirSettings) -> _Said:
    """What psychotropic medication says; what was withdrawn before it was taken has neither begun nor ended."""
    status = text(resource, "status")
    if status in _NEVER_TAKEN:
        return _Said(taken=False, never=True)
    if status not in _TAKEN:
        named = f"its status is {status or 'not given'}, so whether the medication is taken is unknown"
        return _Said(None, notices=(unread(resource, named),))
    changes = [("changed" if reference(resource, "priorPrescription") else "started", _began(resource, settings))]
    if status in ("stopped", "completed"):
        changes.append(("stopped", end_of(resource, "effectivePeriod", settings.zone)))
    dated = [(kind, span) for kind, span in changes if span is not None]
    return _Said(
        _TAKEN[status],
        events=tuple((span.day, kind) for kind, span in dated if span.day is not None),
        notices=tuple(
            unread(resource, f"it does not say on which day it was {kind}, and that is left out")
            for kind, span in dated
            if span.day is None
        ),
    )


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


def _began(resource: Node, settings: FhirSettings) -> Span | None:
    if text(resource, "resourceType") == "MedicationRequest":
        return read_date(text(resource, "authoredOn"), settings.zone)
    began = start_of(resource, "effectivePeriod", settings.zone)
    return began or read_date(text(resource, "effectiveDateTime"), settings.zone)
