"""The advice under supposed answers, held against the advice as it is: all answers are tried at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TypeAlias

from cdsrules.guidance.alternatives import answers
from cdsrules.guidance.case import Case
from cdsrules.guidance.supposing import Answered, Way
from cdsrules.model.condition import FactKey
from cdsrules.model.facts import Measured
from cdsrules.model.rulebook import Rule, Verb

Changed: TypeAlias = frozenset[str]
"""The rules that some answer adds to the advice or takes from it, by id."""


class Trials:
    """What the advice would be if unknown facts turned out to be this or that."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._answers: dict[FactKey, tuple[Measured, ...]] = {}
        truths = case.conclusions.rules
        held_back = {rule.id for rule in case.outline.held_back(truths)}
        self.present = frozenset(
            rule.id for at, rule in case.outline.shown if truths[at] is True and _advises(rule)
        ).difference(held_back)

    def of_records(self, records: Iterable[Sequence[FactKey]]) -> Sequence[Changed]:
        """Return what each missing record changes: each of its facts alone, and several settled together.

        Together, one fact at a time takes each of its answers while the others take their
        first: never, no, or the lowest.
        """
        tried = _Tried()
        for keys in records:
            tried.begin()
            possible = {key: found for key in keys if (found := self._answers_of(key))}
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
            tried.product(one, self._answers_of(one), other, self._answers_of(other))
        return self._changed(tried)

    def _answers_of(self, key: FactKey) -> tuple[Measured, ...]:
        found = self._answers.get(key)
        if found is None:
            found = self._answers[key] = answers(self._case, key)
        return found

    def _changed(self, tried: _Tried) -> Sequence[Changed]:
        case, outline = self._case, self._case.outline
        supposed = Answered(case.held, tried.every, tried.ways)
        resting = outline.places.resting
        affected = {at for key in tried.ways for at in resting.get(key, ())}
        at_risk = 0
        if not affected.isdisjoint(outline.safety_steps.places):
            affected.update(outline.kept_back.places)
        for rule in outline.safety_steps.rules:
            at_risk |= supposed[outline.places.of(rule)][0]
        kept_back = frozenset(outline.kept_back.places)
        changed: list[set[str]] = [set() for _ in tried.groups]
        for at, rule in outline.shown:
            if at in affected and _advises(rule):
                advised, _ = supposed[outline.places.of(rule)]
                if at in kept_back:
                    advised &= ~at_risk
                otherwise = advised ^ tried.every if rule.id in self.present else advised
                for group, found in zip(tried.groups, changed, strict=True):
                    if otherwise & group:
                        found.add(rule.id)
        return [frozenset(found) for found in changed]


def _advises(rule: Rule) -> bool:
    return rule.verb is not Verb.FINDS or bool(rule.say.texts)


class _Tried:
    """Suppositions gathered in groups, a bit for each."""

    def __init__(self) -> None:
        self._count = 0
        self._starts: list[int] = []
        self._under: dict[FactKey, list[int]] = {}
        self._measured: dict[FactKey, Sequence[Measured]] = {}

    @property
    def every(self) -> int:
        """All suppositions."""
        return (1 << self._count) - 1

    @property
    def groups(self) -> Sequence[int]:
        """The suppositions of each group."""
        return [_bits(start, end) for start, end in pairwise([*self._starts, self._count])]

    @property
    def ways(self) -> Mapping[FactKey, Sequence[Way]]:
        """What each fact is supposed to be, and under which suppositions."""
        return {key: tuple(zip(under, self._measured[key], strict=True)) for key, under in self._under.items()}

    def begin(self) -> None:
        """Begin a group."""
        self._starts.append(self._count)

    def each(self, key: FactKey, found: Sequence[Measured]) -> None:
        """Suppose each answer to one fact."""
        under = self._masks(key, found)
        for place in range(len(found)):
            under[place] |= 1 << self._count + place
        self._count += len(found)

    def together(self, possible: Mapping[FactKey, Sequence[Measured]]) -> None:
        """Suppose each answer to one fact after the other, while the others take their first."""
        starts = [self._count]
        for key, found in possible.items():
            self.each(key, found)
            starts.append(self._count)
        whole = _bits(starts[0], self._count)
        for key, (start, end) in zip(possible, pairwise(starts), strict=True):
            self._under[key][0] |= whole ^ _bits(start, end)

    def product(self, one: FactKey, of_one: Sequence[Measured], other: FactKey, of_other: Sequence[Measured]) -> None:
        """Suppose each answer to one fact with each answer to another."""
        width, under_one, under_other = len(of_other), self._masks(one, of_one), self._masks(other, of_other)
        for place in range(len(of_one)):
            start = self._count
            self._count += width
            under_one[place] |= _bits(start, self._count)
            for beside in range(width):
                under_other[beside] |= 1 << start + beside

    def _masks(self, key: FactKey, found: Sequence[Measured]) -> list[int]:
        self._measured[key] = found
        return self._under.setdefault(key, [0] * len(found))


def _bits(start: int, end: int) -> int:
    """Return the bits from one place to before another."""
    return (1 << end) - (1 << start)
