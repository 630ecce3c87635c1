"""What the engine is told about a client, and whether what it carries agrees with the reference.

Both are asked once an evaluation, of every literal and every rule: what depends on the rules alone
is sorted out when they are loaded.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import compress

from cdsrules.inference.program import Conclusions, Program
from cdsrules.logic.encoding import Values


class Exchange:
    """The atoms of one program beside the places of its literals, rules and findings."""

    def __init__(self, program: Program) -> None:
        grounding = program.grounding
        inputs = grounding.program.inputs
        posted = [*enumerate(grounding.posted)]
        self._decide = program.plan.deciders[-1]
        self._always = (grounding.always,) if grounding.always in inputs else ()
        # None where no clause reads it.
        self._when_true = tuple(atom if atom in inputs else None for _, (atom, _) in posted)
        self._when_false = tuple((place, atom) for place, (_, atom) in posted if atom is not None and atom in inputs)
        self._permits = tuple((literal, atom) for literal, atom in grounding.permits if atom in inputs)
        self._outside = grounding.outside
        self._inputs = inputs
        self._holds = grounding.holds
        self._of_rules = frozenset(grounding.holds)
        self._withdrawn_by = {atom: grounding.holds[rule] for rule, atom in grounding.exceptions}
        place = {name: index for index, name in enumerate(program.findings)}
        self._denied = tuple((place[name], atom) for name, atom in grounding.denied)
        self._denials = frozenset(atom for _, atom in self._denied)

    def given(self, values: Values, cutoffs: Sequence[object], expected: Conclusions) -> set[int]:
        """Return the atoms to post: what the literals say, and the rules decided outside."""
        truths = self._decide(values, cutoffs, expected.rules)
        given = {atom for atom in compress(self._when_true, truths) if atom is not None}
        given.update(self._always)
        given.update([atom for place, atom in self._when_false if truths[place] is False])
        given.update([atom for literal, atom in self._permits if truths[literal] is not True])
        for rule, when_true, when_false in self._outside:
            truth = expected.rules[rule]
            atom = when_true if truth is True else when_false if truth is False else None
            if atom is not None and atom in self._inputs:
                given.add(atom)
        return given

    def agrees(self, expected: Conclusions, derived: Collection[int]) -> bool:
        """Return whether the engine carries the rules that hold and denies the findings that are false, no others."""
        withdrawn = {self._withdrawn_by[atom] for atom in self._withdrawn_by.keys() & derived}
        if self._of_rules.intersection(derived) - withdrawn != {*compress(self._holds, expected.rules)}:
            return False
        findings = expected.findings
        denied = {atom for place, atom in self._denied if findings[place] is False}
        return denied == self._denials.intersection(derived)
