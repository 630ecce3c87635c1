"""The answer to what the clinician is about to do, by the cautions that speak of it."""

from __future__ import annotations

from collections.abc import Callable

from cdsrules.guidance.case import Case
from cdsrules.guidance.lifting import phrases_that_lift
from cdsrules.guidance.missing import missing_of
from cdsrules.model.condition import proposed_key
from cdsrules.model.facts import Known
from cdsrules.model.guidance import Item, ProposalAnswer, Verdict
from cdsrules.model.rulebook import Rule, Verb
from cdsrules.model.saying import say_list

ItemOf = Callable[..., Item]


def is_proposed(case: Case, action: str) -> bool:
    """Whether the clinician proposes the action."""
    fact = case.facts.get(proposed_key(action))
    return isinstance(fact, Known) and fact.value is True


def _verdict(holding: list[Rule], undecided: list[Rule], speaking: tuple[Rule, ...]) -> Verdict:
    if any(not rule.until for rule in holding):
        return Verdict.RECONSIDER
    if holding:
        return Verdict.FIRST_DO
    if undecided:
        return Verdict.CHECK_FIRST
    return Verdict.NOTHING_AGAINST if speaking else Verdict.NOT_COVERED


def _sentence(verdict: Verdict, first_do: tuple[str, ...], titles: tuple[str, ...]) -> str:
    match verdict:
        case Verdict.FIRST_DO:
            return f"First {say_list(first_do, 'or')}."
        case Verdict.RECONSIDER:
            return "Consider holding off for now."
        case Verdict.CHECK_FIRST:
            return "This cannot be judged yet: something needs checking first."
        case Verdict.NOTHING_AGAINST:
            checked = say_list([f"“{title}”" for title in titles])
            return f"Nothing here speaks against it. Checked: {checked}."
        case Verdict.NOT_COVERED:
            return "No rule here covers this; that is neither a yes nor a no."


def _answer(case: Case, action: str, item_of: ItemOf) -> ProposalAnswer:
    speaking = case.cautions_on.get(action, ())
    holding = [rule for rule in speaking if case.truth(rule) is True]
    undecided = [rule for rule in speaking if case.truth(rule) is None]
    supporting = [rule for rule in case.holding(Verb.RECOMMENDS, safety=False) if rule.target == action]
    verdict = _verdict(holding, undecided, speaking)
    lifts = tuple(dict.fromkeys(one for rule in holding for one in phrases_that_lift(case, rule)))
    missing = tuple(dict.fromkeys(one for rule in undecided for one in missing_of(case, rule)))
    return ProposalAnswer(
        action=action,
        name=case.vocabulary.actions[action].proposed,
        verdict=verdict,
        cautions=tuple(item_of(case, rule) for rule in holding),
        first_do=lifts,
        open=tuple(item_of(case, rule) for rule in undecided),
        to_check=missing,
        supported_by=tuple(item_of(case, rule) for rule in supporting),
        checked=tuple(rule.id for rule in speaking),
        words=_sentence(verdict, lifts, tuple(rule.title for rule in speaking)),
    )


def answer_proposals(case: Case, item_of: ItemOf) -> tuple[ProposalAnswer, ...]:
    """Return a verdict for every proposed action, in the order of the vocabulary."""
    return tuple(_answer(case, action, item_of) for action in case.vocabulary.actions if is_proposed(case, action))
