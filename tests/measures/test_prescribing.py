"""Medication that a prescriber or pharmacist should hear of: what opens it, what closes it, what is not known."""

from __future__ import annotations

from datetime import date
from unittest.mock import ANY

import pytest

from cdsrules.model.condition import FactKey
from cdsrules.model.facts import Known, Measured, Reason, Unknown
from tests.client_documents import AS_OF, Document, document
from tests.measures.asking import answer, ask, facts_of, value, why

FLAGGED = "2026-07-06"
BEFORE = "2026-07-05"
AFTER = "2026-07-07"
BORN_YOUNG = "2004-02-01"
BORN_EARLIER = "1988-02-01"

SIDE_EFFECT = "medication.side_effect.open"
YOUNG = "medication.new_in_young.open"
PREGNANCY = "medication.in_pregnancy.open"


def events(*noted: tuple[str, str], **more: object) -> Document:
    return {"events": [{"date": day, "kind": kind} for day, kind in noted], **more}


def young(**more: object) -> Document:
    return {"birth_date": BORN_YOUNG, **more}


def without_birth_date(medication: Document, **client: object) -> Measured:
    """Whether something is new in a young person, of a client of whom only this is known."""
    given = document(medication=medication)
    given["client"] = {"id": "c-1", **client}
    return facts_of(given).get(FactKey(YOUNG))


def done(action: str, day: str) -> list[Document]:
    return [{"action": action, "date": day, "status": "done"}]


# ---- A possible side effect


def test_a_possible_side_effect_is_open_until_somebody_was_asked() -> None:
    flagged = (FLAGGED, "possible_side_effect")

    assert value(SIDE_EFFECT, medication=events(flagged)) is True
    assert value(SIDE_EFFECT, medication=events(flagged, (BEFORE, "prescriber_contacted"))) is True
    assert value(SIDE_EFFECT, medication=events(flagged, (FLAGGED, "prescriber_contacted"))) is False
    assert value(SIDE_EFFECT, medication=events(flagged, (AFTER, "prescriber_contacted"))) is False
    assert value(SIDE_EFFECT, medication=events(flagged, ("2026-08-04", "prescriber_contacted"))) is True  # not yet
    assert value(SIDE_EFFECT, medication=events(flagged, (AFTER, "stopped"), (AFTER, "evaluated"))) is True
    assert value(SIDE_EFFECT, medication=events(("2019-05-01", "possible_side_effect"))) is True  # however old


@pytest.mark.parametrize("action", ["contact_prescriber", "medication_review"])
def test_what_was_recorded_as_done_closes_it_as_well(action: str) -> None:
    flagged = events((FLAGGED, "possible_side_effect"))

    assert value(SIDE_EFFECT, medication=flagged, actions=done(action, AFTER)) is False
    assert value(SIDE_EFFECT, medication=flagged, actions=done(action, BEFORE)) is True
    declined = [{"action": action, "date": AFTER, "status": "declined"}]
    assert value(SIDE_EFFECT, medication=flagged, actions=declined) is True


def test_a_new_side_effect_opens_it_again() -> None:
    medication = events((BEFORE, "possible_side_effect"), (FLAGGED, "prescriber_contacted"))

    assert value(SIDE_EFFECT, medication=medication) is False
    again = events((BEFORE, "possible_side_effect"), (FLAGGED, "prescriber_contacted"), (AFTER, "possible_side_effect"))
    found = ask(SIDE_EFFECT, medication=again)
    assert isinstance(found, Known)
    assert [(one.label, one.on) for one in found.evidence] == [("possible side effect flagged", date(2026, 7, 7))]


def test_without_a_list_nobody_knows_of_side_effects() -> None:
    assert value(SIDE_EFFECT, medication=events()) is False
    assert why(SIDE_EFFECT) is Reason.NOT_RECORDED
    assert why(SIDE_EFFECT, medication={"current": True}) is Reason.NOT_RECORDED
    assert why(SIDE_EFFECT, medication=events(), recorded_since={"medication": "2026-03-01"}) is Reason.NOT_RECORDED


# ---- Begun or changed in a young person


@pytest.mark.parametrize("kind", ["started", "changed"])
def test_medication_begun_or_changed_in_a_young_person(kind: str) -> None:
    assert value(YOUNG, client=young(), medication=events((FLAGGED, kind))) is True
    assert value(YOUNG, client=young(), medication=events((FLAGGED, kind), (FLAGGED, "prescriber_contacted"))) is False
    assert value(YOUNG, client=young(), medication=events((FLAGGED, kind), (BEFORE, "prescriber_contacted"))) is True
    assert value(YOUNG, client={"birth_date": BORN_EARLIER}, medication=events((FLAGGED, kind))) is False


@pytest.mark.parametrize("kind", ["stopped", "evaluated", "declined"])
def test_other_events_are_neither(kind: str) -> None:
    assert value(YOUNG, client=young(), medication=events((FLAGGED, kind))) is False


def test_stopping_it_again_settles_nothing() -> None:
    assert value(YOUNG, client=young(), medication=events((FLAGGED, "started"), (AFTER, "stopped"))) is True


