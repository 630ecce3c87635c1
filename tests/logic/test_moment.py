from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given

from cdsrules.logic.moment import Moment
from cdsrules.model.time import Duration
from tests.logic.sample import AS_OF, MOMENT, length
from tests.logic.strategies import moments, session_counts


@pytest.mark.parametrize(
    ("window", "start"),
    [
        ("60 days", date(2026, 6, 4)),
        ("0 days", AS_OF),
        ("1 week", date(2026, 7, 27)),
        ("6 months", date(2026, 2, 3)),
        ("1 year", date(2025, 8, 3)),
    ],
)
def test_a_calendar_window_begins_so_long_ago_inclusive(window: str, start: date) -> None:
    assert MOMENT.window_start(length(window)) == start


def test_a_month_window_from_a_long_month_is_clamped() -> None:
    assert Moment(date(2026, 3, 31)).window_start(length("1 month")) == date(2026, 2, 28)


def test_a_window_longer_than_the_calendar_holds_everything() -> None:
    assert MOMENT.window_start(length("9999 years")) == date.min


@pytest.mark.parametrize(
    ("window", "start"),
    [("1 session", date(2026, 7, 29)), ("3 sessions", date(2026, 7, 15)), ("5 sessions", date(2026, 7, 1))],
)
def test_sessions_begin_on_the_day_of_the_so_many_last_attended(window: str, start: date) -> None:
    assert MOMENT.window_start(length(window)) == start


def test_fewer_sessions_than_asked_for_count_everything() -> None:
    assert MOMENT.window_start(length("6 sessions")) == date.min
    assert Moment(AS_OF, ()).window_start(length("1 session")) == date.min


def test_no_sessions_at_all_leave_only_today() -> None:
    assert MOMENT.window_start(length("0 sessions")) == AS_OF


def test_without_a_list_of_sessions_their_window_cannot_be_told() -> None:
    assert Moment(AS_OF).window_start(length("3 sessions")) is None


@given(moments(), session_counts())
def test_a_window_of_sessions_holds_as_many_as_there_are(moment: Moment, window: Duration) -> None:
    start = moment.window_start(window)
    if moment.attended is None:
        assert start is None
    else:
        assert start is not None
        held = [day for day in moment.attended if day >= start]
        assert len(held) >= min(window.amount, len(moment.attended))
