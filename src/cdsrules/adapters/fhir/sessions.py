"""Sessions from Appointments and Encounters: what was planned and what became of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from cdsrules.adapters.fhir.belonging import Identity
from cdsrules.adapters.fhir.dates import Span, period, read_day
from cdsrules.adapters.fhir.notices import Notice, about, unread
from cdsrules.adapters.fhir.settings import FhirSettings
from cdsrules.adapters.fhir.walk import Node, all_codes, name_of, nodes, text, whole_reference
from cdsrules.model.saying import say_list, say_word

_KEPT: Final = frozenset({"fulfilled", "arrived", "checked-in"})
_OPEN: Final = frozenset({"needs-action", "tentative"})
_TO_COME: Final = frozenset({"booked", "pending", "proposed", "waitlist"})
_MET: Final = frozenset({"finished", "arrived", "in-progress", "onleave", "triaged"})
_MISSED_TOGETHER: Final = "some or all of those who take part did not come, and it is not told who; it counts as missed"
_NO_DAY: Final = "it has no full date, so it is no session of a known day"
# The elements that say of which type an appointment or an encounter is.
_APPOINTMENT_TYPES: Final = ("serviceType", "appointmentType", "serviceCategory")
_ENCOUNTER_TYPES: Final = ("type", "serviceType", "class")
_REASONS: Final = "http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason|"


def read_sessions(
    appointments: Collection[Node],
    encounters: Collection[Node],
    settings: FhirSettings,
    as_of: date,
    patient: Identity,
) -> Iterator[Mapping[str, object] | Notice]:
    """Yield each session of a client document, and a notice for each record that gives none.

    An encounter that is linked to an appointment, or on the day of one that was kept, is the same session.
    `patient` says which of those who take part is the patient: of a session with others it is theirs
    alone to have declined, and of one that was missed or cancelled it is not told by whom.
    """
    planned: dict[str, tuple[date, str]] = {}
    for appointment in appointments:
        if _is_session(appointment, settings, _APPOINTMENT_TYPES):
            notice = _appointment(appointment, settings, as_of, planned, patient)
        else:
            notice = _without_a_type(appointment, _APPOINTMENT_TYPES)
        if notice is not None:
            yield notice
    held: list[tuple[date, str]] = []
    if encounters:
        known = frozenset(map(name_of, appointments))
        yield from _encounters(encounters, settings, known, planned, held, as_of=as_of)
    for day, status in sorted([*planned.values(), *held]):
        yield {"date": day.isoformat(), "status": status}


def _encounters(
    encounters: Iterable[Node],
    settings: FhirSettings,
    known: frozenset[str],
    planned: dict[str, tuple[date, str]],
    held: list[tuple[date, str]],
    *,
    as_of: date,
) -> Iterator[Notice]:
    """Put encounters to their appointments, of which all are `known`; what has none is held besides."""
    outcomes: dict[date, str] = {}
    for day, status in planned.values():
        if status == "attended" or day not in outcomes:
            outcomes[day] = status
    for encounter in encounters:
        on = _took_place(encounter, settings, as_of)
        if isinstance(on, date):
            yield from _unknown_appointments(encounter, known)
            yield from _encounter(encounter, on, planned, outcomes, held)
        elif on is not None:
            yield on


def _took_place(encounter: Node, settings: FhirSettings, as_of: date) -> date | Notice | None:
    """The day on which an encounter took place, or why it is none; a cancelled one is told by its appointment."""
    if not _is_session(encounter, settings, _ENCOUNTER_TYPES):
        return _without_a_type(encounter, _ENCOUNTER_TYPES)
    status, day = text(encounter, "status"), _first_day(period(encounter, "period", settings.zone))
    if status == "cancelled":
        return None
    if status not in _MET:
        said = about if status == "planned" and day is not None and day >= as_of else unread
        return said(encounter, f"its status is {status or 'not given'}, so it is no session that took place")
    return day or unread(encounter, _NO_DAY)


def _encounter(
    encounter: Node,
    day: date,
    planned: dict[str, tuple[date, str]],
    outcomes: dict[date, str],
    held: list[tuple[date, str]],
) -> Iterator[Notice]:
    """Put an encounter to its appointment; a session that was missed stays so unless they are linked.

    `outcomes` are those of the days: attended, or what became of the first session that was planned for it.
    """
    linked = next((name for name in _linked(encounter) if name in planned), None)
    if linked is not None:
        planned_for, _ = planned[linked]
        planned[linked] = (planned_for, "attended")
        outcomes[planned_for] = "attended"
    elif day not in outcomes:
        held.append((day, "attended"))
    elif outcomes[day] != "attended":
        missed = f"it is on the day of a session that counts as {say_word(outcomes[day])}, and not linked to it"
        yield unread(encounter, missed)


def _unknown_appointments(encounter: Node, known: frozenset[str]) -> Iterator[Notice]:
    """A notice where an encounter names appointments, and none of them is in the record."""
    linked = list(_linked(encounter))
    if linked and known.isdisjoint(linked):
        yield about(encounter, f"it names {say_list(linked)}, which is not in the record, and counts by itself")


def _linked(encounter: Node) -> Iterator[str]:
    """The appointments that an encounter names."""
    for one in nodes(encounter, "appointment"):
        name = whole_reference(one)
        if name is not None:
            yield name


def _appointment(
    appointment: Node,
    settings: FhirSettings,
    as_of: date,
    planned: dict[str, tuple[date, str]],
    patient: Identity,
) -> Notice | None:
    """Put what became of an appointment to what was planned; why it is no session, or what is not known of it."""
    day, status = read_day(text(appointment, "start"), settings.zone), text(appointment, "status")
    if status in _TO_COME:
        return _to_come(appointment, status, day, as_of)
    mine, others = patient.takes_part(appointment)
    outcome = _outcome(appointment, status, shared=others and "declined" not in mine)
    if outcome is None:
        return unread(appointment, f"its status is {status or 'not given'}, which says nothing of a session")
    if day is None:
        return unread(appointment, _NO_DAY)
    if outcome == "attended" and (unclear := _unclear_whether_they_came(mine, others=others)):
        return unread(appointment, f"it is {status}, and {unclear}, so whether they came is not known")
    own = text(appointment, "id")
    # Without an id nothing can name it, and it is a session all the same.
    planned[f"Appointment/{own}" if own else f"Appointment {len(planned)}"] = (day, outcome)
    return about(appointment, _MISSED_TOGETHER) if outcome == "no_show" and others else None


def _to_come(appointment: Node, status: str | None, day: date | None, as_of: date) -> Notice | None:
    """What is not known of an appointment that is to come, as far as it says."""
    if day is None:
        return unread(appointment, _NO_DAY) if "start" in appointment else None
    if day >= as_of:
        return None
    return unread(appointment, f"it is {status} for a day that has passed, so what became of it is not known")


def _unclear_whether_they_came(answers: frozenset[str | None], *, others: bool) -> str | None:
    """Why it is not known whether a patient came to a session that took place, by how they answered to it."""
    if "accepted" in answers:
        return None
    if "declined" in answers:
        return "the patient declined to take part"
    # Where nobody else was asked it took place with the patient, whoever left the question open.
    if others and not answers.isdisjoint(_OPEN):
        return "of several who were asked the patient did not say that they would"
    return None


def _outcome(appointment: Node, status: str | None, *, shared: bool) -> str | None:
    if status in _KEPT:
        return "attended"
    if status == "noshow":
        return "no_show"
    return _cancelled_by(appointment, shared=shared) if status == "cancelled" else None


def _cancelled_by(appointment: Node, *, shared: bool) -> str:
    """Who cancelled, by HL7's own reasons; `pat-…` and `prov-…` are kinds of the same two."""
    for code in all_codes(appointment, "cancelationReason", "cancellationReason"):
        reason = code.removeprefix(_REASONS)
        if reason != code and reason.split("-")[0] == "prov":
            return "cancelled_by_clinician"
        if reason != code and reason.split("-")[0] == "pat":
            return "cancelled" if shared else "cancelled_by_client"
    return "cancelled"


def _is_session(resource: Node, settings: FhirSettings, types: Sequence[str]) -> bool:
    return not settings.session_types or not settings.session_types.isdisjoint(all_codes(resource, *types))


def _without_a_type(resource: Node, types: Sequence[str]) -> Notice | None:
    """What has another type is another thing; what has none may have been a session."""
    if all_codes(resource, *types):
        return None
    return unread(resource, "it has no type, so whether it is a session is not known, and it does not count as one")


def _first_day(span: Span | None) -> date | None:
    """The day a session began: a period of some hours may end after midnight."""
    if span is None:
        return None
    return span.first if span.at is not None else span.day
