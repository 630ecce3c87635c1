"""Which mutants the cases notice: a mutant is noticed when some case no longer comes out as expected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import compress
from typing import TypeAlias

from cdsrules.inference.program import Program
from cdsrules.model.guidance import Guidance
from cdsrules.model.rulebook import Rule, Verb
from cdsrules.testing.differences import differences
from cdsrules.testing.expectations import Expectation
from cdsrules.testing.mutation.drawing import drawn
from cdsrules.testing.mutation.glance import is_seen_at_a_glance
from cdsrules.testing.mutation.mutants import Mutant
from cdsrules.testing.mutation.variants import Variant, Variants
from cdsrules.testing.specimens import Decisions, Specimen

LaidOut: TypeAlias = tuple[Specimen, Decisions]
"""A case, and how every rule comes out for it without any slip."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A mutant, and the name of the first case found that notices it; None when none does."""

    mutant: Mutant
    noticed_by: str | None


class Judge:
    """The cases of a program, each decided once without any slip."""

    def __init__(self, program: Program, specimens: Iterable[Specimen]) -> None:
        self._program = program
        self._variants = Variants(program)
        quick_first = sorted(specimens, key=lambda one: one.case.expect.asks is not None)
        self._laid_out: tuple[LaidOut, ...] = tuple((one, one.decide_all(program)) for one in quick_first)
        self._by_rule: dict[str, tuple[tuple[LaidOut, ...], tuple[LaidOut, ...]]] = {}

    def judge(self, mutant: Mutant) -> Judgement:
        """Return whether some case notices the mutant, and which."""
        try:
            variant = self._variants.variant(mutant)
        except ValueError:
            return Judgement(mutant, "every case, as its findings would read each other in a circle")
        noticing = (_noticing(reached, variant) for reached in self._reached(mutant))
        return Judgement(mutant, next((one.case.name for one in noticing if one is not None), None))

    def shows_for(self, mutant: Mutant) -> str | None:
        """Return a case for whose client a mutant says something else, wherever that case looks."""
        variant, unchanged = self._variants.variant(mutant), self._variants.unchanged
        for group in self._reached(mutant):
            for specimen, before in group:
                after = guidance_of(specimen, decided_by(specimen, before, variant), variant)
                if drawn(after) != drawn(guidance_of(specimen, before, unchanged)):
                    return specimen.case.name
        return None

    def _reached(self, mutant: Mutant) -> Iterator[Iterable[LaidOut]]:
        """Yield groups of cases that could notice the mutant: those that name its rule first, those about words last.

        A slip in a condition reaches a case for which the rule comes out otherwise, one around
        it a case for which the rule is not false; either may be seen in the words of what stands there.
        """
        rule = mutant.rule
        if rule is None:
            yield self._recommending(one.id for one in mutant.actions)
            return
        named, others = self._by_naming(self._program.library.by_id[rule.id])
        if mutant.part != "rule":
            yield self._changed(rule, named)
            yield self._changed(rule, others)
            named, others = _looking_at_words(named), _looking_at_words(others)
        yield self._not_false(rule, named)
        yield self._not_false(rule, others)

    def _by_naming(self, rule: Rule) -> tuple[tuple[LaidOut, ...], tuple[LaidOut, ...]]:
        """Return the cases that name a rule or what it finds, and the others."""
        known = self._by_rule.get(rule.id)
        if known is None:
            named = [_names(one.case.expect, rule) for one, _ in self._laid_out]
            others = (not one for one in named)
            known = tuple(compress(self._laid_out, named)), tuple(compress(self._laid_out, others))
            self._by_rule[rule.id] = known
        return known

    def _changed(self, rule: Rule, group: Iterable[LaidOut]) -> Iterator[LaidOut]:
        """Yield the cases for which a rule comes out otherwise."""
        for specimen, before in group:
            if specimen.decide(rule, self._program, before) != before[rule.id]:
                yield specimen, before

    @staticmethod
    def _not_false(rule: Rule, group: Iterable[LaidOut]) -> Iterator[LaidOut]:
        return (pair for pair in group if pair[1][rule.id].truth is not False)

    def _recommending(self, actions: Iterable[str]) -> list[LaidOut]:
        """Return the cases in which some rule recommends one of the actions."""
        changed = frozenset(actions)
        rules = [one.id for one in self._program.rules if one.target in changed and one.verb is Verb.RECOMMENDS]
        return [pair for pair in self._laid_out if any(pair[1][rule].truth is True for rule in rules)]


def _noticing(reached: Iterable[LaidOut], variant: Variant) -> Specimen | None:
    """Return a case that does not come out as expected: one that shows it at a glance, otherwise the first."""
    looked_into: list[LaidOut] = []
    for specimen, before in reached:
        decided = decided_by(specimen, before, variant)
        if is_seen_at_a_glance(specimen.case.expect, decided, variant.program):
            return specimen
        looked_into.append((specimen, decided))
    return next((one for one, decided in looked_into if not _as_expected(one, decided, variant)), None)


def decided_by(specimen: Specimen, before: Decisions, variant: Variant) -> Decisions:
    """Return how the rules of a variant come out; `before` is how they did without its slip."""
    decided = dict(before)
    for rule in variant.affected:
        decided[rule.id] = specimen.decide(rule, variant.program, decided)
    return decided


def _as_expected(specimen: Specimen, decided: Decisions, variant: Variant) -> bool:
    return next(differences(specimen.case.expect, guidance_of(specimen, decided, variant)), None) is None


def guidance_of(specimen: Specimen, decided: Decisions, variant: Variant) -> Guidance:
    """Return what a variant says for a client, from how its rules come out."""
    return specimen.guidance(decided, variant.outline)


def _looking_at_words(group: Iterable[LaidOut]) -> tuple[LaidOut, ...]:
    """Return the cases that look at what conditions are said in."""
    return tuple(pair for pair in group if pair[0].case.expect.looks_at_words)


def _names(expect: Expectation, rule: Rule) -> bool:
    if rule.id in (*expect.fires, *expect.silent, *expect.unknown, *(expect.items or ())):
        return True
    return rule.verb is Verb.FINDS and rule.target in (expect.findings or ())
