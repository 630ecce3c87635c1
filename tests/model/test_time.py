"""Calendar durations: what has lasted six months, and since when."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cdsrules.model.time import UNITS, Duration, Unit, after, before, latest_start, shift_months

DAY = timedelta(days=1)
days = st.dates(date(1000, 1, 1), date(9000, 12, 31))
units = st.sampled_from([unit for unit in UNITS if unit != "sessions"])
lengths = st.builds(Duration, st.integers(0, 400), units)


def months(amount: int) -> Duration:
    return Duration(amount, "months")


@pytest.mark.parametrize(
    ("amount", "unit", "said"),
    [(6, "months", "6 months"), (1, "days", "1 day"), (1, "sessions", "1 session"), (0, "weeks", "0 weeks")],
)
def test_a_duration_is_printed_as_a_rulebook_writes_it(amount: int, unit: Unit, said: str) -> None:
    assert str(Duration(amount, unit)) == said


def test_sessions_are_no_length_of_time() -> None:
    three = Duration(3, "sessions")

    assert not three.is_calendar
    assert months(3).is_calendar
    for ask in (after, before, latest_start):
        with pytest.raises(ValueError, match="no length of time"):
            ask(date(2026, 3, 1), three)


@pytest.mark.parametrize(
    ("day", "amount", "expected"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 15), 12, date(2027, 1, 15)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 10), -1, date(2025, 12, 10)),
        (date(2026, 5, 5), 0, date(2026, 5, 5)),
    ],
)
def test_months_keep_the_day_or_take_the_months_last(day: date, amount: int, expected: date) -> None:
    assert shift_months(day, amount) == expected


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("days", date(2024, 3, 3)),
        ("weeks", date(2024, 3, 14)),
        ("months", date(2024, 4, 29)),
        ("years", date(2026, 2, 28)),
    ],
)
def test_after_two_of_each_unit(unit: Unit, expected: date) -> None:
    start = date(2024, 3, 1) if unit == "days" else date(2024, 2, 29)

    assert after(start, Duration(2, unit)) == expected


@pytest.mark.parametrize(
    ("started", "today", "lasted"),
    [
        (date(2026, 1, 15), date(2026, 7, 14), False),
        (date(2026, 1, 15), date(2026, 7, 15), True),
        (date(2025, 8, 31), date(2026, 2, 27), False),
        (date(2025, 8, 31), date(2026, 2, 28), True),
        (date(2025, 8, 28), date(2026, 2, 28), True),
        (date(2025, 9, 1), date(2026, 2, 28), False),
        (date(2023, 8, 31), date(2024, 2, 28), False),
        (date(2023, 8, 31), date(2024, 2, 29), True),
    ],
)
def test_six_months_are_reached_when_start_plus_six_has_come(started: date, today: date, *, lasted: bool) -> None:
    assert (after(started, months(6)) <= today) is lasted
    assert (started <= latest_start(today, months(6))) is lasted


@given(days, lengths)
def test_the_latest_start_is_exactly_the_latest(today: date, length: Duration) -> None:
    start = latest_start(today, length)

    assert after(start, length) <= today
    assert after(start + DAY, length) > today


@given(days, days, lengths)
def test_a_time_has_lasted_exactly_when_it_began_by_the_latest_start(
    began: date, today: date, length: Duration
) -> None:
    assert (after(began, length) <= today) is (began <= latest_start(today, length))


@given(days, days, lengths)
def test_starting_later_never_ends_earlier(one: date, other: date, length: Duration) -> None:
    assume(one <= other)

    assert after(one, length) <= after(other, length)
    assert before(one, length) <= before(other, length)
    assert latest_start(one, length) <= latest_start(other, length)


@given(days, st.integers(0, 400))
def test_twelve_months_are_a_year(day: date, amount: int) -> None:
    assert after(day, Duration(amount, "years")) == after(day, months(12 * amount))


@pytest.mark.parametrize("ask", [before, latest_start])
@pytest.mark.parametrize("length", [Duration(12 * 3000, "months"), Duration(3000, "years"), Duration(10**7, "days")])
def test_before_the_first_year_there_is_no_day(ask: object, length: Duration) -> None:
    assert callable(ask)
    with pytest.raises(OverflowError):
        ask(date(2026, 3, 1), length)


@pytest.mark.parametrize("length", [months(1), Duration(10**30, "years"), Duration(10**30, "weeks")])
def test_after_the_last_year_there_is_no_day(length: Duration) -> None:
    with pytest.raises(OverflowError):
        after(date(9999, 12, 31), length)


def test_the_last_day_of_the_calendar_has_a_latest_start() -> None:
    assert latest_start(date(9999, 12, 31), months(6)) == date(9999, 6, 30)
    assert latest_start(date.max, Duration(0, "days")) == date.max
