"""The limit: one Python function, written out as somebody would who had nothing but these rules to decide."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from benchmarks.contenders.contender import Contender
from benchmarks.infix import PYTHON
from benchmarks.made import Document, RuleSet, Truth
from cdsrules.model.rulebook import Rule, Verb

Written = Callable[[Document], tuple[Truth, ...]]


def three_valued(rules: RuleSet) -> Contender[Document, tuple[Truth, ...]]:
    """Return the rules written out in three values."""
    return _contender("Python by hand, three-valued", rules, _rule_in_three_values, _finding_in_three_values)


def two_valued(rules: RuleSet) -> Contender[Document, tuple[Truth, ...]]:
    """Return the rules written out for documents in which everything is known."""
    return _contender("Python by hand, two-valued", rules, _rule_in_two_values, _finding_in_two_values)


def _contender(
    name: str,
    rules: RuleSet,
    rule_lines: Callable[[int, Rule], list[str]],
    finding_lines: Callable[[str, list[str]], list[str]],
) -> Contender[Document, tuple[Truth, ...]]:
    body = [f"{fact} = client[{fact!r}]" for fact in rules.catalogue]
    place = 0
    for layer in rules.layers:
        finders: dict[str, list[str]] = {}
        for rule in layer:
            body += rule_lines(place, rule)
            if rule.verb is Verb.FINDS:
                finders.setdefault(rule.target, []).append(f"rule_{place}")
            place += 1
        for finding, carriers in finders.items():
            body += finding_lines(finding, carriers)
    body.append(f"return ({', '.join(f'rule_{one}' for one in range(place))},)")
    source = "def decide(client):\n" + "\n".join(f"    {line}" for line in body)
    space: dict[str, object] = {}
    exec(compile(source, "<by hand>", "exec"), space)
    return Contender(name, dict, cast(Written, space["decide"]), tuple)


def _rule_in_two_values(place: int, rule: Rule) -> list[str]:
    return [f"rule_{place} = {PYTHON.written(rule.when)}"]


def _finding_in_two_values(finding: str, carriers: list[str]) -> list[str]:
    return [f"{finding} = {' or '.join(carriers)}"]


def _rule_in_three_values(place: int, rule: Rule) -> list[str]:
    return [
        f"if {PYTHON.rail(rule.when, want=True)}:",
        f"    rule_{place} = True",
        f"elif {PYTHON.rail(rule.when, want=False)}:",
        f"    rule_{place} = False",
        "else:",
        f"    rule_{place} = None",
    ]


def _finding_in_three_values(finding: str, carriers: list[str]) -> list[str]:
    return [
        f"{finding}_holds = {' or '.join(f'{one} is True' for one in carriers)}",
        f"{finding}_fails = {' and '.join(f'{one} is False' for one in carriers)}",
    ]
