"""Rules written for a language with two truth values: once when nothing is unknown, else on two rails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.infix import Syntax
from benchmarks.made import FactOf, RuleSet, Truth
from cdsrules.model.rulebook import Verb


@dataclass(frozen=True)
class Rails:
    """One layer: a named expression for every rule, or two, and the findings that its rules carry.

    `found` names the findings with the places of the expressions that carry them and whether one
    of these is enough.
    """

    syntax: Syntax
    two: bool
    rules: tuple[tuple[str, str], ...]
    found: tuple[tuple[str, tuple[bool, tuple[int, ...]]], ...]

    def joined(self, ways: tuple[bool, tuple[int, ...]], prefix: str) -> str:
        """Return a finding as an expression over the names of the rules that carry it."""
        one_is_enough, places = ways
        joint = self.syntax.either if one_is_enough else self.syntax.both
        return f" {joint} ".join(prefix + self.rules[place][0] for place in places)

    def carry(self, answers: Sequence[bool], known: dict[str, FactOf]) -> None:
        """Add the layer's findings to what is known."""
        for name, (one_is_enough, places) in self.found:
            if len(places) == 1:
                known[name] = answers[places[0]]
            else:
                known[name] = (any if one_is_enough else all)([answers[place] for place in places])

    def merged(self, answers: Sequence[bool]) -> tuple[Truth, ...]:
        """Return the truths of the rules from the answers of all layers."""
        if not self.two:
            return tuple(answers)
        return tuple(
            True if holds else False if fails else None
            for holds, fails in zip(answers[::2], answers[1::2], strict=True)
        )


def rails_of(rules: RuleSet, syntax: Syntax, *, two: bool) -> tuple[Rails, ...]:
    """Return the layers of the rules, written on two rails or on one."""
    layers = []
    for layer in rules.layers:
        written: list[tuple[str, str]] = []
        carriers: dict[str, list[int]] = {}
        for rule in layer:
            if rule.verb is Verb.FINDS:
                carriers.setdefault(rule.target, []).append(len(written))
            name = rule.id.replace("-", "_")
            if two:
                written.append((f"{name}_holds", syntax.rail(rule.when, want=True)))
                written.append((f"{name}_fails", syntax.rail(rule.when, want=False)))
            else:
                written.append((name, syntax.written(rule.when)))
        found: list[tuple[str, tuple[bool, tuple[int, ...]]]] = []
        for finding, places in carriers.items():
            if two:
                found.append((f"{finding}_holds", (True, tuple(places))))
                found.append((f"{finding}_fails", (False, tuple(place + 1 for place in places))))
            else:
                found.append((finding, (True, tuple(places))))
        layers.append(Rails(syntax, two, tuple(written), tuple(found)))
    return tuple(layers)
