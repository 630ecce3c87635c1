"""The smallest imagined client whose advice changes: shrunk from real ones, or searched for among cases.

A shrunk client keeps some of what a real record holds, so the name goes, and every value is
made as simple as it can be.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, NamedTuple

from cdsrules.errors import ClientError
from cdsrules.impact.comparing import Comparison
from cdsrules.impact.in_full import InFull, in_full
from cdsrules.model.condition import Condition, FactTest, Scalar, Value, walk
from cdsrules.model.rulebook import Rule
from cdsrules.model.time import Duration, after
from cdsrules.testing.shrinking import Document, shrink, size

NAME: Final = "imagined"
STARTS: Final = 5
"""How many clients are shrunk; the smallest that comes out is told."""

MOST_SEARCHED: Final = 6_000
"""How many clients are tried when none of those given changes."""


class Specimen(NamedTuple):
    """A client to begin with: who it is, in words, and the document."""

    origin: str
    document: Document


@dataclass(frozen=True, slots=True)
class Imagined:
    """The smallest client found whose advice changes, where the search began, and how far it went.

    `is_smallest` when nothing more can be left out of it or made simpler, one thing at a time.
    """

    document: Document
    full: InFull
    origin: str
    tried: int
    is_smallest: bool


class NotFound(NamedTuple):
    """Nobody was found; so many clients were tried."""

    tried: int


def imagine(comparison: Comparison, changed: Sequence[Specimen], specimens: Iterable[Specimen]) -> Imagined | NotFound:
    """Return the smallest client whose advice changes.

    The search begins with the clients that change, the smallest of them; where there are none, with
    `specimens` and what they become on other days and with other scores.
    """
    if comparison.differences.is_empty:
        return NotFound(0)
    tried = 0
    begin = sorted(changed, key=lambda one: size(one.document))[:STARTS]
    if not begin:
        found, tried = _searched(comparison, specimens)
        begin = [] if found is None else [found]
    shrunk = [(one.origin, shrink(_unnamed(one.document), comparison.differs)) for one in begin]
    tried += sum(one.tried for _, one in shrunk)
    if not shrunk:
        return NotFound(tried)
    origin, smallest = min(shrunk, key=lambda one: size(one[1].document))
    full = in_full(comparison, smallest.document, "the smallest imagined client")
    return Imagined(smallest.document, full, origin, tried, smallest.is_smallest)


def _unnamed(document: Document) -> Document:
    """Return a client without a name, and without what the host keeps for itself."""
    kept = {key: value for key, value in document.items() if key != "extensions"}
    client = document.get("client")
    return {**kept, "client": {**(client if isinstance(client, Mapping) else {}), "id": NAME}}


# Where no client that was given changes


def _searched(comparison: Comparison, specimens: Iterable[Specimen]) -> tuple[Specimen | None, int]:
    """Return the first client found that changes, and how many were tried: all as they are, then varied."""
    known = tuple(specimens)
    limits = Limits.of(comparison)
    tried = 0
    varied = (Specimen(one.origin, other) for one in known for other in variations(one.document, limits))
    for specimen in (*known, *varied):
        if tried == MOST_SEARCHED:
            break
        tried += 1
        try:
            if comparison.differs(specimen.document):
                return specimen, tried
        except ClientError:
            continue
    return None, tried


@dataclass(frozen=True, slots=True)
class Limits:
    """The numbers and durations that changed rules hold facts against."""

    numbers: tuple[float, ...]
    durations: tuple[Duration, ...]

    @classmethod
    def of(cls, comparison: Comparison) -> Limits:
        """Return the limits in the conditions of the rules that differ."""
        sides = [side for one in comparison.differences.rules.values() for side in (one.before, one.after) if side]
        found = dict.fromkeys(value for side in sides for value in _values(side.rule))
        numbers = tuple(one for one in found if isinstance(one, int | float) and not isinstance(one, bool))
        return cls(numbers, tuple(one for one in found if isinstance(one, Duration) and one.is_calendar))


def _values(rule: Rule) -> Iterator[Scalar]:
    conditions: tuple[Condition, ...] = (rule.when, *rule.until, *((rule.unless,) if rule.unless else ()))
    for condition in conditions:
        for node in walk(condition):
            if isinstance(node, FactTest) and isinstance(node.operand, Value | tuple):
                operands = node.operand if isinstance(node.operand, tuple) else (node.operand,)
                yield from (one.value for one in operands)


def variations(document: Document, limits: Limits) -> Iterator[Document]:
    """Yield the client on days on which a duration of a changed rule is just reached or not, and with its scores."""
    for day in _days(document, limits.durations):
        yield {**document, "as_of": day.isoformat()}
    measures = document.get("measures")
    if not isinstance(measures, list) or not measures:
        return
    *before, last = measures
    if isinstance(last, Mapping) and "score" in last:
        for number in limits.numbers:
            for score in (number - 1, number, number + 1):
                yield {**document, "measures": [*before, {**last, "score": score}]}


def _days(document: Document, durations: Iterable[Duration]) -> Iterator[date]:
    starts = [one for one in map(_day, _texts(document)) if one is not None]
    for start in dict.fromkeys(starts):
        for duration in durations:
            for shift in (-1, 0, 1):
                try:
                    yield after(start, duration) + timedelta(days=shift)
                except (OverflowError, ValueError):
                    continue


def _texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case Mapping():
            for one in value.values():
                yield from _texts(one)
        case list():
            for one in value:
                yield from _texts(one)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
