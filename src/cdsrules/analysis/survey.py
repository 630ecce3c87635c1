"""One client for every rule who makes it hold, and how all the other rules come out for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from cdsrules.analysis.answers import Answer, Shown
from cdsrules.analysis.search import Claim, Search
from cdsrules.model.rulebook import Rule
from cdsrules.testing.laws.asking import Answer as Evaluated

Truths: TypeAlias = Mapping[str, bool | None]


class Survey:
    """The clients found so far; a question that one of them answers need not be searched."""

    def __init__(self, search: Search) -> None:
        self._search = search
        self._first: dict[str, Answer] = {}
        self.truths: list[Truths] = []

    def look(self, rules: Iterable[Rule]) -> None:
        """Find a client for each of the rules."""
        for rule in rules:
            self.first(rule)

    def first(self, rule: Rule) -> Answer:
        """Return a client for whom a rule holds, or what came of looking for one."""
        found = self._first.get(rule.id)
        if found is None:
            name = rule.id
            found = self._first[name] = self._search.find(
                _holds(name), lambda client: client.rules[name] is True, about=(rule,)
            )
            self.note(found)
        return found

    def note(self, answer: Answer) -> None:
        """Keep how the rules come out for a client who was found."""
        if isinstance(answer, Shown):
            self.truths.append(Evaluated(self._search.advisor, answer.document, answer.as_of).rules)

    def is_met_alone(self, one: str, other: str) -> bool:
        """Return whether for some client so far the one rule holds and the other does not."""
        return any(truths[one] is True and truths[other] is not True for truths in self.truths)

    def ever_differ(self, one: str, other: str) -> bool:
        """Return whether for some client so far the two rules come out differently."""
        return any(truths[one] is not truths[other] for truths in self.truths)

    def is_first_somewhere(self, name: str, others: Sequence[str]) -> bool:
        """Return whether for some client so far a rule holds and none of the others."""
        return any(truths[name] is True and not any(truths[one] is True for one in others) for truths in self.truths)

    def is_always_beside(self, name: str, other: str) -> bool:
        """Return whether the other rule held for every client so far for whom the one did."""
        return all(truths[other] is True for truths in self.truths if truths[name] is True)


def _holds(name: str) -> Claim:
    return lambda rulings: rulings[name].truth.true
