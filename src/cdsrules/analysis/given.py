"""What reaches the clinician: recommendations that are not held back, safety items, cautions, findings, words."""

from __future__ import annotations

from collections.abc import Collection

import z3

from cdsrules.analysis.rulings import Rulings
from cdsrules.analysis.terms import Holds, both, either
from cdsrules.guidance.outline import outline
from cdsrules.inference.program import Program
from cdsrules.model.rulebook import Rule, Tier, Verb
from cdsrules.testing.laws.asking import Answer as Evaluated


class Given:
    """The rules of a program by what a clinician gets of them."""

    def __init__(self, program: Program) -> None:
        shown = outline(program)
        self._pressing = tuple(rule.id for _, rule in shown.safety_steps)
        self._kept_back = frozenset(rule.id for _, rule in shown.kept_back)
        self._recommending = tuple(rule for _, rule in (*shown.safety_steps, *shown.recommends))
        self._safety = tuple(rule for _, rule in shown.safety)
        self._speaking = tuple(rule for _, rule in shown.safety_speaking)
        self._of_risk = tuple(rule for _, rule in shown.shown if rule.tier is Tier.SAFETY)
        self._unread = shown.unread_flags
        self._cautioning = tuple(rule for _, rule in shown.shown if rule.verb is Verb.CAUTIONS)

    # ---- In the search

    def rule(self, rule: Rule, rulings: Rulings) -> Holds:
        """Return that a rule holds and what it says is not held back."""
        true = rulings[rule.id].truth.true
        if rule.id not in self._kept_back:
            return true
        return both(true, *(z3.Not(rulings[one].truth.true) for one in self._pressing))

    def recommended(self, rulings: Rulings, actions: Collection[str]) -> Holds:
        """Return that one of the actions is recommended, any of all where none is named."""
        return self._any(self.recommending(actions), rulings)

    def _any(self, rules: Collection[Rule], rulings: Rulings) -> Holds:
        return either(*(self.rule(rule, rulings) for rule in rules))

    def safety_item(self, rulings: Rulings) -> Holds:
        """Return that a safety item is open."""
        return self._any(self._safety, rulings)

    def cautioned(self, rulings: Rulings, actions: Collection[str]) -> Holds:
        """Return that one of the actions is cautioned against."""
        return self._any(self.cautioning(actions), rulings)

    def risk_line(self, rulings: Rulings) -> Holds:
        """Return that the line on risk is there: something flagged that no rule reads, said, or not decided."""
        flagged = [rulings.is_set(key, True) for key in self._unread]
        undecided = [rulings[rule.id].truth.unknown for rule in self._of_risk]
        return either(*flagged, self._any(self._speaking, rulings), *undecided)

    # ---- Of a client who was evaluated

    def is_given(self, rule: Rule, client: Evaluated) -> bool:
        """Return whether a rule holds for a client and what it says is not held back."""
        if client.rules[rule.id] is not True:
            return False
        return rule.id not in self._kept_back or not any(client.rules[one] is True for one in self._pressing)

    def recommending(self, actions: Collection[str]) -> tuple[Rule, ...]:
        """Return the rules that recommend one of the actions, any of all where none is named."""
        return tuple(rule for rule in self._recommending if not actions or rule.target in actions)

    def cautioning(self, actions: Collection[str]) -> tuple[Rule, ...]:
        """Return the rules that caution against one of the actions, any of all where none is named."""
        return tuple(rule for rule in self._cautioning if not actions or rule.target in actions)
