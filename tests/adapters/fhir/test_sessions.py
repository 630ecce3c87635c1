"""Appointments and encounters as sessions."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsrules.adapters.fhir import FhirSettings, Notice
from cdsrules.adapters.fhir.belonging import Identity
from cdsrules.adapters.fhir.sessions import read_sessions
from tests.adapters.fhir.records import Resource, appointment, coded

AS_OF = date(2026, 8, 3)
REASONS = "http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason"


def read(
    appointments: list[Resource], encounters: list[Resource] | None = None, **settings: object
) -> tuple[list[object], list[str]]:
    """The sessions as (day, status), and the reasons of the notices."""
    site = FhirSettings(**settings)  # type: ignore[arg-type]
    found = list(read_sessions(appointments, encounters or [], site, AS_OF, Identity("Patient/4711")))
    sessions: list[object] = [(one["date"], one["status"]) for one in found if not isinstance(one, Notice)]
    return sessions, [one.reason for one in found if isinstance(one, Notice)]


def encounter(name: str, status: str, start: str, **more: object) -> Resource:
    return {"resourceType": "Encounter", "id": name, "status": status, "period": {"start": start}, **more}


@pytest.mark.parametrize(
    ("status", "more", "session"),
    [
        ("fulfilled", {}, "attended"),
        ("arrived", {}, "attended"),
        ("checked-in", {}, "attended"),
        ("noshow", {}, "no_show"),
        ("cancelled", {}, "cancelled"),
        ("cancelled", {"cancelationReason": coded(REASONS, "pat")}, "cancelled_by_client"),
        ("cancelled", {"cancelationReason": coded(REASONS, "pat-crs")}, "cancelled_by_client"),
        ("cancelled", {"cancelationReason": coded(REASONS, "prov")}, "cancelled_by_clinician"),
        ("cancelled", {"cancelationReason": coded(REASONS, "prov-mcd")}, "cancelled_by_clinician"),
        ("cancelled", {"cancelationReason": coded(REASONS, "oth-weath")}, "cancelled"),
        ("cancelled", {"cancelationReason": coded("http://clinic.example", "pat")}, "cancelled"),
    ],
)
def test_what_became_of_an_appointment(status: str, more: Resource, session: str) -> None:
    assert read([appointment("a", "2026-03-02T09:00:00Z", status, **more)]) == ([("2026-03-02", session)], [])


def test_what_is_booked_is_no_session_yet() -> None:
    assert read([appointment("a", "2026-08-10T09:00:00Z", "booked")]) == ([], [])


def test_what_was_booked_for_a_day_that_passed_is_not_known() -> None:
    sessions, notices = read([appointment("a", "2026-07-27T09:00:00Z", "booked")])

    assert sessions == []
    assert notices == ["it is booked for a day that has passed, so what became of it is not known"]


@pytest.mark.parametrize("status", [None, "waiting"])
def test_a_status_that_is_none_is_named(status: str | None) -> None:
    record = appointment("a", "2026-03-02T09:00:00Z", "x")
    record["status"] = status

    assert read([record])[0] == []
    assert "which says nothing of a session" in read([record])[1][0]


@pytest.mark.parametrize("start", [None, "2026-03"])
def test_a_session_without_a_full_date_is_left_out_and_named(start: str | None) -> None:
    assert read([appointment("a", start, "fulfilled")]) == (
        [],
        ["it has no full date, so it is no session of a known day"],
    )


def test_the_day_is_that_of_the_clinic() -> None:
    late = [appointment("a", "2026-03-02T23:30:00Z", "fulfilled")]

    assert read(late, zone=ZoneInfo("Europe/Berlin"))[0] == [("2026-03-03", "attended")]


def test_an_encounter_of_an_appointment_is_the_same_session_and_shows_that_it_took_place() -> None:
    booked = appointment("a", "2026-03-02T09:00:00Z", "noshow")
    linked = encounter("e", "finished", "2026-03-02T09:20:00Z", appointment=[{"reference": "Appointment/a"}])
    alone = encounter("e", "finished", "2026-03-02T09:20:00Z")

    kept = appointment("a", "2026-03-02T09:00:00Z", "fulfilled")

    assert read([booked], [linked])[0] == [("2026-03-02", "attended")]
    assert read([kept], [alone])[0] == [("2026-03-02", "attended")]
    assert read([], [alone])[0] == [("2026-03-02", "attended")]


def test_a_missed_session_stays_missed_where_an_encounter_of_that_day_is_not_linked_to_it() -> None:
    missed = appointment("a", "2026-03-02T09:00:00Z", "noshow")
    call = encounter("e", "finished", "2026-03-02T15:00:00Z")

    assert read([missed], [call]) == (
        [("2026-03-02", "no_show")],
        ["it is on the day of a session that counts as no show, and not linked to it"],
    )


def test_two_encounters_of_one_day_without_appointments_are_two_sessions() -> None:
    two = [encounter(name, "finished", "2026-03-02T09:00:00Z") for name in ("e", "f")]

    assert len(read([], two)[0]) == 2


def test_an_encounter_over_midnight_is_of_the_day_it_began() -> None:
    held = encounter("e", "finished", "x", period={"start": "2026-03-02T23:00:00Z", "end": "2026-03-03T01:00:00Z"})

    assert read([], [held])[0] == [("2026-03-02", "attended")]


def test_an_encounter_that_did_not_take_place_is_none() -> None:
    assert read([], [encounter("e", "cancelled", "2026-03-02")]) == ([], [])
    assert read([], [encounter("e", "planned", "2026-03-02")])[0] == []


def test_only_the_kinds_that_the_site_calls_sessions_count() -> None:
    kinds = frozenset({"http://clinic.example|psychotherapy"})
    therapy = appointment("a", "2026-03-02", "fulfilled", serviceType=[coded("http://clinic.example", "psychotherapy")])
    other = appointment("b", "2026-03-09", "fulfilled", serviceType=[coded("http://clinic.example", "blood-test")])

    assert read([therapy, other], session_types=kinds) == ([("2026-03-02", "attended")], [])


def test_what_has_no_type_is_no_session_where_the_site_names_them_and_that_is_said() -> None:
    kinds = frozenset({"http://clinic.example|psychotherapy"})
    said = "it has no type, so whether it is a session is not known, and it does not count as one"

    assert read([appointment("a", "2026-03-02", "fulfilled")], session_types=kinds) == ([], [said])
    assert read([], [encounter("e", "finished", "2026-03-02")], session_types=kinds) == ([], [said])


NAMES, DAYS = ("a", "b", "c"), ("2026-03-02", "2026-03-09")
PLANNED = st.lists(st.tuples(st.sampled_from(DAYS), st.sampled_from(("fulfilled", "noshow", "cancelled"))), max_size=3)
MET = st.lists(st.tuples(st.sampled_from(DAYS), st.none() | st.sampled_from(NAMES)), max_size=4)


@given(PLANNED, MET)
def test_an_encounter_is_a_session_that_was_kept_on_its_day_or_is_told(
    planned: list[tuple[str, str]], met: list[tuple[str, str | None]]
) -> None:
    days = {name: day for name, (day, _) in zip(NAMES, planned, strict=False)}
    given = [appointment(name, day, status) for name, (day, status) in zip(NAMES, planned, strict=False)]
    held = []
    for number, (day, name) in enumerate(met):
        linked = [{"reference": f"Appointment/{name}"}] if name is not None else []
        held.append(encounter(f"e{number}", "finished", day, appointment=linked))
    sessions, notices = read(given, held)

    attended = {day for day in DAYS if (day, "attended") in sessions}
    kept = {day for day, status in planned if status == "fulfilled"} | {days[name] for _, name in met if name in days}
    by_themselves = {day for day, name in met if name not in days}
    told = [one for one in notices if "not linked to it" in one]
    assert kept <= attended <= kept | by_themselves
    assert len(by_themselves - attended) <= len(told)
    assert len(given) <= len(sessions) <= len(given) + len(met)
