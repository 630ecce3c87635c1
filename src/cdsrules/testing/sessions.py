"""Sessions said in one line: `weekly from 2026-01-06, 24 attended, no_show 2026-05-05`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import count
from typing import Final

from cdsrules.loading.tree import Plain

EXAMPLE: Final = "sessions: weekly from 2026-01-06, 24 attended, no_show 2026-05-05"
OTHERWISE: Final = ("late", "no_show", "cancelled_by_client", "cancelled_by_clinician", "cancelled")
"""How a planned session can go other than attended."""
MOST: Final = 500

_RHYTHM: Final = re.compile(r"(weekly|fortnightly|every (\d{1,3}) days) from (\S+)")
_ATTENDED: Final = re.compile(r"(\d{1,3}) attended")
_OTHERWISE: Final = re.compile(rf"({'|'.join(OTHERWISE)}) (\S+)")


def sessions_of(line: str) -> list[Plain]:
    """Return the list of sessions that a line stands for, oldest first.

    So many were attended as it says; what went otherwise takes up a day of the rhythm as
    well. Raises ValueError with a sentence for a line that cannot be read.

    >>> sessions_of("weekly from 2026-01-06, 2 attended, no_show 2026-01-13")  # doctest: +NORMALIZE_WHITESPACE
    [{'date': '2026-01-06', 'status': 'attended'},
     {'date': '2026-01-13', 'status': 'no_show'},
     {'date': '2026-01-20', 'status': 'attended'}]
    """
    rhythm, *rest = (part.strip() for part in line.split(","))
    first, step = _rhythm(rhythm)
    attended, otherwise = _counted(rest)
    days = list(_days(first, step, attended, otherwise))
    strays = [day for day in otherwise if day not in days]
    if strays:
        message = f"On {strays[0]} there is no session: they are {step} days apart, from {first} to {days[-1]}."
        raise ValueError(message)
    return [{"date": day.isoformat(), "status": otherwise.get(day, "attended")} for day in days]


def _rhythm(part: str) -> tuple[date, int]:
    found = _RHYTHM.fullmatch(part)
    if found is None:
        message = f"`{part}` does not say how often and since when."
        raise ValueError(message)
    step = {"weekly": 7, "fortnightly": 14}.get(found[1]) or int(found[2])
    if step == 0:
        raise ValueError("Sessions cannot be 0 days apart.")
    return _day(found[3]), step


def _counted(parts: Sequence[str]) -> tuple[int, Mapping[date, str]]:
    attended: int | None = None
    otherwise: dict[date, str] = {}
    for part in parts:
        number, other = _ATTENDED.fullmatch(part), _OTHERWISE.fullmatch(part)
        if number is not None and attended is None:
            attended = int(number[1])
        elif other is not None and _day(other[2]) not in otherwise:
            otherwise[_day(other[2])] = other[1]
        else:
            message = f"`{part}` cannot be read here, or is said twice."
            raise ValueError(message)
    if attended is None or not 0 < attended <= MOST:
        message = f"It has to say how many were attended, from 1 to {MOST}."
        raise ValueError(message)
    return attended, otherwise


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = f"`{text}` is no day of the calendar."
        raise ValueError(message) from None


def _days(first: date, step: int, attended: int, otherwise: Mapping[date, str]) -> Iterator[date]:
    """Yield the days of the rhythm until so many were attended, and those right after that went otherwise."""
    came = 0
    for place in count():
        try:
            day = first + timedelta(days=place * step)
        except OverflowError:
            raise ValueError("These sessions go on beyond the calendar.") from None
        came += day not in otherwise
        if came > attended:
            return
        yield day
