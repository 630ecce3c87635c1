"""One evaluation in hand: the program, the client's facts and what was concluded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from cdsrules.inference.program import Conclusions, Program, Truth
from cdsrules.logic.moment import Moment
from cdsrules.logic.reading import Facts
from cdsrules.model.condition import FactKey
from cdsrules.model.facts import Known
from cdsrules.model.rulebook import Rule, Status, Tier, Verb
from cdsrules.model.vocabulary import Vocabulary


@dataclass(frozen=True)
class Case:
    """What the guidance is made from; everything in it is fixed."""

    program: Program
    client_id: str
    facts: Facts
    moment: Moment
    conclusions: Conclusions

    @property
    def as_of(self) -> date:
        """The day the client is looked at."""
        return self.moment.as_of

    @property
    def vocabulary(self) -> Vocabulary:
        """The actions and instruments that the rules speak of."""
        return self.program.library.vocabulary

    def day(self, key: FactKey) -> date | None:
        """Return the day that a date fact holds; None when it never was or is not known."""
        measured = self.facts.get(key)
        if isinstance(measured, Known) and isinstance(measured.value, date):
            return measured.value
        return None

    def truth(self, rule: Rule) -> Truth:
        """Return whether the rule holds; None when it cannot be decided."""
        return self.conclusions.rules[self.program.index[rule.id]]

    @cached_property
    def shown(self) -> tuple[Rule, ...]:
        """The active rules, in the order written; shadow rules are never shown."""
        running = self.program.index
        return tuple(rule for rule in self.program.library.rules if rule.status is Status.ACTIVE and rule.id in running)

    @cached_property
    def cautions_on(self) -> Mapping[str, tuple[Rule, ...]]:
        """The rules that caution against each action."""
        found: dict[str, list[Rule]] = {}
        for rule in self.shown:
            if rule.verb is Verb.CAUTIONS:
                found.setdefault(rule.target, []).append(rule)
        return {action: tuple(rules) for action, rules in found.items()}

    def holding(self, verb: Verb, *, safety: bool) -> tuple[Rule, ...]:
        """Return the rules of a verb that hold, inside or outside the safety tier."""
        return tuple(
            rule
            for rule in self.shown
            if rule.verb is verb and (rule.tier is Tier.SAFETY) is safety and self.truth(rule) is True
        )

    def undecided(self) -> tuple[Rule, ...]:
        """Return the rules that cannot be decided."""
        return tuple(rule for rule in self.shown if self.truth(rule) is None)
