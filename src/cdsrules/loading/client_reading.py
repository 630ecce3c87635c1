"""Reading single values out of a client document, strictly; what is wrong is collected, not raised.

Everything is asked for with the place it stands at: a section's path, and the place in its
list or None. Paths are put together only when something is wrong, as a document has
hundreds of values and nearly always none of them is. After a problem a value of the right
sort stands in, so that reading goes on and all problems are found at once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from math import isfinite
from operator import itemgetter, lt
from typing import Any, Final, TypeGuard, TypeVar, overload

from cdsrules.diagnostics import Diagnostic
from cdsrules.loading.problems import MOST, TOO_MANY_ADVICE, EnoughProblems, did_you_mean
from cdsrules.model.saying import say_date

EARLIEST: Final = date(1900, 1, 1)
LATEST: Final = date(2199, 12, 31)
_LONGEST: Final = 60
_LARGE: Final = 10**40
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
fits_as_name: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}").fullmatch
"""Tell whether a text can stand as an id or a code."""

Word = TypeVar("Word", bound=str)
Dated = TypeVar("Dated", bound=tuple[object, ...])
Fields = dict[str, object]
NOTHING: Final[Fields] = {}


def in_words(value: object) -> str:
    """Return a value as it stands in the document, shortened, or what sort of thing it is."""
    match value:
        case None:
            return "empty (null)"
        case dict():
            return "an object { … }"
        case list():
            return "a list"
        case int() if abs(value) >= _LARGE:
            return "a number of more than forty digits"
        case str() | bool() | int() | float():
            written = "".join(map(_printable, json.dumps(value, ensure_ascii=False)))
            return written if len(written) <= _LONGEST else f"{written[:_LONGEST]}…"
        case _:
            return "something that JSON does not know"


_day = itemgetter(0)


def _printable(character: str) -> str:
    return character if character.isprintable() else f"\\u{ord(character):04x}"


def alternatives(words: Iterable[str]) -> str:
    """Return words as the end of a sentence: `better, same or worse`."""
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last


class _Calendar(dict[Any, date]):
    """The days that texts mean; a day that was read before is found without a function of ours."""

    __slots__ = ()

    def __missing__(self, text: str) -> date:
        day = _read_day(text)
        if day is None:
            raise KeyError(text)
        if len(self) >= _DAYS_KEPT:
            self.clear()
        self[text] = day
        return day


# The calendar of a practice is small: most days were read before.
_DAYS_KEPT: Final = 10_000
DAYS: Final[Mapping[Any, date]] = _Calendar()
"""The day that a text means; KeyError or TypeError for what means no day of these centuries."""


def _read_day(text: str) -> date | None:
    """Return the day that a text means.

    >>> _read_day("2026-08-03"), _read_day("20260803"), _read_day("2026-02-30")
    (datetime.date(2026, 8, 3), None, None)
    """
    # fromisoformat also reads 20260803 and 2026-W31-7, which are no days as the schema has them.
    if len(text) != 10 or not text[4] == text[7] == "-":
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if EARLIEST <= found <= LATEST else None


def too_many() -> Diagnostic:
    """Return what closes a list of problems that goes on."""
    message = f"There are more than {MOST:,} problems; the others are not listed."
    return Diagnostic("CDS700", message, TOO_MANY_ADVICE, path="$")


def _is_far(text: object) -> bool:
    """Return whether a text is a day of the calendar, though of another time than ours."""
    try:
        return isinstance(text, str) and _DAY.fullmatch(text) is not None and bool(date.fromisoformat(text))
    except ValueError:
        return False


class Reading:
    """The problems found in a document so far."""

    __slots__ = ("problems",)

    def __init__(self) -> None:
        self.problems: list[Diagnostic] = []

    def refuse(self, code: str, path: str, message: str, advice: str) -> None:
        """Note a problem. Raises `EnoughProblems` when `MOST` have been noted before."""
        if len(self.problems) >= MOST:
            self.problems.append(too_many())
            raise EnoughProblems
        self.problems.append(Diagnostic(code, message, advice, path=path))

    # ---- Objects and lists

    def fields(self, value: object, known: frozenset[str], section: str, place: int | None = None) -> Fields:
        """Return an object's fields; what is none, or holds a field that nothing bears, is a problem."""
        if not isinstance(value, dict):
            message = f"This is {in_words(value)}, where an object should stand."
            self.refuse("CDS712", _path(section, place), message, f"Write {{ … }} with {_some(known)}.")
            return NOTHING
        if not known.issuperset(value):
            for key in sorted(value.keys() - known, key=str):
                self._unknown_field(key, known, _path(section, place))
        return value

    def _unknown_field(self, key: object, known: Collection[str], path: str) -> None:
        advice = f"Known here are {_some(known)}. What the host wants to keep for itself belongs in `extensions`."
        near = did_you_mean(key, known) if isinstance(key, str) else ""
        self.refuse("CDS711", path, f"There is no field {in_words(key)} here.", near or advice)

    def items(self, fields: Fields, key: str, section: str) -> list[object] | None:
        """Return a list, or None when the document has none."""
        value = fields.get(key)
        if value is None and key not in fields:
            return None
        if not isinstance(value, list):
            message = f"This is {in_words(value)}, where a list should stand."
            advice = "Write [ … ], [] if nothing of the kind happened, and leave the field out if it is not recorded."
            self.refuse("CDS712", f"{section}.{key}", message, advice)
            return []
        return value

    # ---- Single values

    def day(self, fields: Fields, key: str, section: str, place: int | None = None) -> date:
        """Return a day that must be there."""
        try:
            return DAYS[fields[key]]
        except (KeyError, TypeError):
            return self._no_day(fields, key, section, place)

    def _no_day(self, fields: Fields, key: str, section: str, place: int | None) -> date:
        path = _path(section, place)
        if key not in fields:
            self.missing(fields, key, path, "Write the day as year-month-day, like 2026-08-03.")
            return EARLIEST
        text = fields[key]
        what = in_words(text)
        message = f"{what[:1].upper()}{what[1:]} is no day{' in these centuries' if _is_far(text) else ''}."
        advice = "Write a day of the calendar between 1900 and 2199 as year-month-day, like 2026-08-03."
        self.refuse("CDS715", f"{path}.{key}", message, advice)
        return EARLIEST

    def day_or_none(self, fields: Fields, key: str, section: str, place: int | None = None) -> date | None:
        """Return a day, or None when there is none."""
        return self.day(fields, key, section, place) if key in fields else None

    def word(self, fields: Fields, key: str, words: Collection[Word], section: str, place: int | None = None) -> Word:
        """Return one of a closed set of words that must be there."""
        value = fields.get(key)
        if type(value) is str and value in words:
            return value  # type: ignore[return-value]  # it is one of the words, and equal to it
        path, choices = _path(section, place), alternatives(words)
        if key not in fields:
            self.missing(fields, key, path, f"Write {choices}.")
        else:
            near = did_you_mean(value, words) if isinstance(value, str) else ""
            message = f"{in_words(value)} is none of the words that may stand here."
            self.refuse("CDS714", f"{path}.{key}", message, f"{near} Write {choices}.".lstrip())
        return next(iter(words))

    def word_or_none(
        self, fields: Fields, key: str, words: Collection[Word], section: str, place: int | None = None
    ) -> Word | None:
        """Return one of a closed set of words, or None when there is none."""
        return self.word(fields, key, words, section, place) if key in fields else None

    def flag(self, fields: Fields, key: str, section: str, place: int | None = None) -> bool | None:
        """Return true or false, or None when the document does not say."""
        value = fields.get(key)
        if value is True or value is False:
            return value
        if key in fields:
            message = f"This is {in_words(value)}, where true or false should stand."
            advice = "Write true or false, without quotes, or leave the field out if it is not known."
            self.refuse("CDS712", f"{_path(section, place)}.{key}", message, advice)
        return None

    def name(self, fields: Fields, key: str, section: str, place: int | None = None) -> str:
        """Return an id or code that must be there: letters, digits and . _ : / - only."""
        value = fields.get(key)
        if isinstance(value, str) and fits_as_name(value):
            return value
        path = _path(section, place)
        rule = "Write up to 128 letters, digits or . _ : / - without spaces, beginning with a letter or digit."
        if key not in fields:
            self.missing(fields, key, path, rule)
        elif isinstance(value, str):
            self.refuse("CDS717", f"{path}.{key}", f"{in_words(value)} cannot stand as an id.", rule)
        else:
            self.refuse("CDS712", f"{path}.{key}", f"This is {in_words(value)}, where a text should stand.", rule)
        return ""

    def number(
        self, fields: Fields, key: str, bounds: tuple[float, float], section: str, *, whole: bool = False
    ) -> float | None:
        """Return a number within bounds, or None when there is none."""
        if key not in fields:
            return None
        value = fields[key]
        low, high = bounds
        if is_number(value) and not (whole and value % 1):
            if low <= value <= high:
                return int(value) if whole else value
            code, what = "CDS716", f"{in_words(value)} is out of range."
        else:
            code, what = "CDS712", f"This is {in_words(value)}, where {_sort(whole=whole)} should stand."
        advice = f"Write {_sort(whole=whole)} from {low:g} to {high:g}, without quotes."
        self.refuse(code, f"{section}.{key}", what, advice)
        return None

    def in_order(self, earlier: date, later: date | None, path: str, what: str) -> None:
        """Refuse a day that lies before the one it must follow; one that is no day was refused already."""
        if later is not None and later is not EARLIEST and later < earlier:
            message = f"{say_date(later)} lies before {say_date(earlier)}, the day it was {what}."
            self.refuse("CDS734", path, message, "Correct one of the two dates.")

    def missing(self, fields: Fields, key: str, path: str, advice: str) -> None:
        """Note a field that must be there and is not, unless what should hold it is no object and was refused."""
        if fields is not NOTHING:
            self.refuse("CDS713", path, f"The field `{key}` is missing.", advice)


