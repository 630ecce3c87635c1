"""A library compiled for evaluation: rules in layers, their conditions as one plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final, NamedTuple, TypeAlias

from cdsrules.frozen import frozen
from cdsrules.inference.grounding import Grounding, ground
from cdsrules.inference.order import decision_of, finders, layers, reads_of, running
from cdsrules.logic.compile import Plan, plan
from cdsrules.logic.weaving import Asked, Unless, WhenTrue
from cdsrules.model.condition import Condition, FindingTest, Not
from cdsrules.model.facts import FactCatalogue
from cdsrules.model.lazy import Lazy
from cdsrules.model.rulebook import Library, Rule

Truth: TypeAlias = bool | None


@frozen
class Layer:
    """Rules that can be decided together; `first` is the place of the first of them in the program.

    `excepted` are those that have an exception: their place in the layer, and that of what
    decides the exception alone among the plan's deciders.
    """

    first: int
    rules: tuple[Rule, ...]
    excepted: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Program:
    """A library made ready: `rules` in the order they are decided, `findings` by index.

    The plan has one decider a layer, one for each exception, then one that tells the findings
    from the truths of the rules, and a last one for the literals of the grounding.
    """

    library: Library
    catalogue: FactCatalogue
    rules: tuple[Rule, ...]
    index: Mapping[str, int]
    findings: tuple[str, ...]
    carriers: Mapping[str, tuple[Rule, ...]]
    layers: tuple[Layer, ...]
    grounding: Grounding
    plan: Plan

    @property
    def decided_outside(self) -> tuple[str, ...]:
        """The rules that durable-rules does not decide but is told of, by id (DESIGN §6)."""
        return tuple(self.rules[place].id for place, _, _ in self.grounding.outside)


NOTHING_EXCEPTED: Final[Lazy[tuple[int, ...]]] = Lazy(tuple)


class Conclusions(NamedTuple):
    """What holds: a truth for every rule and every finding, by index.

    `exceptions` are looked at when somebody asks about them: no other rule depends on them, and each may need facts
    that nothing else does.
    """

    rules: tuple[Truth, ...]
    findings: tuple[Truth, ...]
    exceptions: Lazy[tuple[int, ...]] = NOTHING_EXCEPTED

    @property
    def excepted(self) -> tuple[int, ...]:
        """The rules that hold although their exception could not be decided."""
        return self.exceptions.value

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Conclusions):
            return NotImplemented
        return self[:2] == other[:2] and self.excepted == other.excepted

    def __hash__(self) -> int:
        return hash(self[:2])


def _layers(grouped: Sequence[Sequence[Rule]]) -> Iterator[Layer]:
    first, decider = 0, count(len(grouped))
    for rules in grouped:
        excepted = [(place, next(decider)) for place, rule in enumerate(rules) if rule.unless is not None]
        yield Layer(first, tuple(rules), tuple(excepted))
        first += len(rules)


def _decided(rule: Rule) -> Asked:
    """Return what a rule asks, less what its exception withdraws."""
    return decision_of(rule) if rule.unless is None else Unless(decision_of(rule), rule.unless)


def _asked(grounding: Grounding, decided: Mapping[Condition, int]) -> Iterator[Asked]:
    """Yield what is asked for each literal: the truth of a rule that has decided it, else no more than is posted."""
    for literal, (_, when_false) in zip(grounding.literals, grounding.posted, strict=True):
        if literal in decided:
            yield FindingTest(_by_rule(decided[literal]))
        else:
            yield literal if when_false is not None else WhenTrue(literal)


def _by_rule(place: int) -> str:
    """Return what the truth of a rule goes by among the findings; no finding has a name with a space."""
    return f"rule {place}"


def compile_program(library: Library, catalogue: FactCatalogue) -> Program:
    """Return the library compiled for evaluation with the facts of the catalogue."""
    written = running(library.rules)
    grouped = layers(written)
    rules = tuple(rule for group in grouped for rule in group)
    as_written = finders(written)
    carriers = {name: as_written[name] for name in finders(rules)}
    index = {rule.id: place for place, rule in enumerate(rules)}
    findings = tuple(dict.fromkeys([*carriers, *(name for rule in rules for name in reads_of(rule))]))
    carried = {name: [index[rule.id] for rule in carriers.get(name, ())] for name in findings}
    grounding = ground(rules)
    decided = {decision_of(rule): place for place, rule in enumerate(rules) if rule.unless is None}
    batches: list[list[Asked]] = [[_decided(rule) for rule in group] for group in grouped]
    # Asked of rules that hold, so that their exception is not true: it is false, or cannot be decided.
    batches += [[WhenTrue(Not(rule.unless))] for rule in rules if rule.unless is not None]
    batches += [[FindingTest(name) for name in findings], list(_asked(grounding, decided))]
    return Program(
        library=library,
        catalogue=catalogue,
        rules=rules,
        index=index,
        findings=findings,
        carriers=carriers,
        layers=tuple(_layers(grouped)),
        grounding=grounding,
        plan=plan(batches, catalogue, carried | {_by_rule(place): [place] for place in decided.values()}),
    )
