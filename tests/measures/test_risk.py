"""Risk: what is open, what closes it, what is not known, and who was not reached since."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsrules.measures.catalogue import catalogue
from cdsrules.model.condition import FactKey
from cdsrules.model.facts import NEVER, Elapsed, Known, Reason, Unknown
from cdsrules.model.risk import CLOSED_BY_PROCEDURE, MEDICAL, RISK_KINDS
from tests.client_documents import AS_OF, Document, client_documents, days_before, measure, sessions
from tests.measures.asking import answer, ask, facts_of, value, why
from tests.rules.shipped import library

FLAGGED = "2026-07-06"
BEFORE = "2026-07-05"
AFTER = "2026-07-07"
DAY = date(2026, 8, 3)


def flag(kind: str, day: str = FLAGGED) -> Document:
    return {"date": day, "kind": kind}


def assessed(day: str, **more: object) -> Document:
    return {"date": day, **more}


def risk(*flags: Document, assessments: list[Document] | None = None, **more: object) -> Document:
    return {"flags": list(flags), "assessments": assessments or [], **more}


# ---- Flags


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("plan", "a flag for a suicide plan is open"),
        ("intent", "a flag for intent to die is open"),
        ("psychosis", "a flag for psychosis is open"),
    ],
)
def test_a_flag_says_what_it_is_about_where_its_word_alone_would_not(kind: str, said: str) -> None:
    assert catalogue(library().vocabulary)[f"risk.{kind}.open"].clause == said


BY_ASSESSMENT = [kind for kind in RISK_KINDS if kind not in CLOSED_BY_PROCEDURE]


@pytest.mark.parametrize("kind", BY_ASSESSMENT)
def test_a_flag_is_open_until_a_later_assessment(kind: str) -> None:
    fact = f"risk.{kind}.open"

    assert value(fact, risk=risk(flag(kind))) is True
    assert value(fact, risk=risk(flag(kind), assessments=[assessed(BEFORE)])) is True
    assert value(fact, risk=risk(flag(kind), assessments=[assessed(FLAGGED)])) is True
    assert value(fact, risk=risk(flag(kind), assessments=[assessed(FLAGGED, covers_same_day=True)])) is False
    assert value(fact, risk=risk(flag(kind), assessments=[assessed(AFTER)])) is False
    assert value(fact, risk=risk(flag(kind), assessments=[assessed("2026-08-04")])) is True  # not yet


@pytest.mark.parametrize("kind", sorted(CLOSED_BY_PROCEDURE))
def test_what_the_local_procedure_decides_no_assessment_closes(kind: str) -> None:
    fact = f"risk.{kind}.open"
    assessment = [assessed(AFTER, covers=[kind]), assessed(AFTER)]

    def response(day: str, *kinds: str) -> Document:
        return {"date": day, "kinds": list(kinds)}

    assert value(fact, risk=risk(flag(kind), assessments=assessment)) is True
    assert value(fact, risk=risk(flag(kind), responses=[response(BEFORE, kind)])) is True
    assert value(fact, risk=risk(flag(kind), responses=[response(FLAGGED, kind)])) is False
    assert value(fact, risk=risk(flag(kind), responses=[response(AFTER, kind, "mania")])) is False
    assert value(fact, risk=risk(flag(kind), responses=[response(AFTER, "mania")])) is True


def test_an_assessment_closes_only_what_it_covers() -> None:
    both = risk(flag("ideation"), flag("psychosis"), assessments=[assessed(AFTER, covers=["ideation", "plan"])])

    assert value("risk.ideation.open", risk=both) is False
    assert value("risk.psychosis.open", risk=both) is True
    assert value("risk.plan.open", risk=both) is False
    found = ask("risk.mania.open", risk=both)
    assert isinstance(found, Unknown)
    assert (found.reason, found.because) == (
        Reason.NOT_RECORDED,
        "the risk assessments on file speak of ideation and plan only",
    )


MEDICALLY = sorted(MEDICAL)


def done(action: str, day: str) -> list[Document]:
    return [{"action": action, "date": day, "status": "done"}]


@pytest.mark.parametrize("kind", MEDICALLY)
def test_what_a_physician_should_see_no_other_step_closes(kind: str) -> None:
    fact, flagged = f"risk.{kind}.open", risk(flag(kind))

    assert value(fact, risk=flagged, actions=done("risk_assessment", AFTER)) is True
    assert value(fact, risk=flagged, actions=done("medical_assessment", BEFORE)) is True
    assert value(fact, risk=flagged, actions=done("medical_assessment", FLAGGED)) is True
    assert value(fact, risk=flagged, actions=done("medical_assessment", AFTER)) is False
    assert value(fact, risk=risk(flag(kind, AFTER)), actions=done("medical_assessment", AFTER)) is True


@pytest.mark.parametrize("kind", ["ideation", "plan", "intent", "attempt"])
def test_a_medical_assessment_is_no_assessment_of_suicidality(kind: str) -> None:
    assert value(f"risk.{kind}.open", risk=risk(flag(kind)), actions=done("medical_assessment", AFTER)) is True
    assert why("risk.assessed_on", actions=done("medical_assessment", AFTER)) is Reason.NOT_RECORDED


@pytest.mark.parametrize("kind", sorted(CLOSED_BY_PROCEDURE))
def test_a_step_under_the_local_duty_closes_what_it_is_for(kind: str) -> None:
    fact, flagged = f"risk.{kind}.open", risk(flag(kind))

    assert value(fact, risk=flagged, actions=done("local_duty", BEFORE)) is True
    assert value(fact, risk=flagged, actions=done("local_duty", FLAGGED)) is False
    assert value(fact, risk=flagged, actions=done("local_duty", AFTER)) is False
    assert value("risk.ideation.open", risk=risk(flag("ideation")), actions=done("local_duty", AFTER)) is True


def test_what_is_open_beyond_thoughts() -> None:
    flags = (flag("ideation"), flag("intent"), flag("plan", BEFORE))

    assert value("risk.acute", risk=risk(*flags)) == {"intent", "plan"}
    assert value("risk.acute", risk=risk(*flags, assessments=[assessed(FLAGGED)])) == {"intent"}
    assert value("risk.acute", risk=risk(*flags, assessments=[assessed(AFTER)])) == set()
    assert why("risk.acute", risk=risk(flag("ideation"))) is Reason.NOT_RECORDED
    assert why("risk.acute", risk=risk(assessments=[assessed(AFTER, covers=["plan"])])) is Reason.NOT_RECORDED
    found = ask("risk.acute", risk=risk(*flags))
    assert [(one.label, one.on) for one in found.evidence] == [
        ("plan flagged", date(2026, 7, 5)),
        ("intent flagged", date(2026, 7, 6)),
    ]


@pytest.mark.parametrize("kind", RISK_KINDS)
def test_only_an_assessment_can_say_that_there_is_none(kind: str) -> None:
    fact = f"risk.{kind}.open"

    assert why(fact) is Reason.NOT_RECORDED
    assert why(fact, risk={}) is Reason.NOT_RECORDED
    assert why(fact, risk=risk()) is Reason.NOT_RECORDED
    assert why(fact, risk=risk(flag("mania" if kind != "mania" else "plan"))) is Reason.NOT_RECORDED
    assert value(fact, risk=risk(assessments=[assessed(BEFORE)])) is False
    done = [{"action": "risk_assessment", "date": BEFORE, "status": "done"}]
    assert value(fact, actions=done) is False


def test_a_flag_from_long_before_the_treatment_is_open_still() -> None:
    assert value("risk.attempt.open", risk=risk(flag("attempt", "2019-05-01"))) is True


def test_one_closed_and_one_new_flag_leave_it_open() -> None:
    flags = (flag("ideation", "2026-03-02"), flag("ideation"))
    found = ask("risk.ideation.open", risk=risk(*flags, assessments=[assessed("2026-03-03")]))

    assert isinstance(found, Known)
    assert found.value is True
    assert [(one.path, one.label) for one in found.evidence] == [("$.risk.flags[1]", "ideation flagged")]


def test_an_assessment_recorded_as_done_closes_earlier_days_and_not_its_own() -> None:
    def done(day: str) -> list[Document]:
        return [{"action": "risk_assessment", "date": day, "status": "done"}]

    assert value("risk.ideation.open", risk=risk(flag("ideation")), actions=done(AFTER)) is False
    assert value("risk.ideation.open", risk=risk(flag("ideation")), actions=done(FLAGGED)) is True
    declined = [{"action": "risk_assessment", "date": AFTER, "status": "declined"}]
    assert value("risk.ideation.open", risk=risk(flag("ideation")), actions=declined) is True


def test_when_something_was_flagged_and_assessed() -> None:
    flags = risk(flag("plan"), flag("plan", "2026-03-02"), assessments=[assessed(AFTER), assessed(BEFORE)])

    assert value("risk.plan.flagged_on", risk=flags) == date(2026, 7, 6)
    assert value("risk.intent.flagged_on", risk=flags) is NEVER
    assert why("risk.intent.flagged_on", risk=risk(flag("plan"))) is Reason.NOT_RECORDED
    assert value("risk.assessed_on", risk=flags) == date(2026, 7, 7)
    assert why("risk.assessed_on", risk=risk(flag("plan"))) is Reason.NOT_RECORDED
    later = [{"action": "risk_assessment", "date": "2026-07-20", "status": "done"}]
    assert value("risk.assessed_on", risk=flags, actions=later) == date(2026, 7, 20)


CLOSING = {"risk_assessment", "medical_assessment", "local_duty"}

# ---- Risk items


def phq(day: str, item: int | None = None, score: float | None = 12) -> Document:
    return measure("phq-9", day, score, **({} if item is None else {"items": {"9": item}}))


OPEN = "risk.item.open_score"


@pytest.mark.parametrize(
    ("measures", "expected"),
    [
        ([phq(FLAGGED, 1)], 1),
        ([phq(FLAGGED, 3, None)], 3),  # an incomplete questionnaire
        ([phq(FLAGGED, 1), phq("2026-07-27", 0)], 1),  # a later 0 alone does not close it
        ([phq(FLAGGED, 2), phq("2026-07-27", 1)], 2),
        ([phq("2019-05-01", 1)], 1),  # however old
        ([phq(FLAGGED, 1), phq("2026-07-27")], 1),
        ([phq(FLAGGED, 0)], 0),
        ([phq("2026-08-04", 3), phq(FLAGGED, 0)], 0),  # not yet
        ([phq(days_before(42), 0)], 0),
        ([phq(days_before(43), 0)], Reason.TOO_OLD),
        ([phq(BEFORE, 0), phq(FLAGGED)], Reason.ITEM_MISSING),
        ([phq(FLAGGED), phq(FLAGGED, 0, None)], 0),
        ([measure("gad-7", FLAGGED, 12)], Reason.NOT_APPLICABLE),
        ([], Reason.NOT_APPLICABLE),
        ([measure("core-om", FLAGGED, 12, risk_items={"9": 0, "16": 0, "24": 4, "34": 0})], 4),
        ([measure("core-om", FLAGGED, 12, risk_items={"9": 0, "16": 1})], 1),
        ([measure("core-om", FLAGGED, 12, risk_items={"9": 0, "16": 0})], Reason.ITEM_MISSING),
        ([measure("core-om", FLAGGED, 12, risk_items={"9": 0, "16": 0, "24": 0, "34": 0})], 0),
    ],
)
def test_the_highest_open_answer_to_a_risk_item(measures: list[Document], expected: object) -> None:
    found = answer(OPEN, measures=measures)

    assert found == expected
    assert not isinstance(found, bool)


@pytest.mark.parametrize(
    ("assessment", "expected"),
    [
        (assessed(BEFORE), 2),
        (assessed(FLAGGED), 2),
        (assessed(FLAGGED, covers_same_day=True), 0),
        (assessed(AFTER), 0),
        (assessed(AFTER, covers=["ideation"]), 0),
        (assessed(AFTER, covers=["psychosis"]), 2),
        (assessed("2026-08-04"), 2),
    ],
)
def test_an_assessment_of_suicidality_closes_a_risk_item(assessment: Document, expected: int) -> None:
    assert value(OPEN, measures=[phq(FLAGGED, 2)], risk=risk(assessments=[assessment])) == expected


def test_nothing_endorsed_and_an_assessment_is_nothing_open() -> None:
    after = risk(assessments=[assessed(BEFORE)])

    assert value(OPEN, measures=[], risk=after) == 0
    assert value(OPEN, measures=[phq(FLAGGED)], risk=after) == 0
    assert why(OPEN) is Reason.NOT_RECORDED


def test_an_assessment_does_not_speak_for_questionnaires_that_may_have_come_since() -> None:
    """Which came only a list of measures can say that reaches back to it; on the day itself, one made afterwards."""
    after = risk(assessments=[assessed(BEFORE)])
    begun = {"measures": AFTER}

    assert why(OPEN, risk=after) is Reason.NOT_RECORDED
    assert why(OPEN, measures=[], risk=after, recorded_since=begun) is Reason.NOT_RECORDED
    assert value(OPEN, measures=[], risk=after, recorded_since={"measures": BEFORE}) == 0
    assert why(OPEN, risk=risk(assessments=[assessed(AS_OF)])) is Reason.NOT_RECORDED
    assert value(OPEN, risk=risk(assessments=[assessed(AS_OF, covers_same_day=True)])) == 0


def test_the_newest_answer_is_cited_where_it_says_nothing_is_open() -> None:
    found = ask(OPEN, measures=[phq(FLAGGED, 0)], risk=risk(assessments=[assessed(BEFORE)]))

    assert [one.label for one in found.evidence] == ["PHQ-9 item 9: 0"]
    endorsed = ask(OPEN, measures=[phq(FLAGGED, 2)])
    assert [(one.label, one.path, one.on) for one in endorsed.evidence] == [
        ("PHQ-9 item 9: 2", "$.measures[0]", date(2026, 7, 6))
    ]


def test_when_a_risk_item_was_last_endorsed() -> None:
    fact = "risk.item.endorsed_on"
    closed = risk(assessments=[assessed(AFTER)])

    assert value(fact, measures=[phq(BEFORE, 1), phq(FLAGGED, 2)], risk=closed) == date(2026, 7, 6)
    assert value(fact, measures=[phq(FLAGGED, 0)]) is NEVER
    assert value(fact, measures=[], risk=closed) is NEVER
    assert why(fact, measures=[phq(FLAGGED)]) is Reason.ITEM_MISSING
    assert why(fact) is Reason.NOT_RECORDED


@pytest.mark.parametrize(
    ("measures", "expected"),
    [
        ([phq(FLAGGED, 0)], True),
        ([phq(BEFORE, 0), phq(FLAGGED)], False),
        ([phq(BEFORE), phq(FLAGGED, 3)], True),
        ([phq(BEFORE), phq(FLAGGED, 0, None)], False),  # of the newest total
        ([phq(FLAGGED), measure("core-om", FLAGGED, 9, risk_items={"9": 0, "16": 0, "24": 0, "34": 0})], True),
        ([measure("gad-7", FLAGGED, 12)], Reason.NOT_APPLICABLE),
        ([phq(FLAGGED, 0, None)], Reason.NOT_APPLICABLE),
    ],
)
def test_the_newest_total_came_with_its_risk_item(measures: list[Document], expected: object) -> None:
    assert answer("risk.item.recorded", measures=measures) is expected


RECORDED = "risk.recorded_on"


@pytest.mark.parametrize(
    ("measures", "assessments", "expected"),
    [
        ([phq(FLAGGED, 0)], [], date(2026, 7, 6)),
        ([phq(FLAGGED)], [], Reason.ITEM_MISSING),
        ([phq(FLAGGED)], [assessed(BEFORE)], Reason.ITEM_MISSING),  # an assessment of before says nothing of it
        ([phq(FLAGGED)], [assessed(FLAGGED)], date(2026, 7, 6)),
        ([phq(FLAGGED)], [assessed(AFTER)], date(2026, 7, 7)),
        ([phq(BEFORE, 0), phq(FLAGGED)], [assessed(BEFORE)], Reason.ITEM_MISSING),
        ([phq(BEFORE, 2), phq(FLAGGED)], [], date(2026, 7, 5)),  # open: there is more to say than that one is missing
        ([phq(days_before(43), 0)], [], date.fromisoformat(days_before(43))),  # long ago, and on record
        ([phq(days_before(43), 0)], [assessed(days_before(50))], date.fromisoformat(days_before(43))),
        ([], [], Reason.NOT_APPLICABLE),
        ([], [assessed(BEFORE)], date(2026, 7, 5)),
        ([], [assessed(BEFORE, covers=["mania"])], Reason.NOT_APPLICABLE),
    ],
)
def test_when_risk_was_last_on_record(measures: list[Document], assessments: list[Document], expected: object) -> None:
    assert answer(RECORDED, measures=measures, risk=risk(assessments=assessments)) == expected


@pytest.mark.parametrize("kind", ["ideation", "plan", "intent", "attempt"])
def test_an_open_sign_of_suicidality_is_on_record(kind: str) -> None:
    flagged = risk(flag(kind))

    assert value(RECORDED, risk=flagged) == date(2026, 7, 6)
    assert value(RECORDED, risk=flagged, measures=[]) == date(2026, 7, 6)
    assert value(RECORDED, risk=flagged, measures=[phq(AFTER)]) == date(2026, 7, 6)  # more to say than what is missing
    assert value(RECORDED, risk=flagged, measures=[phq(AFTER, 0)]) == date(2026, 7, 7)


def test_a_sign_that_is_closed_and_one_of_another_kind_say_nothing_of_suicidality_today() -> None:
    closed = risk(flag("plan", BEFORE), assessments=[assessed(FLAGGED)])

    assert answer(RECORDED, risk=closed, measures=[phq(AFTER)]) is Reason.ITEM_MISSING
    assert answer(RECORDED, risk=risk(flag("mania")), measures=[]) is Reason.NOT_APPLICABLE


# ---- What was assessed or answered before this treatment

LONG_AGO = "2006-01-05"
SAID = "the newest risk assessment is of 5 January 2006, before this treatment began (5 January 2026)"


@pytest.mark.parametrize(
    "fact",
    [f"risk.{kind}.{what}" for kind in RISK_KINDS for what in ("open", "flagged_on")]
    + ["risk.acute", "risk.disclosed_on", "risk.silence", "risk.missed_after_disclosure", "risk.recorded_on"],
)
@pytest.mark.parametrize("covers", [{}, {"covers": list(RISK_KINDS)}])
def test_an_assessment_of_before_the_treatment_says_nothing_of_now(fact: str, covers: Document) -> None:
    found = ask(fact, risk=risk(assessments=[assessed(LONG_AGO, **covers)]), measures=[])

    assert isinstance(found, Unknown)
    assert (found.reason, found.because, found.instead) == (Reason.TOO_OLD, SAID, "a risk assessment")


def test_an_assessment_belongs_to_the_treatment_from_four_weeks_before_it() -> None:
    """As a score does: who is asked at the first enquiry is not asked for it all over again."""
    within, before = "2025-12-08", "2025-12-07"

    assert value("risk.plan.open", risk=risk(assessments=[assessed(within)])) is False
    assert value(OPEN, measures=[], risk=risk(assessments=[assessed(within)])) == 0
    assert why("risk.plan.open", risk=risk(assessments=[assessed(before)])) is Reason.TOO_OLD
    assert why(OPEN, measures=[], risk=risk(assessments=[assessed(before)])) is Reason.NOT_APPLICABLE
    assert value("risk.assessed_on", risk=risk(assessments=[assessed(before)])) == date(2025, 12, 7)


def test_an_assessment_of_before_the_treatment_still_closes_what_came_before_it() -> None:
    closed = risk(flag("plan", "2006-01-01"), assessments=[assessed(LONG_AGO)])

    assert why("risk.plan.open", risk=closed) is Reason.TOO_OLD
    assert value("risk.plan.open", risk=risk(flag("plan", "2006-01-06"), assessments=[assessed(LONG_AGO)])) is True
    assert value("risk.plan.flagged_on", risk=closed) == date(2006, 1, 1)
    settled = risk(flag("safeguarding", "2006-01-01"), responses=[{"date": LONG_AGO, "kinds": ["safeguarding"]}])
    assert why("risk.safeguarding.open", risk=settled) is Reason.NOT_RECORDED


def test_an_answer_of_before_the_treatment_is_no_record_of_now() -> None:
    unknown = ask(RECORDED, measures=[phq(LONG_AGO, 0)])

    assert isinstance(unknown, Unknown)
    assert unknown.because == (
        "the newest answer to the risk item of PHQ-9 is of 5 January 2006, before this treatment began (5 January 2026)"
    )
    assert value(RECORDED, measures=[phq(LONG_AGO, 1)]) == date(2006, 1, 5)  # open, and of any age
    assert value(RECORDED, measures=[phq("2025-12-08", 0)]) == date(2025, 12, 8)


def because(**document: object) -> str:
    unknown = ask(RECORDED, **document)
    assert isinstance(unknown, Unknown)
    return unknown.because


def test_what_is_missing_is_named_by_measure_item_and_day() -> None:
    several = measure("core-om", FLAGGED, 12, risk_items={"9": 0})

    assert because(measures=[phq(FLAGGED)]) == "PHQ-9 item 9 of 6 July 2026 is not recorded"
    assert because(measures=[several]) == "CORE-OM risk items of 6 July 2026 are not all recorded"
    assert why(RECORDED) is Reason.NOT_RECORDED


def test_no_measures_no_risk_item() -> None:
    assert why("risk.item.recorded") is Reason.NOT_RECORDED


# ---- Disclosure, missed sessions, silence


@pytest.mark.parametrize("kind", ["ideation", "plan", "intent", "attempt"])
def test_a_flag_of_suicidality_is_a_disclosure(kind: str) -> None:
    assert value("risk.disclosed_on", risk=risk(flag(kind))) == date(2026, 7, 6)


def test_an_endorsed_item_is_a_disclosure_and_other_flags_are_none() -> None:
    assert value("risk.disclosed_on", measures=[phq(FLAGGED, 1)], risk=risk(flag("plan", BEFORE))) == date(2026, 7, 6)
    assert why("risk.disclosed_on", measures=[phq(FLAGGED, 0)], risk=risk(flag("mania"))) is Reason.NOT_RECORDED
    assert value("risk.disclosed_on", risk=risk(flag("mania"), assessments=[assessed(BEFORE)])) is NEVER


MISSED = "risk.missed_after_disclosure"
DISCLOSED = risk(flag("ideation"))
NO_SHOW = {"2026-07-13": "no_show"}


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (NO_SHOW, True),
        ({FLAGGED: "no_show"}, True),  # a form filled in on the day of the session that was missed
        ({BEFORE: "no_show"}, False),
        ({**NO_SHOW, "2026-07-20": "attended"}, False),
        ({**NO_SHOW, "2026-07-20": "late"}, False),
        ({**NO_SHOW, "2026-07-20": "no_show"}, True),
        ({**NO_SHOW, "2026-07-20": "cancelled_by_client"}, True),
        ({"2026-07-13": "cancelled_by_client"}, False),
        ({FLAGGED: "attended", **NO_SHOW}, True),
        ({"2026-07-09": "attended", **NO_SHOW}, True),  # seen, and never assessed
        ({}, False),
    ],
)
def test_a_session_missed_after_a_disclosure(seen: dict[str, str], expected: bool) -> None:
    assert value(MISSED, risk=DISCLOSED, sessions=sessions(seen)) is expected


@pytest.mark.parametrize(
    ("contact", "expected"),
    [
        ({"date": "2026-07-14"}, False),
        ({"date": "2026-07-13"}, True),  # it may have been before the session
        ({"date": "2026-07-13", "covers_same_day": True}, False),
        ({"date": "2026-07-12", "covers_same_day": True}, True),
    ],
)
def test_a_later_contact_answers_the_missed_session(contact: Document, expected: bool) -> None:
    assert value(MISSED, risk=DISCLOSED, sessions=sessions(NO_SHOW), client_contacts=[contact]) is expected


def test_reaching_out_may_be_recorded_as_an_action() -> None:
    def reached(day: str) -> list[Document]:
        return [{"action": "reach_out", "date": day, "status": "done"}]

    assert value(MISSED, risk=DISCLOSED, sessions=sessions(NO_SHOW), actions=reached("2026-07-14")) is False
    assert value(MISSED, risk=DISCLOSED, sessions=sessions(NO_SHOW), actions=reached("2026-07-13")) is True


@pytest.mark.parametrize(
    ("assessment", "seen", "expected"),
    [
        # Assessed on the day, not seen since: the first missed session counts.
        (assessed(FLAGGED, covers_same_day=True), {FLAGGED: "attended", **NO_SHOW}, True),
        # Assessed, and seen on a later day: behind the client.
        (assessed(FLAGGED, covers_same_day=True), {"2026-07-09": "attended", **NO_SHOW}, False),
        (assessed("2026-07-08"), {"2026-07-09": "attended", **NO_SHOW}, False),
        # Assessed only after the session was missed.
        (assessed("2026-07-20"), {"2026-07-09": "attended", **NO_SHOW}, True),
        (assessed("2026-07-13"), {"2026-07-09": "attended", **NO_SHOW}, True),
    ],
)
def test_a_disclosure_is_behind_the_client_once_assessed_and_seen_again(
    assessment: Document, seen: dict[str, str], expected: bool
) -> None:
    on_file = risk(flag("ideation"), assessments=[assessment])

    assert value(MISSED, risk=on_file, sessions=sessions(seen)) is expected


def test_a_missed_session_without_any_word_on_risk_is_unknown() -> None:
    assert why(MISSED, sessions=sessions(NO_SHOW)) is Reason.NOT_RECORDED
    assert value(MISSED, sessions=sessions(NO_SHOW), risk=risk(assessments=[assessed(BEFORE)])) is False
    assert value(MISSED, sessions=sessions({BEFORE: "attended"})) is False  # nothing was missed


def test_without_sessions_a_missed_one_is_unknown() -> None:
    assert why(MISSED, risk=DISCLOSED) is Reason.NOT_RECORDED
    assert why(MISSED) is Reason.NOT_RECORDED
    assert value(MISSED, risk=risk(assessments=[assessed(BEFORE)])) is False


def test_a_list_of_sessions_that_begins_later_may_hide_a_missed_one() -> None:
    since = {"sessions": "2026-07-20"}

    assert why(MISSED, risk=DISCLOSED, sessions=[], recorded_since=since) is Reason.NOT_RECORDED
    seen = sessions({"2026-07-20": "attended"})
    assert value(MISSED, risk=DISCLOSED, sessions=seen, recorded_since=since) is False


def test_a_missed_session_is_cited_with_the_disclosure() -> None:
    found = ask(MISSED, measures=[phq(FLAGGED, 2)], sessions=sessions(NO_SHOW))

    assert [one.label for one in found.evidence] == ["PHQ-9 item 9: 2", "no-show"]


SILENCE = "risk.silence"


@pytest.mark.parametrize(
    ("sections", "since"),
    [
        # No contact since: from the disclosure.
        ({"risk": DISCLOSED, "sessions": sessions({BEFORE: "attended"})}, date(2026, 7, 6)),
        ({"risk": DISCLOSED, "sessions": sessions({FLAGGED: "attended"})}, date(2026, 7, 6)),
        ({"measures": [phq(BEFORE, 1), phq(FLAGGED, 1)], "sessions": []}, date(2026, 7, 5)),
        # Seen, and never assessed: from the last contact.
        ({"risk": DISCLOSED, "sessions": sessions({"2026-07-20": "attended"})}, date(2026, 7, 20)),
        ({"risk": DISCLOSED, "client_contacts": [{"date": "2026-07-20"}]}, date(2026, 7, 20)),
        ({"risk": DISCLOSED, "sessions": [], "client_contacts": []}, date(2026, 7, 6)),
        # Assessed, and not seen since.
        (
            {
                "risk": risk(flag("ideation"), assessments=[assessed(FLAGGED, covers_same_day=True)]),
                "sessions": sessions({FLAGGED: "attended"}),
            },
            date(2026, 7, 6),
        ),
        # Assessed on a later day: somebody spoke with the client then.
        (
            {
                "risk": risk(flag("ideation"), assessments=[assessed("2026-07-13")]),
                "sessions": sessions({FLAGGED: "attended"}),
            },
            date(2026, 7, 13),
        ),
        # Assessed, and seen still later, but before what closed it.
        (
            {
                "risk": risk(flag("ideation"), assessments=[assessed(BEFORE), assessed("2026-07-09")]),
                "sessions": sessions({FLAGGED: "attended"}),
            },
            date(2026, 7, 9),
        ),
        # Assessed and seen again: no silence.
        (
            {
                "risk": risk(flag("ideation"), assessments=[assessed(AFTER)]),
                "sessions": sessions({"2026-07-13": "attended"}),
            },
            DAY,
        ),
        # Nothing disclosed.
        ({"risk": risk(assessments=[assessed(BEFORE)])}, DAY),
    ],
)
def test_silence_after_a_disclosure(sections: Document, since: date) -> None:
    assert value(SILENCE, **sections) == Elapsed(since, DAY)


def test_an_assessment_recorded_as_a_step_is_a_contact_too() -> None:
    done = [{"action": "risk_assessment", "date": "2026-07-13", "status": "done"}]
    assert value(SILENCE, risk=DISCLOSED, sessions=[], actions=done) == Elapsed(date(2026, 7, 13), DAY)


def test_silence_is_unknown_without_a_word_on_risk_or_on_contacts() -> None:
    assert why(SILENCE, sessions=[]) is Reason.NOT_RECORDED
    assert why(SILENCE, risk=DISCLOSED) is Reason.NOT_RECORDED


def test_the_last_contact_is_a_session_or_a_contact() -> None:
    seen = sessions({"2026-07-13": "attended", "2026-07-20": "no_show"})
    fact = "risk.contacted_on"

    assert value(fact, sessions=seen) == date(2026, 7, 13)
    assert value(fact, sessions=seen, client_contacts=[{"date": "2026-07-20"}]) == date(2026, 7, 20)
    assert value(fact, sessions=[], client_contacts=[]) is NEVER
    assert why(fact, sessions=[]) is Reason.NOT_RECORDED
    assert why(fact, client_contacts=[]) is Reason.NOT_RECORDED
    late = {"client_contacts": "2026-03-01"}
    assert why(fact, sessions=[], client_contacts=[], recorded_since=late) is Reason.NOT_RECORDED
    late = {"sessions": "2026-03-01"}
    assert why(fact, sessions=[], client_contacts=[], recorded_since=late) is Reason.NOT_RECORDED


# ---- Laws


@given(client_documents(), st.sampled_from(RISK_KINDS), st.booleans())
def test_a_new_flag_is_open_whatever_else_is_on_file(given_document: Document, kind: str, is_item: bool) -> None:
    """Unless something of the same day says that it came after, nothing can hide a flag or an endorsed item."""
    on_file = given_document.setdefault("risk", {})
    assert isinstance(on_file, dict)
    for closers in ("assessments", "responses"):
        on_file[closers] = [one for one in on_file.get(closers, []) if one["date"] != AS_OF]
    if is_item:
        measures = given_document.setdefault("measures", [])
        assert isinstance(measures, list)
        measures.append({"instrument": "phq-9", "date": AS_OF, "items": {"9": 1}})
        found = facts_of(given_document).get(FactKey(OPEN))
        assert isinstance(found, Known)
        assert isinstance(found.value, int)
        assert found.value >= 1
    else:
        actions = given_document.get("actions", [])
        assert isinstance(actions, list)
        actions[:] = [one for one in actions if one["date"] != AS_OF or one["action"] not in CLOSING]
        on_file["flags"] = [*on_file.get("flags", []), {"date": AS_OF, "kind": kind}]
        assert facts_of(given_document).get(FactKey(f"risk.{kind}.open")).value is True  # type: ignore[union-attr]


@given(client_documents(), st.sampled_from(RISK_KINDS))
def test_false_is_never_said_without_an_assessment_or_a_response(given_document: Document, kind: str) -> None:
    on_file = given_document.setdefault("risk", {})
    assert isinstance(on_file, dict)
    on_file["assessments"], on_file["responses"] = [], []
    actions = given_document.get("actions", [])
    assert isinstance(actions, list)
    actions[:] = [one for one in actions if one["action"] not in CLOSING]

    found = facts_of(given_document).get(FactKey(f"risk.{kind}.open"))

    assert not isinstance(found, Known) or found.value is True


@pytest.mark.parametrize("name", ["risk.silence", "risk.disclosed_on"])
def test_what_is_asked_for_is_the_assessment_where_that_alone_is_missing(name: str) -> None:
    found = ask(name, sessions=[], client_contacts=[])

    assert isinstance(found, Unknown)
    assert (found.because, found.instead) == ("no risk assessment is on file", "a risk assessment")


def test_a_record_that_is_missing_is_named_once() -> None:
    """The sessions are named by what a missed one would show, and the contacts by the silence."""
    disclosed = risk(flag("ideation"))
    missing = [ask(name, risk=disclosed) for name in (MISSED, "risk.silence")]

    assert [one.because for one in missing if isinstance(one, Unknown)] == [
        "no list of sessions is on file",
        "no list of contacts with the client is on file",
    ]


def test_kinds_that_only_an_earlier_assessment_speaks_of_are_not_said_to_be_assessed() -> None:
    earlier, now = assessed("2025-06-02", covers=["plan"]), assessed("2026-04-01", covers=["ideation"])

    unknown = ask("risk.plan.open", risk=risk(assessments=[earlier, now]))
    assert isinstance(unknown, Unknown)
    assert unknown.because == "the risk assessments of this treatment speak of ideation only"
