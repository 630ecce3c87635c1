"""Some rules of a program, told apart by their truths all at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import compress
from operator import itemgetter
from typing import TypeAlias

from cdsrules.inference.program import Truth
from cdsrules.model.rulebook import Rule

Pick: TypeAlias = Callable[[Sequence[Truth]], tuple[Truth, ...]]


class Placed:
    """Rules with their place in the program, in an order that is kept.

    An evaluation asks of several such groups which of their rules hold, and mostly few do:
    the truths are taken out in one go, and no function of ours runs for each.
    """

    __slots__ = ("_pick", "ids", "places", "rules")

    def __init__(self, placed: Iterable[tuple[int, Rule]] = ()) -> None:
        pairs = tuple(placed)
        self.places = tuple(place for place, _ in pairs)
        self.rules = tuple(rule for _, rule in pairs)
        self.ids = tuple(rule.id for rule in self.rules)
        self._pick = _pick(self.places)

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
        return tuple([rule for rule, one in zip(self.rules, found, strict=True) if one is truth])


def _pick(places: tuple[int, ...]) -> Pick:
    if len(places) > 1:
        return itemgetter(*places)
    if not places:
        return lambda _: ()
    only = places[0]
    return lambda truths: (truths[only],)
