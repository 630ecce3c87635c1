"""Conditions under many suppositions at once: a bit for each, on a rail for true and on one for false.

What a rule would say if this were otherwise, or that, or that, is asked by the hundred. Bit by
bit of two whole numbers it is asked all at once: combining by strong Kleene is then `&` and `|`.
A condition is made ready once, and weighed for whatever its leaves may be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple, Protocol, TypeAlias, assert_never

from cdsrules.model.condition import (
    AllOf,
    AnyOf,
    AtLeast,
    Condition,
    Declined,
    Done,
    FactKey,
    FactTest,
    FindingTest,
    KnownTest,
    Leaf,
    Not,
    Proposed,
    keys_of,
)

Rails: TypeAlias = tuple[int, int]
"""The suppositions under which something is true, and those under which it is false: a bit for each."""


class Suppositions(Protocol):
    """What leaves are under some suppositions, by the place of the leaf; `every` has a bit for each supposition."""

    @property
    def every(self) -> int:
        """All suppositions."""
        ...

    def __getitem__(self, place: int, /) -> Rails:
        """Return when the leaf at a place is true and when it is false."""
        ...


Weigh: TypeAlias = Callable[[Suppositions], Rails]
Holds: TypeAlias = Callable[[Suppositions, int], int]
"""Suppositions in, and those under which the leaves are so that have to be; those under which a rule holds out."""


class Weighed(NamedTuple):
    """A condition made ready, with its parts; a leaf has its place and the facts it reads."""

    condition: Condition
    weigh: Weigh
    parts: tuple[Weighed, ...] = ()
    place: int | None = None
    facts: tuple[FactKey, ...] = ()


def weighed(condition: Condition, places: Mapping[Leaf, int]) -> Weighed:
    """Return a condition made ready to be weighed; `places` has the place of each of its leaves.

    >>> from cdsrules.model.condition import FindingTest
    >>> class Two(dict):
    ...     every = 0b11
    >>> one, other = FindingTest("one"), FindingTest("other")
    >>> both = weighed(AllOf((one, Not(other))), {one: 0, other: 1})
    >>> both.weigh(Two({0: (0b11, 0b00), 1: (0b01, 0b10)}))
    (2, 1)
    """
    match condition:
        case AllOf(parts):
            made = _parts(parts, places)
            return Weighed(condition, _all_of(made), made)
        case AnyOf(parts):
            made = _parts(parts, places)
            return Weighed(condition, _any_of(made), made)
        case Not(part):
            made = _parts((part,), places)
            return Weighed(condition, _opposite(made[0].weigh), made)
        case AtLeast(count, parts):
            made = _parts(parts, places)
            return Weighed(condition, _at_least(count, made), made)
        case FactTest() | KnownTest() | FindingTest() | Done() | Declined() | Proposed():
            place = places[condition]
            return Weighed(condition, itemgetter(place), place=place, facts=keys_of(condition))
        case _:
            assert_never(condition)


def _parts(parts: Sequence[Condition], places: Mapping[Leaf, int]) -> tuple[Weighed, ...]:
    return tuple([weighed(part, places) for part in parts])


def needed(group: AllOf | AnyOf | AtLeast, *, want: bool) -> int:
    """Return how many of its parts have to be so for a group to be so."""
    match group:
        case AllOf(parts):
            return len(parts) if want else 1
        case AnyOf(parts):
            return 1 if want else len(parts)
        case AtLeast(count, parts):
            return count if want else len(parts) - count + 1


class _Sorted(NamedTuple):
    """What a group joins by what it takes to weigh it: facts read plainly, facts denied, and all else."""

    read: tuple[int, ...]
    denied: tuple[int, ...]
    others: tuple[Weigh, ...]


def _sorted(parts: Sequence[Weighed], joined: type[AllOf | AnyOf]) -> _Sorted:
    read: list[int] = []
    denied: list[int] = []
    others: list[Weigh] = []
    for part, is_denied in _flat(parts, joined, denied=False):
        if part.place is None or not part.facts:
            others.append(_opposite(part.weigh) if is_denied else part.weigh)
        else:
            (denied if is_denied else read).append(part.place)
    return _Sorted(tuple(read), tuple(denied), tuple(others))


def _flat(parts: Sequence[Weighed], joined: type[AllOf | AnyOf], *, denied: bool) -> Iterator[tuple[Weighed, bool]]:
    """Yield what is joined in the end, and whether it is denied there: "not one of these" is "none of them"."""
    alike = joined if not denied else AnyOf if joined is AllOf else AllOf
    for part in parts:
        if isinstance(part.condition, Not):
            yield from _flat(part.parts, joined, denied=not denied)
        elif isinstance(part.condition, alike):
            yield from _flat(part.parts, joined, denied=denied)
        else:
            yield part, denied


def _all_of(parts: Sequence[Weighed]) -> Weigh:
    read, denied, others = _sorted(parts, AllOf)

    def weigh(supposed: Suppositions) -> Rails:
        true = every = supposed.every
        false = 0
        for place in read:
            one, other = supposed[place]
            true &= one
            false |= other
        for place in denied:
            one, other = supposed[place]
            true &= other
            false |= one
        for part in others:
            if false == every:
                break
            one, other = part(supposed)
            true &= one
            false |= other
        return true, false

    return weigh


def _any_of(parts: Sequence[Weighed]) -> Weigh:
    read, denied, others = _sorted(parts, AnyOf)

    def weigh(supposed: Suppositions) -> Rails:
        false = every = supposed.every
        true = 0
        for place in read:
            one, other = supposed[place]
            true |= one
            false &= other
        for place in denied:
            one, other = supposed[place]
            true |= other
            false &= one
        for part in others:
            if true == every:
                break
            one, other = part(supposed)
            true |= one
            false &= other
        return true, false

    return weigh


def carried(places: Sequence[int]) -> Weigh:
    """Return what weighs a finding, which is true if one of the rules at these places is; of none it is false."""
    rules = tuple(places)

    def weigh(supposed: Suppositions) -> Rails:
        false = every = supposed.every
        true = 0
        for place in rules:
            if true == every:
                break
            one, other = supposed[place]
            true |= one
            false &= other
        return true, false

    return weigh


def _opposite(part: Weigh) -> Weigh:
    def weigh(supposed: Suppositions) -> Rails:
        true, false = part(supposed)
        return false, true

    return weigh


def _at_least(count: int, made: Sequence[Weighed]) -> Weigh:
    weighs = [part.weigh for part in made]
    too_many = len(weighs) - count + 1

    def weigh(supposed: Suppositions) -> Rails:
        parts, every = [part(supposed) for part in weighs], supposed.every
        return (
            _reached(count, [true for true, _ in parts], every),
            _reached(too_many, [false for _, false in parts], every),
        )

    return weigh


def _reached(count: int, rails: Sequence[int], every: int) -> int:
    """Return where at least so many of the rails have a bit."""
    if count <= 0:
        return every
    so_many = [every, *[0] * count]
    for rail in rails:
        for number in range(count, 0, -1):
            so_many[number] |= so_many[number - 1] & rail
    return so_many[count]


def excepted(decision: Weigh, exception: Weigh) -> Weigh:
    """Return what weighs a rule that does not hold where its exception is true; an unknown one changes nothing."""

    def weigh(supposed: Suppositions) -> Rails:
        true, false = decision(supposed)
        withdrawn, _ = exception(supposed)
        return true & ~withdrawn, false | withdrawn

    return weigh


def conjoined(condition: Weighed) -> tuple[Sequence[int], Sequence[int]]:
    """Return the leaves about facts without which a condition is not true, and those that have to be false for it."""
    read, denied, _ = _sorted((condition,), AllOf)
    return read, denied


def holding(decision: Weighed, exception: Weighed | None) -> Holds:
    """Return what tells when a rule holds, where the leaves that have to be so (`conjoined`) are so.

    It does not tell when the rule is false: of one that nobody reads no more is needed. Most rules hold under none of
    the suppositions, and that is told by the first few leaves.
    """
    _, _, others = _sorted((decision,), AllOf)

    def holds(supposed: Suppositions, under: int) -> int:
        for part in others:
            under &= part(supposed)[0]
            if not under:
                return 0
        return under if exception is None else under & ~exception.weigh(supposed)[0]

    return holds
