"""Coming to sessions: no-shows and cancellations apart, rates, rows, gaps."""

from __future__ import annotations

from datetime import date

import pytest

from cdsrules.model.facts import NEVER, Elapsed, Reason
from tests.client_documents import Document, days_before, sessions, weekly
from tests.measures.asking import answer, ask, value, why

SINCE = "2026-06-08"  # nine weekly sessions from here end on the day asked about
EIGHT = "8 sessions"


def answered(name: str, seen: list[Document], over: str | None = None, /, **more: object) -> object:
    """The value of a fact, or why it is not known."""
    return answer(name, over, sessions=seen, **more)


@pytest.mark.parametrize(
    ("statuses", "rate"),
    [
        ("aaaaaaaaa", 100),
        ("naaaaaaaa", 100),  # the last eight
        ("annnnaaaa", 50),
        ("aanaalaca", 75),
        ("an", 50),  # fewer than eight: all there are
        ("k", Reason.TOO_FEW),
        ("", Reason.TOO_FEW),
        ("aaaaaaaax", Reason.UNDECIDABLE),
        ("xaaaaaaaa", 100),  # further back than eight
    ],
)
def test_the_rate_of_the_last_eight_planned_sessions(statuses: str, rate: object) -> None:
    assert answered("attendance.rate", weekly(statuses, SINCE), EIGHT) == rate


def test_what_the_clinician_cancelled_is_left_out_of_the_rate() -> None:
    assert answered("attendance.rate", weekly("kaaakaaaaac", "2026-05-25"), EIGHT) == 87.5


@pytest.mark.parametrize(
    ("over", "rate"),
    [
        ("60 days", 100 * 7 / 9),
        ("14 days", 100 * 2 / 3),
        ("2 sessions", 50),
        ("4 sessions", 75),
        ("20 sessions", 700 / 9),
    ],
)
def test_the_rate_over_a_window(over: str, rate: float) -> None:
    assert answered("attendance.rate", weekly("aaanaaana", SINCE), over) == rate


def test_exactly_half_is_fifty() -> None:
    assert answered("attendance.rate", weekly("annaanna", SINCE), EIGHT) == 50


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("attendance.no_shows", 3),
        ("attendance.cancellations_by_client", 2),
        ("attendance.cancellations_by_clinician", 1),
        ("attendance.late", 1),
    ],
)
def test_no_shows_and_cancellations_are_kept_apart(name: str, count: int) -> None:
    assert answered(name, weekly("nlcnkcn", SINCE), "60 days") == count
    assert answered(name, [], "60 days") == 0
    assert why(name, "60 days") is Reason.NOT_RECORDED


def test_a_window_includes_its_first_day() -> None:
    seen = sessions({days_before(60): "no_show", days_before(61): "no_show"})

    assert answered("attendance.no_shows", seen, "60 days") == 1
    assert answered("attendance.no_shows", seen, "61 days") == 2


def test_a_window_in_sessions_begins_with_the_session_attended_so_many_ago() -> None:
    seen = weekly("nananan", SINCE)

    assert answered("attendance.no_shows", seen, "1 session") == 1
    assert answered("attendance.no_shows", seen, "2 sessions") == 2
    assert answered("attendance.no_shows", seen, "3 sessions") == 3
    assert answered("attendance.no_shows", seen, "4 sessions") == 4


def test_who_cancelled_matters_to_cancellations_only() -> None:
    seen = weekly("anx", SINCE)

    assert answered("attendance.no_shows", seen, "60 days") == 1
    assert answered("attendance.cancellations_by_client", seen, "60 days") is Reason.UNDECIDABLE
    assert answered("attendance.cancellations_by_clinician", seen, "60 days") is Reason.UNDECIDABLE
    assert "22 June 2026" in ask("attendance.rate", EIGHT, sessions=seen).because  # type: ignore[union-attr]


def test_sessions_before_the_treatment_do_not_count() -> None:
    seen = sessions({"2025-12-29": "no_show", "2026-01-05": "no_show"})

    assert answered("attendance.no_shows", seen, "12 months") == 1


def test_a_record_that_begins_inside_the_window_leaves_it_unknown() -> None:
    seen = weekly("aaa", "2026-07-20")
    since = {"recorded_since": {"sessions": "2026-07-01"}}

    assert answered("attendance.no_shows", seen, "30 days", **since) == 0
    assert answered("attendance.no_shows", seen, "60 days", **since) is Reason.NOT_RECORDED
    assert answered("attendance.rate", seen, EIGHT, **since) is Reason.NOT_RECORDED
    assert answered("attendance.rate", seen, "3 sessions", **since) == 100
    assert answered("attendance.regained", seen, **since) is Reason.NOT_RECORDED


