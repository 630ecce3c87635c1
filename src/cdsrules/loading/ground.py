"""What a rule stands on: the facts, actions and parameters that its conditions read, findings seen through."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple, TypeAlias

from cdsrules.model.condition import (
    Condition,
    Declined,
    Done,
    FactKey,
    FactTest,
    Value,
    facts_read,
    findings_read,
    walk,
)
from cdsrules.model.rulebook import Rule, Status, Verb
from cdsrules.model.time import Duration

_OF_ONE_RECORD: Final = frozenset({"outcome", "alliance", "ratings", "obstacles"})


@dataclass(frozen=True)
class Ground:
    """Facts as they are read, and the parameters used, each with the rulebook it belongs to."""

    facts: frozenset[FactKey]
    parameters: frozenset[tuple[str, str]]

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
    """Return what tells of each rule what it stands on, through every finding that it reads."""
    finders: dict[str, list[Rule]] = {}
    for rule in rules:
        if rule.verb is Verb.FINDS and rule.status is not Status.RETIRED:
            finders.setdefault(rule.target, []).append(rule)
    return _Grounds(finders, {}).of


class _Grounds(NamedTuple):
    finders: Mapping[str, list[Rule]]
    known: dict[str, tuple[Ground, ...]]

    def of(self, rule: Rule) -> Ground:
        conditions = (rule.when, *(() if rule.unless is None else (rule.unless,)), *rule.until)
        own = Ground(
            frozenset(key for condition in conditions for key in facts_read(condition)),
            frozenset((rule.rulebook, name) for condition in conditions for name in _parameters(condition)),
        )
        read = dict.fromkeys(name for condition in conditions for name in findings_read(condition))
        below = [ground for name in read for ground in self._finding(name)]
        return Ground(
            own.facts.union(*(one.facts for one in below)), own.parameters.union(*(one.parameters for one in below))
        )

    def _finding(self, name: str) -> tuple[Ground, ...]:
        if name not in self.known:
            self.known[name] = ()  # a circle has a diagnostic of its own
            self.known[name] = tuple(self.of(rule) for rule in self.finders.get(name, ()))
        return self.known[name]


def _parameters(condition: Condition) -> Iterator[str]:
    for node in walk(condition):
        if isinstance(node, FactTest):
            values: tuple[object, ...] = node.operand if isinstance(node.operand, tuple) else (node.operand,)
        else:
            values = (node.within,) if isinstance(node, (Done, Declined)) else ()
        yield from (one.parameter for one in values if isinstance(one, Value) and one.parameter is not None)
