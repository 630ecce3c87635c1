"""A FHIR date is the span of days it may mean."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsrules.adapters.fhir.dates import choice, period, read_date

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
