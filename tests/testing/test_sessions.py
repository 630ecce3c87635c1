"""Sessions said in one line become the list that a client document has."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsrules.testing.sessions import MOST, OTHERWISE, sessions_of


def listed(line: str) -> list[tuple[object, object]]:
    return [(one["date"], one["status"]) for one in sessions_of(line) if isinstance(one, dict)]


def test_what_went_otherwise_takes_up_a_day_of_the_rhythm() -> None:
    found = listed("weekly from 2026-01-06, 24 attended, no_show 2026-05-05, cancelled_by_client 2026-03-03")
    assert len(found) == 26
    assert found[0] == ("2026-01-06", "attended")
    assert ("2026-05-05", "no_show") in found
    assert [status for _, status in found].count("attended") == 24


def test_the_last_sessions_may_have_gone_otherwise() -> None:
    assert listed("fortnightly from 2026-01-06, 1 attended, late 2026-01-20, no_show 2026-02-03") == [
        ("2026-01-06", "attended"),
        ("2026-01-20", "late"),
        ("2026-02-03", "no_show"),
    ]


@given(
    first=st.dates(date(2000, 1, 1), date(2030, 1, 1)),
    step=st.integers(1, 60),
    attended=st.integers(1, 60),
    others=st.dictionaries(st.integers(0, 30), st.sampled_from(OTHERWISE), max_size=5),
)
def test_a_line_gives_as_many_as_it_says(first: date, step: int, attended: int, others: dict[int, str]) -> None:
    """Every day that is named has to be one of the rhythm; here they are by construction, unless it has ended."""
    named = {first + timedelta(days=step * place): status for place, status in others.items() if place < attended}
    line = f"every {step} days from {first}, {attended} attended"
    found = listed(line + "".join(f", {status} {day}" for day, status in named.items()))
    days = [date.fromisoformat(str(day)) for day, _ in found]
    statuses = [status for _, status in found]
    assert statuses.count("attended") == attended
    assert {day: status for day, status in zip(days, statuses, strict=True) if status != "attended"} == named
    assert all(later - earlier == timedelta(days=step) for earlier, later in pairwise(days))


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("often", "`often` does not say how often and since when."),
        ("weekly from spring, 3 attended", "`spring` is no day of the calendar."),
        ("weekly from 2026-02-30, 3 attended", "`2026-02-30` is no day of the calendar."),
        ("every 0 days from 2026-01-06, 3 attended", "Sessions cannot be 0 days apart."),
        ("weekly from 2026-01-06", f"It has to say how many were attended, from 1 to {MOST}."),
        ("weekly from 2026-01-06, 0 attended", f"It has to say how many were attended, from 1 to {MOST}."),
        ("weekly from 2026-01-06, 3 attended, 3 attended", "`3 attended` cannot be read here, or is said twice."),
        ("weekly from 2026-01-06, 3 attended, ill 2026-01-13", "`ill 2026-01-13` cannot be read here"),
        ("weekly from 2026-01-06, 3 attended, late 2026-01-14", "On 2026-01-14 there is no session: they are 7 days"),
        ("every 999 days from 9990-01-06, 500 attended", "These sessions go on beyond the calendar."),
    ],
)
def test_a_line_that_cannot_be_read_says_what_is_wrong(line: str, says: str) -> None:
    with pytest.raises(ValueError, match=re.escape(says)):
        sessions_of(line)
