"""What to find out next: unknown facts whose answer can change the advice, proved by trying.

Every unknown fact is tried with every answer the rules can tell apart, alone and then
together with what the same missing record would settle; last come pairs that one rule
waits for. What was tried, and that more was not, is said in the bound.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import combinations
from typing import Final

from cdsrules.guidance.case import Case
from cdsrules.guidance.lexicon import lexicon_of
from cdsrules.guidance.places import Said
from cdsrules.guidance.reasoning import Reasoning, said_by, waited_for
from cdsrules.guidance.trials import Changed, Trials
from cdsrules.model.condition import FactKey
from cdsrules.model.facts import Reason, Unknown
from cdsrules.model.rulebook import Tier
from cdsrules.model.unknowns import Question, Questions

MOST_PAIRS = 40
"""Pairs of facts that are tried; the bound says where there are more."""

FEW = 2
"""So many facts of one missing record are asked for each by its name; of more, the record is asked for."""

# To look up a member of an enumeration takes Python 3.11 ten times as long as a name.
_SAFETY: Final = Tier.SAFETY
_TOO_FEW: Final = Reason.TOO_FEW
_WEIGHT = {Tier.SAFETY: 8, Tier.DETERIORATION: 4, Tier.REVIEW: 2, Tier.INFORMATION: 1}


def open_facts(case: Case) -> Mapping[FactKey, Unknown]:
    """Return the unknown facts that leave a rule or its exception undecided, each with why.

    What only the safety rules wait for is not among them: the line on risk has said it, and once is enough. But where
    another rule waits for the same record, all that it could show is among them, and so the gravest. Nor is that there
    are too few scores or sessions so far: nobody can find that out, it comes with time.
    """
    return _open_facts(case, _waiting(case))


def _open_facts(case: Case, waiting: Iterable[Said]) -> Mapping[FactKey, Unknown]:
    found = waited_for(waiting)
    excepted = case.conclusions.excepted
    if excepted:
        shown = [rule for place, rule in case.outline.shown if place in excepted]
        found.update(dict.fromkeys([key for rule in shown for key in Reasoning(case, rule).guards()]))
    asked = _unknown(case, found)
    records = {one.because for one in asked.values()}
    of_risk = _unknown(case, waited_for(_waiting(case, of_risk=True)))
    return asked | {key: one for key, one in of_risk.items() if key not in asked and one.because in records}


def _unknown(case: Case, keys: Iterable[FactKey]) -> dict[FactKey, Unknown]:
    """Return those of some facts that are not known and can be found out."""
    measured = [(key, case.held.fact(key)) for key in keys]
    return {key: one for key, one in measured if type(one) is Unknown and one.reason is not _TOO_FEW}


def _waiting(case: Case, *, of_risk: bool = False) -> Sequence[Said]:
    """Return what rules wait for that cannot be decided: those that the line on risk speaks for, or the others."""
    return said_by(case, [rule for rule in case.undecided if (rule.tier is _SAFETY) is of_risk])


def _pairs(case: Case, waiting: Iterable[Said], quiet: Collection[FactKey]) -> Sequence[tuple[FactKey, FactKey]]:
    """Return the pairs of quiet facts that one rule waits for."""
    of_fact, reading = case.outline.places.reading, 0
    for key in quiet:
        reading |= of_fact[key]
    found: dict[tuple[FactKey, FactKey], None] = {}
    for one in waiting:
        if one.waiting & reading:
            keys = [key for key in one.waits_for if key in quiet]
            if len(keys) > 1:
                found.update(dict.fromkeys(combinations(keys, 2)))
    return tuple(found)


def ask_next(case: Case) -> Questions:
    """Return what to find out next, the most telling question first."""
    trials, waiting = Trials(case), _waiting(case)
    facts = _open_facts(case, waiting)
    records: dict[str, list[FactKey]] = {}
    for key, unknown in facts.items():
        records.setdefault(unknown.because, []).append(key)
    by_record = list(zip(records.values(), trials.of_records(records.values()), strict=True))
    pairs = _pairs(case, waiting, {key for keys, changed in by_record if not changed for key in keys})
    tried = pairs[:MOST_PAIRS]
    by_pair = zip(tried, trials.of_pairs(tried), strict=True)
    effects = [(tuple(keys), changed) for keys, changed in (*by_record, *by_pair) if changed]
    effects.sort(key=lambda effect: -_worth(case, effect[1]))
    questions = tuple(_question(case, {key: facts[key] for key in keys}, changed, trials) for keys, changed in effects)
    if not facts:
        return Questions(questions, _nothing_else(case))
    return Questions(questions, _bound(len(facts), len(tried), more=len(pairs) > len(tried)))


def _question(case: Case, facts: Mapping[FactKey, Unknown], changed: Changed, trials: Trials) -> Question:
    lexicon, catalogue = lexicon_of(case, unnamed="primary-measure"), case.program.catalogue
    whole = next(iter(facts.values())).ask if len(facts) > FEW else None
    asked = whole or _asked([one.instead or lexicon.named(catalogue[key.name].ask) for key, one in facts.items()])
    rules = case.program.library.by_id
    pressing = [rules[name] for name in sorted(changed, key=case.outline.pressing.__getitem__)]
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


def _worth(case: Case, changed: Changed) -> int:
    rules = case.program.library.by_id
    return sum([_WEIGHT[rules[name].tier] for name in changed])


def _nothing_else(case: Case) -> str:
    if case.undecided:
        return "Beyond what is said of risk, nothing that could be found out now would change the advice."
    return "Nothing that is unknown could change the advice."


def _bound(facts: int, pairs: int, *, more: bool) -> str:
    said = "Tried: the one unknown fact" if facts == 1 else f"Tried: {facts} unknown facts, alone and by record"
    if pairs:
        said += f", then {pairs} {'pair' if pairs == 1 else 'pairs'} that one rule waits for"
    if more:
        said += " (not all such pairs)"
    return f"{said}. Larger combinations were not tried."
