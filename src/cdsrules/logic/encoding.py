"""Facts made plain for the deciders: all at once, or each when a condition first reads it.

All at once they are made by one function with a statement a fact, which is the quickest where
the facts are measured already. It is made of the facts' places alone, and reaches how each is
made plain by name.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple, Protocol, TypeAlias, cast

from cdsrules.logic.functions import only_function
from cdsrules.model.condition import FactKey
from cdsrules.model.facts import FactValue, Known, Measured, Measurement, Unknown


class Values(Protocol):
    """Plain values by the place of their slot."""

    def __getitem__(self, place: int, /) -> object:
        """Return the value at a place."""
        ...


Encoder: TypeAlias = Callable[[Iterable[Measured]], list[object]]
"""Measured facts in, in the order of the slots; plain values out."""


NOTHING_YET: Final[Mapping[int, object]] = MappingProxyType({})


class Slot(NamedTuple):
    """A place for a fact among the plain values: how a known value is made plain, what unknown is.

    A value of the type `already` is plain as it is, which saves most facts the call.
    """

    key: FactKey
    already: type
    plain: Callable[[FactValue], object]
    unknown: object

    def value(self, measured: Measurement) -> object:
        """Return the plain value of what was measured. Raises TypeError where that is not what is declared."""
        return self.unknown if isinstance(measured, Unknown) else made_plain(self.key, self.plain, measured[0])


def encoder(slots: Sequence[Slot]) -> Encoder:
    """Return the function that makes plain what was measured for the slots.

    >>> from cdsrules.model.facts import Reason, Unknown
    >>> slot = Slot(FactKey("score"), int, float, None)
    >>> encode = encoder([slot, slot, slot])
    >>> encode([Known(3), Known(2.5), Unknown(Reason.NOT_RECORDED, "not on file")])
    [3, 2.5, None]
    """
    bound: dict[str, object] = {"type": type, "Known": Known}
    lines = ["def encode(measured):"]
    if slots:
        lines.append(f" ({', '.join(f'm{place}' for place in range(len(slots)))},) = measured")
    for place, slot in enumerate(slots):
        lines += [
            f" if type(m{place}) is not Known: m{place} = unknown{place}",
            f" elif type(m{place} := m{place}[0]) is not already{place}: m{place} = plain{place}(m{place})",
        ]
        bound |= {f"already{place}": slot.already, f"plain{place}": slot.plain, f"unknown{place}": slot.unknown}
    lines.append(f" return [{', '.join(f'm{place}' for place in range(len(slots)))}]")
    return cast(Encoder, only_function(ast.parse("\n".join(lines)), bound))


Source: TypeAlias = tuple[Callable[..., Measurement], type, Callable[[FactValue], object], object, FactKey]
"""Where a fact comes from: the function that measures it of a subject, and `already`, `plain`, `unknown` and `key` of
its slot. A plain tuple: it is taken apart for each fact that is measured, and one with names takes longer to."""


class OnDemand(dict[int, object]):
    """Plain values by the place of their slot, each made when it is first read.

    What no condition needs to look at, because another part of it has decided, is never
    measured; nor is what stands in `there`, by its place.
    """

    __slots__ = ("_sources", "_subject")

    def __init__(self, sources: Sequence[Source], subject: object, there: Mapping[int, object] = NOTHING_YET) -> None:
        super().__init__(there)
        self._sources = sources
        self._subject = subject

    def __missing__(self, place: int) -> object:
        measure, already, plain, value, key = self._sources[place]
        measured = measure(self._subject)
        if type(measured) is not Unknown:
            value = measured[0]
            if type(value) is not already:
                try:
                    value = plain(value)
                except TypeError as misfit:
                    raise _misfit(key, misfit) from misfit
        self[place] = value
        return value


def made_plain(key: FactKey, plain: Callable[[FactValue], object], value: FactValue) -> object:
    """Return a value made plain. Raises TypeError, with the fact's name, where it does not fit what is declared."""
    try:
        return plain(value)
    except TypeError as misfit:
        raise _misfit(key, misfit) from misfit


def _misfit(key: FactKey, misfit: TypeError) -> TypeError:
    return TypeError(f"{key} was measured as what it is not declared to be: {misfit}")
