"""Calendar durations: what "six months" means between two dates.

Months are calendar months: N months after a day is the same day of the month N months
on, or the last day of that month when it has no such day. Everything that asks whether
a time has passed goes through the functions at the end, so the meaning stands once.
"""

from __future__ import annotations

import calendar
from datetime import MAXYEAR, MINYEAR, date, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple, assert_never

Unit = Literal["days", "weeks", "months", "years", "sessions"]
UNITS: tuple[Unit, ...] = ("days", "weeks", "months", "years", "sessions")

_SINGULAR: dict[Unit, str] = {
    "days": "day",
    "weeks": "week",
    "months": "month",
    "years": "year",
    "sessions": "session",
}


class Duration(NamedTuple):
    """An amount of days, weeks, calendar months, years, or attended sessions.

    A tuple, as every fact over a window is looked up by it.
    """

    amount: int
    unit: Unit

    @property
    def is_calendar(self) -> bool:
        """Whether this is a length of time; `3 sessions` is not."""
        return self.unit != "sessions"

    def __str__(self) -> str:
        """Return the duration as it is written in a rulebook: `6 months`, `1 day`."""
        return f"{self.amount} {_SINGULAR[self.unit] if self.amount == 1 else self.unit}"


@lru_cache(maxsize=1_000)
def _last_of_month(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def shift_months(day: date, months: int) -> date:
    """Return the day `months` calendar months later (earlier if negative), clamped.

    Raises OverflowError when that lies outside the years 1 to 9999.

    >>> shift_months(date(2026, 8, 31), 6)
    datetime.date(2027, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not MINYEAR <= year <= MAXYEAR:
        raise OverflowError("that day lies outside the years 1 to 9999")
    return date(year, month + 1, min(day.day, _last_of_month(year, month + 1)))


@lru_cache(maxsize=10_000)  # as few days and lengths come again and again as the calendar of a practice has
def after(day: date, length: Duration) -> date:
    """Return the day on which `length` has passed since `day`.

    Raises ValueError for a duration counted in sessions, which is no length of time,
    and OverflowError when the day lies outside the years 1 to 9999.

    >>> after(date(2025, 8, 31), Duration(6, "months"))
    datetime.date(2026, 2, 28)
    """
    return _moved(day, length.amount, length.unit)


@lru_cache(maxsize=10_000)
def before(day: date, length: Duration) -> date:
    """Return the first day of the window of `length` that ends on `day`, both inclusive.

    Raises as `after` does.
    """
    return _moved(day, -length.amount, length.unit)


def _moved(day: date, amount: int, unit: Unit) -> date:
    match unit:
        case "days":
            return day + timedelta(days=amount)
        case "weeks":
            return day + timedelta(weeks=amount)
        case "months":
            return shift_months(day, amount)
        case "years":
            return shift_months(day, 12 * amount)
        case "sessions":
            raise ValueError("a number of sessions is no length of time")
        case _:
            assert_never(unit)


def latest_start(today: date, length: Duration) -> date:
    """Return the latest day from which `length` has fully passed by `today`.

    A time that began on day d has lasted `length` exactly when `d <= latest_start(...)`.
    Raises as `after` does; an OverflowError means that no day is early enough.

    >>> latest_start(date(2026, 2, 28), Duration(6, "months"))
    datetime.date(2025, 8, 31)
    """
    start = before(today, length)
    if length.unit in ("days", "weeks") or today.day < _last_of_month(today.year, today.month):
        return start
    # On the last day of a month the months are up for every later day of the month they began in.
    return start.replace(day=_last_of_month(start.year, start.month))
