"""Slips in the order of actions that change nothing for any client, each with the reason why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Final

from cdsrules.guidance.outline import outline
from cdsrules.inference.program import Program
from cdsrules.model.condition import Done
from cdsrules.model.rulebook import SAFETY_RULEBOOK, Rule
from cdsrules.testing.mutation.implied import implied, never_both
from cdsrules.testing.mutation.mutants import Mutant
from cdsrules.testing.mutation.variants import with_mutant

SAME_ORDER: Final = "what is recommended comes in the same order all the same, and waits for the same"
NEVER_BOTH: Final = "of the steps that change places no two are recommended to the same client, and none waits for else"


def why_same_order(mutant: Mutant, program: Program) -> str | None:
    """Return why a slip in the order of actions changes nothing, None where that is not proved.

    Listing and waiting know nothing else of the order of actions than the order of recommendations and what each
    of them waits for.
    """
    changed = replace(program, library=with_mutant(program.library, mutant))
    before, after = _given(program), _given(changed)
    if not all(_is_settled(rule, needed, before, program) for rule, needed in _newly_asked(mutant, before, program)):
        return None
    if [rule.id for rule in before] == [rule.id for rule in after]:
        return SAME_ORDER
    moved = _changing_places(before, after)
    return NEVER_BOTH if all(never_both(one, other, program) for one, other in moved) else None


def _given(program: Program) -> tuple[Rule, ...]:
    return tuple(rule for _, rule in outline(program).pathway)


def _newly_asked(mutant: Mutant, given: Sequence[Rule], program: Program) -> Iterator[tuple[Rule, str]]:
    """Yield each rule whose step waits for another step since the slip, or no longer does, with that step.

    What the safety rulebook recommends waits for nothing.
    """
    actions = program.library.vocabulary.actions
    for action in mutant.actions:
        for needed in sorted(set(action.requires) ^ set(actions[action.id].requires)):
            for rule in given:
                if rule.target == action.id and rule.rulebook != SAFETY_RULEBOOK:
                    yield rule, needed


def _is_settled(rule: Rule, needed: str, given: Sequence[Rule], program: Program) -> bool:
    """Whether a step was always done when the rule holds, and is not recommended again beside it."""
    again = (other for other in given if other.target == needed)
    return (Done(needed), True) in implied(rule, program) and all(never_both(rule, other, program) for other in again)


def _changing_places(before: Sequence[Rule], after: Sequence[Rule]) -> Iterator[tuple[Rule, Rule]]:
    """Yield the pairs of rules that come in the other order."""
    place = {rule.id: number for number, rule in enumerate(after)}
    yield from ((one, other) for one, other in combinations(before, 2) if place[one.id] > place[other.id])
