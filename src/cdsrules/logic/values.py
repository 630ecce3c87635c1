"""Values held to their kind, and turned into plain ones that compare by themselves.

Plain: a number as it is; a date, or the beginning of an elapsed time, as the day's ordinal;
`NEVER` as minus infinity, earlier than every day. Unknown is a value for which every
comparison is false: not-a-number where values are ordered, None elsewhere. A value that
does not fit the kind its fact declares raises TypeError: `True` is no number, and a
number that is none would pass for unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from cdsrules.model.facts import NEVER, Elapsed, FactValue, Kind, Never

NEVER_PLAIN: Final = float("-inf")
NO_DAY: Final = 0.0
"""Before the first day of the calendar, and after `NEVER`."""
UNKNOWN_PLAIN: Final = float("nan")
KIND_WORDS: Final[Mapping[Kind, str]] = {
    Kind.NUMBER: "a number",
    Kind.ELAPSED: "a duration",
    Kind.DATE: "a date",
    Kind.YES_NO: "true or false",
    Kind.CHOICE: "one word of several",
    Kind.SET: "a set of words",
    Kind.TEXT: "a text",
}


def misfit(value: object, wanted: str) -> TypeError:
    """Return the error of a value that is not what was wanted."""
    return TypeError(f"{value!r} is not {wanted}")


def number(value: object) -> int | float:
    """Return the value if it is a number."""
    kind = type(value)
    if kind is int or (kind is float and value == value):  # noqa: PLR0124 (not-a-number differs from itself)
        return value  # type: ignore[return-value]  # mypy does not narrow by `type()`
    raise misfit(value, "a number")


def yes_or_no(value: object) -> bool:
    """Return the value if it is true or false."""
    if isinstance(value, bool):
        return value
    raise misfit(value, "true or false")


def text(value: object) -> str:
    """Return the value if it is a text or the word of a choice."""
    if isinstance(value, str):
        return value
    raise misfit(value, "a text")


def words(value: object) -> frozenset[str]:
    """Return the value if it is a set."""
    if isinstance(value, frozenset):
        return value
    raise misfit(value, "a set")


def elapsed(value: object) -> Elapsed:
    """Return the value if it is an elapsed time."""
    if isinstance(value, Elapsed):
        return value
    raise misfit(value, "an elapsed time")


def day_or_never(value: object) -> date | Never:
    """Return the value if it is a day without a time, or `NEVER`."""
    if type(value) is date or value is NEVER:
        return value
    raise misfit(value, "a day")


def plain_day(value: object) -> float:
    """Return the day's ordinal; `NEVER` is earlier than every day."""
    if type(value) is date:
        return float(value.toordinal())
    if value is NEVER:
        return NEVER_PLAIN
    raise misfit(value, "a day")


def _plain_since(value: FactValue) -> float:
    if isinstance(value, Elapsed):
        return float(value.since.toordinal())
    raise misfit(value, "an elapsed time")


def kind_of(value: FactValue) -> Kind:
    """Return the kind that a value shows; the word of a choice and a text look alike."""
    if isinstance(value, bool):
        return Kind.YES_NO
    if isinstance(value, (int, float)):
        return Kind.NUMBER
    if isinstance(value, Elapsed):
        return Kind.ELAPSED
    if isinstance(value, (date, Never)):
        return Kind.DATE
    return Kind.CHOICE if isinstance(value, str) else Kind.SET


PLAIN_ALREADY: Final[Mapping[Kind, type]] = {
    Kind.NUMBER: int,
    Kind.YES_NO: bool,
    Kind.CHOICE: str,
    Kind.SET: frozenset,
    Kind.TEXT: str,
}
"""The type whose values fit the kind and are plain as they are; a day has none."""
PLAIN: Final[Mapping[Kind, Callable[[FactValue], object]]] = {
    Kind.NUMBER: number,
    Kind.ELAPSED: _plain_since,
    Kind.DATE: plain_day,
    Kind.YES_NO: yes_or_no,
    Kind.CHOICE: text,
    Kind.SET: words,
    Kind.TEXT: text,
}
UNKNOWN: Final[Mapping[Kind, object]] = {
    kind: UNKNOWN_PLAIN if kind in {Kind.NUMBER, Kind.ELAPSED, Kind.DATE} else None for kind in Kind
}
