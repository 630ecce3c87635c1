"""What rules rest on: the rules that carry their findings, and the leaves about facts at the bottom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from cdsrules.inference.order import decision_of
from cdsrules.inference.program import Program
from cdsrules.model.condition import AllOf, AnyOf, AtLeast, FactKey, FindingTest, Leaf, Not, keys_of, walk
from cdsrules.model.lazy import once
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


class Reach:
    """What the rules of one program rest on, worked out when it is first asked for; no client changes it."""

    def __init__(self, program: Program, shown: Iterable[Rule]) -> None:
        self._program = program
        self._shown = tuple(shown)
        self._leaves: dict[str, tuple[Leaf, ...]] = {}
        self._under: dict[str, frozenset[Leaf]] = {}

    def leaves(self, rule: Rule) -> tuple[Leaf, ...]:
        """Return every leaf about facts that can bear on a rule, each once."""
        found = self._leaves.get(rule.id)
        if found is None:
            found = self._leaves[rule.id] = fact_leaves(self._program, rule)
        return found

    @once
    def tests(self) -> Mapping[FactKey, tuple[Leaf, ...]]:
        """Every leaf that reads a fact, of every rule that is shown, each once."""
        found: dict[FactKey, dict[Leaf, None]] = {}
        for rule in self._shown:
            for leaf in leaves_of(rule):
                for key in keys_of(leaf):
                    found.setdefault(key, {})[leaf] = None
        return {key: tuple(leaves) for key, leaves in found.items()}

    def under(self, finding: str) -> frozenset[Leaf]:
        """Return every leaf about facts that can bear on a finding."""
        found = self._under.get(finding)
        if found is None:
            carriers = self._program.carriers.get(finding, ())
            found = self._under[finding] = frozenset(leaf for one in carriers for leaf in self.leaves(one))
        return found
