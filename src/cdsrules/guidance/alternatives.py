"""The values an unknown fact could take, as far as the rules can tell them apart.

Between two thresholds a fact may have any value: one of each region stands for all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import lru_cache
from itertools import combinations, pairwise
from math import inf
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias

from cdsrules.guidance.places import Places
from cdsrules.logic.judging import Get
from cdsrules.logic.moment import Moment
from cdsrules.logic.ranging import Over, Several
from cdsrules.logic.reading import Facts
from cdsrules.logic.weighing import Rails
from cdsrules.model.condition import (
    DateOf,
    Declined,
    Done,
    FactKey,
    FactTest,
    LatestOf,
    Leaf,
    Operand,
    Scalar,
    Value,
    reference_key,
)
from cdsrules.model.facts import (
    NEVER,
    Elapsed,
    FactCatalogue,
    FactSpec,
    FactValue,
    Kind,
    Known,
    Measured,
    Unknown,
)
from cdsrules.model.time import Duration, latest_start

MOST_WORDS = 4
"""Words of a set that are tried in every combination; of more, each alone and all together."""

MOST_KEPT: Final = 4
"""So many answers are kept for each fact and each leaf: days differ, and days of other facts that are asked about."""

_LONG = 3653
"""Ten years in days: longer ago than what rules ask for, where they name no day themselves."""
_CLAMPED = 4
"""As many days may lie a month before one day: 28 to 31 January before 28 February; one more is past it."""
_NO_OTHERS: Final[Get] = MappingProxyType[FactKey, Measured]({}).__getitem__

_NEVER_WAS: Final = Known(NEVER)

Attended: TypeAlias = tuple[date, ...] | None
Beside: TypeAlias = tuple[FactKey, Measured] | None
"""The other fact that a question reads, where it reads two, with what it is."""


def _scalars(operand: Operand) -> tuple[Scalar, ...]:
    if isinstance(operand, Value):
        return (operand.value,)
    if isinstance(operand, tuple):
        return tuple(value.value for value in operand)
    return ()


def _operands(leaves: Iterable[Leaf]) -> tuple[Scalar, ...]:
    found: dict[Scalar, None] = {}
    for leaf in leaves:
        match leaf:
            case FactTest(_, _, operand):
                found.update(dict.fromkeys(_scalars(operand)))
            case Done(_, Value(within), _) | Declined(_, Value(within), _):
                found[within] = None
            case _:
                pass
    return tuple(found)


def _numbers(operands: tuple[Scalar, ...], spec: FactSpec) -> list[float]:
    marks = {one for one in operands if isinstance(one, (int, float))}
    ends = {end for end in (spec.low, spec.high) if end is not None}
    if spec.step:
        near = {mark + spec.step * side for mark in marks for side in (-1, 1)}
    else:
        near = {(one + other) / 2 for one, other in pairwise(sorted(marks | ends))}
        near |= {min(marks, default=0) - 1, max(marks, default=0) + 1}
    low = spec.low if spec.low is not None else -inf
    high = spec.high if spec.high is not None else inf
    return sorted(value for value in marks | ends | near if low <= value <= high)


def _calendar(ordinals: Iterable[int], as_of: date) -> list[date]:
    """Return the days up to `as_of`, oldest first; what lies before the calendar is none."""
    return [date.fromordinal(one) for one in sorted(set(ordinals)) if 1 <= one <= as_of.toordinal()]


def _days(operands: tuple[Scalar, ...], others: Iterable[date], moment: Moment) -> list[date]:
    today = moment.as_of.toordinal()
    ordinals = [today, today - _LONG]
    for one in operands:
        if isinstance(one, Duration):
            start = moment.window_start(one)
            ordinals += [start.toordinal(), start.toordinal() - 1] if start is not None else []
        elif isinstance(one, date):
            ordinals += [one.toordinal() - 1, one.toordinal(), one.toordinal() + 1]
    for other in others:
        ordinals += [other.toordinal(), other.toordinal() + 1]
    return _calendar(ordinals, moment.as_of)


def _elapsed(operands: tuple[Scalar, ...], as_of: date) -> list[FactValue]:
    today = as_of.toordinal()
    ordinals = [today, today - _LONG]
    for one in operands:
        if isinstance(one, Duration):
            start = latest_start(as_of, one).toordinal()
            ordinals += [*range(start - _CLAMPED, start + 2), start - _LONG]
    return [Elapsed(start, as_of) for start in _calendar(ordinals, as_of)]


def _sets(operands: tuple[Scalar, ...]) -> list[FactValue]:
    words = [one for one in operands if isinstance(one, str)]
    sizes = range(len(words) + 1) if len(words) <= MOST_WORDS else (0, 1, len(words))
    return [frozenset(chosen) for size in sizes for chosen in combinations(words, size)]


def _values(
    spec: FactSpec, operands: tuple[Scalar, ...], moment: Moment, others: Iterable[date]
) -> Iterable[FactValue]:
    values: Iterable[FactValue]
    match spec.kind:
        case Kind.NUMBER:
            values = _numbers(operands, spec)
        case Kind.ELAPSED:
            values = _elapsed(operands, moment.as_of)
        case Kind.DATE:
            values = [NEVER, *_days(operands, others, moment)]
        case Kind.YES_NO:
            values = [True, False]
        case Kind.CHOICE:
            values = spec.choices
        case Kind.SET:
            values = _sets(operands)
        case Kind.TEXT:
            values = []
    return values


class Answers(Several):
    """Values that stand for everything a fact could turn out to be."""

    __slots__ = ("_alone", "_beside", "_moment", "_told")

    def __init__(self, values: Iterable[FactValue], alone: Mapping[int, Over], moment: Moment) -> None:
        super().__init__(values)
        self._alone = alone
        self._moment = moment
        self._told: dict[int, Rails] = {}
        self._beside: dict[tuple[Over, bool], Rails] = {}

    def told(self, place: int) -> Rails:
        """Return of which of the values a leaf is true and of which false, a bit for each; it reads no other fact."""
        found = self._told.get(place)
        if found is None:
            found = self._told[place] = self._alone[place](self, _NO_OTHERS, self._moment)
        return found

    def beside(self, over: Over, other: Beside) -> Rails:
        """Return of which of the values a question is true and of which false, where another fact that it reads is so.

        It is kept for what is not known and for what never was: these come again, while days differ.
        """
        if other is None:
            return over(self, _NO_OTHERS, self._moment)
        key, measured = other
        never = measured == _NEVER_WAS
        if not never and type(measured) is not Unknown:
            return over(self, {key: measured}.__getitem__, self._moment)
        found = self._beside.get((over, never))
        if found is None:
            found = self._beside[over, never] = over(self, {key: measured}.__getitem__, self._moment)
        return found


class _Asked(NamedTuple):
    """What is asked of a fact: which other facts hold days that it may have to be later than, and what it could be."""

    counts_sessions: bool
    references: tuple[FactKey, ...]
    answers: Callable[[date, Attended, tuple[date, ...]], Answers]


class Alternatives:
    """What unknown facts could turn out to be, and what the leaves that read them alone then are.

    Most of it is the same for all clients on a day, so what was worked out last is kept.
    """

    def __init__(self, places: Places, catalogue: FactCatalogue) -> None:
        self._places = places
        self._catalogue = catalogue
        self._asked: dict[FactKey, _Asked] = {}

    def of(self, key: FactKey, facts: Facts, moment: Moment) -> Answers:
        """Return values that stand for everything the fact could turn out to be.

        Whatever it is, every test of the rules says of it what it says of one of these. It is
        not so for texts, of which there are none, and for sets beyond `MOST_WORDS`.
        """
        asked = self._asked.get(key)
        if asked is None:
            asked = self._asked[key] = self._what_is_asked(key)
        days: tuple[date, ...] = ()
        if asked.references:
            known = [one.value for other in asked.references if type(one := facts.get(other)) is Known]
            days = tuple(sorted({one for one in known if isinstance(one, date)})) if known else ()
        return asked.answers(moment.as_of, moment.attended if asked.counts_sessions else None, days)

    def _what_is_asked(self, key: FactKey) -> _Asked:
        leaves = [self._places.leaves[place] for place in self._places.readers.get(key, ())]
        spec, operands = self._catalogue[key.name], _operands(leaves)

        alone = self._places.alone(key)

        def answers(as_of: date, attended: Attended, days: tuple[date, ...]) -> Answers:
            moment = Moment(as_of, attended)
            return Answers(_values(spec, operands, moment, days), alone, moment)

        references = dict.fromkeys(reference_key(one) for leaf in leaves if (one := _reference(leaf)) is not None)
        return _Asked(_count_sessions(operands), tuple(references), lru_cache(MOST_KEPT)(answers))


def _reference(leaf: Leaf) -> LatestOf | DateOf | None:
    operand = getattr(leaf, "operand", None) or getattr(leaf, "after", None)
    return operand if isinstance(operand, (LatestOf, DateOf)) else None


def _count_sessions(operands: Iterable[Scalar]) -> bool:
    return any(isinstance(one, Duration) and not one.is_calendar for one in operands)
