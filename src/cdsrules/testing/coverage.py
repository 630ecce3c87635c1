"""What the cases have seen of the rules: each outcome of each rule, each truth of each place in a condition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal, NamedTuple, TypeAlias

from cdsrules.inference.program import Program, Truth
from cdsrules.logic.fold import fold
from cdsrules.logic.truth import any_of
from cdsrules.model.condition import AllOf, AnyOf, AtLeast, Condition, FindingTest, KnownTest, Leaf, Not, Proposed, walk
from cdsrules.model.rulebook import Rule
from cdsrules.testing.specimens import Decisions, Specimen

Part: TypeAlias = Literal["when", "unless", "until"]

TWO: Final[frozenset[Truth]] = frozenset({True, False})
THREE: Final[frozenset[Truth]] = frozenset({True, False, None})


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
    places: tuple[PlaceCoverage, ...]

    @property
    def fired(self) -> bool:
        """Whether the rule has held in some case."""
        return True in self.outcomes


@dataclass(frozen=True)
class Coverage:
    """How far the cases have seen all rules, in the order written."""

    rules: tuple[RuleCoverage, ...]

    @property
    def rule_share(self) -> float:
        """The share of rules that held in some case, from 0 to 1."""
        return _share(sum(one.fired for one in self.rules), len(self.rules))

    @cached_property
    def condition_share(self) -> float:
        """The share of truths seen among those that are possible, over all places, from 0 to 1."""
        places = [place for one in self.rules for place in one.places]
        return _share(sum(len(one.seen & one.possible) for one in places), sum(len(one.possible) for one in places))


def cover(program: Program, specimens: Iterable[Specimen]) -> Coverage:
    """Return what the cases have seen of a program's rules."""
    laid_out = [(one, one.decide_all(program)) for one in specimens]
    possible = _possible_findings(program)
    running = [rule for rule in program.library.rules if rule.id in program.index]
    return Coverage(tuple(_of_rule(rule, program, laid_out, possible) for rule in running))


def places_of(rule: Rule) -> Iterator[Place]:
    """Yield every place of a rule's conditions, as written; a denial is covered with what it denies."""
    parts: list[tuple[Part, Condition]] = [("when", rule.when), *(("until", one) for one in rule.until)]
    if rule.unless is not None:
        parts.append(("unless", rule.unless))
    for part, condition in parts:
        for node in walk(condition):
            if not isinstance(node, Not) and not (isinstance(node, (AllOf, AnyOf)) and len(node.parts) == 1):
                yield Place(part, node)


def _of_rule(
    rule: Rule,
    program: Program,
    laid_out: Iterable[tuple[Specimen, Decisions]],
    possible: Mapping[str, frozenset[Truth]],
) -> RuleCoverage:
    places = list(dict.fromkeys(places_of(rule)))
    seen: dict[Place, set[Truth]] = {place: set() for place in places}
    outcomes = set()
    for specimen, decided in laid_out:
        outcomes.add(decided[rule.id].truth)
        for place in places:
            seen[place].add(_truth(place.node, program, specimen, decided))
    found = (PlaceCoverage(place, _possible(place.node, possible), frozenset(seen[place])) for place in places)
    return RuleCoverage(rule, frozenset(outcomes), tuple(found))


def _truth(node: Condition, program: Program, specimen: Specimen, decided: Decisions) -> Truth:
    def truth_of(leaf: Leaf) -> Truth:
        if isinstance(leaf, FindingTest):
            return any_of(decided[one.id].truth for one in program.carriers.get(leaf.finding, ()))
        return specimen.leaf(leaf)

    return fold(node, truth_of)


def _possible(node: Condition, findings: Mapping[str, frozenset[Truth]]) -> frozenset[Truth]:
    """Return the truths that a place can have: whether something is known, or proposed, is never unknown."""
    match node:
        case AllOf(parts) | AnyOf(parts) | AtLeast(_, parts):
            return THREE if any(None in _possible(part, findings) for part in parts) else TWO
        case Not(part):
            return _possible(part, findings)
        case FindingTest(finding):
            return findings.get(finding, frozenset({False}))
        case KnownTest() | Proposed(attributes=()):
            return TWO
        case _:
            return THREE


def _possible_findings(program: Program) -> Mapping[str, frozenset[Truth]]:
    """Return the truths that each finding can have, in the order in which they are decided."""
    possible: dict[str, frozenset[Truth]] = {}
    for rule in program.rules:
        if rule in program.carriers.get(rule.target, ()):
            conditions = [rule.when, *rule.until]
            open_ = any(None in _possible(condition, possible) for condition in conditions)
            possible[rule.target] = possible.get(rule.target, TWO) | (THREE if open_ else TWO)
    return possible


def _share(part: int, whole: int) -> float:
    return 1.0 if whole == 0 else part / whole
