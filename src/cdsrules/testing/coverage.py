"""What the cases have seen of the rules: each outcome of each rule, each truth of each place in a condition."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, NamedTuple, TypeAlias

from cdsrules.guidance.outline import outline
from cdsrules.inference.program import Program, Truth
from cdsrules.logic.truth import all_of, any_of, at_least, negate
from cdsrules.model.condition import (
    AllOf,
    AnyOf,
    AtLeast,
    Condition,
    FindingTest,
    Leaf,
    Not,
    parts_of,
    walk,
)
from cdsrules.model.rulebook import Rule
from cdsrules.testing.specimens import Decisions, Specimen
from cdsrules.testing.thresholds import ParameterCoverage, WatchedParameters
from cdsrules.testing.truths import Truths
from cdsrules.testing.wording import BranchCoverage, WatchedWording

Part: TypeAlias = Literal["when", "unless", "until"]

TruthOf: TypeAlias = Callable[[Leaf], Truth]
Watch: TypeAlias = Callable[[TruthOf], Truth]


class Place(NamedTuple):
    """One place of a rule's conditions: a clause, or a group of clauses."""

    part: Part
    node: Condition


@dataclass(frozen=True, slots=True)
class PlaceCoverage:
    """The truths that a place can have, and those that some case has seen."""

    place: Place
    possible: frozenset[Truth]
    seen: frozenset[Truth]

    @property
    def unseen(self) -> tuple[Truth, ...]:
        """The truths that no case has seen: true, then false, then unknown."""
        return tuple(truth for truth in (True, False, None) if truth in self.possible - self.seen)


@dataclass(frozen=True)
class RuleCoverage:
    """How far the cases have seen a rule."""

    rule: Rule
    outcomes: frozenset[Truth]
    possible: frozenset[Truth]
    places: tuple[PlaceCoverage, ...]
    wording: tuple[BranchCoverage, ...] = ()

    @property
    def fired(self) -> bool:
        """Whether the rule has held in some case."""
        return True in self.outcomes

    @property
    def unseen(self) -> tuple[Truth, ...]:
        """The outcomes that the rule can have and has had in no case: holding, then not holding, then undecided."""
        return tuple(truth for truth in (True, False, None) if truth in self.possible - self.outcomes)


@dataclass(frozen=True)
class Coverage:
    """How far the cases have seen all rules and the parameters that they read, in the order written."""

    rules: tuple[RuleCoverage, ...]
    parameters: tuple[ParameterCoverage, ...] = ()

    def by_rulebook(self, rulebooks: Collection[str]) -> Mapping[str, Coverage]:
        """Return how far the cases have seen each of these rulebooks, in the order in which rulebooks are read."""
        found: dict[str, list[RuleCoverage]] = {}
        for one in self.rules:
            if one.rule.rulebook in rulebooks:
                found.setdefault(one.rule.rulebook, []).append(one)
        return {
            rulebook: Coverage(tuple(rules), tuple(one for one in self.parameters if one.rulebook == rulebook))
            for rulebook, rules in found.items()
        }

    @property
    def fired(self) -> int:
        """How many rules held in some case."""
        return sum(one.fired for one in self.rules)

    @property
    def rule_share(self) -> float:
        """The share of rules that held in some case, from 0 to 1."""
        return _share(self.fired, len(self.rules))

    @cached_property
    def condition_share(self) -> float:
        """The share of truths seen among those that are possible, over all places, from 0 to 1."""
        places = [place for one in self.rules for place in one.places]
        return _share(sum(len(one.seen & one.possible) for one in places), sum(len(one.possible) for one in places))