@overload
def by_day(records: list[Dated]) -> tuple[Dated, ...]: ...
@overload
def by_day(records: list[Dated] | None) -> tuple[Dated, ...] | None: ...
def by_day(records: list[Dated] | None) -> tuple[Dated, ...] | None:
    """Return records by day, those of one day by what they say: their order in the document does not matter.

    A record is a tuple that begins with its day and ends with its place in the document. Where there is no list, None.
    """
    if records is None:
        return None
    if len(records) < 2:
        return tuple(records)
    days = [*map(_day, records)]
    if not all(map(lt, days, days[1:])):  # most lists come as they were written, day after day
        records.sort(key=_day if len({*days}) == len(days) else _content)
    return tuple(records)


def _content(record: tuple[object, ...]) -> tuple[object, ...]:
    """What a record says, its day first."""
    return (record[0], *map(str, record[1:-1]))


def is_number(value: object) -> TypeGuard[float]:
    """Return whether a value is a finite number; true and false are none."""
    return type(value) is int or (isinstance(value, float) and isfinite(value))


def _sort(*, whole: bool) -> str:
    return "a whole number" if whole else "a number"


def _path(section: str, place: int | None) -> str:
    return section if place is None else f"{section}[{place}]"


def _some(known: Collection[str]) -> str:
    return ", ".join(f"`{one}`" for one in sorted(known))