@pytest.mark.parametrize(
    ("born", "day", "expected"),
    [
        ("2001-07-06", FLAGGED, False),  # twenty-five that day
        ("2001-07-07", FLAGGED, True),  # the day before, and of age since: it does not close by itself
        ("2001-08-04", "2024-03-01", True),  # before the treatment, and still so young today
        ("2001-08-03", "2024-03-01", False),  # before the treatment, and no longer
    ],
)
def test_the_age_is_that_of_the_day_it_was_begun(born: str, day: str, expected: bool) -> None:
    assert AS_OF == "2026-08-03"
    assert value(YOUNG, client={"birth_date": born}, medication=events((day, "started"))) is expected


@pytest.mark.parametrize(
    ("band", "expected"),
    [((18, 24), True), ((25, 34), False), ((20, 29), Reason.NOT_RECORDED)],
)
def test_an_age_band_tells_where_it_lies_on_one_side(band: tuple[int, int], expected: object) -> None:
    found = without_birth_date(events((FLAGGED, "started")), age_band={"from": band[0], "to": band[1]})

    assert (found.value if isinstance(found, Known) else found.reason) is expected


def test_an_age_that_is_missing_is_missed_only_where_something_was_begun() -> None:
    found = without_birth_date(events((FLAGGED, "changed")))

    assert isinstance(found, Unknown)
    assert found.because == "medication was changed on 6 July 2026, and the client's age is not recorded"
    nothing, heard = events(), events((FLAGGED, "changed"), (AFTER, "prescriber_contacted"))
    assert [without_birth_date(one) for one in (nothing, heard)] == [Known(False), Known(False, ANY)]


def test_without_a_list_only_age_can_say_that_there_is_nothing() -> None:
    assert why(YOUNG, client=young()) is Reason.NOT_RECORDED
    assert isinstance(without_birth_date({}), Unknown)
    assert value(YOUNG, client={"birth_date": BORN_EARLIER}) is False
    assert why(YOUNG, client={"birth_date": "2001-03-01"}) is Reason.NOT_RECORDED  # young when the treatment began


# ---- Pregnancy


def pregnant(day: str, *, is_so: bool = True) -> Document:
    return {"date": day, "pregnant": is_so}


def expecting(*records: Document) -> Document:
    return {"birth_date": BORN_EARLIER, "pregnancy": list(records)}


def test_medication_in_pregnancy_is_open_until_somebody_was_asked() -> None:
    client = expecting(pregnant(FLAGGED))

    assert value(PREGNANCY, client=client, medication={"current": True}) is True
    assert value(PREGNANCY, client=client, medication=events(current=True)) is True
    assert value(PREGNANCY, client=client, medication=events((BEFORE, "prescriber_contacted"), current=True)) is True
    assert value(PREGNANCY, client=client, medication=events((FLAGGED, "prescriber_contacted"), current=True)) is False
    assert (
        value(PREGNANCY, client=client, medication={"current": True}, actions=done("contact_prescriber", AFTER))
        is False
    )


def test_a_later_record_of_the_same_pregnancy_opens_nothing_anew() -> None:
    heard = events((FLAGGED, "prescriber_contacted"), current=True)
    client = expecting(pregnant("2026-03-02", is_so=False), pregnant(BEFORE), pregnant(AFTER))

    assert value(PREGNANCY, client=client, medication=heard) is False
    another = expecting(pregnant("2026-03-02"), pregnant(FLAGGED, is_so=False), pregnant(AFTER))
    assert value(PREGNANCY, client=another, medication=heard) is True


def test_medication_begun_after_the_contact_opens_it_again() -> None:
    medication = events((FLAGGED, "prescriber_contacted"), (AFTER, "started"), current=True)
    found = ask(PREGNANCY, client=expecting(pregnant(BEFORE)), medication=medication)

    assert isinstance(found, Known)
    assert found.value is True
    assert [one.label for one in found.evidence] == ["pregnant", "takes psychotropic medication", "medication started"]


@pytest.mark.parametrize(
    ("medication", "expected"),
    [
        ({"current": False}, False),
        (events((FLAGGED, "started")), True),  # nobody says that it is current, but it was begun
        (events((FLAGGED, "started"), (AFTER, "stopped")), False),
        (events((FLAGGED, "stopped"), (AFTER, "changed")), True),
        (events(), Reason.NOT_RECORDED),
        ({}, Reason.NOT_RECORDED),
    ],
)
def test_whether_medication_is_taken(medication: Document, expected: object) -> None:
    assert answer(PREGNANCY, client=expecting(pregnant(FLAGGED)), medication=medication) is expected


def test_a_pregnancy_with_medication_unknown_says_both() -> None:
    found = ask(PREGNANCY, client=expecting(pregnant(FLAGGED)))

    assert isinstance(found, Unknown)
    assert found.because == (
        "the client is pregnant, and it is not recorded whether the client takes psychotropic medication"
    )


def test_where_no_pregnancy_is_known_nothing_more_is() -> None:
    medication = {"current": True}

    assert value(PREGNANCY, client=expecting(pregnant("2026-07-20", is_so=False)), medication=medication) is False
    assert (
        why(PREGNANCY, client=expecting(pregnant("2026-03-02", is_so=False)), medication=medication) is Reason.TOO_OLD
    )
    assert why(PREGNANCY, client=expecting(), medication=medication) is Reason.NOT_RECORDED
