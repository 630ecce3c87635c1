"""The advice under supposed answers, held against the advice as it is: all answers are tried at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final, TypeAlias

from cdsrules.guidance.alternatives import Answers, Beside
from cdsrules.guidance.case import Case
from cdsrules.guidance.placed import places_of
from cdsrules.guidance.places import Asked
from cdsrules.guidance.prospects import Prospects, prospects
from cdsrules.guidance.supposing import Supposed
from cdsrules.logic.truth import Truth
from cdsrules.logic.weighing import Rails
from cdsrules.model.condition import FactKey
from cdsrules.model.rulebook import Verb

# To look up a member of an enumeration takes Python 3.11 ten times as long as a name.
_FINDS: Final = Verb.FINDS

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
        groups = [*records]
        found, tried = prospects(self._case, groups), _Tried()
        for keys, rules in zip(groups, found.of, strict=True):
            tried.begin()
            possible = self._answers(keys, rules) if rules else {}
            for key, answered in possible.items():
                tried.each(key, answered)
            if len(possible) > 1:
                tried.together(possible)
        return self._changed(tried, found)

    def of_pairs(self, pairs: Iterable[tuple[FactKey, FactKey]]) -> Sequence[Changed]:
        """Return what each pair of facts changes, every answer to one tried with every answer to the other."""
        groups = [*pairs]
        found, tried = prospects(self._case, groups), _Tried()
        for (one, other), rules in zip(groups, found.of, strict=True):
            tried.begin()
            if rules:
                tried.product(one, answers(self._case, one), other, answers(self._case, other))
        return self._changed(tried, found)

    def _answers(self, keys: Iterable[FactKey], rules: int) -> Mapping[FactKey, Answers]:
        """Return the answers to those of some facts that one of some rules rests on."""
        resting = self._case.outline.places.resting
        return {key: found for key in keys if resting.get(key, 0) & rules and (found := answers(self._case, key))}

    def _changed(self, tried: _Tried, found: Prospects) -> Sequence[Changed]:
        changed: list[set[str]] = [set() for _ in found.of]
        turning = 0
        for rules in found.of:
            turning |= rules
        if turning:
            tried_in = [(group, names) for group, names in zip(tried.groups, changed, strict=True) if group]
            supposed = _Answered(self._case, tried, found.rules)
            for name, otherwise in self._otherwise(supposed, turning):
                for group, names in tried_in:
                    if otherwise & group:
                        names.add(name)
        return [frozenset(names) for names in changed]

    def _otherwise(self, supposed: _Answered, turning: int) -> Iterator[tuple[str, int]]:
        """Yield rules that are advised under some suppositions and not as it is, or the other way, and under which."""
        outline, rules = self._case.outline, self._case.program.rules
        kept_back = outline.kept_back.bits
        weighed = turning | kept_back if turning & outline.safety_steps.bits else turning
        at_risk = 0
        for at in outline.safety_steps.places if weighed & kept_back else ():
            at_risk |= supposed.holds(at)
        for at in places_of(weighed):
            advised = supposed.holds(at)
            if kept_back >> at & 1:
                advised &= ~at_risk
            name = rules[at].id
            otherwise = advised ^ supposed.every if name in self.present else advised
            if otherwise:
                yield name, otherwise


class _Given:
    """The answers to a fact, and the suppositions that speak of it.

    In a run it takes its answers one after the other, a supposition each: `runs` has the first of each run. Under
    others it is held to one of its answers: `held` has these by the number of the answer.
    """

    __slots__ = ("answers", "held", "runs")

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.runs = 0
        self.held: dict[int, int] = {}

    def hold(self, answer: int, under: int) -> None:
        """Hold the fact to an answer under some suppositions."""
        self.held[answer] = self.held.get(answer, 0) | under

    def under(self, answers: int) -> int:
        """Return the suppositions under which the fact has one of some answers, which have a bit each."""
        found = answers * self.runs
        for answer, under in self.held.items():
            if answers >> answer & 1:
                found |= under
        return found

    def rails(self, place: int) -> Rails:
        """Return when a leaf that reads the fact alone is true and when it is false, of all that the fact is given."""
        being_true, being_false = self.answers.told(place)
        return self.under(being_true), self.under(being_false)


class _Answered(Supposed):
    """What facts could turn out to be under suppositions about their answers; those not given are as they are.

    `could_turn` has a bit for each rule of the program that an answer could turn; the others stand.
    """

    def __init__(self, case: Case, tried: _Tried, could_turn: int) -> None:
        super().__init__(case.held, tried.every)
        self._given = tried.given
        self._truths, self._rules = case.conclusions.rules, case.program.rules
        self._first = case.outline.places.first_rule
        self._could_turn = could_turn
        self._as_is: dict[FactKey, int] = {}
        touched, reading = 0, self.held.places.reading
        for key in self._given:
            touched |= reading.get(key, 0)
        self._touched = touched
        self._not_true, self._not_false = ~(touched | self.held.true), ~(touched | self.held.false)

    def __missing__(self, place: int) -> Rails:
        at = place - self._first
        if at < 0:
            found = self.leaf(place)
        elif at < len(self._truths) and not self._could_turn >> at & 1:
            found = self.always[self._truths[at]]
        else:
            found = self.beyond(place)
        self[place] = found
        return found

    def as_is(self, key: FactKey) -> int:
        """Return the suppositions that do not speak of a fact."""
        found = self._as_is.get(key)
        if found is None:
            one = self._given[key]
            found = self._as_is[key] = self.every & ~one.under(_bits(0, len(one.answers)))
        return found

    def holds(self, at: int) -> int:
        """Return the suppositions under which a rule holds; what finds is weighed in full, for those who read it."""
        if not self._could_turn >> at & 1:
            return self.always[self._truths[at]][0]
        place, rule = self._first + at, self._rules[at]
        if place in self or rule.verb is _FINDS:
            return self[place][0]
        places = self.held.places
        true, false = places.readies[rule.id].must
        if true & self._not_true or false & self._not_false:
            return 0
        under = self.every
        for leaf in places_of(true & self._touched):
            under &= self[leaf][0]
            if not under:
                return 0
        for leaf in places_of(false & self._touched):
            under &= self[leaf][1]
            if not under:
                return 0
        return places.holds(rule)(self, under)

    def leaf(self, place: int) -> Rails:
        """Return when a leaf is true and when it is false."""
        if not self._touched >> place & 1:
            return super().leaf(place)
        key = self.held.places.only[place]
        return self._of_several(place) if key is None else self._of_one(place, key)

    def _of_one(self, place: int, key: FactKey) -> Rails:
        """Return the rails of a leaf that reads one fact alone: by its answers, and under all else as it is."""
        true, false = self._given[key].rails(place)
        truth = self.held[place]
        if truth is None:
            return true, false
        rest, never = self.always[truth]
        as_is = self.as_is(key)
        return true | rest & as_is, false | never & as_is

    def _of_several(self, place: int) -> Rails:
        """Return the rails of a leaf that reads several facts: it is true where all is that it comes down to."""
        held, asked = self.held, self.held.places.asked(place)
        if len(asked) == 1:
            return self._of_question(asked[0], held[place])
        true, false = self.every, 0
        for question in asked:
            one, other = self._of_question(question, question.judged(held.fact, held.moment))
            true &= one
            false |= other
        return true, false

    def _of_question(self, asked: Asked, truth: Truth) -> Rails:
        """Return the rails of a question, which has a truth as it is; it reads two facts at most."""
        given = [key for key in asked.over if key in self._given]
        true, false = self.always[truth]
        for key in given:
            true &= self.as_is(key)
            false &= self.as_is(key)
        for key in given:
            one, over = self._given[key], asked.over[key]
            for beside, under in self._beside(key, asked):
                being_true, being_false = one.answers.beside(over, beside)
                true |= one.under(being_true) & under
                false |= one.under(being_false) & under
        return true, false

    def _beside(self, key: FactKey, asked: Asked) -> Iterator[tuple[Beside, int]]:
        """Yield what the other fact that a question reads is, and the suppositions under which it is so."""
        others = [other for other in asked.over if other != key]
        if not others:
            yield None, self.every
        for other in others:
            measured, given = self.held.fact(other), self._given.get(other)
            if given is None:
                yield (other, measured), self.every
                continue
            yield (other, measured), self.as_is(other)
            for answer, under in given.held.items():
                yield (other, given.answers[answer]), under


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
        self._of(key, found).runs |= 1 << self._count
        self._count += len(found)

    def together(self, possible: Mapping[FactKey, Answers]) -> None:
        """Suppose each answer to one fact after the other, while the others take their first."""
        starts = [self._count]
        for key, found in possible.items():
            self.each(key, found)
            starts.append(self._count)
        whole = _bits(starts[0], self._count)
        for key, (start, end) in zip(possible, pairwise(starts), strict=True):
            self.given[key].hold(0, whole ^ _bits(start, end))

    def product(self, one: FactKey, of_one: Answers, other: FactKey, of_other: Answers) -> None:
        """Suppose each answer to one fact with each answer to another."""
        held = self._of(one, of_one)
        for answer in range(len(of_one)):
            start = self._count
            self.each(other, of_other)
            held.hold(answer, _bits(start, self._count))

    def _of(self, key: FactKey, found: Answers) -> _Given:
        given = self.given.get(key)
        if given is None:
            given = self.given[key] = _Given(found)
        return given


def _bits(start: int, end: int) -> int:
    """Return the bits from one place to before another."""
    return (1 << end) - (1 << start)
