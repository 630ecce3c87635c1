"""Which rules could come out otherwise if some facts became known, told without trying."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from cdsrules.guidance.case import Case
from cdsrules.guidance.placed import places_of
from cdsrules.guidance.places import Clauses
from cdsrules.guidance.reasoning import said_by
from cdsrules.model.condition import FactKey
from cdsrules.model.facts import Unknown


class Prospects(NamedTuple):
    """The rules that could come out otherwise: `rules` at all, `of` with each group of facts, a bit for each rule.

    `of` has only rules that are shown where they hold.
    """

    rules: int
    of: Sequence[int]


def prospects(case: Case, groups: Sequence[Collection[FactKey]]) -> Prospects:
    """Return the rules that could come out otherwise if groups of facts became known.

    Of those that do not hold few could: some of the facts that a rule waits for are not enough (`opening.py`).
    """
    (could_turn, known), (holding, undecided) = _could_turn(case, groups), case.holding_and_open
    advising, to_be_tried = case.outline.advising.bits, holding | known
    rules = 0
    for could in could_turn:
        rules |= could
    found = [could & advising & to_be_tried for could in could_turn]
    false = places_of(rules & advising & ~to_be_tried & ~undecided)
    waiting = [*places_of(rules & advising & undecided & ~known), *[at for at in false if _may_hold(case, at)]]
    all_rules, by_fact, every = case.program.rules, _groups_by_fact(case, groups), (1 << len(groups)) - 1
    for at, one in zip(waiting, said_by(case, [all_rules[at] for at in waiting]), strict=True):
        meeting = _meeting(one.opening, every, by_fact)
        if meeting:
            for group in places_of(meeting):
                found[group] |= 1 << at
    return Prospects(rules, found)


def _could_turn(case: Case, groups: Iterable[Collection[FactKey]]) -> tuple[Sequence[int], int]:
    """Return the rules that each group of facts could turn, and those that rest on one of them that is known already.

    What is decided stands whatever becomes known besides, but where it rests on a test whether something is known, or
    on an exception that cannot be decided and changes nothing so far.
    """
    places, fact = case.outline.places, case.held.fact
    resting, turned_by_knowing = places.resting, places.turned_by_knowing
    holding, undecided = case.holding_and_open
    for at in case.conclusions.excepted:
        undecided |= places.resting_on_rule[at]
    found: list[int] = []
    every_known = 0
    for keys in groups:
        on_group = known = to_hold = to_cease = 0
        for key in keys:
            if key in resting:
                on_fact = resting[key]
                on_group |= on_fact
                if type(fact(key)) is not Unknown:
                    known |= on_fact
                elif key in turned_by_knowing:
                    to, of = turned_by_knowing[key]
                    to_hold |= to
                    to_cease |= of
        found.append(on_group & (undecided | known) | to_hold & ~holding | to_cease & holding)
        every_known |= known
    return found, every_known


def _may_hold(case: Case, at: int) -> bool:
    """Whether a rule that is false could hold as far as the leaves tell that it takes, each by itself."""
    places, held = case.outline.places, case.held
    true, false = places.readies[case.program.rules[at].id].must
    return not (true & held.false & ~places.known_tests or false & held.true)


def _groups_by_fact(case: Case, groups: Iterable[Collection[FactKey]]) -> Sequence[int]:
    """Return for each fact that rules read the groups that it is in, a bit for each."""
    facts = case.outline.places.facts
    found = [0] * len(facts)
    for number, keys in enumerate(groups):
        group = 1 << number
        for key in keys:
            if key in facts:
                found[facts[key]] |= group
    return found


def _meeting(opening: Clauses, every: int, by_fact: Sequence[int]) -> int:
    """Return the groups that have something of all that has to become known."""
    found = every
    for clause in opening:
        having = 0
        for fact in clause:
            having |= by_fact[fact]
        found &= having
        if not found:
            break
    return found
