"""What a rule stands on: the facts, actions and parameters that its conditions read, findings seen through.

An exception (`unless`) is no ground: where a rule speaks its exception is false, or not known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple, TypeAlias

from cdsrules.loading.conditions import UNREAD
from cdsrules.model.condition import (
    Declined,
    Done,
    FactKey,
    FactTest,
    FindingTest,
    KnownTest,
    Leaf,
    Proposed,
    Value,
    keys_of,
    walk,
)
from cdsrules.model.rulebook import Rule, Status, Verb
from cdsrules.model.time import Duration

_OF_ONE_RECORD: Final = frozenset({"outcome", "alliance", "ratings", "obstacles"})


@dataclass(frozen=True)
class Ground:
    """Facts as they are read, and the parameters used, each with the rulebook it belongs to.

    `is_whole` is false when some condition of the rule itself could not be read.
    """

    facts: frozenset[FactKey]
    parameters: frozenset[tuple[str, str]]
    is_whole: bool = True

    @cached_property
    def windows(self) -> frozenset[Duration]:
        """The windows over which facts are read."""
        return frozenset(key.over for key in self.facts if key.over is not None)

    @cached_property
    def families(self) -> frozenset[str]:
        """The records that facts are read of."""
        return frozenset(family for key in self.facts if (family := family_of(key.name)) is not None)

    @cached_property
    def actions(self) -> frozenset[str]:
        """The actions of which it is read whether they were done, declined or proposed."""
        named = (family.partition(".") for family in self.families)
        return frozenset(action for first, _, action in named if first in {"action", "proposed"})

    def names(self, key: FactKey) -> bool:
        """Tell whether a text may print this fact: it is read, or speaks of the same record as one that is.

        Whoever reads how a measure has changed may print its name and its latest score.
        """
        if key in self.facts:
            return True
        return family_of(key.name) in self.families and (key.over is None or key.over in self.windows)


def family_of(name: str) -> str | None:
    """Return the record that a fact speaks of together with others, or None for a fact of its own.

    >>> family_of("outcome.primary.latest"), family_of("risk.plan.open"), family_of("goals.age")
    ('outcome', 'risk.plan', None)
    """
    parts = name.split(".")
    if parts[0] in _OF_ONE_RECORD:
        return parts[0]
    if parts[0] == "proposed":
        return ".".join(parts[:2])
    return name.rpartition(".")[0] if len(parts) > 2 else None


GroundOf: TypeAlias = Callable[[Rule], Ground]


def grounds(rules: Iterable[Rule]) -> GroundOf:
    """Return what tells of each rule what it stands on, through every finding that it reads.

    There must be no circle of findings among the rules.
    """
    finders: dict[str, list[Rule]] = {}
    for rule in rules:
        if rule.verb is Verb.FINDS and rule.status is not Status.RETIRED:
            finders.setdefault(rule.target, []).append(rule)
    return _Grounds(finders, {}).of


class _Grounds(NamedTuple):
    finders: Mapping[str, list[Rule]]
    known: dict[str, tuple[Ground, ...]]

    def of(self, rule: Rule) -> Ground:
        facts: set[FactKey] = set()
        parameters: set[tuple[str, str]] = set()
        findings: dict[str, None] = {}
        for node in (node for condition in (rule.when, *rule.until) for node in walk(condition)):
            if isinstance(node, FindingTest):
                findings[node.finding] = None
            elif isinstance(node, (FactTest, KnownTest, Done, Declined, Proposed)):
                facts.update(keys_of(node))
                parameters.update((rule.rulebook, name) for name in _parameters(node))
        below = [ground for name in findings for ground in self._finding(name)]
        return Ground(
            frozenset(facts.union(*(one.facts for one in below))),
            frozenset(parameters.union(*(one.parameters for one in below))),
            is_whole=UNREAD.finding not in findings,
        )

    def _finding(self, name: str) -> tuple[Ground, ...]:
        if name not in self.known:
            self.known[name] = tuple(self.of(rule) for rule in self.finders.get(name, ()))
        return self.known[name]


def _parameters(leaf: Leaf) -> Iterator[str]:
    match leaf:
        case FactTest(operand=tuple() as values):
            pass
        case FactTest(operand=value) | Done(within=value) | Declined(within=value):
            values = (value,)
        case _:
            return
    yield from (one.parameter for one in values if isinstance(one, Value) and one.parameter is not None)
