"""A client document made smaller, as long as what is looked for in it stays there.

Whole sections go first, then runs of records, single records and what they say, and last
the values get simpler: numbers nearer to nothing, days at the beginning of a month. The
same document and the same question give the same smallest one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias, cast

from cdsrules.errors import ClientError

Document: TypeAlias = Mapping[str, object]
Telling: TypeAlias = Callable[[Document], bool]
"""Whether a document still shows what is looked for; one that cannot be read (`ClientError`) does not."""

_Put: TypeAlias = Callable[[object], Document]
"""The whole document with another value in one place."""

MOST_TRIES: Final = 5_000


@dataclass(frozen=True, slots=True)
class Shrunk:
    """The smallest document found, how many were tried, and whether no single step makes it smaller still.

    `is_smallest` is False only when the tries ran out.
    """

    document: Document
    tried: int
    is_smallest: bool


def shrink(document: Document, is_telling: Telling, *, most: int = MOST_TRIES) -> Shrunk:
    """Return the document made as small as it can be while `is_telling` says yes.

    The document given is taken to be telling itself.

    >>> course = {"measures": [{"score": 17}, {"score": 9}, {"score": 21}], "sessions": []}
    >>> shrink(course, lambda one: any(each.get("score", 0) > 10 for each in one.get("measures", []))).document
    {'measures': [{'score': 11}]}
    """
    search = _Search(is_telling, most)
    smallest = document
    try:
        while (smaller := search.pass_over(smallest)) != smallest:
            smallest = smaller
    except _EnoughError as enough:
        return Shrunk(enough.document, search.tried, is_smallest=False)
    return Shrunk(smallest, search.tried, is_smallest=True)


def size(document: object) -> int:
    """Return how much a document says: the values it holds, and the groups they stand in.

    >>> size({"measures": [{"score": 17}, {"score": 9}]})
    5
    """
    match document:
        case Mapping():
            parts = list(document.values())
        case list() | tuple():
            parts = list(document)
        case _:
            return 1
    return sum(size(one) + isinstance(one, Mapping | list | tuple) for one in parts)


class _EnoughError(Exception):
    """The tries have run out; `document` is the smallest one until then."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.document = document


class _Search:
    """Tries smaller documents one after the other, and counts them."""

    def __init__(self, is_telling: Telling, most: int) -> None:
        self.tried = 0
        self._is_telling = is_telling
        self._most = most

    def pass_over(self, document: Document) -> Document:
        """Return the document with everything left out and made simpler that can be, in one pass over it."""
        return self._group(dict(document), _whole)

    def _holds(self, value: object, now: object, put: _Put) -> bool:
        """Tell whether another value in one place still shows what is looked for; `now` is what stands there."""
        if self.tried >= self._most:
            raise _EnoughError(put(now))
        self.tried += 1
        try:
            return self._is_telling(put(value))
        except ClientError:
            return False

    def _smaller(self, value: object, put: _Put) -> object:
        match value:
            case Mapping():
                return self._group(dict(value), put)
            case list() | tuple():
                return self._list(list(value), put)
            case _:
                return self._value(value, put)

    def _group(self, group: dict[str, object], put: _Put) -> dict[str, object]:
        for key in tuple(group):
            without = {name: one for name, one in group.items() if name != key}
            if self._holds(without, group, put):
                group = without
        for key, value in tuple(group.items()):
            group = {**group, key: self._smaller(value, _within_group(group, key, put))}
        return group

    def _list(self, items: list[object], put: _Put) -> list[object]:
        run = len(items)
        while run:
            start = 0
            while start < len(items):
                without = items[:start] + items[start + run :]
                if self._holds(without, items, put):
                    items = without
                else:
                    start += run
            run //= 2
        for place, value in enumerate(items):
            items = [*items[:place], self._smaller(value, _within_list(items, place, put)), *items[place + 1 :]]
        return items

    def _value(self, value: object, put: _Put) -> object:
        return next((one for one in _simpler(value) if self._holds(one, value, put)), value)


def _whole(value: object) -> Document:
    return cast("Document", value)


def _within_group(group: Mapping[str, object], key: str, put: _Put) -> _Put:
    return lambda value: put({**group, key: value})


def _within_list(items: list[object], place: int, put: _Put) -> _Put:
    return lambda value: put([*items[:place], value, *items[place + 1 :]])


def _simpler(value: object) -> Iterator[object]:
    """Yield simpler values, the simplest first.

    >>> list(_simpler(9)), list(_simpler(2.5)), list(_simpler("2026-03-17")), list(_simpler("attended"))
    ([0, 4, 6, 7, 8], [0, 1, 2], ['2026-01-01', '2026-03-01'], [])
    """
    match value:
        case bool():
            return
        case int() | float():
            yield from _nearer_nothing(value)
        case str():
            yield from _earlier_in_the_calendar(value)


def _nearer_nothing(number: float) -> Iterator[int]:
    """Yield whole numbers on the way from nothing to a number, half of the way that is left each time."""
    reached, goal = 0, int(number)
    if number != 0:
        yield 0
    while goal > 0 and (gap := goal - reached) > 1:
        reached += gap // 2
        yield reached
    if goal not in {0, number}:
        yield goal


def _earlier_in_the_calendar(text: str) -> Iterator[str]:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return
    for simpler in (day.replace(month=1, day=1), day.replace(day=1)):
        if simpler != day and len(text) == len(str(simpler)):
            yield simpler.isoformat()
