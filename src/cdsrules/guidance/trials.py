"""The advice under supposed answers, held against the advice as it is: all answers are tried at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple, TypeAlias

from cdsrules.guidance.alternatives import Answers
from cdsrules.guidance.case import Case
from cdsrules.guidance.supposing import Supposed, Way
from cdsrules.logic.weighing import Rails
from cdsrules.model.condition import FactKey
from cdsrules.model.facts import Unknown

Changed: TypeAlias = frozenset[str]
"""The rules that some answer adds to the advice or takes from it, by id."""


def answers(case: Case, key: FactKey) -> Answers:
    """Return values that stand for everything a fact of a client could turn out to be, as `Alternatives.of` does."""
    return case.outline.alternatives.of(key, case.facts, case.moment)


class Trials:
    """What the advice would be if unknown facts turned out to be this or that."""

    def __init__(self, case: Case) -> None:
        self._case = case
        truths = case.conclusions.rules
        held_back = {rule.id for rule in case.outline.held_back(truths)}
        self.present = frozenset([rule.id for rule in case.outline.advising.being(True, truths)]) - held_back

    def of_records(self, records: Iterable[Sequence[FactKey]]) -> Sequence[Changed]:
        """Return what each missing record changes: each of its facts alone, and several settled together.

        Together, one fact at a time takes each of its answers while the others take their
        first: never, no, or the lowest.
        """
        tried = _Tried()
        for keys in records:
            tried.begin()
            possible = {key: found for key in keys if (found := answers(self._case, key)).values}
            for key, found in possible.items():
                tried.each(key, found)
            if len(keys) > 1:
                tried.together(possible)
        return self._changed(tried)

    def of_pairs(self, pairs: Iterable[tuple[FactKey, FactKey]]) -> Sequence[Changed]:
        """Return what each pair of facts changes, every answer to one tried with every answer to the other."""
        tried = _Tried()
        for one, other in pairs:
            tried.begin()
            tried.product(one, answers(self._case, one), other, answers(self._case, other))
        return self._changed(tried)

    def _changed(self, tried: _Tried) -> Sequence[Changed]:
        outline, groups = self._case.outline, tried.groups
        supposed = _Answered(self._case, tried.every, tried.given)
        first = outline.places.first_rule
        at_risk = 0
        for at in outline.safety_steps.places:
            at_risk |= supposed[first + at][0]
        changed: list[set[str]] = [set() for _ in groups]
        kept_back = frozenset(outline.kept_back.places)
        for at, rule in outline.advising:
            if not supposed.could_turn >> at & 1 and at not in kept_back:
                continue
            advised, _ = supposed[first + at]
            if at in kept_back:
                advised &= ~at_risk
            otherwise = advised ^ tried.every if rule.id in self.present else advised
            if otherwise:
                for group, found in zip(groups, changed, strict=True):
                    if otherwise & group:
                        found.add(rule.id)
        return [frozenset(found) for found in changed]


class _Given(NamedTuple):
    """The answers to a fact, and for each of them the suppositions under which the fact is so."""

    answers: Answers
    under: list[int]

    def with_rest(self, every: int) -> _Given:
        """Return it with the suppositions under which the fact is as it is, as the last."""
        rest = every
        for under in self.under:
            rest &= ~under
        return _Given(self.answers, [*self.under, rest])


class _Answered(Supposed):
    """What facts could turn out to be under suppositions about their answers; those not given are as they are.

    `could_turn` has a bit for each rule of the program that an answer could turn. One that is known
    as it is stands whatever the answers, but where it rests on a test whether something is known,
    or holds although an exception cannot be decided.
    """

    def __init__(self, case: Case, every: int, given: Mapping[FactKey, _Given]) -> None:
        super().__init__(case.held, every)
        self._alternatives = case.outline.alternatives
        self._given = {key: one.with_rest(every) for key, one in given.items()}
        self._unknown = {key for key in given if type(case.held.fact(key)) is Unknown}
        self._touched = {place for key in given for place in case.outline.places.readers.get(key, ())}
        self._truths = case.conclusions.rules
        self.could_turn = _could_turn(case, given)

    def __missing__(self, place: int) -> Rails:
        places = self.held.places
        if place >= places.first_rule:
            at = place - places.first_rule
            stands = at < len(self._truths) and not self.could_turn >> at & 1
            found = self.always[self._truths[at]] if stands else places.weigh(place)(self)
        elif place in self._touched:
            found = self._of_answers(place)
        else:
            found = self.always[self.held[place]]
        self[place] = found
        return found

    def _of_answers(self, place: int) -> Rails:
        """Return the rails of a leaf that reads facts given; what unknown ones could make of it is at hand."""
        keys = self.held.places.keys[place]
        if not self._unknown.issuperset(keys):
            return self.judged(place, [self._ways(key) for key in keys])
        given = [self._given[key] for key in keys]
        truths = self._alternatives.truths(place, self.held.moment, [one.answers for one in given])
        unders = given[0].under if len(given) == 1 else _combined(given)
        true = false = 0
        for under, truth in zip(unders, truths, strict=True):
            if truth is True:
                true |= under
            elif truth is False:
                false |= under
        return true, false

    def _ways(self, key: FactKey) -> Sequence[Way]:
        """Return what the fact is supposed to be, and that it is as it is otherwise."""
        given, present = self._given.get(key), self.held.fact(key)
        if given is None:
            return ((self.every, present),)
        return tuple(zip(given.under, (*given.answers.values, present), strict=True))


def _combined(given: Sequence[_Given]) -> Sequence[int]:
    """Return the suppositions under which several facts have each combination of their answers."""
    unders = list(given[0].under)
    for one in given[1:]:
        unders = [under & other for under in unders for other in one.under]
    return unders


def _could_turn(case: Case, given: Iterable[FactKey]) -> int:
    """Return the rules that could come out otherwise with answers to the facts given, a bit for each."""
    places, conclusions = case.outline.places, case.conclusions
    affected = told = 0
    for key in given:
        affected |= places.resting.get(key, 0)
        told |= places.resting_on_known.get(key, 0)
        if type(case.held.fact(key)) is not Unknown:
            told |= places.resting.get(key, 0)
    for at in conclusions.excepted:
        told |= places.resting_on_rule[at]
    undecided = sum([1 << at for at, truth in enumerate(conclusions.rules) if truth is None])
    return affected & (undecided | told)


class _Tried:
    """Suppositions gathered in groups, a bit for each."""

    def __init__(self) -> None:
        self._count = 0
        self._starts: list[int] = []
        self.given: dict[FactKey, _Given] = {}

    @property
    def every(self) -> int:
        """All suppositions."""
        return _bits(0, self._count)

    @property
    def groups(self) -> Sequence[int]:
        """The suppositions of each group."""
        return [_bits(start, end) for start, end in pairwise([*self._starts, self._count])]

    def begin(self) -> None:
        """Begin a group."""
        self._starts.append(self._count)

    def each(self, key: FactKey, found: Answers) -> None:
        """Suppose each answer to one fact."""
        under = self._under(key, found)
        for place in range(len(under)):
            under[place] |= 1 << self._count + place
        self._count += len(under)

    def together(self, possible: Mapping[FactKey, Answers]) -> None:
        """Suppose each answer to one fact after the other, while the others take their first."""
        starts = [self._count]
        for key, found in possible.items():
            self.each(key, found)
            starts.append(self._count)
        whole = _bits(starts[0], self._count)
        for key, (start, end) in zip(possible, pairwise(starts), strict=True):
            self.given[key].under[0] |= whole ^ _bits(start, end)

    def product(self, one: FactKey, of_one: Answers, other: FactKey, of_other: Answers) -> None:
        """Suppose each answer to one fact with each answer to another."""
        under_one, under_other = self._under(one, of_one), self._under(other, of_other)
        for place in range(len(under_one)):
            start = self._count
            self._count += len(under_other)
            under_one[place] |= _bits(start, self._count)
            for beside in range(len(under_other)):
                under_other[beside] |= 1 << start + beside

    def _under(self, key: FactKey, found: Answers) -> list[int]:
        given = self.given.get(key)
        if given is None:
            given = self.given[key] = _Given(found, [0] * len(found.values))
        return given.under


def _bits(start: int, end: int) -> int:
    """Return the bits from one place to before another."""
    return (1 << end) - (1 << start)
