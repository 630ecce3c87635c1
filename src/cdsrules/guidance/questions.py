"""What to find out next: unknown facts whose answer can change the advice, proved by trying.

Every unknown fact is tried with every answer the rules can tell apart, alone and then
together with what the same missing record would settle; last come pairs that one rule
waits for. What was tried, and that more was not, is said in the bound.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import combinations, product

from cdsrules.guidance.alternatives import answers
from cdsrules.guidance.case import Case
from cdsrules.guidance.lexicon import lexicon_of
from cdsrules.guidance.missing import missing_facts
from cdsrules.guidance.reasoning import Overlay, Reasoning
from cdsrules.inference.reference import conclude
from cdsrules.model.condition import FactKey
from cdsrules.model.facts import Measured, Reason, Unknown
from cdsrules.model.rulebook import Rule, Tier, Verb
from cdsrules.model.unknowns import Question, Questions

MOST_PAIRS = 40
"""Pairs of facts that are tried; the bound that is printed says where there are more."""

FEW = 2
"""So many facts of one missing record are asked for each by its name; of more, the record is asked for."""

_WEIGHT = {Tier.SAFETY: 8, Tier.DETERIORATION: 4, Tier.REVIEW: 2, Tier.INFORMATION: 1}


def _advice(case: Case, truths: tuple[bool | None, ...]) -> frozenset[str]:
    """Return the rules that would be shown: what is advised, cautioned, or must not wait."""
    shown = frozenset(
        rule.id
        for place, rule in case.outline.shown
        if truths[place] is True and (rule.verb is not Verb.FINDS or rule.say.texts)
    )
    return shown - {rule.id for rule in case.outline.held_back(truths)}


class _Trials:
    """The advice under supposed answers, held against the advice as it is."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.plan = case.program.plan
        self.cutoffs = self.plan.cutoffs(case.moment)
        self.present = _advice(case, case.conclusions.rules)

    def changed_by(self, supposed: Mapping[FactKey, Measured]) -> frozenset[str]:
        """Return the rules that the supposed answers add to the advice or take from it."""
        values = self.plan.encode(Overlay(self.case.facts, supposed))
        concluded = conclude(self.case.program, values, self.cutoffs)
        return _advice(self.case, concluded.rules) ^ self.present

    def each(self, keys: Sequence[FactKey]) -> frozenset[str]:
        """Return every rule that some combination of answers on the facts adds or takes away."""
        changed: set[str] = set()
        for values in product(*(answers(self.case, key) for key in keys)):
            changed |= self.changed_by(dict(zip(keys, values, strict=True)))
        return frozenset(changed)

    def together(self, keys: Sequence[FactKey]) -> frozenset[str]:
        """Return the rules that change when one missing record settles several facts.

        One fact at a time takes each of its answers while the others take their first:
        never, no, or the lowest.
        """
        possible = {key: found for key in keys if (found := answers(self.case, key))}
        least = {key: found[0] for key, found in possible.items()}
        changed: set[str] = set()
        for key, found in possible.items():
            for value in found:
                changed |= self.changed_by({**least, key: value})
        return frozenset(changed)


def open_facts(case: Case) -> Mapping[FactKey, Unknown]:
    """Return the unknown facts that leave a rule or its exception undecided, each with why.

    What only the safety rules wait for is not among them: the line on risk has said it, and once is enough. Nor is
    that there are too few scores or sessions so far: nobody can find that out, it comes with time.
    """
    undecided = (key for rule in _waiting(case) for key in missing_facts(case, rule))
    excepted = (rule for place, rule in case.outline.shown if place in case.conclusions.excepted)
    guards = (key for rule in excepted for key in Reasoning(case, rule).guards())
    found = {key: case.facts.get(key) for key in dict.fromkeys((*undecided, *guards))}
    return {
        key: measured for key, measured in found.items() if isinstance(measured, Unknown) and _can_be_asked(measured)
    }


def _can_be_asked(unknown: Unknown) -> bool:
    return unknown.reason is not Reason.TOO_FEW


def _waiting(case: Case) -> tuple[Rule, ...]:
    """Return the rules that cannot be decided, those aside that the line on risk speaks for."""
    return tuple(rule for rule in case.undecided() if rule.tier is not Tier.SAFETY)


