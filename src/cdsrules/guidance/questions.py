"""What to find out next: unknown facts whose answer can change the advice, proved by trying.

Every single unknown fact is tried with every answer the rules can tell apart, then pairs
of those that change nothing alone. What is tried and what is not is said in the bound.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations, islice, product

from cdsrules.guidance.alternatives import answers
from cdsrules.guidance.case import Case
from cdsrules.guidance.missing import missing_facts
from cdsrules.guidance.reasoning import Overlay, Reasoning
from cdsrules.inference.reference import conclude
from cdsrules.model.condition import FactKey
from cdsrules.model.facts import Measured, Unknown
from cdsrules.model.guidance import Question, Questions
from cdsrules.model.rulebook import Rule, Tier, Verb

MOST_PAIRS = 60
"""Pairs of facts that are tried; the bound that is printed names it."""

_WEIGHT = {Tier.SAFETY: 8, Tier.DETERIORATION: 4, Tier.REVIEW: 2, Tier.INFORMATION: 1}


def _advice(case: Case, truths: tuple[bool | None, ...]) -> frozenset[str]:
    """Return the rules that would be shown: what is advised, cautioned, or must not wait."""
    index = case.program.index
    return frozenset(
        rule.id
        for _, rule in case.outline.shown
        if truths[index[rule.id]] is True and (rule.verb is not Verb.FINDS or rule.say.texts)
    )


class _Trials:
    """The advice under supposed answers, held against the advice as it is."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.plan = case.program.plan
        self.cutoffs = self.plan.cutoffs(case.moment)
        self.present = _advice(case, case.conclusions.rules)
        self.rules = case.program.library.by_id

    def changed_by(self, supposed: Mapping[FactKey, Measured]) -> frozenset[str]:
        """Return the rules that the supposed answers add to the advice or take from it."""
        values = self.plan.encode(Overlay(self.case.facts, supposed))
        concluded = conclude(self.case.program, values, self.cutoffs)
        return _advice(self.case, concluded.rules) ^ self.present

    def could_change(self, keys: tuple[FactKey, ...]) -> frozenset[str]:
        """Return every rule that some answer on these facts adds or takes away."""
        changed: set[str] = set()
        for values in product(*(answers(self.case, key) for key in keys)):
            changed |= self.changed_by(dict(zip(keys, values, strict=True)))
        return frozenset(changed)

    def question(self, keys: tuple[FactKey, ...], changed: frozenset[str]) -> Question:
        """Return the question in words."""
        asks = dict.fromkeys(self.case.program.catalogue[key.name].ask for key in keys)
        rules = sorted((self.rules[name] for name in changed), key=_weight_first)
        return Question(
            facts=tuple(str(key) for key in keys),
            ask=" and ".join(asks),
            could_change=tuple(self._phrase(rule) for rule in rules),
        )

    def _phrase(self, rule: Rule) -> str:
        verb = "could end" if rule.id in self.present else "could add"
        return f"{verb}: {rule.title}"


def _weight_first(rule: Rule) -> tuple[int, str]:
    return (-_WEIGHT[rule.tier], rule.id)


def open_facts(case: Case) -> tuple[FactKey, ...]:
    """Return the unknown facts that leave a rule or its exception undecided, in the order read."""
    undecided = (key for rule in case.undecided() for key in missing_facts(case, rule))
    excepted = (case.program.rules[place] for place in case.conclusions.excepted)
    guards = (key for rule in excepted for key in Reasoning(case, rule).guards())
    unknown = (key for key in guards if isinstance(case.facts.get(key), Unknown))
    return tuple(dict.fromkeys((*undecided, *unknown)))


def _merged(questions: Iterator[Question]) -> tuple[Question, ...]:
    """Put together questions that ask for the same thing."""
    found: dict[str, Question] = {}
    for one in questions:
        known = found.get(one.ask)
        found[one.ask] = one if known is None else _joined(known, one)
    return tuple(found.values())


def _joined(left: Question, right: Question) -> Question:
    return Question(
        facts=tuple(dict.fromkeys(left.facts + right.facts)),
        ask=left.ask,
        could_change=tuple(dict.fromkeys(left.could_change + right.could_change)),
    )


def ask_next(case: Case) -> Questions:
    """Return what to find out next, the most telling question first."""
    trials = _Trials(case)
    keys = open_facts(case)
    effect = {key: trials.could_change((key,)) for key in keys}
    telling = sorted((key for key in keys if effect[key]), key=lambda key: -_worth(case, effect[key]))
    singles = [trials.question((key,), effect[key]) for key in telling]
    quiet = [key for key in keys if not effect[key]]
    pairs = list(islice(combinations(quiet, 2), MOST_PAIRS + 1))
    tried = pairs[:MOST_PAIRS]
    doubles = [trials.question(pair, changed) for pair in tried if (changed := trials.could_change(pair))]
    return Questions(_merged(iter([*singles, *doubles])), _bound(len(keys), len(tried), pairs))


def _worth(case: Case, changed: frozenset[str]) -> int:
    rules = case.program.library.by_id
    return sum(_WEIGHT[rules[name].tier] for name in changed)


def _bound(facts: int, tried: int, pairs: list[tuple[FactKey, FactKey]]) -> str:
    if not facts:
        return "Nothing that is unknown could change the advice."
    said = f"Tried: {facts} unknown {'fact' if facts == 1 else 'facts'} one at a time"
    if tried:
        said += f", then {tried} {'pair' if tried == 1 else 'pairs'} of those that change nothing alone"
    if len(pairs) > MOST_PAIRS:
        said += " (not all pairs)"
    return f"{said}. Larger combinations were not tried."
