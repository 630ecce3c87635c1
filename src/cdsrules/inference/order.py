"""Which rules take part, and in what order they can be decided.

Rules in shadow take no part here: what they would conclude is worked out from a library of
its own (`Library.as_if_active`), so that nothing of it can reach what is shown.

A rule is decided after every rule that carries a finding it reads, so findings are
settled layer by layer. The loader refuses cycles; meeting one here is a programmer's
error and raises.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cdsrules.model.condition import AllOf, AnyOf, Condition, Not, findings_read
from cdsrules.model.rulebook import Rule, Status, Verb


def decision_of(rule: Rule) -> Condition:
    """Return what must be true for the rule to hold, `until` taken in, `unless` left out.

    `unless` is no part of it because an unknown exception lets the rule fire, which no
    condition of the language can say.
    """
    if not rule.until:
        return rule.when
    lifted = rule.until[0] if len(rule.until) == 1 else AnyOf(rule.until)
    return AllOf((rule.when, Not(lifted)))


def reads_of(rule: Rule) -> tuple[str, ...]:
    """Return the findings that a rule reads anywhere, each once."""
    read = findings_read(decision_of(rule))
    if rule.unless is None:
        return read
    return tuple(dict.fromkeys(read + findings_read(rule.unless)))


def feeds(rule: Rule) -> bool:
    """Whether a rule carries a finding that others read."""
    return rule.verb is Verb.FINDS and rule.status is Status.ACTIVE


def running(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """Return the rules that are evaluated for what is shown: the active ones."""
    return tuple(rule for rule in rules if rule.status is Status.ACTIVE)


def finders(rules: Sequence[Rule]) -> Mapping[str, tuple[Rule, ...]]:
    """Return the rules that carry each finding, findings and rules in the order written."""
    found: dict[str, list[Rule]] = {}
    for rule in rules:
        if feeds(rule):
            found.setdefault(rule.target, []).append(rule)
    return {name: tuple(carriers) for name, carriers in found.items()}


def layers(rules: Sequence[Rule]) -> tuple[tuple[Rule, ...], ...]:
    """Return the rules in layers: each reads findings of earlier layers only.

    Raises ValueError when findings depend on each other in a circle.
    """
    carriers = finders(rules)
    waiting = list(rules)
    settled: set[str] = set()
    result: list[tuple[Rule, ...]] = []
    while waiting:
        ready = [rule for rule in waiting if all(name in settled or name not in carriers for name in reads_of(rule))]
        if not ready:
            circle = ", ".join(rule.id for rule in waiting)
            message = f"these rules wait for each other's findings: {circle}"
            raise ValueError(message)
        result.append(tuple(ready))
        placed = {rule.id for rule in ready}
        waiting = [rule for rule in waiting if rule.id not in placed]
        open_findings = {rule.target for rule in waiting if feeds(rule)}
        settled = {name for name in carriers if name not in open_findings}
    return tuple(result)
