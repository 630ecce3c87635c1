"""FHIR dates as spans of days: "2026-03" is all of March, an instant is one day at the clinic."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, tzinfo
from typing import NamedTuple

from cdsrules.adapters.fhir.walk import Node, node, text
from cdsrules.loading.client_reading import EARLIEST, LATEST

_DAY = len("2026-03-31")
_LEAP_SECOND = re.compile(r"(T\d{2}:\d{2}):60", re.ASCII)
_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2}))?\Z", re.ASCII)


class Span(NamedTuple):
    """The days on which something may have been, from the first to the last, both included.

    `at` is the moment in full where the record says it, to tell earlier from later on one day.
    """

    first: date
    last: date
    at: datetime | None = None

    @property
    def day(self) -> date | None:
        """The day, where it is only one."""
        return self.first if self.first == self.last else None


def read_date(value: str | None, zone: tzinfo) -> Span | None:
    """Return the span of a FHIR date, dateTime or instant; None for what is none of them.

    A moment with an offset falls on the day that `zone`, the clinic's, had then. Days that no
    client document takes, such as 0001-01-01 and 9999-12-31, are how records write that none is known.
    """
    if value is None:
        return None
    try:
        span = _read(value, zone)
    except (ValueError, OverflowError):
        return None
    return span if span.first >= EARLIEST and span.last <= LATEST else None


def read_day(value: str | None, zone: tzinfo) -> date | None:
    """Return the day of a FHIR date, or of the moment of a dateTime or instant; None for a date in part."""
    if value is None or len(value) <= _DAY:
        span = read_date(value, zone)
        return None if span is None else span.day
    try:
        day = _moment(value, zone).date()
    except (ValueError, OverflowError):
        return None
    return day if EARLIEST <= day <= LATEST else None


def _read(value: str, zone: tzinfo) -> Span:
    if len(value) == _DAY and value[4] == value[7] == "-":
        day = date.fromisoformat(value)
        return Span(day, day)
    if len(value) < _DAY and (partial := _PARTIAL.match(value)):
        return _partial(*partial.groups())
    local = _moment(value, zone)
    day = local.date()
    return Span(day, day, datetime.combine(day, local.time()))


def _moment(value: str, zone: tzinfo) -> datetime:
    # FHIR has leap seconds, which no clock of ours has.
    moment = datetime.fromisoformat(_LEAP_SECOND.sub(r"\1:59", value) if ":60" in value else value)
    return moment if moment.tzinfo is None else moment.astimezone(zone)


def _partial(year: str, month: str | None) -> Span:
    if month is None:
        return Span(date(int(year), 1, 1), date(int(year), 12, 31))
    return Span(date(int(year), int(month), 1), date(int(year), int(month), monthrange(int(year), int(month))[1]))


def choice(resource: Node, name: str, zone: tzinfo) -> Span | None:
    """Return when something was, of `nameDateTime`, `nameInstant`, `nameDate` and `namePeriod`."""
    for kind in ("DateTime", "Instant", "Date"):
        span = read_date(text(resource, f"{name}{kind}"), zone)
        if span is not None:
            return span
    return period(resource, f"{name}Period", zone)


def period(resource: Node, name: str, zone: tzinfo) -> Span | None:
    """Return from the start of a Period to its end, or its start alone; None without a start."""
    start, end = start_of(resource, name, zone), end_of(resource, name, zone)
    if start is None or end is None or end.last < start.first:
        return start
    return Span(start.first, end.last, start.at)


def start_of(resource: Node, name: str, zone: tzinfo) -> Span | None:
    """Return when a Period starts."""
    return read_date(text(node(resource, name), "start"), zone)


def end_of(resource: Node, name: str, zone: tzinfo) -> Span | None:
    """Return when a Period ends."""
    return read_date(text(node(resource, name), "end"), zone)
