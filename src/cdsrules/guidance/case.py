"""One evaluation in hand: the rules, the client's facts and what was concluded."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from cdsrules.guidance.outline import Outline
from cdsrules.guidance.placed import Placed
from cdsrules.guidance.places import Said
from cdsrules.guidance.supposing import Held, Otherwise, Plain
from cdsrules.inference.program import Conclusions, Program, Truth
from cdsrules.logic.moment import Moment
from cdsrules.logic.reading import Facts
from cdsrules.measures.facts import NOTHING_USUAL, UsualFor
from cdsrules.model.condition import FactKey
from cdsrules.model.facts import Known
from cdsrules.model.lazy import once
from cdsrules.model.rulebook import Rule
from cdsrules.model.vocabulary import Vocabulary


class _Given(NamedTuple):
    outline: Outline
    client_id: str
    facts: Facts
    proposed: Collection[str]
    moment: Moment
    conclusions: Conclusions
    plain: Plain | None = None
    usual: UsualFor = NOTHING_USUAL


class Case(_Given):
    """What the guidance is made from; everything in it is fixed.

    `proposed` are the actions that the clinician is about to take, `plain` is what the rules were decided
    by, where that is at hand, and `usual` what is so for all whose record is alike.
    """

    @once
    def otherwise(self) -> Otherwise:
        """What every rule would say if one leaf were otherwise, for each leaf."""
        return Otherwise(self.held)

    @once
    def said(self) -> dict[str, Said]:
        """What rules say, by rule, of those that were asked about already."""
        return {}

    @once
    def held(self) -> Held:
        """The leaves of all rules, held against the client's facts."""
        return Held(self.outline.places, self.facts, self.moment, self.plain, self.usual)

    @property
    def as_of(self) -> date:
        """The day the client is looked at."""
        return self.moment.as_of

    @property
    def program(self) -> Program:
        """The compiled rulebooks."""
        return self.outline.program

    @property
    def vocabulary(self) -> Vocabulary:
        """The actions and instruments that the rules speak of."""
        return self.outline.program.library.vocabulary

    def day(self, key: FactKey) -> date | None:
        """Return the day that a date fact holds; None when it never was or is not known."""
        measured = self.facts.get(key)
        if isinstance(measured, Known) and isinstance(measured.value, date):
            return measured.value
        return None

    def truth(self, rule: Rule) -> Truth:
        """Return whether the rule holds; None when it cannot be decided."""
        return self.conclusions.rules[self.program.index[rule.id]]

    def being(self, truth: Truth, rules: Placed) -> tuple[Rule, ...]:
        """Return those of the rules that have this truth, in the order given."""
        return rules.being(truth, self.conclusions.rules)

    def given(self, recommendations: Placed) -> tuple[Rule, ...]:
        """Return those that are given, in the order handed in: those that hold and are not held back."""
        holding, held = recommendations.being(True, self.conclusions.rules), self.held_back
        return tuple([rule for rule in holding if rule not in held]) if held else holding

    def must_wait(self, action: str) -> bool:
        """Return whether the action is one for other times: a safety item is open."""
        kept = self.outline.steps[action].action.not_while_at_risk
        return kept and self.outline.is_safety_open(self.conclusions.rules)

    @once
    def held_back(self) -> tuple[Rule, ...]:
        """The recommendations that hold and are not given, because a safety item is open."""
        return self.outline.held_back(self.conclusions.rules)

    @once
    def undecided(self) -> tuple[Rule, ...]:
        """The shown rules that cannot be decided."""
        return self.being(None, self.outline.shown)

    @once
    def holding_and_open(self) -> tuple[int, int]:
        """The rules of the program that hold, and those that cannot be decided, a bit for each."""
        holding = undecided = 0
        for at, truth in enumerate(self.conclusions.rules):
            if truth:
                holding |= 1 << at
            elif truth is None:
                undecided |= 1 << at
        return holding, undecided
