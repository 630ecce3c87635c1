"""What a rule reads: facts, its own and those behind the findings it rests on, and findings, affirmed or denied."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cdsrules.guidance.reach import reached_rules
from cdsrules.inference.program import Program
from cdsrules.model.condition import Condition, FactKey, FindingTest, Not, facts_read, parts_of
from cdsrules.model.rulebook import Rule
from cdsrules.model.text import FactSlot


class Read(NamedTuple):
    """A finding that a rule reads, and whether the rule wants it to hold."""

    finding: str
    affirmed: bool


def conditions_of(rule: Rule) -> tuple[Condition, ...]:
    """Return every condition of a rule: when it holds, its exception, what lifts it."""
    return (rule.when, *((rule.unless,) if rule.unless is not None else ()), *rule.until)


def findings_of(rule: Rule) -> tuple[Read, ...]:
    """Return the findings a rule reads, each once a side; what withdraws or lifts the rule is read denied."""
    found = dict.fromkeys(_findings(rule.when, affirmed=True))
    for condition in conditions_of(rule)[1:]:
        found.update(dict.fromkeys(_findings(condition, affirmed=False)))
    return tuple(found)


def _findings(condition: Condition, *, affirmed: bool) -> Iterator[Read]:
    match condition:
        case FindingTest(finding):
            yield Read(finding, affirmed)
        case Not(part):
            yield from _findings(part, affirmed=not affirmed)
        case _:
            for part in parts_of(condition):
                yield from _findings(part, affirmed=affirmed)


def facts_of(rule: Rule) -> tuple[FactKey, ...]:
    """Return the facts a rule reads itself, in its conditions and in its texts, each once."""
    found = dict.fromkeys(key for condition in conditions_of(rule) for key in facts_read(condition))
    for text in rule.say.texts:
        slots = (slot for slot in text.slots if isinstance(slot, FactSlot))
        found.update(dict.fromkeys(FactKey(slot.fact, slot.over) for slot in slots))
    return tuple(found)


def facts_behind(rule: Rule, program: Program) -> tuple[FactKey, ...]:
    """Return every fact that can bear on a rule: its own, and those of the rules whose findings it rests on."""
    reached = reached_rules(program, rule)
    return tuple(dict.fromkeys(key for one in reached for key in facts_of(one)))
