"""Rules and clients made for measuring: the same for every contender, the same on every run.

A rule asks three things, as the shipped ones do, of numbers, words and yes-or-no facts. In a
chained set the rules stand in four layers, and each rule of the later ones reads a finding of the
layer before it, one in five of them denied.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from random import Random
from typing import TypeAlias

from cdsrules.inference.program import Program, compile_program
from cdsrules.model.condition import AllOf, AnyOf, Condition, FactKey, FactTest, FindingTest, Not, Value
from cdsrules.model.facts import FactCatalogue, FactSpec, Kind
from cdsrules.model.rulebook import Library, Rule, Rulebook, Status, Verb
from cdsrules.model.vocabulary import Vocabulary

FactOf: TypeAlias = int | str | bool | None
Document: TypeAlias = Mapping[str, FactOf]
"""What is known about a client, by fact; None is what is not."""
Truth: TypeAlias = bool | None

WORDS = ("better", "same", "worse", "unclear")
TOP = 27
LAYERS = 4
FACTS_FOR_RULES = 3
"""How many rules share a fact, once there are many."""
FEWEST_FACTS = 24
AS_OF = date(2026, 6, 1)


@dataclass(frozen=True)
class RuleSet:
    """Rules made for measuring, and the facts that they read."""

    catalogue: FactCatalogue
    rules: tuple[Rule, ...]

    @cached_property
    def program(self) -> Program:
        """The rules compiled by cdsrules."""
        book = Rulebook(
            id="made",
            version="1.0.0",
            status=Status.ACTIVE,
            title="Made for measuring",
            owner="benchmarks",
            review_by=date(2100, 1, 1),
            sources={},
            parameters={},
            rules=self.rules,
            file="made",
        )
        library = Library(Vocabulary(actions={}, instruments={}), (book,), content_hash="0" * 64)
        return compile_program(library, self.catalogue)

    @property
    def layers(self) -> tuple[tuple[Rule, ...], ...]:
        """The rules in the order in which they can be decided."""
        return tuple(layer.rules for layer in self.program.layers)

    def documents(self, count: int, *, unknown: float) -> tuple[Document, ...]:
        """Return clients for whom that share of the facts is not known."""
        chance = Random(f"{len(self.rules)} rules, {unknown} unknown")
        return tuple(
            {
                name: None if chance.random() < unknown else _value(spec.kind, chance)
                for name, spec in self.catalogue.items()
            }
            for _ in range(count)
        )


def _value(kind: Kind, chance: Random) -> int | str | bool:
    match kind:
        case Kind.NUMBER:
            return chance.randint(0, TOP)
        case Kind.CHOICE:
            return chance.choice(WORDS)
        case _:
            return chance.random() < 0.5


def _fact(place: int) -> FactSpec:
    kind = (Kind.NUMBER, Kind.NUMBER, Kind.CHOICE, Kind.YES_NO)[place % 4]
    name = {Kind.NUMBER: "score", Kind.CHOICE: "rating", Kind.YES_NO: "answer"}[kind]
    choices = WORDS if kind is Kind.CHOICE else ()
    return FactSpec(f"{name}_{place}", kind, "it", "Made.", "made", "record it", choices=choices)


def _test(spec: FactSpec, chance: Random) -> FactTest:
    key = FactKey(spec.name)
    match spec.kind:
        case Kind.NUMBER:
            operator = chance.choice(("at_least", "at_most", "more_than", "less_than"))
            return FactTest(key, operator, Value(chance.randint(6, 21)))
        case Kind.CHOICE if chance.random() < 0.5:
            return FactTest(key, "is", Value(chance.choice(WORDS)))
        case Kind.CHOICE:
            return FactTest(key, "one_of", tuple(Value(word) for word in chance.sample(WORDS, 2)))
        case _:
            return FactTest(key, "is", Value(chance.random() < 0.5))


def _joined(first: Condition, second: Condition, third: Condition, chance: Random) -> Condition:
    """Return three clauses as rules join them: mostly all of them."""
    match chance.randrange(6):
        case 0:
            return AllOf((first, AnyOf((second, third))))
        case 1:
            return AnyOf((AllOf((first, second)), third))
        case 2:
            return AllOf((first, second, Not(third)))
        case _:
            return AllOf((first, second, third))


def _read(findings: tuple[str, ...], chance: Random) -> Condition:
    read = FindingTest(chance.choice(findings))
    return Not(read) if chance.random() < 0.2 else read


def _rule(place: int, verb: Verb, target: str, when: Condition) -> Rule:
    return Rule(f"rule-{place}", "made", verb, target, when, f"Rule {place}")


def flat(count: int) -> RuleSet:
    """Return so many rules that read facts alone."""
    chance = Random(f"{count} flat")
    facts = _facts(count)
    rules = []
    for place in range(count):
        first, second, third = (_test(spec, chance) for spec in chance.sample(facts, 3))
        when = _joined(first, second, third, chance)
        rules.append(_rule(place, Verb.RECOMMENDS, f"action_{place}", when))
    return RuleSet({spec.name: spec for spec in facts}, tuple(rules))


def chained(count: int) -> RuleSet:
    """Return so many rules in layers; all but the last layer find what the next one reads."""
    chance = Random(f"{count} chained")
    facts = _facts(count)
    rules: list[Rule] = []
    found: tuple[str, ...] = ()
    for layer in range(LAYERS):
        places = range(count * layer // LAYERS, count * (layer + 1) // LAYERS)
        # Two rules find one finding here and there.
        targets = [f"finding_{chance.choice(places) if chance.random() < 0.2 else place}" for place in places]
        for place, target in zip(places, targets, strict=True):
            tested, second, third = (_test(spec, chance) for spec in chance.sample(facts, 3))
            first = _read(found, chance) if found else tested
            last = layer == LAYERS - 1
            verb, aim = (Verb.RECOMMENDS, f"action_{place}") if last else (Verb.FINDS, target)
            rules.append(_rule(place, verb, aim, _joined(first, second, third, chance)))
        found = tuple(dict.fromkeys(targets))
    return RuleSet({spec.name: spec for spec in facts}, tuple(rules))


def _facts(rules: int) -> list[FactSpec]:
    return [_fact(place) for place in range(max(FEWEST_FACTS, rules // FACTS_FOR_RULES))]
