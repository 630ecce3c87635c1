"""A library compiled for evaluation: rules in layers, their conditions as one plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from cdsrules.frozen import frozen
from cdsrules.inference.grounding import Grounding, ground
from cdsrules.inference.order import decision_of, finders, layers, reads_of, running
from cdsrules.logic.compile import Plan, plan
from cdsrules.logic.weaving import WhenTrue
from cdsrules.model.condition import Condition, FindingTest
from cdsrules.model.facts import FactCatalogue
from cdsrules.model.rulebook import Library, Rule

Truth: TypeAlias = bool | None


@frozen
class Layer:
    """Rules that can be decided together.

    `conditions` are the decisions of the rules, then the exceptions of those that have
    one. `excepted` pairs a place in the layer with the place of its exception.
    """

    first: int
    conditions: tuple[Condition, ...]
    rules: tuple[Rule, ...]
    excepted: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Program:
    """A library made ready: `rules` in the order they are decided, `findings` by index.

    The plan has one decider a layer, then one that tells the findings from the truths of
    the rules, and a last one for the literals of the grounding.
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


class Conclusions(NamedTuple):
    """What holds: a truth for every rule and every finding, by index.

    `excepted` are the rules that hold although their exception could not be decided.
    """

    rules: tuple[Truth, ...]
    findings: tuple[Truth, ...]
    excepted: tuple[int, ...] = ()


def _layer(first: int, rules: Sequence[Rule]) -> Layer:
    conditions = [decision_of(rule) for rule in rules]
    excepted: list[tuple[int, int]] = []
    for place, rule in enumerate(rules):
        if rule.unless is not None:
            excepted.append((place, len(conditions)))
            conditions.append(rule.unless)
    return Layer(first, tuple(conditions), tuple(rules), tuple(excepted))


def _asked(grounding: Grounding, decided: Mapping[Condition, int]) -> Iterator[Condition | WhenTrue]:
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
    starts = [sum(len(group) for group in grouped[:place]) for place in range(len(grouped))]
    made = tuple(_layer(start, group) for start, group in zip(starts, grouped, strict=True))
    grounding = ground(rules)
    told = [FindingTest(name) for name in findings]
    decided = {decision_of(rule): place for place, rule in enumerate(rules) if rule.unless is None}
    batches = [*(layer.conditions for layer in made), told, list(_asked(grounding, decided))]
    return Program(
        library=library,
        catalogue=catalogue,
        rules=rules,
        index=index,
        findings=findings,
        carriers=carriers,
        layers=made,
        grounding=grounding,
        plan=plan(batches, catalogue, carried | {_by_rule(place): [place] for place in decided.values()}),
    )
