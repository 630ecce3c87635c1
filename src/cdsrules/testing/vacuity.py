"""What could not come out for any client, so that a case which says it never does would pass whatever happens."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from cdsrules.inference.order import decision_of, running
from cdsrules.inference.possible import Possibilities
from cdsrules.model.condition import FactKey, facts_read
from cdsrules.model.facts import FactCatalogue
from cdsrules.model.rulebook import Library, Rule, Status, Tier, Verb

NOT_RUN: Final[Mapping[Status, str]] = {
    Status.DRAFT: "is a draft, and drafts are not run",
    Status.SHADOW: "runs in shadow, and nothing of it is shown",
    Status.RETIRED: "is retired, and no longer run",
}
"""Why nothing of a rule appears, by its status."""


class Impossible:
    """Says why a name could never appear, as a sentence; None where it could, as far as is known."""

    def __init__(self, library: Library, facts: FactCatalogue) -> None:
        active = running(library.rules)
        self._rules = library.by_id
        self._recommended = frozenset(rule.target for rule in active if rule.verb is Verb.RECOMMENDS)
        self._steps = frozenset(rule.target for rule in active if _is_step(rule))
        self._read = frozenset(key.name for rule in active for key in _keys(rule))
        self._possibilities = Possibilities(library, facts)
        self._by_part: Mapping[str, Callable[[str], str | None]] = {
            "safety": self._safety,
            "recommendations": self._step,
            "now": self._step,
            "then": self._step,
            "cautions": self._caution,
            "cannot_rule_out": self._caution,
            "asks": self._question,
            "never": self._anywhere,
        }

    def why(self, part: str, name: str) -> str | None:
        """Return why a name can never appear in a part of the guidance; `never` is all of it."""
        return self._by_part[part](name)

    def _anywhere(self, name: str) -> str | None:
        rule = self._rules.get(name)
        if rule is not None:
            return self._rule(rule)
        return None if name in self._recommended else f"No rule recommends `{name}`, so it could never appear."

    def _rule(self, rule: Rule) -> str | None:
        if rule.status is not Status.ACTIVE:
            return f"Rule `{rule.id}` {NOT_RUN[rule.status]}, so it could never appear."
        if not self._possibilities.could_hold(rule):
            return f"The conditions of `{rule.id}` cannot all be met by one client, so it could never appear."
        return None

    def _safety(self, name: str) -> str | None:
        rule = self._rules.get(name)
        if rule is not None and (rule.tier is not Tier.SAFETY or rule.verb is Verb.FINDS):
            return f"Rule `{name}` makes no safety item, so it could never stand here."
        return None if rule is None else self._rule(rule)

    def _caution(self, name: str) -> str | None:
        rule = self._rules.get(name)
        if rule is not None and rule.verb is not Verb.CAUTIONS:
            return f"Rule `{name}` cautions against nothing, so it could never stand here."
        return None if rule is None else self._rule(rule)

    def _step(self, name: str) -> str | None:
        if name in self._steps:
            return None
        otherwise = " other than as a safety item" if name in self._recommended else ""
        return f"No rule recommends `{name}`{otherwise}, so it could never stand here."

    def _question(self, name: str) -> str | None:
        if name.partition(" over ")[0] in self._read:
            return None
        return f"No rule reads `{name}`, so it is never asked for."


def _is_step(rule: Rule) -> bool:
    return rule.verb is Verb.RECOMMENDS and rule.tier is not Tier.SAFETY


def _keys(rule: Rule) -> Iterator[FactKey]:
    """Yield the facts that a rule reads itself, in its exception too."""
    yield from facts_read(decision_of(rule))
    yield from () if rule.unless is None else facts_read(rule.unless)
