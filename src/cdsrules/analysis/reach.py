"""Rules that can never hold, and why: which of their clauses rule each other out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import z3

from cdsrules.analysis.answers import NotFound, RuledOut, Shown, Undecided
from cdsrules.analysis.remarks import Remark, Sort
from cdsrules.analysis.rulings import Rulings
from cdsrules.analysis.search import Claim, Search
from cdsrules.analysis.survey import Survey
from cdsrules.analysis.terms import Holds, both
from cdsrules.guidance.lexicon import program_lexicon
from cdsrules.logic.words import in_words
from cdsrules.model.condition import AllOf, Condition, FindingTest, Not
from cdsrules.model.rulebook import Rule

MOST_CLAUSES: Final = 40
LONGEST_CLAUSE: Final = 200


class Clause(NamedTuple):
    """One thing that has to be so for a rule to hold: a condition that is true, or one that is not."""

    condition: Condition
    is_exception: bool = False

    def wanted(self, rulings: Rulings) -> Holds:
        """Return that it is so; an exception need not be false, it must not be true."""
        true = rulings.condition(self.condition).true
        return z3.Not(true) if self.is_exception else true


def clauses(rule: Rule) -> tuple[Clause, ...]:
    """Return what has to be so for a rule to hold, as it is written: `when`, then `unless` and `until` denied."""
    found = [Clause(part) for part in _parts(rule.when)]
    found += [Clause(Not(one)) for one in rule.until]
    return (*found, *(() if rule.unless is None else (Clause(rule.unless, is_exception=True),)))


def _parts(condition: Condition) -> Iterator[Condition]:
    if isinstance(condition, AllOf):
        for part in condition.parts:
            yield from _parts(part)
    else:
        yield condition


def never_holding(search: Search, survey: Survey, rules: Sequence[Rule]) -> Iterator[Remark]:
    """Yield a remark for each rule that no client was found for."""
    for rule in rules:
        answer = survey.first(rule)
        if isinstance(answer, Undecided):
            yield Remark(
                Sort.UNTOLD, (rule.id,), f"Whether “{rule.title}” can hold could not be told. {answer.because}"
            )
        elif not isinstance(answer, Shown):
            yield _never(search, rule, answer)


def _never(search: Search, rule: Rule, answer: RuledOut | NotFound) -> Remark:
    clashing = [_told(search, _said(one)) for one in _clashing(search, rule, answer)]
    says = f"“{rule.title}” can never hold: what it asks for cannot come together."
    if isinstance(answer, NotFound):
        says = f"No client was found for whom “{rule.title}” holds."
    return Remark(Sort.NEVER, (rule.id,), says, ground=answer, clashing=tuple(clashing))


def _told(search: Search, condition: Condition) -> str:
    """Return a clause in words; of a finding also when it is found, as there the clash may lie."""
    lexicon = program_lexicon(search.program)
    words = in_words(condition, lexicon)
    inner = condition.part if isinstance(condition, Not) else condition
    if not isinstance(inner, FindingTest):
        return words
    when = [in_words(rule.when, lexicon) for rule in search.program.carriers.get(inner.finding, ())]
    found = "; or when ".join(one for one in when if len(one) <= LONGEST_CLAUSE)
    return f"{words} (found when {found})" if found else words


def _said(clause: Clause) -> Condition:
    return Not(clause.condition) if clause.is_exception else clause.condition


def _clashing(search: Search, rule: Rule, answer: RuledOut | NotFound) -> tuple[Clause, ...]:
    """Return clauses that rule each other out, none of which could be left out."""
    kept = list(clauses(rule))[:MOST_CLAUSES]

    def together(some: Sequence[Clause]) -> Claim:
        return lambda rulings: both(*(one.wanted(rulings) for one in some))

    def impossible(some: Sequence[Clause]) -> bool:
        claim = together(some)
        return search.is_ruled_out(claim) if isinstance(answer, RuledOut) else search.is_not_imagined(claim)

    if not impossible(kept):
        return tuple(kept)
    for clause in tuple(kept):
        fewer = [one for one in kept if one is not clause]
        if impossible(fewer):
            kept = fewer
    return tuple(kept)