@pytest.mark.parametrize(
    ("statuses", "row"),
    [
        ("aaa", 0),
        ("aan", 1),
        ("ancn", 3),
        ("ankn", 2),  # the clinician's cancellation neither counts nor ends the row
        ("nnn", 3),
        ("anl", 0),
        ("", 0),
        ("anx", Reason.UNDECIDABLE),
        ("xan", 1),
    ],
)
def test_misses_in_a_row(statuses: str, row: object) -> None:
    assert answered("attendance.consecutive_misses", weekly(statuses, SINCE)) == row


def test_a_day_with_an_attended_session_ends_the_row() -> None:
    both = sessions({"2026-07-06": "no_show", "2026-07-20": "no_show"}) + sessions({"2026-07-13": "attended"})

    assert answered("attendance.consecutive_misses", [*both, {"date": "2026-07-20", "status": "attended"}]) == 0
    assert answered("attendance.consecutive_misses", both) == 1


def test_a_row_that_reaches_the_beginning_of_a_late_record_is_unknown() -> None:
    since = {"recorded_since": {"sessions": "2026-07-01"}}

    assert answered("attendance.consecutive_misses", weekly("nn", "2026-07-20"), **since) is Reason.NOT_RECORDED
    assert answered("attendance.consecutive_misses", weekly("an", "2026-07-20"), **since) == 1


def test_the_last_attended_session_and_the_time_since() -> None:
    seen = weekly("aaln", "2026-07-06")

    assert answered("attendance.last_attended_on", seen) == date(2026, 7, 20)
    assert answered("attendance.gap", seen) == Elapsed(date(2026, 7, 20), date(2026, 8, 3))
    assert answered("attendance.last_attended_on", weekly("nn")) is NEVER
    assert answered("attendance.gap", weekly("nn")) is Reason.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("last", "pauses", "overdue"),
    [
        (days_before(7), [], 0),
        (days_before(8), [], 1),
        (days_before(3), [], 0),
        (days_before(28), [], 21),
        (days_before(28), [{"from": days_before(20), "to": days_before(11)}], 11),
        (days_before(28), [{"from": days_before(40), "to": days_before(25)}], 18),
        (days_before(28), [{"from": days_before(25)}], 0),
    ],
)
def test_days_past_the_planned_interval(last: str, pauses: list[Document], overdue: int) -> None:
    treatment = {"planned_interval_days": 7, "pauses": pauses}

    assert answered("attendance.overdue_days", sessions({last: "attended"}), treatment=treatment) == overdue


def test_overdue_needs_an_interval_and_a_session() -> None:
    assert answered("attendance.overdue_days", weekly("a")) is Reason.NOT_RECORDED
    assert answered("attendance.overdue_days", [], treatment={"planned_interval_days": 7}) is Reason.NOT_APPLICABLE
    assert why("attendance.overdue_days") is Reason.NOT_RECORDED


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ("aanncaaa", True),
        ("ancaaaaaa", True),
        ("naacaaaaa", False),  # one of the two misses lies further back than eight
        ("anaacaaa", True),
        ("nnnnnaaa", True),
        ("aaaaaaaa", False),
        ("nnnaa", False),
        ("nnaaa", True),
        ("nnaax", Reason.UNDECIDABLE),
        ("", False),
    ],
)
def test_regained_attendance(statuses: str, expected: object) -> None:
    assert answered("attendance.regained", weekly(statuses, SINCE)) is expected


@pytest.mark.parametrize(
    "name",
    ["consecutive_misses", "last_attended_on", "gap", "overdue_days", "regained"],
)
def test_without_a_list_of_sessions_nothing_is_known(name: str) -> None:
    assert why(f"attendance.{name}") is Reason.NOT_RECORDED


def test_without_a_list_of_sessions_no_rate_is_known() -> None:
    assert why("attendance.rate", EIGHT) is Reason.NOT_RECORDED


@pytest.mark.parametrize("name", ["last_attended_on", "gap"])
def test_no_attended_session_in_a_late_record_is_unknown(name: str) -> None:
    assert answered(f"attendance.{name}", [], recorded_since={"sessions": "2026-03-01"}) is Reason.NOT_RECORDED


def test_what_was_missed_can_be_cited() -> None:
    found = ask("attendance.no_shows", "60 days", sessions=weekly("nan", SINCE))

    assert [(one.path, one.label, one.on) for one in found.evidence] == [
        ("$.sessions[0]", "no-show", date(2026, 6, 8)),
        ("$.sessions[2]", "no-show", date(2026, 6, 22)),
    ]
    assert value("attendance.no_shows", "60 days", sessions=weekly("nan", SINCE)) == 2
