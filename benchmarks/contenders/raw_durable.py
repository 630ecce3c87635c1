"""durable-rules as its guide shows it: rules over one wide fact, actions in Python, facts in full.

It has no third value, so it takes documents without unknowns alone. Kept to what it was found to
get right: an alternative fires twice and is gathered once; a fact that more than 64 tests of one
ruleset wait for is refused, so a layer is several rulesets; a `none` fires although the finding is
there when the finding came from an action, so denied findings are read from the next layer's fact;
a session in which nothing fired must not be deleted, so one rule always fires.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from itertools import count
from operator import and_, ge, gt, le, lt, or_
from typing import Any, TypeAlias

from durable import lang

from benchmarks.contenders.contender import Contender
from benchmarks.made import Document, RuleSet, Truth
from cdsrules.model.condition import AllOf, AnyOf, Condition, FactTest, FindingTest, Not, Value
from cdsrules.model.rulebook import Rule, Verb

RULES_A_SET = 40
_SIGNS = {"at_least": (ge, lt), "at_most": (le, gt), "more_than": (gt, le), "less_than": (lt, ge)}
_SESSION = "client"
_names = (f"made-{number}" for number in count())

Expression: TypeAlias = Any
Held = set[str]


def wide_facts(rules: RuleSet) -> Contender[Document, Held]:
    """Return rulesets registered once; every client is a fact that is asserted, and a session that is deleted."""
    held: Held = set()
    layers = [(_rulesets(layer, held), _carriers(layer)) for layer in rules.layers]

    def decide(document: Document) -> Held:
        held.clear()
        found: dict[str, bool] = {}
        for rulesets, carriers in layers:
            fact = {**document, **found, "asked": True, "sid": _SESSION}
            for ruleset in rulesets:
                lang.assert_fact(ruleset, fact)
                lang.delete_state(ruleset, _SESSION)
            found = {finding: not held.isdisjoint(finders) for finding, finders in carriers.items()}
        return set(held)

    def truths(answer: Held) -> tuple[Truth, ...]:
        return tuple(rule.id in answer for rule in rules.rules)

    return Contender("durable-rules alone", dict, decide, truths)


def _carriers(layer: tuple[Rule, ...]) -> dict[str, list[str]]:
    carriers: dict[str, list[str]] = {}
    for rule in layer:
        if rule.verb is Verb.FINDS:
            carriers.setdefault(rule.target, []).append(rule.id)
    return carriers


def _rulesets(layer: tuple[Rule, ...], held: Held) -> list[str]:
    names = []
    for first in range(0, len(layer), RULES_A_SET):
        name = next(_names)
        with lang.ruleset(name):
            lang.when_all(lang.m.asked == True)(_nothing)  # noqa: E712 (durable-rules makes a condition of it)
            for rule in layer[first : first + RULES_A_SET]:
                lang.when_all(_expression(rule.when, want=True))(_holding(rule.id, held))
        names.append(name)
    return names


def _nothing(_: object) -> None:
    """Let the session have had something that fired."""


def _holding(rule: str, held: Held) -> Callable[[object], None]:
    def hold(_: object) -> None:
        held.add(rule)

    return hold


def _expression(condition: Condition, *, want: bool) -> Expression:
    match condition:
        case AllOf(parts) | AnyOf(parts):
            joint = and_ if isinstance(condition, AllOf) is want else or_
            return reduce(joint, [_expression(part, want=want) for part in parts])
        case Not(part):
            return _expression(part, want=not want)
        case FindingTest(finding):
            return getattr(lang.m, finding) == want
        case FactTest():
            return _compared(condition, want=want)
        case _:
            raise NotImplementedError(condition)


def _compared(test: FactTest, *, want: bool) -> Expression:
    fact = getattr(lang.m, test.fact.name)
    match test.operator, test.operand:
        case "is", Value(bool() as value):
            return fact == (value is want)
        case "is", Value(str() as word):
            return _among(test.fact.name, [word], want=want)
        case "one_of", tuple() as several:
            return _among(test.fact.name, [str(one.value) for one in several], want=want)
        case operator, Value(int() as limit):
            return _SIGNS[operator][0 if want else 1](fact, limit)
        case _:
            raise NotImplementedError(test)


def _among(name: str, words: list[str], *, want: bool) -> Expression:
    if want:
        return reduce(or_, [getattr(lang.m, name) == word for word in words])
    return reduce(and_, [getattr(lang.m, name) != word for word in words])
