"""A FHIR date is the span of days it may mean."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsrules.adapters.fhir.dates import choice, period, read_date, read_day

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-03-02", date(2026, 3, 2), date(2026, 3, 2)),
        ("2026-03-02T23:30:00Z", date(2026, 3, 3), date(2026, 3, 3)),
        ("2026-03-02T23:30:00+01:00", date(2026, 3, 2), date(2026, 3, 2)),
        ("2026-07-01T22:30:00Z", date(2026, 7, 2), date(2026, 7, 2)),
        ("2026-03-02T08:00:00", date(2026, 3, 2), date(2026, 3, 2)),
        ("2026-03-02T22:59:60Z", date(2026, 3, 2), date(2026, 3, 2)),
        ("2026-03-02T23:59:60.5+00:00", date(2026, 3, 3), date(2026, 3, 3)),
    ],
)
def test_a_date_spans_the_days_of_the_clinic(written: str, first: date, last: date) -> None:
    span = read_date(written, BERLIN)

    assert span is not None
    assert (span.first, span.last) == (first, last)
    assert span.day == (first if first == last else None)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "yesterday",
        "2026-13",
        "2026-02-30",
        "26-01-01",
        "0000",
        "2026-03-02T08:60:00Z",
        "2026-03-02T08:00:61Z",
        "\uff12\uff10\uff12\uff16-01-01",
        None,
    ],
)
def test_what_is_no_date_gives_no_span(written: str | None) -> None:
    assert read_date(written, UTC) is None


def test_the_moment_is_kept_to_tell_earlier_from_later_on_one_day() -> None:
    span = read_date("2026-03-02T08:00:00+01:00", BERLIN)

    assert span is not None
    assert span.at == datetime(2026, 3, 2, 8, 0)  # noqa: DTZ001 - local to the clinic


@given(st.datetimes(min_value=datetime(1950, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_moment_falls_on_one_day(moment: datetime) -> None:
    span = read_date(moment.isoformat(), BERLIN)

    assert span is not None
    assert span.day == moment.astimezone(BERLIN).date()


WRITTEN = st.one_of(
    st.from_regex(
        r"[0-9]{4}(-?[0-9W]{2}){0,2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})?)?", fullmatch=True
    ),
    st.text("0123456789-TWZ:+ ", max_size=30),
    st.datetimes(timezones=st.just(UTC)).map(datetime.isoformat),
)


@given(WRITTEN)
def test_the_day_alone_is_that_of_the_span(written: str) -> None:
    span = read_date(written, BERLIN)

    assert read_day(written, BERLIN) == (None if span is None else span.day)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31)))
def test_a_full_date_is_read_alike_with_dashes_without_and_by_its_week(day: date) -> None:
    year, week, weekday = day.isocalendar()
    written = (day.isoformat(), day.strftime("%Y%m%d"), f"{year}-W{week:02}-{weekday}")

    assert {read_day(one, BERLIN) for one in written} == {day}


def test_a_period_runs_from_its_start_to_its_end() -> None:
    held = {"period": {"start": "2026-03-02", "end": "2026-03-04"}}
    span = period(held, "period", UTC)

    assert span is not None
    assert (span.first, span.last) == (date(2026, 3, 2), date(2026, 3, 4))


def test_a_period_that_ends_before_it_starts_or_does_not_end_is_its_start() -> None:
    for end in ({}, {"end": "2026-03-01"}):
        span = period({"period": {"start": "2026-03-02", **end}}, "period", UTC)
        assert span is not None
        assert span.day == date(2026, 3, 2)


def test_an_element_of_several_types_is_read_in_each() -> None:
    for name, value in [
        ("effectiveDateTime", "2026-03-02"),
        ("effectiveInstant", "2026-03-02T09:00:00Z"),
        ("effectivePeriod", {"start": "2026-03-02"}),
    ]:
        span = choice({name: value}, "effective", UTC)
        assert span is not None
        assert span.day == date(2026, 3, 2)
    assert choice({}, "effective", UTC) is None
