"""The answer to what the clinician is about to do, by the cautions that speak of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from cdsrules.guidance.case import Case
from cdsrules.guidance.lexicon import lexicon_of
from cdsrules.guidance.lifting import phrases_that_lift, steps_of
from cdsrules.guidance.missing import missing_of
from cdsrules.guidance.placed import Placed
from cdsrules.guidance.reasoning import Reasoning
from cdsrules.logic.words import in_words
from cdsrules.model.guidance import Item, ProposalAnswer, ProposalWords, Verdict
from cdsrules.model.lazy import Lazy
from cdsrules.model.rulebook import Rule
from cdsrules.model.saying import say_list

ItemOf = Callable[..., Item]


def _verdict(holding: tuple[Rule, ...], undecided: tuple[Rule, ...], *, waits: bool, covered: bool) -> Verdict:
    if waits or () in [rule.until for rule in holding]:
        return Verdict.RECONSIDER
    if holding:
        return Verdict.FIRST_DO
    if undecided:
        return Verdict.CHECK_FIRST
    return Verdict.NOTHING_AGAINST if covered else Verdict.NOT_COVERED


def sentence(verdict: Verdict, first_do: tuple[str, ...], *, waits: bool) -> str:
    """Return a verdict as a sentence; `waits` is whether the action is one for when no safety item is open."""
    match verdict:
        case Verdict.FIRST_DO:
            return f"First {'; and '.join(first_do)}."
        case Verdict.RECONSIDER:
            return f"Consider holding off {'until the safety item is closed' if waits else 'for now'}."
        case Verdict.CHECK_FIRST:
            return "This cannot be judged yet: something needs checking first."
        case Verdict.NOTHING_AGAINST:
            return "Nothing here speaks against it."
        case Verdict.NOT_COVERED:
            return "No rule here covers this; that is neither a yes nor a no."


def _looked_at(case: Case, checked: tuple[Rule, ...]) -> str:
    """Return what was looked at and does not speak against it, apart from it what an exception set aside."""
    aside: dict[str, list[str]] = {}
    plain: list[str] = []
    for rule in checked:
        reasons = Reasoning(case, rule).withdrawn_by()
        because = say_list([in_words(reason, lexicon_of(case)) for reason in reasons])
        (aside.setdefault(because, []) if reasons else plain).append(f"“{rule.title}”")
    said = [f" Set aside, as {because}: {_each(titles)}." for because, titles in aside.items()]
    return "".join([*said, f" Checked: {_each(plain)}." if plain else ""])


def _each(titles: Sequence[str]) -> str:
    return say_list(list(dict.fromkeys(titles)))


def _lifts(case: Case, holding: tuple[Rule, ...]) -> tuple[str, ...]:
    """Return what would lift each caution; a step that another already asks for along its way is said once."""
    ways = dict.fromkeys(phrases_that_lift(case, rule) for rule in holding if rule.until)
    along = {step for way in ways if len(way) == 1 for step in steps_of(way[0]) if way != (step,)}
    return tuple([say_list(way, "or") for way in ways if not (len(way) == 1 and way[0] in along)])


def _tell(case: Case, verdict: Verdict, placed: Placed, checked: tuple[Rule, ...], *, waits: bool) -> ProposalWords:
    lifts = _lifts(case, case.being(True, placed))
    undecided = case.being(None, placed)
    missing = tuple(dict.fromkeys(one for rule in undecided for one in missing_of(case, rule)))
    said = sentence(verdict, lifts, waits=waits)
    if verdict is Verdict.NOTHING_AGAINST:
        said += _looked_at(case, checked)
    return ProposalWords(said, lifts, missing)


def _asking(case: Case, action: str) -> tuple[Rule, ...]:
    """Return the rules that recommend the action, whether or not they hold."""
    recommending = (*case.outline.safety_steps.rules, *case.outline.recommends.rules)
    return tuple([rule for rule in recommending if rule.target == action])


def _answer(case: Case, action: str, advised: Sequence[Rule], item_of: ItemOf) -> ProposalAnswer:
    step, truths = case.outline.steps[action], case.conclusions.rules
    placed = step.cautions
    holding = placed.being(True, truths)
    undecided = placed.being(None, truths)
    supporting = [rule for rule in advised if rule.target == action]
    # Where no rule cautions, what was looked at are the rules that may ask for the step.
    checked = placed.rules or (() if supporting else _asking(case, action))
    waits = case.must_wait(action)
    verdict = _verdict(holding, undecided, waits=waits, covered=bool(checked or supporting))
    cautions, left_open, supported_by = (
        tuple([item_of(case, rule) for rule in rules]) if rules else () for rules in (holding, undecided, supporting)
    )
    names = placed.ids or tuple([rule.id for rule in checked])
    told = Lazy(partial(_tell, case, verdict, placed, checked, waits=waits))
    return ProposalAnswer(action, step.action.proposed, verdict, cautions, left_open, supported_by, names, told)


def answer_proposals(case: Case, item_of: ItemOf) -> tuple[ProposalAnswer, ...]:
    """Return a verdict for every proposed action, in the order of the vocabulary."""
    proposed = case.proposed
    if not proposed:
        return ()
    outline = case.outline
    advised = (*case.being(True, outline.safety_steps), *case.given(outline.recommends))
    return tuple([_answer(case, action, advised, item_of) for action in outline.steps if action in proposed])
