"""The leaves, rules and findings of a program by number, each made ready to be weighed; no client changes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

from cdsrules.guidance.placed import bits_of
from cdsrules.guidance.reach import leaves_of, reached_rules
from cdsrules.inference.order import decision_of
from cdsrules.inference.program import Program, Truth
from cdsrules.logic.judging import Judged, judged
from cdsrules.logic.moment import Moment
from cdsrules.logic.ranging import Over, ranged
from cdsrules.logic.reading import questions
from cdsrules.logic.telling import Telling
from cdsrules.logic.weighing import Holds, Rails, Weigh, Weighed, carried, conjoined, excepted, holding, weighed
from cdsrules.measures.facts import Usual
from cdsrules.model.condition import (
    AllOf,
    AnyOf,
    AtLeast,
    Condition,
    FactKey,
    FindingTest,
    KnownTest,
    Leaf,
    Not,
    keys_of,
    walk,
)
from cdsrules.model.lazy import once
from cdsrules.model.rulebook import Rule

_KEPT: Final = 256

Clauses: TypeAlias = tuple[tuple[int, ...], ...]
"""Leaves by place, or facts by number, some of which are wanted: of each group one at least."""


class Said(NamedTuple):
    """What a rule says, and which leaves would change that: a bit for each, one alone being otherwise.

    Settling one of `bearing` changes its truth; one of `turning` takes it from holding, or to it. Of a rule that is
    not decided `waiting` are the leaves that would each decide it, or else all that are unknown, and `waits_for` the
    facts of these; `opening` are the facts, by number, that have to become known before it could hold (`opening.py`).
    """

    truth: Truth
    bearing: int
    turning: int
    waiting: int
    waits_for: tuple[FactKey, ...]
    opening: Clauses


class Ready(NamedTuple):
    """A rule made ready: its decision and its exception, and the rules and leaves about facts that it rests on.

    `rests_on` begins with the rule itself; `leaves` are by place, each once, in the order read, and `bits` has a bit
    for each. It holds only where those that `must` has first are true, and those that it has second are false. `guards`
    are the facts that its exception rests on. `said` keeps what the rule said last, by the leaves
    that were true and those that were false, on which alone it depends.
    """

    decision: Weighed
    exception: Weighed | None
    rests_on: tuple[Rule, ...]
    leaves: tuple[int, ...]
    bits: int
    must: Rails
    guards: tuple[FactKey, ...]
    said: dict[Rails, Said]


class _Readies(dict[str, Ready]):
    """Rules by id, each made ready when it is first asked for."""

    def __init__(self, rules: Mapping[str, Rule], make: Callable[[Rule], Ready]) -> None:
        super().__init__()
        self._rules = rules
        self._make = make

    def __missing__(self, rule: str) -> Ready:
        found = self[rule] = self._make(self._rules[rule])
        return found


class Told(NamedTuple):
    """Some leaves, and those of them that are true and that are false: a bit for each."""

    leaves: int
    true: int
    false: int


class Asked(NamedTuple):
    """A question that a leaf comes down to: how it is held against facts, and against many values of each it reads."""

    judged: Judged
    over: Mapping[FactKey, Over]


class Places:
    """What a program is made of, by place: the leaves about facts first, then the rules, then the findings.

    `keys` are the facts that each leaf reads, `only` is the one where there are no others, and `names` what they are
    called; `every` has a bit for each leaf. `told` is what those are that read nothing but what is usual. `readies` are
    the rules made ready, by id. `first_rule` and `first_finding` are where leaves and rules end; rules stand as in the
    program.
    """

    def __init__(self, program: Program) -> None:
        self._program = program
        self.told = lru_cache(maxsize=_KEPT)(self._told)
        self.readies: Mapping[str, Ready] = _Readies(program.library.by_id, self._made_ready)
        self._weighs: dict[int, Weigh] = {}
        self._holds: dict[str, Holds] = {}
        self._asked: dict[int, tuple[Asked, ...]] = {}
        self._judged: dict[int, Judged] = {}
        running = [rule for rule in program.library.rules if rule.id in program.index]
        self._read = {rule.id: tuple(leaves_of(rule)) for rule in running}
        leaves = dict.fromkeys(leaf for read in self._read.values() for leaf in read)
        self.leaves = tuple([leaf for leaf in leaves if not isinstance(leaf, FindingTest)])
        self.keys = tuple([keys_of(leaf) for leaf in self.leaves])
        self.only = tuple([keys[0] if len(keys) == 1 else None for keys in self.keys])
        self.names = tuple([" ".join(map(str, keys)) for keys in self.keys])
        self.first_rule = len(self.leaves)
        self.every = (1 << self.first_rule) - 1
        self.first_finding = self.first_rule + len(program.rules)
        self.findings = {name: self.first_finding + place for place, name in enumerate(program.findings)}
        self._places: Mapping[Leaf, int] = {
            **{leaf: place for place, leaf in enumerate(self.leaves)},
            **{leaf: self.findings[leaf.finding] for leaf in leaves if isinstance(leaf, FindingTest)},
        }

    def of(self, rule: Rule) -> int:
        """Return the place of a rule."""
        return self.first_rule + self._program.index[rule.id]

    def weigh(self, place: int) -> Weigh:
        """Return what weighs the rule or the finding at a place."""
        found = self._weighs.get(place)
        if found is None:
            found = self._weighs[place] = self._weigh(place)
        return found

    def holds(self, rule: Rule) -> Holds:
        """Return what tells when a rule holds."""
        found = self._holds.get(rule.id)
        if found is None:
            ready = self.readies[rule.id]
            found = self._holds[rule.id] = holding(ready.decision, ready.exception)
        return found

    def _weigh(self, place: int) -> Weigh:
        if place >= self.first_finding:
            carriers = self._program.carriers.get(self._program.findings[place - self.first_finding], ())
            return carried([self.of(one) for one in carriers])
        ready = self.readies[self._program.rules[place - self.first_rule].id]
        decision, exception = ready.decision.weigh, ready.exception
        return decision if exception is None else excepted(decision, exception.weigh)

    def asked(self, place: int) -> tuple[Asked, ...]:
        """Return what the leaf at a place comes down to; it is true where all of it is."""
        found = self._asked.get(place)
        if found is None:
            catalogue = self._program.catalogue
            asked = [one for one in questions(self.leaves[place]) if not isinstance(one, FindingTest)]
            found = self._asked[place] = tuple([Asked(judged(one, catalogue), ranged(one, catalogue)) for one in asked])
        return found

    def alone(self, key: FactKey) -> Mapping[int, Over]:
        """Return the leaves that read a fact and no other, by place, to be held against many values of it."""
        places = [place for place in self.readers.get(key, ()) if self.only[place] == key]
        return {place: one.over[key] for place in places for one in self.asked(place)}

    def _made_ready(self, rule: Rule) -> Ready:
        rests_on = reached_rules(self._program, rule)
        leaves = self._under(rests_on)
        unless, decision = rule.unless, weighed(decision_of(rule), self._places)
        joined, denied = conjoined(decision)
        return Ready(
            decision=decision,
            exception=None if unless is None else weighed(unless, self._places),
            rests_on=rests_on,
            leaves=leaves,
            bits=bits_of(leaves),
            must=(bits_of({*joined}), bits_of({*denied})),
            guards=() if unless is None else self._guards(unless),
            said={},
        )

    def _under(self, rules: tuple[Rule, ...]) -> tuple[int, ...]:
        """Return every leaf about facts that these rules read, each once."""
        places = [self._places[leaf] for rule in rules for leaf in self._read[rule.id]]
        return tuple(dict.fromkeys([place for place in places if place < self.first_rule]))

    def _guards(self, exception: Condition) -> tuple[FactKey, ...]:
        places = dict.fromkeys(self._below(exception))
        return tuple(dict.fromkeys([key for place in places for key in self.keys[place]]))

    def _below(self, condition: Condition) -> Iterator[int]:
        """Yield the leaves about facts that a condition rests on, in the order read."""
        for node in walk(condition):
            if isinstance(node, FindingTest):
                for carrier in self._program.carriers.get(node.finding, ()):
                    yield from self.readies[carrier.id].leaves
            elif not isinstance(node, (AllOf, AnyOf, Not, AtLeast)):
                yield self._places[node]

    @once
    def readers(self) -> Mapping[FactKey, tuple[int, ...]]:
        """The leaves that read a fact, in the order written."""
        found: dict[FactKey, list[int]] = {}
        for place, keys in enumerate(self.keys):
            for key in dict.fromkeys(keys):
                found.setdefault(key, []).append(place)
        return {key: tuple(places) for key, places in found.items()}

    @once
    def facts(self) -> Mapping[FactKey, int]:
        """The facts that leaves read, with a number each."""
        return {key: number for number, key in enumerate(self.readers)}

    @once
    def numbers(self) -> Sequence[tuple[int, ...]]:
        """The facts that each leaf reads, by number."""
        return [tuple([self.facts[key] for key in keys]) for keys in self.keys]

    @once
    def reading(self) -> Mapping[FactKey, int]:
        """The leaves that read a fact, a bit for each."""
        return {key: bits_of(places) for key, places in self.readers.items()}

    @once
    def telling(self) -> Telling:
        """The leaves made ready to be told about, from what the rules are decided by."""
        return self._program.plan.telling(self.leaves)

    def judged(self, place: int) -> Judged:
        """Return the leaf at a place made ready to be held against facts, by itself."""
        found = self._judged.get(place)
        if found is None:
            found = self._judged[place] = judged(self.leaves[place], self._program.catalogue)
        return found

    def _told(self, usual: Usual) -> Told:
        there = usual.plain.keys()
        leaves = bits_of([place for place, reads in enumerate(self.telling.reads) if reads <= there])
        # Whatever the day: what is usual is not known, or never was, or is no day.
        cutoffs = self._program.plan.cutoffs(Moment(date.min))
        return Told(leaves, *self.telling.about_once(leaves)(usual.plain, cutoffs))

    @once
    def resting(self) -> Mapping[FactKey, int]:
        """The rules that rest on a fact, themselves or through findings: a bit for each of the program's rules."""
        found: dict[FactKey, int] = {}
        for at, rule in enumerate(self._program.rules):
            for place in self.readies[rule.id].leaves:
                for key in self.keys[place]:
                    found[key] = found.get(key, 0) | 1 << at
        return found

    @once
    def turned_by_knowing(self) -> Mapping[FactKey, tuple[int, int]]:
        """The rules that could come to hold and those that could cease to because it is tested whether a fact is known.

        A bit for each; more than that becomes known turns no rule that is decided.
        """
        found: dict[FactKey, tuple[int, int]] = {}
        for at, rule in enumerate(self._program.rules):
            for key, want in dict.fromkeys(self._known_tests_of(rule, True)):
                to, of = found.get(key, (0, 0))
                found[key] = (to | 1 << at, of) if want else (to, of | 1 << at)
        return found

    def _known_tests_of(self, rule: Rule, want: bool) -> Iterator[tuple[FactKey, bool]]:
        """Yield the facts that a rule asks to be known, and whether that helps it to be so."""
        ready = self.readies[rule.id]
        yield from self._known_tests(ready.decision, want)
        if ready.exception is not None:
            yield from self._known_tests(ready.exception, not want)

    def _known_tests(self, weighed: Weighed, want: bool) -> Iterator[tuple[FactKey, bool]]:
        match weighed.condition:
            case KnownTest(fact):
                yield fact, want
            case FindingTest(finding):
                for one in self._program.carriers.get(finding, ()):
                    yield from self._known_tests_of(one, want)
            case condition:
                for part in weighed.parts:
                    yield from self._known_tests(part, want is not isinstance(condition, Not))

    @once
    def known_tests(self) -> int:
        """The leaves that ask whether something is known, a bit for each."""
        return bits_of([place for place, leaf in enumerate(self.leaves) if isinstance(leaf, KnownTest)])

    @once
    def resting_on_rule(self) -> Sequence[int]:
        """For each of the program's rules those that rest on it, itself among them: a bit for each."""
        found = [0] * len(self._program.rules)
        for at, rule in enumerate(self._program.rules):
            for one in self.readies[rule.id].rests_on:
                found[self._program.index[one.id]] |= 1 << at
        return found
