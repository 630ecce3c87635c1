"""What the clinician is about to do, read off the context of a hook: draft orders, and sessions to be booked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from itertools import pairwise
from typing import Final

from cdsrules.adapters.fhir.belonging import Identity, why_not_of
from cdsrules.adapters.fhir.dates import read_date
from cdsrules.adapters.fhir.medication import is_psychotropic
from cdsrules.adapters.fhir.references import Entry, address_of, followed
from cdsrules.adapters.fhir.requests import action_of
from cdsrules.adapters.fhir.resources import why_left_out
from cdsrules.adapters.fhir.settings import FhirSettings
from cdsrules.adapters.fhir.walk import Node, name_of, node, nodes, text

_DAYS: Final = 7
# What is called off is not booked; what does not say what becomes of it is.
_TO_BE: Final = frozenset({"proposed", "pending", "booked", "waitlist", None})


@dataclass(frozen=True, slots=True)
class Drafts:
    """Draft orders of a context, with the medication they name, and for each action the drafts that propose it."""

    orders: tuple[Node, ...]
    by_action: Mapping[str, tuple[str, ...]]


def drafts_of(context: Node, settings: FhirSettings) -> Drafts:
    """Return the draft orders, with the medication they name; where some are selected, those alone.

    Where what is selected is none of the drafts, it may be any of them.
    """
    bundle = context.get("draftOrders")
    entries = _entries(bundle) if isinstance(bundle, Mapping) else ()
    held = list(zip(entries, followed(entries)[0], strict=True))
    medication = {name_of(one): one for _, one in held if text(one, "resourceType") == "Medication"}
    drafts = [(entry, order) for entry, order in held if name_of(order) not in medication]
    selected = context.get("selections")
    if isinstance(selected, list):
        names = [one.partition("/_history/")[0] for one in selected if isinstance(one, str)]
        chosen = [(entry, order) for entry, order in drafts if any(_is_meant(name, entry, order) for name in names)]
        drafts = chosen if chosen or not names else drafts
    patient = _patient_of(context)
    by_action: dict[str, dict[str, None]] = {}
    for entry, order in drafts:
        action = _proposed(order, medication, settings)
        # A draft without an id cannot be named to be deleted.
        if (
            action is not None
            and text(entry.resource, "id")
            and not (why_left_out(order) or why_not_of(order, patient))
        ):
            by_action.setdefault(action, {})[name_of(order)] = None
    orders = (*(order for _, order in drafts), *medication.values())
    return Drafts(orders, {action: tuple(names) for action, names in by_action.items()})


def _patient_of(context: Node) -> Identity:
    return Identity(f"Patient/{str(context.get('patientId')).removeprefix('Patient/')}")


def _is_meant(name: str, entry: Entry, order: Node) -> bool:
    """Whether a name is that of a draft: type and id, with a server before them, or the id alone."""
    own = name_of(order)
    return name in (own, text(order, "id"), entry.address) or name.endswith(f"/{own}")


def _proposed(order: Node, medication: Mapping[str, Node], settings: FhirSettings) -> str | None:
    if text(order, "resourceType") == "MedicationRequest":
        return "medication_evaluation" if is_psychotropic(order, medication, settings) else None
    return action_of(order, settings)


def booking_of(context: Node, document: Mapping[str, object], zone: tzinfo) -> dict[str, object] | None:
    """Return the proposal to see the client more often that a booking makes; None where it makes none.

    It does when a booked session comes sooner after the one before it than is planned.
    """
    bundle, treatment = context.get("appointments"), document.get("treatment")
    planned = treatment.get("planned_interval_days") if isinstance(treatment, Mapping) else None
    if not isinstance(bundle, Mapping) or not isinstance(planned, int):
        return None
    patient = _patient_of(context)
    held = (one for one, _, _ in _entries(bundle) if why_not_of(one, patient) is None)
    meant = (one for one in held if text(one, "status") in _TO_BE)
    spans = (read_date(text(one, "start"), zone) for one in meant)
    booked = sorted({span.day for span in spans if span is not None and span.day})
    gaps = [(later - earlier).days for earlier, later in pairwise([*_last_session(document, booked), *booked])]
    shortest = min((gap for gap in gaps if gap > 0), default=planned)
    if shortest >= planned:
        return None
    often = {"from": round(_DAYS / planned, 2), "to": round(_DAYS / shortest, 2)}
    return {"action": "increase_frequency", "sessions_per_week": often}


def _last_session(document: Mapping[str, object], booked: Sequence[date]) -> Iterable[date]:
    """The last session that took place before the first that is booked."""
    sessions = document.get("sessions")
    held = [one for one in sessions if isinstance(one, Mapping)] if isinstance(sessions, list) else []
    kept = [date.fromisoformat(str(one["date"])) for one in held if one["status"] in ("attended", "late")]
    return [max(day for day in kept if day < booked[0])] if booked and any(day < booked[0] for day in kept) else []


def _entries(bundle: Node) -> tuple[Entry, ...]:
    held = ((entry, node(entry, "resource")) for entry in nodes(bundle, "entry"))
    return tuple(Entry(one, text(one, "resourceType") or "", address_of(entry)) for entry, one in held if one)
