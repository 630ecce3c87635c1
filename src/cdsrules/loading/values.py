"""Single values of a rule file, each read as the one sort that its place asks for.

Every reader returns None after noting a problem; nothing is guessed from another sort.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final, assert_never

from cdsrules.diagnostics import Position
from cdsrules.loading.problems import Problems, did_you_mean, listed
from cdsrules.loading.tree import Entries, Items, Leaf, Node
from cdsrules.model.time import UNITS, Duration, Unit

ID: Final = "[a-z][a-z0-9]*([._-][a-z0-9]+)*"
"""How the ids of rules, findings, actions, instruments, sources and parameters are spelt."""

LONGEST_ID: Final = 80

_ID = re.compile(ID)
_VERSION = re.compile(r"(0|[1-9][0-9]{0,5})(\.(0|[1-9][0-9]{0,5})){2}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DURATION = re.compile(r"(0|[1-9][0-9]{0,5}) (day|week|month|year|session)s?")
_ALMOST_DURATION = re.compile(r"-?([0-9]+) *([A-Za-z]+)")
LONGEST_DAYS: Final = 36_525
"""No window or time is longer than a hundred years."""
_DAYS: Final[dict[Unit, int]] = {"days": 1, "weeks": 7, "months": 30, "years": 365, "sessions": 1}
_UNIT: Final[dict[str, Unit]] = {unit[:-1]: unit for unit in UNITS}


def sort_in_words(node: Node) -> str:
    """Return what stands at a place, for a sentence: "a list of 3 items", "the number 5", "the text `abc`"."""
    match node:
        case Items():
            return f"a list of {len(node.items)} item{'' if len(node.items) == 1 else 's'}"
        case Entries():
            return "a group of keys"
        case Leaf(None):
            return "nothing"
        case Leaf(bool()):
            return f"`{node.written}`"
        case Leaf(str(text)):
            return f"the text `{shortened(text)}`"
        case Leaf():
            return f"the number {node.written}"
        case _:
            assert_never(node)


def shortened(text: str, most: int = 40) -> str:
    """Return a text on one line and short enough to quote in a message."""
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= most else f"{one_line[: most - 1]}…"


def wrong_sort(node: Node, label: str, wanted: str, advice: str, problems: Problems) -> None:
    """Note that something of another sort stands here; nothing at all has a code of its own."""
    if node.at in problems.spoilt:
        return
    if isinstance(node, Leaf) and node.value in {None, ""} and not isinstance(node.value, bool):
        problems.add("CDS031", node.at, f"{label} is empty.", advice)
    else:
        problems.add("CDS025", node.at, f"{label} has to be {wanted}, but here stands {sort_in_words(node)}.", advice)


def read_text(node: Node, label: str, problems: Problems) -> str | None:
    """Return a text that says something."""
    if isinstance(node, Leaf) and isinstance(node.value, str) and node.value.strip():
        return node.value
    if isinstance(node, Leaf) and (node.value is None or isinstance(node.value, str)):
        problems.add(
            "CDS031", node.at, f"{label} is empty.", "Write a text, or leave the key out if it need not be there."
        )
        return None
    wrong_sort(node, label, "a text", "Put it in double quotes if a text is meant.", problems)
    return None


def read_id(node: Node, label: str, problems: Problems) -> str | None:
    """Return an id: lower-case letters and digits, joined by hyphens, underscores or dots."""
    text = read_text(node, label, problems)
    return text if text is not None and id_fits(text, label, node.at, problems) else None


def id_fits(text: str, label: str, at: Position, problems: Problems) -> bool:
    """Tell whether a text is spelt as an id, and note it where it is not."""
    if _is_id(text):
        return True
    suggestion = meant_id(text)
    problems.add(
        "CDS027",
        at,
        f"{label} is spelt `{shortened(text)}`; ids have lower-case letters and digits, joined by `-`, `_` or `.`.",
        f"Write `{suggestion}`." if suggestion else "Write a name like `review-due`.",
    )
    return False


def meant_id(text: str) -> str:
    """Return the id that is most likely meant by a text; empty when there is none.

    >>> meant_id("Our Rules")
    'our-rules'
    """
    suggestion = re.sub(r"[^a-z0-9._]+", "-", text.lower()).strip("-._")
    return suggestion if _is_id(suggestion) else ""


def _is_id(text: str) -> bool:
    return len(text) <= LONGEST_ID and _ID.fullmatch(text) is not None


def read_word(node: Node, label: str, words: Sequence[str], problems: Problems) -> str | None:
    """Return one word of a closed set."""
    if isinstance(node, Leaf) and isinstance(node.value, str) and node.value in words:
        return node.value
    if isinstance(node, Leaf) and isinstance(node.value, str) and node.value:
        problems.add(
            "CDS026",
            node.at,
            f"{label} is `{shortened(node.value)}`; it has to be {listed(words)}.",
            did_you_mean(node.value, words, "Write one of these."),
        )
        return None
    wrong_sort(node, label, listed(words), f"Write {listed(words)}.", problems)
    return None


def read_flag(node: Node, label: str, problems: Problems) -> bool | None:
    """Return true or false."""
    if isinstance(node, Leaf) and isinstance(node.value, bool):
        return node.value
    wrong_sort(node, label, "`true` or `false`", "Write `true` for yes and `false` for no.", problems)
    return None


def read_number(node: Node, label: str, problems: Problems) -> float | None:
    """Return a number."""
    if isinstance(node, Leaf) and isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
        return node.value
    wrong_sort(node, label, "a number", "Write it like `7` or `2.5`, without quotes.", problems)
    return None


def read_whole(node: Node, label: str, problems: Problems, *, least: int, most: int) -> int | None:
    """Return a whole number within bounds."""
    number = read_number(node, label, problems)
    if number is None:
        return None
    if isinstance(number, int) and least <= number <= most:
        return number
    problems.add(
        "CDS033",
        node.at,
        f"{label} is {number}; it has to be a whole number from {least} to {most}.",
        "Write one of these.",
    )
    return None


def read_version(node: Node, label: str, problems: Problems) -> str | None:
    """Return a version of three numbers, such as `1.0.0`."""
    if isinstance(node, Leaf) and isinstance(node.value, str) and _VERSION.fullmatch(node.value):
        return node.value
    written = node.written if isinstance(node, Leaf) and node.value is not None else None
    if written:
        message = f"{label} is `{shortened(written)}`; a version is three numbers with points between."
        problems.add("CDS030", node.at, message, "Write it like `1.0.0`.")
        return None
    wrong_sort(node, label, "a version", "Write it like `1.0.0`.", problems)
    return None


def as_day(text: str) -> date | None:
    """Return the day that a text written yyyy-mm-dd names, or None.

    >>> as_day("2026-02-28"), as_day("2026-02-30"), as_day("20260228")
    (datetime.date(2026, 2, 28), None, None)
    """
    if not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def read_day(node: Node, label: str, problems: Problems) -> date | None:
    """Return a day written yyyy-mm-dd."""
    text = node.value if isinstance(node, Leaf) else None
    day = as_day(text) if isinstance(text, str) else None
    if day is not None:
        return day
    if isinstance(text, str) and text:
        reason = "there is no such day" if _DAY.fullmatch(text) else "a date is written year-month-day"
        problems.add("CDS028", node.at, f"{label} is `{shortened(text)}`; {reason}.", "Write it like `2027-11-01`.")
        return None
    wrong_sort(node, label, "a date", "Write it like `2027-11-01`.", problems)
    return None


def as_duration(text: str) -> Duration | None:
    """Return the duration that a text writes out, or None.

    >>> as_duration("6 months"), as_duration("half a year")
    (Duration(amount=6, unit='months'), None)
    """
    match = _DURATION.fullmatch(text)
    if match is None:
        return None
    unit = _UNIT[match[2]]
    amount = int(match[1])
    return Duration(amount, unit) if amount * _DAYS[unit] <= LONGEST_DAYS else None


def typed(text: str) -> str | date | Duration:
    """Return what a text writes out: a duration, a day, or the text itself.

    >>> typed("60 days"), typed("2026-03-01"), typed("worse")
    (Duration(amount=60, unit='days'), datetime.date(2026, 3, 1), 'worse')
    """
    return as_duration(text) or as_day(text) or text


def looks_like_duration(text: str) -> bool:
    """Tell whether a text was probably meant as a duration: a number, then a word."""
    return _ALMOST_DURATION.fullmatch(text) is not None


def read_duration(node: Node, label: str, problems: Problems) -> Duration | None:
    """Return a duration such as `6 months` or `3 sessions`."""
    text = node.value if isinstance(node, Leaf) else None
    length = as_duration(text) if isinstance(text, str) else None
    if length is not None:
        return length
    if not (isinstance(text, str) and text):
        wrong_sort(node, label, "a duration", "Write it like `6 months`, `60 days` or `3 sessions`.", problems)
        return None
    almost = _ALMOST_DURATION.fullmatch(text)
    advice = "Write it like `6 months`, `60 days` or `3 sessions`."
    if _DURATION.fullmatch(text):
        problems.add("CDS029", node.at, f"{label} is `{text}`; that is longer than a hundred years.", advice)
        return None
    if almost is not None and as_duration(text.removeprefix("-")) is not None:
        advice = f"Write `{text.removeprefix('-')}`, without the minus: how far back it reaches is told by the rule."
    elif almost is not None:
        advice = did_you_mean(almost[2].lower(), UNITS, otherwise=advice)
    problems.add(
        "CDS029",
        node.at,
        f"{label} is `{shortened(text)}`; a duration is a whole number of days, weeks, months, years or sessions.",
        advice,
    )
    return None
