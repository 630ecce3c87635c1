"""The order of steps: what is for now, what comes then and waits for what, what is settled.

A step moves from now to then when a step it requires is not settled, or when a caution
on the same action holds; what the safety rulebook recommends waits for nothing. Settled
means declined, or done and not recommended again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from cdsrules.guidance.case import Case
from cdsrules.guidance.lifting import phrases_that_lift, steps_of
from cdsrules.guidance.outline import Step
from cdsrules.model.facts import Known, Never
from cdsrules.model.guidance import Item, Pathway, SettledStep, Standing, Wait
from cdsrules.model.lazy import Lazy
from cdsrules.model.rulebook import SAFETY_RULEBOOK, Priority, Rule
from cdsrules.model.saying import say_date

ItemOf = Callable[..., Item]

# To look up a member of an enumeration takes Python 3.11 ten times as long as a name.
_NOW, _THEN, _RATHER_LATER = Standing.NOW, Standing.THEN, Priority.THEN


def _settled(case: Case, action: str, recommended: Mapping[str, Sequence[Rule]]) -> str | None:
    """Return None if the step is settled, otherwise why not, in a phrase."""
    step = case.outline.steps[action]
    name = step.action.name
    if case.day(step.declined) is not None:
        return None
    if action in recommended:
        return name
    done = case.facts.get(step.done)
    if not isinstance(done, Known):
        return f"{name} (not recorded whether it was done)"
    return name if isinstance(done.value, Never) else None


def _waits(case: Case, step: Step, recommended: Mapping[str, Sequence[Rule]]) -> tuple[Wait, ...]:
    waits = [
        Wait(needed, words)
        for needed in step.action.requires
        if (words := _settled(case, needed, recommended)) is not None
    ]
    cautions = step.cautions.being(True, case.conclusions.rules)
    return (*waits, *_lifts(case, cautions, waits)) if cautions else tuple(waits)


def _lifts(case: Case, cautions: Sequence[Rule], waits: Sequence[Wait]) -> tuple[Wait, ...]:
    """Return what would lift the cautions, where that is more than what the step waits for anyway."""
    asked = {case.vocabulary.actions[wait.action].do for wait in waits if wait.action is not None}
    lifting: dict[Wait, None] = {}
    for rule in cautions:
        words = next(iter(phrases_that_lift(case, rule)), None)
        if words is None or not asked.issuperset(steps_of(words)):
            lifting[Wait(None, words or rule.title)] = None
    return tuple(lifting)


def _settled_step(case: Case, step: Step) -> SettledStep | None:
    action = step.action
    declined = case.day(step.declined)
    if declined is not None:
        words = f"{action.declined} on {say_date(declined)}"
        return SettledStep(action.id, action.name, "declined", declined, words)
    done = case.day(step.done)
    if done is None:
        return None
    words = f"{action.done} on {say_date(done)}"
    return SettledStep(action.id, action.name, "done", done, words)


def _settled_steps(case: Case, recommended: Mapping[str, Sequence[Rule]]) -> tuple[SettledStep, ...]:
    fact = case.facts.get
    known = [
        step
        for step in case.outline.recommended_steps
        if type(fact(step.done)) is Known or type(fact(step.declined)) is Known
    ]
    steps = [_settled_step(case, step) for step in known if step.action.id not in recommended]
    return tuple([step for step in steps if step is not None])


def arrange(case: Case, item_of: ItemOf) -> Pathway:
    """Return the recommendations of all rulebooks in one order."""
    recommended: dict[str, list[Rule]] = {}
    for rule in case.given(case.outline.pathway):
        recommended.setdefault(rule.target, []).append(rule)
    now: list[Item] = []
    then: list[Item] = []
    steps = case.outline.steps
    for action, (lead, *others) in recommended.items():
        step = steps[action]
        waits = _waits(case, step, recommended) if step.may_wait and lead.rulebook != SAFETY_RULEBOOK else ()
        later = bool(waits) or lead.priority is _RATHER_LATER
        also = tuple([rule.id for rule in others]) if others else ()
        item = item_of(case, lead, _THEN if later else _NOW, waits, also, beside=step.action.beside)
        (then if later else now).append(item)
    return Pathway(tuple(now), tuple(then), Lazy(_settled_steps, case, recommended))
