"""Which changed rules are behind what changed for a client."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cdsrules.advisor import Advisor
from cdsrules.guidance.changes import Change, Turn
from cdsrules.impact.rule_changes import Differences
from cdsrules.inference.order import reads_of
from cdsrules.inference.program import Program, Truth
from cdsrules.model.client import Client
from cdsrules.model.rulebook import Rule

Truths = Mapping[str, Truth]
"""How each rule that takes part comes out, by its id."""


def truths_of(advisor: Advisor, client: Client) -> Truths:
    """Return how each active rule comes out for a client."""
    found = advisor.conclude(client).rules
    return {rule.id: truth for rule, truth in zip(advisor.program.rules, found, strict=True)}


@dataclass(frozen=True, slots=True)
class Causes:
    """Finds the changed rules that carry a change: followed from the rule that speaks down to what it rests on."""

    differences: Differences
    before: Program
    after: Program

    def of(self, changes: Sequence[Change], before: Truths, after: Truths) -> tuple[tuple[str, ...], ...]:
        """Return for each change the changed rules behind it, by id; else what else changed that could be.

        A rule is behind it when its text changed and it speaks here itself, or it came out
        otherwise and what speaks here rests on it. A step that only moved was moved by a
        rule that came out otherwise.
        """
        turned = {name for name in {**before, **after} if before.get(name, False) != after.get(name, False)}
        anywhere = tuple(name for name in self.differences.rules if name in turned)
        return tuple(self._followed(one, turned) or anywhere or self._otherwise() for one in changes)

    def _otherwise(self) -> tuple[str, ...]:
        return self.differences.vocabulary or tuple(self.differences.rules)

    def _followed(self, change: Change, turned: set[str]) -> tuple[str, ...]:
        waiting = [*dict.fromkeys(_speaking(change))]
        known, found = set(waiting), []
        while waiting:
            rule = waiting.pop(0)
            # Another wording alone brings nothing and takes nothing away.
            if rule in self.differences.rules and (rule in turned or change.turn is Turn.CHANGED):
                found.append(rule)
            further = dict.fromkeys(name for name in self._below(rule) if name in turned and name not in known)
            known.update(further)
            waiting += further
        return tuple(found)

    def _below(self, rule_id: str) -> Iterator[str]:
        """Yield the rules on either side that carry a finding which the rule reads there."""
        for program in (self.before, self.after):
            place = program.index.get(rule_id)
            if place is not None:
                yield from _carriers(program, program.rules[place])


def _carriers(program: Program, rule: Rule) -> Iterator[str]:
    for finding in reads_of(rule):
        yield from (carrier.id for carrier in program.carriers.get(finding, ()))


def _speaking(change: Change) -> Iterable[str]:
    for shown in (change.before, change.after):
        if shown is not None:
            yield from (*((shown.rule,) if shown.rule else ()), *shown.also)
