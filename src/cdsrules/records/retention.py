"""How long records are kept: what is older is erased, entry by entry, and the chain still verifies."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from cdsrules.loading.values import as_duration
from cdsrules.model.time import Duration, before

REASON = "kept for {length}, as the settings say"


def read_retention(value: object) -> Duration:
    """Return how long records are kept, as a setting says it. Raises `ValueError` with what to write."""
    length = as_duration(value.strip()) if isinstance(value, str) else None
    if length is None or not length.is_calendar or length.amount < 1:
        message = "write a length of time, such as 10 years, 18 months or 400 days, and of 100 years at most."
        raise ValueError(message)
    return length


def kept_from(today: date, length: Duration) -> datetime:
    """Return the moment before which records are to be erased, by the day it is.

    >>> kept_from(date(2026, 8, 3), Duration(10, "years"))
    datetime.datetime(2016, 8, 3, 0, 0, tzinfo=datetime.timezone.utc)
    """
    try:
        return datetime.combine(before(today, length), time(), UTC)
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)
