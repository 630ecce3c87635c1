"""The records of a list in a client document, by the layout in which they are written.

A list has dozens of records, and nearly always all of them are well written. So a layout is made into one
expression that takes each value straight to what it means, mostly by a look into a dictionary. Where anything
is not as the layout has it, the expression gives up, and the list is read again value by value, to say what is
wrong and where.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Generic, NamedTuple, NoReturn, TypeAlias, TypeVar, cast

from cdsrules.loading.client_reading import DAYS, Fields, Reading, fits_as_name
from cdsrules.logic.functions import only_function
from cdsrules.model.lazy import once

Record = TypeVar("Record", bound=tuple[object, ...])
Strictly: TypeAlias = Callable[[Reading, Fields, str, int], object]


class Value(NamedTuple):
    """One value of a record: the field it stands in, and how it is read.

    `straight` is an expression that means what is `{written}`, by a look into a `{table}` or with its help; it raises
    KeyError or TypeError for what is not well written. `strictly` reads the same where something is wrong, notes what,
    and returns a stand-in. Where the field need not be there and is not, the value is `otherwise`.
    """

    key: str
    straight: str
    table: object
    strictly: Strictly
    is_needed: bool = True
    otherwise: object = None


def day(key: str) -> Value:
    """Return a value that is a day."""

    def strictly(reading: Reading, fields: Fields, section: str, place: int) -> object:
        return reading.day(fields, key, section, place)

    return Value(key, "{table}[{written}]", DAYS, strictly)


def word(key: str, words: Collection[str]) -> Value:
    """Return a value that is one of a closed set of words."""
    return word_for(key, {one: one for one in words})


def word_for(key: str, means: Mapping[str, object]) -> Value:
    """Return a value that is written as one of a closed set of words, and is what the word means."""

    def strictly(reading: Reading, fields: Fields, section: str, place: int) -> object:
        return means[reading.word(fields, key, means.keys(), section, place)]

    return Value(key, "{table}[{written}]", means, strictly)


def flag(key: str) -> Value:
    """Return a value that is true or false."""

    def strictly(reading: Reading, fields: Fields, section: str, place: int) -> object:
        if key not in fields:
            reading.missing(fields, key, f"{section}[{place}]", "Write true or false.")
        return reading.flag(fields, key, section, place) or False

    return Value(key, "{written} if {written} is True or {written} is False else give_up()", None, strictly)


def name(key: str) -> Value:
    """Return a value that is an id or a code."""

    def strictly(reading: Reading, fields: Fields, section: str, place: int) -> object:
        return reading.name(fields, key, section, place)

    return Value(key, "{written} if {table}({written}) else give_up()", fits_as_name, strictly)


def optional(value: Value, otherwise: object = None) -> Value:
    """Return a value that need not be there."""
    return value._replace(is_needed=False, otherwise=otherwise)


class Layout(Generic[Record]):
    """How the records of a list are written: what their fields mean, in order, and then some that are the same for all.

    Last comes the place in the list. Fields `besides` are held to what may stand there, and not kept.
    """

    def __init__(
        self, kind: type[Record], *values: Value, always: tuple[object, ...] = (), besides: tuple[Value, ...] = ()
    ) -> None:
        self._kind = kind
        self._values = values
        self._always = always
        self._besides = besides
        self._known = frozenset(one.key for one in (*values, *besides))

    def read(self, fields: Fields, key: str, reading: Reading, section: str = "$") -> list[Record] | None:
        """Return the records of a list as the document has them, or None when it has no such list."""
        if key not in fields:  # as most lists
            return None
        written = reading.items(fields, key, section)
        if not written:
            return []
        try:
            return self._straight(written)
        except (KeyError, TypeError):
            return self._strictly(written, f"{section}.{key}", reading)

    def _strictly(self, written: Iterable[object], section: str, reading: Reading) -> list[Record]:
        """Return the records, each value read by itself."""
        found: list[Record] = []
        for place, one in enumerate(written):
            fields = reading.fields(one, self._known, section, place)
            values = [_value(value, reading, fields, section, place) for value in self._values]
            for value in self._besides:
                _value(value, reading, fields, section, place)
            found.append(tuple.__new__(self._kind, (*values, *self._always, place)))
        return found

    @once
    def _straight(self) -> Callable[[Iterable[object]], list[Record]]:
        """What reads well-written records."""
        values = (*self._values, *self._besides)
        meant = [_meant(value, number) for number, value in enumerate(values)]
        always = [f"always{number}" for number in range(len(self._always))]
        kept, besides = meant[: len(self._values)], meant[len(self._values) :]
        held = f" and ({', '.join(besides)},)" if besides else ""
        text = (
            f"def read(rows): return [make(kind, ({', '.join([*kept, *always, 'place'])})) "
            f"for place, row in enumerate(rows) if type(row) is dict and len(row) == {self._count}{held} or give_up()]"
        )
        bound: dict[str, object] = {"make": tuple.__new__, "kind": self._kind, "give_up": give_up}
        bound |= {"type": type, "dict": dict, "len": len, "enumerate": enumerate}
        bound |= dict(zip(always, self._always, strict=True))
        for number, value in enumerate(values):
            bound |= {f"table{number}": value.table, f"otherwise{number}": value.otherwise}
        return cast("Callable[[Iterable[object]], list[Record]]", only_function(ast.parse(text), bound))

    @property
    def _count(self) -> str:
        """How many fields a well-written record has, as an expression: none then is unknown."""
        values = (*self._values, *self._besides)
        needed = sum(value.is_needed for value in values)
        return " + ".join([str(needed), *(f"({value.key!r} in row)" for value in values if not value.is_needed)])


def _meant(value: Value, number: int) -> str:
    """Return the expression that means the value of a row; `number` tells its table from those of others."""
    straight = value.straight.format(written=f"row[{value.key!r}]", table=f"table{number}")
    return f"({straight})" if value.is_needed else f"(({straight}) if {value.key!r} in row else otherwise{number})"


def _value(value: Value, reading: Reading, fields: Fields, section: str, place: int) -> object:
    if value.is_needed or value.key in fields:
        return value.strictly(reading, fields, section, place)
    return value.otherwise


def give_up() -> NoReturn:
    """Leave it to whoever reads value by value: something is not well written."""
    raise KeyError