def cover(program: Program, specimens: Iterable[Specimen]) -> Coverage:
    """Return what the cases have seen of a program's rules."""
    watched = {rule.id: _Watched(rule) for rule in program.rules}
    parameters, wording = WatchedParameters(program), WatchedWording(program, outline(program))
    for specimen in specimens:
        decided = specimen.decide_all(program)

        def truth_of(leaf: Leaf, specimen: Specimen = specimen, decided: Decisions = decided) -> Truth:
            if isinstance(leaf, FindingTest):
                return any_of(decided[one.id].truth for one in program.carriers.get(leaf.finding, ()))
            return specimen.leaf(leaf)

        for rule, one in watched.items():
            one.look(decided[rule].truth, truth_of)
        parameters.look(specimen)
        wording.look(specimen, decided)
    truths = Truths(program)
    running = [rule.id for rule in program.library.rules if rule.id in program.index]
    rules = (watched[rule].seen_so_far(truths) for rule in running)
    said = (replace(one, wording=wording.seen_so_far(one.rule)) for one in rules)
    return Coverage(tuple(said), parameters.seen_so_far())


def places_of(rule: Rule) -> Iterator[Place]:
    """Yield every place of a rule's conditions, as written; a denial is covered with what it denies."""
    for part, condition in _conditions(rule):
        for node in walk(condition):
            if not isinstance(node, Not) and not (isinstance(node, (AllOf, AnyOf)) and len(node.parts) == 1):
                yield Place(part, node)


def _conditions(rule: Rule) -> Iterator[tuple[Part, Condition]]:
    yield "when", rule.when
    yield from (("until", one) for one in rule.until)
    if rule.unless is not None:
        yield "unless", rule.unless


class _Watched:
    """A rule whose places are watched while cases are decided."""

    def __init__(self, rule: Rule) -> None:
        self._rule = rule
        self._outcomes: set[Truth] = set()
        self._seen: dict[Place, set[Truth]] = {place: set() for place in places_of(rule)}
        self._watches = [_watch(part, condition, self._seen) for part, condition in _conditions(rule)]
        self._leaves = [leaf for _, condition in _conditions(rule) for leaf in _leaves(condition)]
        self._met: set[tuple[Truth, ...]] = set()

    def look(self, outcome: Truth, truth_of: TruthOf) -> None:
        """Take in how the rule came out in a case, and each of its places with it.

        Most cases are like one before to a rule that they are not about: there is nothing new in them.
        """
        self._outcomes.add(outcome)
        truths = tuple([truth_of(leaf) for leaf in self._leaves])
        if truths not in self._met:
            self._met.add(truths)
            for watch in self._watches:
                watch(truth_of)

    def seen_so_far(self, truths: Truths) -> RuleCoverage:
        """Return what was seen of the rule, of all the truths that it and its places can have."""
        places = (PlaceCoverage(at, truths.of(at.node), frozenset(seen)) for at, seen in self._seen.items())
        return RuleCoverage(self._rule, frozenset(self._outcomes), truths.of_rule(self._rule), tuple(places))


def _watch(part: Part, node: Condition, seen: Mapping[Place, set[Truth]]) -> Watch:
    """Return what decides a condition and notes the truth of every place in it, also of those that decide nothing."""
    note = seen.get(Place(part, node), set())
    decide = _deciding(part, node, seen)

    def watch(truth_of: TruthOf) -> Truth:
        truth = decide(truth_of)
        note.add(truth)
        return truth

    return watch


def _deciding(part: Part, node: Condition, seen: Mapping[Place, set[Truth]]) -> Watch:
    match node:
        case AllOf() | AnyOf() | AtLeast() | Not():
            below = [_watch(part, one, seen) for one in parts_of(node)]
            return lambda truth_of: _combined(node, [watch(truth_of) for watch in below])
        case _:
            return lambda truth_of: truth_of(node)


def _leaves(condition: Condition) -> Iterator[Leaf]:
    for node in walk(condition):
        if not isinstance(node, (AllOf, AnyOf, AtLeast, Not)):
            yield node


def _combined(node: Condition, parts: list[Truth]) -> Truth:
    match node:
        case AllOf():
            return all_of(parts)
        case AnyOf():
            return any_of(parts)
        case AtLeast(count):
            return at_least(count, parts)
        case _:
            return negate(parts[0])


def _share(part: int, whole: int) -> float:
    return 1.0 if whole == 0 else part / whole
