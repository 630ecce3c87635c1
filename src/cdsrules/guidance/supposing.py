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
from cdsrules.model.condition import FactKey, KnownTest
from cdsrules.model.facts import Measured, Reason, Unknown

Way: TypeAlias = tuple[int, Measured]
"""What a fact is supposed to be, and the suppositions under which it is."""

AS_IT_IS: Final = 1
"""The bit of the supposition that nothing is otherwise, where one is among others."""
_HIDDEN: Final = Unknown(Reason.NOT_RECORDED, "left out")


class Held(dict[int, Truth]):
    """The truth of each leaf about facts, by its place, for one client; worked out when it is first asked for."""

    def __init__(self, places: Places, facts: Facts, moment: Moment) -> None:
        super().__init__()
        self.places = places
        self.fact: Get = facts.get
        self.moment = moment

    def __missing__(self, place: int) -> Truth:
        found = self[place] = self.under(place, self.fact)
        return found

    def under(self, place: int, get: Get) -> Truth:
        """Return the truth of a leaf under other facts."""
        return self.places.judged[place](get, self.moment)


class Supposed(dict[int, Rails]):
    """What leaves, rules and findings are under suppositions about facts, by place; `every` has a bit for each of them.

    Facts are as they are but under the suppositions that `ways` names.
    """

    def __init__(self, held: Held, every: int) -> None:
        super().__init__()
        self.held = held
        self.every = every

    def __missing__(self, place: int) -> Rails:
        places = self.held.places
        found = self[place] = self.leaf(place) if place < len(places.leaves) else places.weigh(place)(self)
        return found

    def ways(self, _: FactKey) -> Sequence[Way]:
        """Return what a fact is under which suppositions; nothing for one that is as it is."""
        return ()

    def leaf(self, place: int) -> Rails:
        """Return when a leaf is true and when it is false."""
        keys, every = self.held.places.keys[place], self.every
        ways = [self.ways(key) for key in keys]
        if not any(ways):
            return self.always(self.held[place])
        true = false = 0
        whole = [found or ((every, self.held.fact(key)),) for key, found in zip(keys, ways, strict=True)]
        for some in product(*whole):
            under = every
            for mask, _ in some:
                under &= mask
            if under:
                facts = {key: measured for key, (_, measured) in zip(keys, some, strict=True)}
                truth = self.held.under(place, facts.__getitem__)
                if truth is True:
                    true |= under
                elif truth is False:
                    false |= under
        return true, false

    def always(self, truth: Truth) -> Rails:
        """Return the rails of what has one truth under every supposition."""
        if truth is None:
            return 0, 0
        return (self.every, 0) if truth else (0, self.every)


class Otherwise(Supposed):
    """Every leaf otherwise, one at a time: two suppositions a leaf, that it is true and that it is false.

    The first supposition is that nothing is otherwise.
    """

    def __init__(self, held: Held) -> None:
        super().__init__(held, (1 << (2 * len(held.places.leaves) + 1)) - 1)

    def leaf(self, place: int) -> Rails:
        """Return when a leaf is true and when it is false."""
        being_true = 2 << 2 * place
        being_false = being_true << 1
        truth = self.held[place]
        if truth is None:
            return being_true, being_false
        return (self.every ^ being_false, being_false) if truth else (being_true, self.every ^ being_true)

    def of_leaf(self, place: int) -> int:
        """Return the two suppositions about a leaf."""
        return 6 << 2 * place


class Seen(Supposed):
    """What is left to see where some facts are hidden: `visible` has for each the suppositions under which it is not.

    A fact without any is hidden always. A test whether a hidden fact is known is left open.
    """

    def __init__(self, held: Held, every: int, visible: Mapping[FactKey, int]) -> None:
        super().__init__(held, every)
        self._visible = visible

    def ways(self, key: FactKey) -> Sequence[Way]:
        """Return where the fact is hidden, and where it is not."""
        visible = self._visible.get(key, 0)
        return () if visible == self.every else ((self.every ^ visible, _HIDDEN), (visible, self.held.fact(key)))

    def leaf(self, place: int) -> Rails:
        """Return when a leaf is true and when it is false."""
        if not isinstance(self.held.places.leaves[place], KnownTest):
            return super().leaf(place)
        (key,) = self.held.places.keys[place]
        true, false = self.always(self.held[place])
        visible = self._visible.get(key, 0)
        return true & visible, false & visible


class Answered(Supposed):
    """What unknown facts could turn out to be: `answers` has them for those that are supposed to be known at all."""

    def __init__(self, held: Held, every: int, answers: Mapping[FactKey, Sequence[Way]]) -> None:
        super().__init__(held, every)
        self._ways = {key: (*ways, (self._rest(ways), held.fact(key))) for key, ways in answers.items()}

    def _rest(self, ways: Sequence[Way]) -> int:
        rest = self.every
        for under, _ in ways:
            rest &= ~under
        return rest

    def ways(self, key: FactKey) -> Sequence[Way]:
        """Return what the fact is supposed to be, and that it is as it is otherwise."""
        return self._ways.get(key, ())


def as_it_is(rails: Rails) -> Truth:
    """Return the truth where nothing is otherwise."""
    true, false = rails
    return True if true & AS_IT_IS else False if false & AS_IT_IS else None
