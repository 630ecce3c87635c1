"""Some rules of a program, told apart by their truths all at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import compress, repeat
from operator import is_, itemgetter
from typing import Protocol, TypeAlias

from cdsrules.inference.program import Truth
from cdsrules.model.rulebook import Rule


class Truths(Protocol):
    """Truths by place."""

    def __getitem__(self, place: int, /) -> Truth:
        """Return the truth at a place."""
        ...


Pick: TypeAlias = Callable[[Truths], tuple[Truth, ...]]


class Placed:
    """Rules with their place in the program, in an order that is kept.

    An evaluation asks of several such groups which of their rules hold, and mostly few do:
    the truths are taken out in one go, and no function of ours runs for each. `bits` has a bit
    for each place.
    """

    __slots__ = ("_pick", "bits", "ids", "places", "rules")

    def __init__(self, placed: Iterable[tuple[int, Rule]] = ()) -> None:
        pairs = tuple(placed)
        self.places = tuple(place for place, _ in pairs)
        self.rules = tuple(rule for _, rule in pairs)
        self.ids = tuple(rule.id for rule in self.rules)
        self.bits = bits_of(self.places)
        self._pick = pick(self.places)

    def __iter__(self) -> Iterator[tuple[int, Rule]]:
        """Yield each place with its rule."""
        return zip(self.places, self.rules, strict=True)

    def __len__(self) -> int:
        return len(self.places)

    def truths(self, truths: Sequence[Truth]) -> tuple[Truth, ...]:
        """Return the truths of these rules, of the truths of all rules of the program."""
        return self._pick(truths)

    def being(self, truth: Truth, truths: Sequence[Truth]) -> tuple[Rule, ...]:
        """Return those of the rules that have a truth; `truths` are those of all rules of the program."""
        found = self._pick(truths)
        if truth is True:
            return (*compress(self.rules, found),)
        if truth not in found:
            return ()
        return (*compress(self.rules, map(is_, found, repeat(truth))),)


def pick(places: Sequence[int]) -> Pick:
    """Return what takes the truths at some places out of others, in one go."""
    if len(places) > 1:
        return itemgetter(*places)
    if not places:
        return lambda _: ()
    only = places[0]
    return lambda truths: (truths[only],)


def bits_of(places: Iterable[int]) -> int:
    """Return a bit for each place; no place comes twice."""
    return sum([1 << place for place in places])


def places_of(bits: int) -> Iterator[int]:
    """Yield the places of the bits that are set, lowest first."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
