"""Whether a rule and a changed one ever come out differently: a client who shows it, a proof, or neither."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import z3

from cdsrules.advisor import Advisor
from cdsrules.analysis.answers import Answer
from cdsrules.analysis.rulings import Rulings
from cdsrules.analysis.search import AS_OF, Search
from cdsrules.analysis.terms import Holds, either, same
from cdsrules.inference.order import decision_of
from cdsrules.logic.trace import trace
from cdsrules.model.rulebook import Rule
from cdsrules.testing.laws.asking import Answer as Evaluated


class _Outcome(NamedTuple):
    truth: bool | None
    excepted: bool = False


class Teller:
    """Compares rules of one library with changed ones; built once, asked many times."""

    def __init__(self, advisor: Advisor, as_of: date = AS_OF) -> None:
        self._search = Search(advisor, as_of)

    def compare(self, rule: Rule, changed: Rule) -> Answer:
        """Return a client on whom the conditions of the two rules come out differently, or why there is none.

        Only when a rule holds is compared, exceptions and ways out included; what it says and
        does is not. Findings are read as the library has them.
        """

        def differ(rulings: Rulings) -> Holds:
            one, other = rulings.of(rule), rulings.of(changed)
            return either(
                z3.Not(same(one.truth.true, other.truth.true)),
                z3.Not(same(one.truth.false, other.truth.false)),
                z3.Not(same(one.excepted, other.excepted)),
            )

        return self._search.find(
            differ, lambda client: outcome(rule, client) != outcome(changed, client), about=(rule, changed), small=True
        )


def outcome(rule: Rule, client: Evaluated) -> _Outcome:
    """Return how a rule comes out for a client who was evaluated; it need not be one of the program's own."""
    facts, findings = client.facts, client.findings
    truth = trace(decision_of(rule), facts, findings, facts.moment).truth
    if truth is False or rule.unless is None:
        return _Outcome(truth)
    excepted = trace(rule.unless, facts, findings, facts.moment).truth
    return _Outcome(truth=False) if excepted is True else _Outcome(truth, truth is True and excepted is None)
