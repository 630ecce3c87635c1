"""Why a rule holds or not: the facts that carry it, its authority, and what would turn it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from cdsrules.guidance.case import Case
from cdsrules.guidance.identity import Behind, identity
from cdsrules.guidance.lexicon import lexicon_of, phrases_of
from cdsrules.guidance.missing import missing_of
from cdsrules.guidance.phrases import Phrases
from cdsrules.guidance.reasoning import Reasoning
from cdsrules.guidance.wording import fill
from cdsrules.logic.flips import flip
from cdsrules.logic.words import Lexicon, in_words
from cdsrules.model.condition import FactKey
from cdsrules.model.explanation import Cited, CitedParameter, Explanation, Grounds, Told
from cdsrules.model.facts import Known
from cdsrules.model.lazy import Lazy
from cdsrules.model.rulebook import Rule
from cdsrules.model.saying import say_value

MOST_CHANGES = 6
"""Single changes that an explanation lists; more would be read by nobody."""


def _cite(case: Case, facts: Behind, phrases: Phrases) -> Iterator[Cited]:
    """Yield facts in words, each with its value or why it is not known."""
    for key, evidence in facts.items():
        measured, noun = case.facts.get(key), phrases.noun(key)
        if not isinstance(measured, Known):
            yield Cited(str(key), noun, measured.because, known=False, evidence=evidence)
            continue
        value, spec = measured.value, case.program.catalogue[key.name]
        clause = phrases.stated(key, holds=value) if isinstance(value, bool) else None
        yield Cited(str(key), noun, say_value(value, spec), known=True, evidence=evidence, clause=clause)


def _behind(case: Case, keys: Iterable[FactKey]) -> Behind:
    return {key: case.facts.get(key).evidence for key in keys}


def _holds_by_another(case: Case, rule: Rule) -> bool:
    """Whether a rule does not hold, and what it finds is found by another."""
    carriers = case.program.carriers.get(rule.target, ())
    return case.truth(rule) is False and any(case.truth(one) is True for one in carriers)


def _parameters(case: Case, rule: Rule, phrases: Phrases) -> tuple[CitedParameter, ...]:
    """Return the parameters that the rule and the findings it rests on read.

    Of a finding that holds, the rules that do not carry it say nothing here.
    """
    found: dict[tuple[str, str], CitedParameter] = {}
    for one in case.outline.places.readies[rule.id].rests_on:
        if one is rule or not _holds_by_another(case, one):
            found.update({(one.rulebook, cited.name): cited for cited in phrases.parameters(one)})
    return tuple(found.values())


def would_change(reasoning: Reasoning, grounds: Collection[FactKey]) -> tuple[str, ...]:
    """Return the single changes that would turn the conclusion, a clause each.

    Each was tried: the rule was decided again with that one leaf otherwise. Of a rule that
    holds, `grounds` are the facts that carry it and those of the exceptions that could withdraw it.
    """
    clauses: dict[str, None] = {}
    keys, lexicon = reasoning.case.held.places.keys, lexicon_of(reasoning.case)
    for leaf in reasoning.ready.leaves:
        if reasoning.truth is True and not any(key in grounds for key in keys[leaf]):
            continue
        clause = _change(reasoning, leaf, lexicon) if reasoning.turns(leaf) else None
        if clause:
            clauses[clause] = None
            if len(clauses) == MOST_CHANGES:
                break
    return tuple(clauses)


def _change(reasoning: Reasoning, leaf: int, lexicon: Lexicon) -> str | None:
    """Return what would turn the leaf, and how it stands now: for what only a record closes, that record."""
    case = reasoning.case
    if reasoning.truth is True and reasoning.leaf_truth(leaf) is True:
        spec = case.program.catalogue[case.held.places.keys[leaf][0].name]
        if spec.closed_by is not None:
            return spec.closed_by
    changed = flip(reasoning.leaf(leaf), lexicon, case.moment)
    if changed is None:
        return None
    return changed.clause if changed.now is None else f"{changed.clause}; {changed.now}"


def explain(case: Case, rule: Rule) -> Explanation:
    """Return the account of one rule for one client."""
    reasoning = Reasoning(case, rule)
    return _explain(reasoning, _behind(case, reasoning.support()))


def _explain(reasoning: Reasoning, support: Behind) -> Explanation:
    case, rule = reasoning.case, reasoning.rule
    phrases = phrases_of(case)
    guards = _behind(case, [key for key in reasoning.guards() if key not in support])
    return Explanation(
        rule_in_words=phrases.rule(rule),
        facts=tuple(_cite(case, support, phrases)),
        guards=tuple(_cite(case, guards, phrases)),
        missing=missing_of(case, rule) if reasoning.truth is None else (),
        would_change=would_change(reasoning, (*support, *guards)),
        sources=phrases.sources(rule),
        parameters=_parameters(case, rule, phrases),
        evidence=rule.evidence,
    )


def grounds(case: Case, rule: Rule) -> Grounds:
    """Return what an item stands on; of its facts no more is worked out than its identity needs."""
    reasoning = Reasoning(case, rule)
    support = _behind(case, reasoning.support())
    return Grounds(identity(reasoning, support), Lazy(_explain, reasoning, support))


def tell(case: Case, rule: Rule) -> Told:
    """Return an item in words."""
    say = rule.say
    excepted = case.program.index[rule.id] in case.conclusions.excepted
    exceptions: tuple[str, ...] = ()
    if excepted and rule.unless is not None:
        exceptions = (in_words(rule.unless, lexicon_of(case)),)
    return Told(
        clinician=(say.clinician and fill(case, rule, say.clinician)) or rule.title,
        supervisor=(say.supervisor and fill(case, rule, say.supervisor)) or None,
        client=(say.client and fill(case, rule, say.client)) or None,
        why=(say.why and fill(case, rule, say.why)) or None,
        exceptions=exceptions,
    )
