"""Rulebooks with a slip in them, and which rules it can reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from cdsrules.guidance.outline import Outline, outline
from cdsrules.inference.order import feeds, finders, layers, reads_of, running
from cdsrules.inference.program import Program
from cdsrules.model.rulebook import Library, Rule
from cdsrules.testing.mutation.mutants import Mutant


@dataclass(frozen=True)
class Variant:
    """A program with a slip in it; `affected` are the rules that may come out otherwise, in the order decided."""

    program: Program
    affected: tuple[Rule, ...]

    @cached_property
    def outline(self) -> Outline:
        """What guidance needs of the program; most slips are noticed without it."""
        return outline(self.program)


class Variants:
    """Makes variants of one program. What the rules read of each other is gathered once."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._reads = {rule.id: reads_of(rule) for rule in program.rules}
        self.unchanged = Variant(program, ())

    def variant(self, mutant: Mutant) -> Variant:
        """Return the program with the slip made.

        Raises ValueError when its findings would read each other in a circle.
        """
        library = with_mutant(self._program.library, mutant)
        rule = mutant.rule
        if rule is None:
            other = replace(self._program, library=library)
            return Variant(other, ())
        rules = self._ordered(rule, library)
        carriers = finders(running(library.rules))  # as written: the first of the most pressing names a finding
        other = replace(
            self._program,
            library=library,
            rules=rules,
            index={one.id: place for place, one in enumerate(rules)},
            findings=tuple(dict.fromkeys([*self._program.findings, *carriers, *reads_of(rule)])),
            carriers=carriers,
        )
        return Variant(other, self._affected(rule, rules))

    def _ordered(self, changed: Rule, library: Library) -> tuple[Rule, ...]:
        """Return the rules in the order they can be decided, which a slip seldom changes."""
        before = self._program.library.by_id[changed.id]
        if set(reads_of(changed)) <= set(self._reads[changed.id]) and changed.target == before.target:
            return tuple(changed if one.id == changed.id else one for one in self._program.rules)
        return tuple(one for group in layers(running(library.rules)) for one in group)

    def _affected(self, changed: Rule, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        """Return the rule and those that read what it finds or found, in turn."""
        moved = {self._program.library.by_id[changed.id].target, changed.target} if feeds(changed) else set()
        reads: Mapping[str, tuple[str, ...]] = {**self._reads, changed.id: reads_of(changed)}
        affected: list[Rule] = []
        for rule in rules:
            if rule.id == changed.id or not moved.isdisjoint(reads[rule.id]):
                affected.append(rule)
                moved.update({rule.target} if feeds(rule) else ())
        return tuple(affected)


def with_mutant(library: Library, mutant: Mutant) -> Library:
    """Return the library with the slip made."""
    if mutant.actions:
        actions = {**library.vocabulary.actions, **{one.id: one for one in mutant.actions}}
        return replace(library, vocabulary=replace(library.vocabulary, actions=actions))
    rule = mutant.rule
    if rule is None:
        return library
    return replace(library, rulebooks=tuple(replace(book, rules=_with(book.rules, rule)) for book in library.rulebooks))


def _with(rules: tuple[Rule, ...], changed: Rule) -> tuple[Rule, ...]:
    return tuple(changed if rule.id == changed.id else rule for rule in rules)
