"""How long, how often, by what approach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pytest

from cdsrules.model.facts import NEVER, Elapsed, Reason
from tests.client_documents import START, Document, course, days_before, sessions, weekly
from tests.measures.asking import ask, value, why

DAY = date(2026, 8, 3)


def test_treatment_lasts_from_its_first_day() -> None:
    assert value("treatment.duration") == Elapsed(date(2026, 1, 5), DAY)
    assert value("treatment.started_on") == date(2026, 1, 5)
    assert [one.path for one in ask("treatment.duration").evidence] == ["$.treatment.started_on"]


@pytest.mark.parametrize(
    ("pauses", "since"),
    [
        ([], date(2026, 1, 5)),
        ([{"from": "2026-04-01", "to": "2026-04-14"}], date(2026, 1, 19)),
        ([{"from": "2026-04-01", "to": "2026-04-01"}], date(2026, 1, 6)),
        ([{"from": "2026-04-01", "to": "2026-04-14"}, {"from": "2026-07-28"}], date(2026, 1, 26)),
        ([{"from": "2026-07-28", "to": "2026-12-31"}], date(2026, 1, 12)),  # only the days that have come
        ([{"from": "2026-08-04", "to": "2026-08-10"}], date(2026, 1, 5)),
        ([{"from": "2026-01-05"}], DAY),  # paused from the first day on
    ],
)
def test_pauses_are_left_out_of_the_duration(pauses: list[Document], since: date) -> None:
    assert value("treatment.duration", treatment={"pauses": pauses}) == Elapsed(since, DAY)


@pytest.mark.parametrize(
    ("pauses", "paused"),
    [
        ([], False),
        ([{"from": "2026-08-03", "to": "2026-08-03"}], True),
        ([{"from": "2026-07-01", "to": "2026-08-02"}], False),
        ([{"from": "2026-07-01"}], True),
        ([{"from": "2026-08-04"}], False),
    ],
)
def test_a_pause_includes_both_its_ends(pauses: list[Document], paused: bool) -> None:
    assert value("treatment.paused", treatment={"pauses": pauses}) is paused


def test_no_list_of_pauses_leaves_the_pause_unknown_but_not_the_duration() -> None:
    assert why("treatment.paused") is Reason.NOT_RECORDED
    late = {"pauses": "2026-03-01"}
    assert why("treatment.paused", treatment={"pauses": []}, recorded_since=late) is Reason.NOT_RECORDED


def test_sessions_attended_count_late_ones_and_only_those_of_this_treatment() -> None:
    seen = [*weekly("aalncckx"), *sessions({"2025-12-29": "attended"})]

    assert value("treatment.sessions_attended", sessions=seen) == 3
    assert value("treatment.sessions_attended", sessions=[]) == 0
    assert why("treatment.sessions_attended") is Reason.NOT_RECORDED
    since = {"sessions": "2026-01-12"}
    assert why("treatment.sessions_attended", sessions=seen, recorded_since=since) is Reason.NOT_RECORDED


def test_a_record_that_begins_with_the_treatment_is_complete() -> None:
    since = {"sessions": START}

    assert value("treatment.sessions_attended", sessions=weekly("aa"), recorded_since=since) == 2


def test_the_planned_interval() -> None:
    assert value("treatment.planned_interval", treatment={"planned_interval_days": 14}) == 14
    assert why("treatment.planned_interval") is Reason.NOT_RECORDED


@pytest.mark.parametrize(
    ("days", "interval"),
    [
        ((0, 7, 14), 7),
        ((0, 7, 21, 28), 7),
        ((0, 7, 21, 35), 14),
        ((0, 7, 21), 10.5),
        ((0, 0, 7, 14), 7),  # twice on one day is one day
        ((0, 30, 60, 90, 97, 104, 111, 118, 125, 132), 7),  # the last eight only
    ],
)
def test_the_actual_interval_is_the_median_of_the_last_gaps(days: tuple[int, ...], interval: float) -> None:
    seen = [{"date": days_before(150 - day), "status": "attended"} for day in days]

    assert value("treatment.session_interval", sessions=seen) == interval


def test_two_attended_sessions_are_too_few_for_an_interval() -> None:
    assert why("treatment.session_interval", sessions=weekly("ana")) is Reason.TOO_FEW
    assert why("treatment.session_interval") is Reason.NOT_RECORDED


CBT = {"modality": "cbt", "since": START}
ACT = {"modality": "act", "since": "2026-06-05"}


def test_the_present_approach_is_the_one_begun_last() -> None:
    treatment = {"approaches": [ACT, CBT], "pauses": [{"from": "2026-07-01", "to": "2026-07-03"}]}

    assert value("approach.duration", treatment=treatment) == Elapsed(date(2026, 6, 8), DAY)
    assert value("approach.changed_on", treatment=treatment) == date(2026, 6, 5)


def test_the_first_approach_is_no_change() -> None:
    assert value("approach.changed_on", treatment={"approaches": [CBT]}) is NEVER
    assert value("approach.changes", "12 months", treatment={"approaches": [CBT]}) == 0


def test_a_record_of_approaches_that_begins_later_may_hide_a_change() -> None:
    late = {"treatment": {"approaches": [CBT]}, "recorded_since": {"approaches": "2026-03-01"}}

    assert why("approach.changed_on", **late) is Reason.NOT_RECORDED
    assert why("approach.changes", "12 months", **late) is Reason.NOT_RECORDED
    assert value("approach.changes", "60 days", **late) == 0


@pytest.mark.parametrize(("over", "changes"), [("59 days", 1), ("58 days", 0), ("6 months", 1)])
def test_changes_of_approach_in_a_window(over: str, changes: int) -> None:
    assert value("approach.changes", over, treatment={"approaches": [CBT, ACT]}) == changes


@pytest.mark.parametrize("approaches", [{}, {"approaches": []}])
def test_no_approach_on_file(approaches: Document) -> None:
    assert why("approach.duration", treatment=approaches) is Reason.NOT_RECORDED
    assert why("approach.changed_on", treatment=approaches) is Reason.NOT_RECORDED
    assert why("approach.changes", "60 days", treatment=approaches) is Reason.NOT_RECORDED


def test_windows_counted_in_sessions_need_sessions() -> None:
    treatment = {"approaches": [CBT, ACT]}

    assert why("approach.changes", "3 sessions", treatment=treatment) is Reason.NOT_RECORDED
    assert value("approach.changes", "3 sessions", treatment=treatment, sessions=weekly("aaaa", "2026-06-01")) == 0
    assert value("approach.changes", "4 sessions", treatment=treatment, sessions=weekly("aaaa", "2026-06-01")) == 1
    assert value("approach.changes", "9 sessions", treatment=treatment, sessions=weekly("aaaa", "2026-06-01")) == 1


def under(approaches: Sequence[Mapping[str, object]], scores: Mapping[str, float]) -> Document:
    primary = {"instrument": "phq-9", "definition": "nhs"}
    return {
        "treatment": {"approaches": list(approaches), "primary_measure": primary},
        "measures": course("phq-9", dict(scores)),
    }


@pytest.mark.parametrize(
    ("first", "latest", "gain"),
    [(17, 14, 50), (17, 15, 33.333333), (17, 11, 100), (17, 17, 0), (14, 17, -50), (11, 17, -100)],
)
def test_the_gain_under_an_approach_is_a_share_of_a_reliable_change(first: float, latest: float, gain: float) -> None:
    assert value("approach.gain", **under([CBT], {START: first, "2026-07-27": latest})) == gain


def test_the_gain_counts_from_the_present_approach_on() -> None:
    """Not what came under the approach before: it is compared with the score from around the change."""
    scores = {START: 23, "2026-05-08": 14, "2026-07-03": 13, "2026-07-27": 11}

    assert value("approach.gain", **under([CBT, ACT], scores)) == 50
    assert value("approach.gain", **under([CBT, ACT], {**scores, "2026-05-07": 23})) == 50
    assert [one.path for one in ask("approach.gain", **under([CBT, ACT], scores)).evidence] == [
        "$.treatment.approaches[1]",
        "$.measures[1]",
        "$.measures[3]",
    ]


def test_why_a_gain_under_an_approach_is_not_known() -> None:
    scores: dict[str, float] = {START: 17, "2026-07-27": 14}

    assert why("approach.gain", **under([], scores)) is Reason.NOT_RECORDED
    assert why("approach.gain", **under([CBT, ACT], scores)) is Reason.NOT_RECORDED
    assert why("approach.gain", **under([CBT, {**ACT, "since": "2026-07-20"}], scores)) is Reason.TOO_FEW
    assert why("approach.gain", **under([CBT], {START: 17, "2026-06-01": 14})) is Reason.TOO_OLD
    assert why("approach.gain", treatment={"approaches": [CBT]}) is Reason.NOT_RECORDED
    cut_off_only = {"approaches": [CBT], "primary_measure": {"instrument": "phq-9", "definition": "remission"}}
    assert why("approach.gain", treatment=cut_off_only, measures=course("phq-9", scores)) is Reason.NOT_APPLICABLE