def _pairs(case: Case, quiet: Collection[FactKey]) -> tuple[tuple[FactKey, FactKey], ...]:
    """Return the pairs of quiet facts that one rule waits for."""
    waiting = (missing_facts(case, rule) for rule in _waiting(case))
    pairs = (pair for keys in waiting for pair in combinations([key for key in keys if key in quiet], 2))
    return tuple(dict.fromkeys(pairs))


def ask_next(case: Case) -> Questions:
    """Return what to find out next, the most telling question first."""
    trials = _Trials(case)
    facts = open_facts(case)
    records: dict[str, list[FactKey]] = {}
    for key, unknown in facts.items():
        records.setdefault(unknown.because, []).append(key)
    effects: list[tuple[tuple[FactKey, ...], frozenset[str]]] = []
    quiet: set[FactKey] = set()
    for keys in records.values():
        single = {key: trials.each([key]) for key in keys}
        changed = frozenset().union(*single.values(), trials.together(keys) if len(keys) > 1 else ())
        if changed:
            effects.append((tuple(keys), changed))
        else:
            quiet.update(keys)
    pairs = _pairs(case, quiet)
    tried = pairs[:MOST_PAIRS]
    effects += [(pair, changed) for pair in tried if (changed := trials.each(pair))]
    effects.sort(key=lambda effect: -_worth(case, effect[1]))
    questions = tuple(_question(case, {key: facts[key] for key in keys}, changed, trials) for keys, changed in effects)
    if not facts:
        return Questions(questions, _nothing_else(case))
    return Questions(questions, _bound(len(facts), len(tried), more=len(pairs) > len(tried)))


def _question(case: Case, facts: Mapping[FactKey, Unknown], changed: frozenset[str], trials: _Trials) -> Question:
    lexicon = lexicon_of(case, unnamed="primary-measure")
    whole = next(iter(facts.values())).ask if len(facts) > FEW else None
    asked = whole or _asked([lexicon.named(case.program.catalogue[key.name].ask) for key in facts])
    pressing = sorted((rule for rule in case.program.library.rules if rule.id in changed), key=_weight_first)
    return Question(
        facts=tuple(str(key) for key in facts),
        ask=asked,
        because=tuple(dict.fromkeys(unknown.because for unknown in facts.values())),
        could_change=tuple(
            f"{'could end' if rule.id in trials.present else 'could add'}: {rule.title}" for rule in pressing
        ),
    )


def _asked(asks: Sequence[str]) -> str:
    """Return several requests as one; those that begin alike up to a colon are joined.

    What another one asks for as well, and more, is not asked twice.

    >>> _asked(["when this was done: review", "when this was done: talk", "a score", "a score, the sessions"])
    'when this was done: review, talk; a score, the sessions'
    """
    joined: dict[str, list[str]] = {}
    for ask in dict.fromkeys(asks):
        if any(other.startswith(f"{ask}, ") for other in asks):
            continue
        begin, colon, rest = ask.partition(": ")
        joined.setdefault(begin + colon, []).append(rest)
    return "; ".join(begin + ", ".join(rests) for begin, rests in joined.items())


def _weight_first(rule: Rule) -> int:
    """Order by how pressing a rule is; equals stay in the order written."""
    return -_WEIGHT[rule.tier]


def _worth(case: Case, changed: frozenset[str]) -> int:
    rules = case.program.library.by_id
    return sum(_WEIGHT[rules[name].tier] for name in changed)


def _nothing_else(case: Case) -> str:
    if case.undecided():
        return "Beyond what is said of risk, nothing that could be found out now would change the advice."
    return "Nothing that is unknown could change the advice."


def _bound(facts: int, pairs: int, *, more: bool) -> str:
    said = "Tried: the one unknown fact" if facts == 1 else f"Tried: {facts} unknown facts, alone and by record"
    if pairs:
        said += f", then {pairs} {'pair' if pairs == 1 else 'pairs'} that one rule waits for"
    if more:
        said += " (not all such pairs)"
    return f"{said}. Larger combinations were not tried."
