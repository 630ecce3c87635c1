"""How large an imagined record has to be so that every threshold of the rules can be reached in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from cdsrules.guidance.reach import leaves_of
from cdsrules.logic.reading import questions
from cdsrules.model.condition import FactTest, Scalar, Value
from cdsrules.model.rulebook import Rule
from cdsrules.model.time import Duration, before

_SESSIONS: Final = ("treatment.sessions_attended", "attendance.", "homework.rated", "openness.rated")
_NO_COUNTS: Final = ("attendance.rate", "attendance.overdue_days")
_SCORES: Final = ("count", "scores_in_range")
_MARGIN: Final = 2
"""So much beyond a threshold, so that what lies past it can be imagined as well."""


@dataclass(frozen=True, slots=True)
class Size:
    """The most a record holds: days back to its beginning, sessions, scores of the primary measure, goals."""

    days: int = 1_200
    sessions: int = 8
    scores: int = 5
    goals: int = 2

    def joined(self, other: Size) -> Size:
        """Return the size that holds both."""
        return Size(
            max(self.days, other.days),
            max(self.sessions, other.sessions),
            max(self.scores, other.scores),
            max(self.goals, other.goals),
        )


LARGEST: Final = Size(days=20_000, sessions=40, scores=12, goals=12)
"""Beyond this a search would take too long; what needs more is said not to be found."""


def size_for(rules: Iterable[Rule], as_of: date) -> Size:
    """Return how large a record has to be for rules."""
    size = Size()
    for test in _tests(rules):
        for mark in _marks(test):
            size = size.joined(_reaching(test, mark, as_of))
    return Size(
        min(size.days, LARGEST.days),
        min(size.sessions, LARGEST.sessions),
        min(size.scores, LARGEST.scores),
        min(size.goals, LARGEST.goals),
    )


def _tests(rules: Iterable[Rule]) -> Iterator[FactTest]:
    for rule in rules:
        for leaf in leaves_of(rule):
            yield from (one for one in questions(leaf) if isinstance(one, FactTest))


def _marks(test: FactTest) -> Iterator[Scalar]:
    operand = test.operand
    if isinstance(operand, Value):
        yield operand.value
    elif isinstance(operand, tuple):
        yield from (one.value for one in operand)
    if test.fact.over is not None:
        yield test.fact.over


def _reaching(test: FactTest, mark: Scalar, as_of: date) -> Size:
    """Return the size in which one threshold can be reached."""
    name = test.fact.name
    match mark:
        case bool() | str():
            return Size()
        case Duration() if not mark.is_calendar:
            return Size(sessions=mark.amount)
        case Duration():
            return Size(days=_days_back(mark, as_of) + 400)
        case date():
            return Size(days=max(0, (as_of - mark).days) + 400)
        case _:
            return _counting(name, int(mark) + _MARGIN)


def _counting(name: str, needed: int) -> Size:
    if name.endswith("sessions_since") or (name.startswith(_SESSIONS) and name not in _NO_COUNTS):
        return Size(sessions=needed)
    if name.startswith("goals."):
        return Size(goals=needed)
    return Size(scores=needed) if name.rpartition(".")[2] in _SCORES else Size()


def _days_back(length: Duration, as_of: date) -> int:
    try:
        return (as_of - before(as_of, length)).days
    except OverflowError:
        return LARGEST.days
