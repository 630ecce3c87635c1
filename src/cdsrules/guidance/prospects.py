"""Which rules could come out otherwise if some facts became known, told without trying."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import chain
from typing import NamedTuple

from cdsrules.guidance.case import Case
from cdsrules.guidance.placed import places_of
from cdsrules.guidance.places import Clauses
from cdsrules.guidance.reasoning import said
from cdsrules.model.condition import FactKey
from cdsrules.model.facts import Unknown
from cdsrules.model.rulebook import Rule


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
    outline, truths, rules = case.outline, case.conclusions.rules, case.program.rules
    could_turn, known = _could_turn(case, dict.fromkeys(chain.from_iterable(groups)))
    by_leaf, every, found = _groups_by_leaf(case, groups), (1 << len(groups)) - 1, [0] * len(groups)
    to_be_tried = case.holding_and_open[0] | known
    for at in [at for at in outline.advising.places if could_turn >> at & 1]:
        turned = 0
        if to_be_tried >> at & 1:
            turned = every
        elif truths[at] is None or _may_hold(case, rules[at]):
            turned = _meeting(said(case, rules[at]).opening, every, by_leaf)
        for group in places_of(turned):
            found[group] |= 1 << at
    return Prospects(could_turn, found)


def _could_turn(case: Case, given: Iterable[FactKey]) -> tuple[int, int]:
    """Return the rules that could come out otherwise, and those that rest on one of the facts that is known already.

    What is decided stands whatever becomes known besides, but where it rests on a test whether something is known, or
    on an exception that cannot be decided and changes nothing so far.
    """
    places, conclusions, fact = case.outline.places, case.conclusions, case.held.fact
    resting = known = to_hold = to_cease = 0
    for key in given:
        on_fact = places.resting.get(key, 0)
        resting |= on_fact
        if type(fact(key)) is not Unknown:
            known |= on_fact
        elif key in places.turned_by_knowing:
            to, of = places.turned_by_knowing[key]
            to_hold |= to
            to_cease |= of
    for at in conclusions.excepted:
        to_hold |= places.resting_on_rule[at]
        to_cease |= places.resting_on_rule[at]
    holding, undecided = case.holding_and_open
    return resting & (undecided | to_hold & ~holding | to_cease & holding | known), known


def _may_hold(case: Case, rule: Rule) -> bool:
    """Whether a rule that is false could hold as far as the leaves tell that it takes, each by itself."""
    places = case.outline.places
    true, false = places.ready(rule).must
    are_true, are_false = case.held.of(true | false)
    return not (true & are_false & ~places.known_tests or false & are_true)


def _groups_by_leaf(case: Case, groups: Iterable[Collection[FactKey]]) -> Sequence[int]:
    """Return for each leaf the groups with a fact that it reads, a bit for each."""
    places = case.outline.places
    found = [0] * places.first_rule
    for number, keys in enumerate(groups):
        for key in keys:
            for place in places.readers.get(key, ()):
                found[place] |= 1 << number
    return found


def _meeting(opening: Clauses, every: int, by_leaf: Sequence[int]) -> int:
    """Return the groups that have something of all that has to become known."""
    found = every
    for clause in opening:
        having = 0
        for place in clause:
            having |= by_leaf[place]
        found &= having
        if not found:
            break
    return found
