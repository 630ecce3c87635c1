"""The clients of the shipped cases, and what the shipped rules say of them when a fact is otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from cdsrules.guidance.case import Case
from cdsrules.guidance.reach import fact_leaves
from cdsrules.guidance.reasoning import Overlay
from cdsrules.guidance.trials import answers
from cdsrules.logic.trace import leaf_truth
from cdsrules.logic.truth import Truth
from cdsrules.model.condition import FactKey, keys_of
from cdsrules.model.facts import Measured, Reason, Unknown
from cdsrules.model.rulebook import Rule
from tests.guidance.direct import decided
from tests.test_cases import advisor, case_files

HIDDEN = Unknown(Reason.NOT_RECORDED, "not recorded")


def clients() -> list[Case]:
    asked = advisor()
    found = (asked.facts(one.document, as_of=one.as_of) for file in case_files() for one in file.cases)
    return [asked._shown.case(facts)[0] for facts in found]


CLIENTS = clients()


class Clauses:
    """The clauses that a rule rests on, and what it says by their truths."""

    def __init__(self, rule: Rule) -> None:
        program = CLIENTS[0].program
        self._leaves = fact_leaves(program, rule)
        self.read = tuple(dict.fromkeys(key for leaf in self._leaves for key in keys_of(leaf)))
        self._reading = {key: [at for at, leaf in enumerate(self._leaves) if key in keys_of(leaf)] for key in self.read}

        @cache
        def of_truths(truths: tuple[Truth, ...]) -> Truth:
            return decided(program, rule, dict(zip(self._leaves, truths, strict=True)).__getitem__)

        self._of_truths = of_truths

    def differing(self) -> Iterator[tuple[Case, tuple[Truth, ...]]]:
        """Yield one client for each way in which the clauses come out, with their truths."""
        met = set()
        for case in CLIENTS:
            truths = tuple([leaf_truth(leaf, case.facts, case.moment) for leaf in self._leaves])
            if truths not in met:
                met.add(truths)
                yield case, truths

    def turning(self, case: Case, truths: tuple[Truth, ...], key: FactKey) -> Iterator[tuple[Measured, Truth]]:
        """Yield what one fact of a client could turn out to be that changes a clause, and what the rule says then."""
        for measured in (HIDDEN, *answers(case, key)):
            otherwise = self._with(case, truths, {key: measured})
            if otherwise != truths:
                yield measured, self._of_truths(otherwise)

    def supposing(self, case: Case, truths: tuple[Truth, ...], supposed: Mapping[FactKey, Measured]) -> Truth:
        """Return what the rule says of a client of whom some facts are otherwise."""
        return self._of_truths(self._with(case, truths, supposed))

    def _with(self, case: Case, truths: tuple[Truth, ...], supposed: Mapping[FactKey, Measured]) -> tuple[Truth, ...]:
        facts, changed = Overlay(case.facts, supposed), list(truths)
        for at in {at for key in supposed for at in self._reading[key]}:
            changed[at] = leaf_truth(self._leaves[at], facts, case.moment)
        return tuple(changed)
