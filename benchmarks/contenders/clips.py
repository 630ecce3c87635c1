"""clipspy, the bindings of CLIPS: rules over one client fact and small facts for findings.

CLIPS has no third value. Where facts are unknown a rule becomes two, one for true and one for
false, and a finding is denied once all its carriers are; with everything known a denied finding is
a `not`, and the layers follow each other by salience.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import clips as clipspy

from benchmarks.contenders.contender import Contender
from benchmarks.made import Document, FactOf, RuleSet, Truth
from cdsrules.model.condition import (
    AllOf,
    AnyOf,
    Condition,
    FactTest,
    FindingTest,
    Not,
    Value,
    facts_read,
    findings_read,
)
from cdsrules.model.rulebook import Rule, Verb

_SIGNS = {"at_least": (">=", "<"), "at_most": ("<=", ">"), "more_than": (">", "<="), "less_than": ("<", ">=")}
_TRUE = clipspy.Symbol("TRUE")
_FALSE = clipspy.Symbol("FALSE")
_UNKNOWN = clipspy.Symbol("unknown")

Slots = dict[str, object]


def rules_over_a_client(rules: RuleSet, *, unknowns: bool) -> Contender[Slots, tuple[int, ...]]:
    """Return a production system loaded once and reset for every client, as its guide shows."""
    environment = clipspy.Environment()
    slots = " ".join(f"(slot {name})" for name in rules.catalogue)
    environment.build(f"(deftemplate client {slots})")
    environment.build("(defglobal ?*held* = (create$))")
    number = count()
    for depth, layer in enumerate(rules.layers):
        _build(environment.build, layer, [next(number) for _ in layer], salience=-depth, unknowns=unknowns)
    template = environment.find_template("client")

    def decide(slots: Slots) -> tuple[int, ...]:
        environment.reset()
        template.assert_fact(**slots)
        environment.run()
        held: tuple[int, ...] = environment.eval("?*held*")
        return held

    def truths(answer: tuple[int, ...]) -> tuple[Truth, ...]:
        """A rule that is true has left its number plus one, and one that is false that number below zero."""
        held = set(answer)
        return tuple(
            True if place in held else False if not unknowns or -place in held else None
            for place in range(1, len(rules.rules) + 1)
        )

    return Contender("clipspy", _handed, decide, truths)


def _handed(document: Document) -> Slots:
    return {name: _slot(value) for name, value in document.items()}


def _slot(value: FactOf) -> object:
    if value is None:
        return _UNKNOWN
    if isinstance(value, bool):
        return _TRUE if value else _FALSE
    return clipspy.Symbol(value) if isinstance(value, str) else value


def _build(
    build: Callable[[str], None], layer: tuple[Rule, ...], numbers: list[int], *, salience: int, unknowns: bool
) -> None:
    carriers: dict[str, list[str]] = {}
    for number, rule in zip(numbers, layer, strict=True):
        then = f"(bind ?*held* (create$ ?*held* {number + 1}))"
        if rule.verb is Verb.FINDS:
            then += f" (assert (found {rule.target}))"
            carriers.setdefault(rule.target, []).append(f"(refuted {rule.id})")
        when = _element(rule.when, want=True, unknowns=unknowns)
        order = "" if unknowns else f"(declare (salience {salience})) "
        build(f"(defrule {rule.id} {order}{when} => {then})")
        if unknowns:
            refuted = f"(bind ?*held* (create$ ?*held* {-(number + 1)})) (assert (refuted {rule.id}))"
            build(f"(defrule not-{rule.id} {_element(rule.when, want=False, unknowns=True)} => {refuted})")
    if unknowns:
        for finding, refuted_rules in carriers.items():
            build(f"(defrule no-{finding} {' '.join(refuted_rules)} => (assert (denied {finding})))")


def _element(condition: Condition, *, want: bool, unknowns: bool) -> str:
    """Return a condition as an element of a rule; what asks of facts alone is one pattern."""
    if not findings_read(condition):
        return _pattern(condition, want=want, unknowns=unknowns)
    match condition:
        case FindingTest(finding) if want:
            return f"(found {finding})"
        case FindingTest(finding):
            return f"(denied {finding})" if unknowns else f"(not (found {finding}))"
        case Not(part):
            return _element(part, want=not want, unknowns=unknowns)
        case AllOf(parts) | AnyOf(parts):
            plain = tuple(part for part in parts if not findings_read(part))
            mixed = tuple(part for part in parts if findings_read(part))
            grouped = (*plain, *mixed) if len(plain) < 2 else (type(condition)(plain), *mixed)
            joint = "and" if isinstance(condition, AllOf) is want else "or"
            return f"({joint} {' '.join(_element(part, want=want, unknowns=unknowns) for part in grouped)})"
        case _:
            raise NotImplementedError(condition)


def _pattern(condition: Condition, *, want: bool, unknowns: bool) -> str:
    """Return one pattern over the client: tests of one slot stand in that slot, where rules can share them."""
    together = condition.parts if isinstance(condition, AllOf if want else AnyOf) else (condition,)
    alone = [part for part in together if isinstance(part, FactTest)]
    mixed = [part for part in together if not isinstance(part, FactTest)]
    tests = [(part.fact.name, _predicate(part, want=want, unknowns=unknowns)) for part in alone]
    for part in mixed:
        *first, last = (key.name for key in facts_read(part))
        tests += [(name, "") for name in first]
        tests.append((last, _predicate(part, want=want, unknowns=unknowns)))
    slots = " ".join(f"({name} ?{name}{test and f'&:{test}'})" for name, test in tests)
    return f"(client {slots})"


def _predicate(condition: Condition, *, want: bool, unknowns: bool) -> str:
    match condition:
        case Not(part):
            return _predicate(part, want=not want, unknowns=unknowns)
        case AllOf(parts) | AnyOf(parts):
            joint = "and" if isinstance(condition, AllOf) is want else "or"
            return f"({joint} {' '.join(_predicate(part, want=want, unknowns=unknowns) for part in parts)})"
        case FactTest(fact, "is", Value(bool() as value)):
            return f"(eq ?{fact.name} {'TRUE' if value is want else 'FALSE'})"
        case FactTest(fact, "is", Value(str() as word)):
            return _among(fact.name, [word], want=want, unknowns=unknowns)
        case FactTest(fact, "one_of", tuple() as several):
            return _among(fact.name, [str(one.value) for one in several], want=want, unknowns=unknowns)
        case FactTest(fact, operator, Value(int() as limit)):
            compared = f"({_SIGNS[operator][0 if want else 1]} ?{fact.name} {limit})"
            return f"(and (integerp ?{fact.name}) {compared})" if unknowns else compared
        case _:
            raise NotImplementedError(condition)


def _among(name: str, words: list[str], *, want: bool, unknowns: bool) -> str:
    if want:
        equal = [f"(eq ?{name} {word})" for word in words]
        return equal[0] if len(equal) == 1 else f"(or {' '.join(equal)})"
    # `neq` holds when its first argument differs from all the others.
    return f"(neq ?{name} {' '.join([*words, 'unknown'] if unknowns else words)})"
