"""How values are said in a sentence: dates, durations, numbers, lists.

One place for it, so that a rule in words, a guidance text and an error never differ.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import assert_never

from cdsrules.model.condition import Scalar
from cdsrules.model.facts import Elapsed, FactSpec, FactValue, Never
from cdsrules.model.time import Duration, shift_months

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]

# The first word in the plural: "no-shows", "late arrivals", "changes of approach"; "per cent" has none.
_PLURAL = re.compile(r"(\w)s\b")


def say_date(day: date) -> str:
    """Return a day as it is read aloud.

    >>> say_date(date(2026, 3, 3))
    '3 March 2026'
    """
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def say_number(number: float) -> str:
    """Return a number without a needless point: 17, 14.29; at most two decimals.

    >>> say_number(17.0), say_number(14.286)
    ('17', '14.29')
    """
    return f"{number:.2f}".rstrip("0").rstrip(".") if number % 1 else str(int(number))


def say_word(word: str) -> str:
    """Return a word of a closed set as it is read: `no_reliable_change` without bars."""
    return word.replace("_", " ")


def say_list(items: Sequence[str], last: str = "and") -> str:
    """Return the items joined as in a sentence.

    >>> say_list(["same", "worse"], "or")
    'same or worse'
    """
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def _count(amount: int, unit: str) -> str:
    return f"{amount} {unit}" if amount == 1 else f"{amount} {unit}s"


def say_elapsed(elapsed: Elapsed) -> str:
    """Return a time that has run: days up to two weeks, weeks up to two months, then months.

    >>> say_elapsed(Elapsed(date(2026, 1, 5), date(2026, 8, 10)))
    '7 months'
    """
    days = (elapsed.until - elapsed.since).days
    if days < 14:
        return _count(days, "day")
    months = (elapsed.until.year - elapsed.since.year) * 12
    months += elapsed.until.month - elapsed.since.month
    if shift_months(elapsed.since, months) > elapsed.until:
        months -= 1
    return _count(days // 7, "week") if months < 2 else _count(months, "month")


def _of_unit(number: float, unit: str) -> str:
    """Return a number with its unit; units are declared in the plural, and one of them is said in the singular."""
    said = _PLURAL.sub(r"\1", unit, count=1) if number == 1 else unit
    return f"{say_number(number)} {said}"


def say_scalar(value: Scalar, unit: str | None = None) -> str:
    """Return an operand of a condition in words; `unit` follows a number that has one.

    >>> say_scalar(2, "sessions a week"), say_scalar(1, "sessions a week")
    ('2 sessions a week', '1 session a week')
    """
    match value:
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return _of_unit(value, unit) if unit else say_number(value)
        case str():
            return say_word(value)
        case date():
            return say_date(value)
        case Duration():
            return str(value)
        case _:
            assert_never(value)


def say_value(value: FactValue, spec: FactSpec) -> str:
    """Return a fact's value in words, with its unit where one is needed to read it."""
    match value:
        case Elapsed():
            return say_elapsed(value)
        case Never():
            return "never"
        case frozenset():
            return say_list([spec.choice_words.get(word) or say_word(word) for word in sorted(value)]) or "none"
        case str():
            return spec.choice_words.get(value) or say_word(value)
        case _:
            return say_scalar(value, None if spec.unit == "points" else spec.unit)
