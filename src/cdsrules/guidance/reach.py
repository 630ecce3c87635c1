"""What rules rest on: the rules that carry their findings, and the leaves about facts at the bottom."""

from __future__ import annotations

from collections.abc import Iterator

from cdsrules.inference.order import decision_of
from cdsrules.inference.program import Program
from cdsrules.model.condition import AllOf, AnyOf, AtLeast, FindingTest, Leaf, Not, walk
from cdsrules.model.rulebook import Rule


def reached_rules(program: Program, rule: Rule) -> tuple[Rule, ...]:
    """Return the rule and every rule that carries a finding it rests on, each once."""
    found: dict[str, Rule] = {}
    waiting = [rule]
    while waiting:
        one = waiting.pop(0)
        if one.id in found:
            continue
        found[one.id] = one
        for leaf in leaves_of(one):
            if isinstance(leaf, FindingTest):
                waiting += program.carriers.get(leaf.finding, ())
    return tuple(found.values())


def leaves_of(rule: Rule) -> Iterator[Leaf]:
    """Yield the leaves of a rule's decision, then those of its exception."""
    for condition in (decision_of(rule), rule.unless):
        if condition is not None:
            for node in walk(condition):
                if not isinstance(node, (AllOf, AnyOf, Not, AtLeast)):
                    yield node


def fact_leaves(program: Program, rule: Rule) -> tuple[Leaf, ...]:
    """Return every leaf about facts that can bear on the rule, each once."""
    reached = reached_rules(program, rule)
    leaves = (leaf for one in reached for leaf in leaves_of(one))
    return tuple(dict.fromkeys(leaf for leaf in leaves if not isinstance(leaf, FindingTest)))
