"""The leaves of the rules held against one client's facts, as they are and as they could be otherwise.

Many suppositions are weighed at once, a bit for each (`logic/weighing.py`): that one leaf is
otherwise, that some facts are hidden, that unknown facts turn out to be so. A rule is only
weighed when somebody asks for it, and once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Final, TypeAlias

from cdsrules.guidance.placed import bits_of
from cdsrules.guidance.places import Places
from cdsrules.logic.encoding import Values
from cdsrules.logic.judging import Get
from cdsrules.logic.moment import Moment
from cdsrules.logic.reading import Facts
from cdsrules.logic.truth import Truth
from cdsrules.logic.weighing import Rails
from cdsrules.measures.facts import NOTHING_USUAL, UsualFor
from cdsrules.model.condition import FactKey
from cdsrules.model.facts import Measured, Reason, Unknown

Plain: TypeAlias = tuple[Values, Sequence[object]]
"""The plain values and the cut-offs that rules are decided by."""
Way: TypeAlias = tuple[int, Measured]
"""What a fact is supposed to be, and the suppositions under which it is."""

AS_IT_IS: Final = 1
"""The bit of the supposition that nothing is otherwise, where one is among others."""
_HIDDEN: Final = Unknown(Reason.NOT_RECORDED, "left out")


class Held(dict[int, Truth]):
    """The truth of each leaf about facts, by its place, for one client; `true` and `false` have a bit for each.

    What leaves are about facts that are as usual stands ready. The others are told about in one go, from the plain
    values and the cut-offs that the rules were decided by: few facts are read here that were not read there. Where
    rules were not decided by any, each leaf is judged by itself.
    """

    def __init__(
        self, places: Places, facts: Facts, moment: Moment, plain: Plain | None = None, usual: UsualFor = NOTHING_USUAL
    ) -> None:
        super().__init__()
        self.places = places
        self.fact: Get = facts.get
        self.moment = moment
        self.true, self.false = self._each() if plain is None else _told(places, plain, usual)

    def __missing__(self, place: int) -> Truth:
        found = self[place] = True if self.true >> place & 1 else False if self.false >> place & 1 else None
        return found

    def of(self, leaves: int) -> Rails:
        """Return those of some leaves that are true, and those that are false."""
        return self.true & leaves, self.false & leaves

    def _each(self) -> Rails:
        """Return the leaves that are true and those that are false, each judged by itself."""
        truths = [self.under(place, self.fact) for place in range(self.places.first_rule)]
        return (
            bits_of([place for place, truth in enumerate(truths) if truth is True]),
            bits_of([place for place, truth in enumerate(truths) if truth is False]),
        )

    def under(self, place: int, get: Get) -> Truth:
        """Return the truth of a leaf under other facts."""
        return self.places.judged(place)(get, self.moment)


def _told(places: Places, plain: Plain, usual: UsualFor) -> Rails:
    """Return the leaves that are true and those that are false."""
    ready, true, false = places.told(usual.usual)
    for key in usual.named:
        ready &= ~places.reading.get(key, 0)
    others_true, others_false = places.telling.about(places.every & ~ready)(*plain)
    return true & ready | others_true, false & ready | others_false


class Supposed(dict[int, Rails]):
    """What leaves, rules and findings are under some suppositions, by place; `every` has a bit for each of those."""

    def __init__(self, held: Held, every: int) -> None:
        super().__init__()
        self.held = held
        self.every = every
        self.always: Mapping[Truth, Rails] = {True: (every, 0), False: (0, every), None: (0, 0)}

    def __missing__(self, place: int) -> Rails:
        found = self[place] = self.leaf(place) if place < self.held.places.first_rule else self.beyond(place)
        return found

    def leaf(self, place: int) -> Rails:
        """Return when a leaf is true and when it is false."""
        return self.always[self.held[place]]

    def beyond(self, place: int) -> Rails:
        """Return when a rule or a finding is true and when it is false."""
        return self.held.places.weigh(place)(self)

    def judged(self, place: int, ways: Sequence[Sequence[Way]]) -> Rails:
        """Return the rails of a leaf, by the ways of each fact that it reads."""
        keys, true, false = self.held.places.keys[place], 0, 0
        for some in product(*ways):
            under = self.every
            for one, _ in some:
                under &= one
            if under:
                facts = {key: measured for key, (_, measured) in zip(keys, some, strict=True)}
                truth = self.held.under(place, facts.__getitem__)
                true |= under if truth is True else 0
                false |= under if truth is False else 0
        return true, false


class Otherwise(Supposed):
    """Every leaf otherwise, one at a time: two suppositions a leaf, that it is true and that it is false.

    The first supposition is that nothing is otherwise; then it is supposed of each leaf that it is true, and then of
    each that it is false.
    """

    def __init__(self, held: Held) -> None:
        self._leaves = held.places.first_rule
        super().__init__(held, (1 << (2 * self._leaves + 1)) - 1)

    def leaf(self, place: int) -> Rails:
        """Return when a leaf is true and when it is false."""
        being_true = 2 << place
        being_false = being_true << self._leaves
        truth = self.held[place]
        if truth is None:
            return being_true, being_false
        return (self.every ^ being_false, being_false) if truth else (being_true, self.every ^ being_true)

    def leaves_of(self, suppositions: int) -> int:
        """Return the leaves that some suppositions are about, a bit for each."""
        about = suppositions >> 1
        return (about | about >> self._leaves) & (1 << self._leaves) - 1


class Seen(Supposed):
    """What is left to see where some facts are hidden: `visible` has for each the suppositions under which it is not.

    A fact without any is hidden always. A test whether a hidden fact is known is left open.
    """

    def __init__(self, held: Held, every: int, visible: Mapping[FactKey, int]) -> None:
        super().__init__(held, every)
        self._visible = visible

    def leaf(self, place: int) -> Rails:
        """Return when a leaf is true and when it is false."""
        held, every = self.held, self.every
        keys = held.places.keys[place]
        visible = [self._visible.get(key, 0) for key in keys]
        if len(keys) > 1 and any(visible) and min(visible) != every:
            seen = zip(keys, visible, strict=True)
            return self.judged(place, [((one, held.fact(key)), (every ^ one, _HIDDEN)) for key, one in seen])
        true, false = self.always[held[place]]
        return true & visible[0], false & visible[0]


def as_it_is(rails: Rails) -> Truth:
    """Return the truth where nothing is otherwise."""
    true, false = rails
    return True if true & AS_IT_IS else False if false & AS_IT_IS else None
