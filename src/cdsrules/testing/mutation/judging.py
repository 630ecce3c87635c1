"""Which mutants the cases notice: a mutant is noticed when some case no longer comes out as expected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from cdsrules.guidance.assemble import assemble
from cdsrules.guidance.case import Case as Evaluation
from cdsrules.inference.program import Conclusions, Program
from cdsrules.logic.truth import any_of
from cdsrules.measures.notices import in_short
from cdsrules.model.guidance import EngineReport, Guidance
from cdsrules.model.rulebook import Rule
from cdsrules.testing.differences import differences
from cdsrules.testing.expectations import Expectation
from cdsrules.testing.mutation.mutants import Mutant
from cdsrules.testing.mutation.variants import Variant, Variants
from cdsrules.testing.specimens import Decisions, Specimen

_REFERENCE = EngineReport("reference", verified=False)


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

    def judge(self, mutant: Mutant) -> Judgement:
        """Return whether some case notices the mutant, and which."""
        try:
            variant = self._variants.variant(mutant)
        except ValueError:
            return Judgement(mutant, "every case, as its findings would read each other in a circle")
        noticing = (one for one, before in self._reached(mutant) if not _as_expected(one, before, variant))
        return Judgement(mutant, next((one.case.name for one in noticing), None))

    def _reached(self, mutant: Mutant) -> Iterator[tuple[Specimen, Decisions]]:
        """Yield the cases that could notice the mutant: those that name its rule first, those about words last.

        A slip in a condition reaches a case for which the rule comes out otherwise, one around
        it a case for which the rule is not false; either may be seen in the words of what stands there.
        """
        rule = mutant.rule
        concerned = self._naming_action(mutant.about) if rule is None else self._not_false(rule)
        if rule is not None and mutant.part != "rule":
            yield from self._changed(rule)
            concerned = [pair for pair in concerned if _looks_at_words(pair[0].case.expect)]
        yield from concerned

    def _changed(self, rule: Rule) -> Iterator[LaidOut]:
        naming = [pair for pair in self._laid_out if _names(pair[0].case.expect, rule)]
        others = [pair for pair in self._laid_out if not _names(pair[0].case.expect, rule)]
        for specimen, before in (*naming, *others):
            if specimen.decide(rule, self._program, before) != before[rule.id]:
                yield specimen, before

    def _not_false(self, rule: Rule) -> Iterable[LaidOut]:
        """Return the cases in which a rule is not false."""
        return [pair for pair in self._laid_out if pair[1][rule.id].truth is not False]

    def _naming_action(self, action: str) -> Iterable[LaidOut]:
        """Return the cases in which some rule that names an action is not false."""
        rules = [rule.id for rule in self._program.rules if rule.target == action]
        return [pair for pair in self._laid_out if any(pair[1][rule].truth is not False for rule in rules)]


def _as_expected(specimen: Specimen, before: Decisions, variant: Variant) -> bool:
    return next(differences(specimen.case.expect, _guidance(specimen, before, variant)), None) is None


def _guidance(specimen: Specimen, before: Decisions, variant: Variant) -> Guidance:
    """Return what a variant says for a client; `before` is how the rules came out without its slip."""
    program, facts = variant.program, specimen.facts
    decided = dict(before)
    for rule in variant.affected:
        decided[rule.id] = specimen.decide(rule, program, decided)
    found = (any_of(decided[one.id].truth for one in program.carriers.get(name, ())) for name in program.findings)
    excepted = (place for place, rule in enumerate(program.rules) if decided[rule.id].excepted)
    truths = (decided[rule.id].truth for rule in program.rules)
    conclusions = Conclusions(tuple(truths), tuple(found), tuple(excepted))
    evaluation = Evaluation(variant.outline, facts.client.id, facts, facts.proposed, facts.moment, conclusions)
    return assemble(evaluation, _REFERENCE, in_short(facts.notices, evaluation.as_of))


def _looks_at_words(expect: Expectation) -> bool:
    """Whether an expectation looks at what conditions are said in: texts, and what to find out next."""
    return bool(expect.says or expect.never_says or expect.asks is not None)


def _names(expect: Expectation, rule: Rule) -> bool:
    return rule.id in (*expect.fires, *expect.silent, *expect.unknown)
