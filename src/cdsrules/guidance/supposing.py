"""The leaves of the rules held against one client's facts, as they are and as they could be otherwise.

Many suppositions are weighed at once, a bit for each (`logic/weighing.py`): that one leaf is
otherwise, that some facts are hidden, that unknown facts turn out to be so. A rule is only
weighed when somebody asks for it, and once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Final, TypeAlias

from cdsrules.guidance.places import Places
from cdsrules.logic.judging import Get
from cdsrules.logic.moment import Moment
from cdsrules.logic.reading import Facts
from cdsrules.logic.truth import Truth
from cdsrules.logic.weighing import Rails
from cdsrules.model.condition import FactKey
from cdsrules.model.facts import Measured, Reason, Unknown

Way: TypeAlias = tuple[int, Measured]
"""What a fact is supposed to be, and the suppositions under which it is."""

AS_IT_IS: Final = 1
"""The bit of the supposition that nothing is otherwise, where one is among others."""
_HIDDEN: Final = Unknown(Reason.NOT_RECORDED, "left out")


class Held(dict[int, Truth]):
    """The truth of each leaf about facts, by its place, for one client; worked out when it is first asked for.

    `of` has many of them at once, a bit for each.
    """

    def __init__(self, places: Places, facts: Facts, moment: Moment) -> None:
        super().__init__()
        self.places = places
        self.fact: Get = facts.get
        self.moment = moment
        self._true = self._false = self._asked = 0

    def __missing__(self, place: int) -> Truth:
        true, false = self.of(1 << place)
        found = self[place] = True if true else False if false else None
        return found

    def of(self, leaves: int) -> Rails:
        """Return those of some leaves that are true, and those that are false."""
        wanted = leaves & ~self._asked
        if wanted:
            self._find_out(wanted)
        return self._true & leaves, self._false & leaves

    def _find_out(self, wanted: int) -> None:
        """Find out about leaves, and about all that read no other fact than one that turns out to be unknown."""
        fact, moment, places = self.fact, self.moment, self.places
        only, unanswered, judged = places.only, places.unanswered, places.judged
        true = false = asked = 0
        while wanted:
            leaf = wanted & -wanted
            place = leaf.bit_length() - 1
            key = only[place]
            if key is not None and type(fact(key)) is Unknown:
                leaf, none = unanswered[key]
                false |= none
            else:
                truth = judged[place](fact, moment)
                if truth:
                    true |= leaf
                elif truth is False:
                    false |= leaf
            asked |= leaf
            wanted &= ~leaf
        self._true |= true
        self._false |= false
        self._asked |= asked

    def under(self, place: int, get: Get) -> Truth:
        """Return the truth of a leaf under other facts."""
        return self.places.judged[place](get, self.moment)


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
