"""What has to become known before a rule could hold: more cannot be told without trying, and most need not be tried.

With three values, what is known stays known when more becomes known. A leaf that is not decided may turn out either
way, and a test whether something is known may come true; nothing else changes. So a conjunction that is not decided
wants something of each of its open parts, and a fact that is no part of one of them cannot bring it about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Final

from cdsrules.guidance.case import Case
from cdsrules.guidance.places import Clauses
from cdsrules.logic.weighing import Weighed, needed
from cdsrules.model.condition import AllOf, AnyOf, AtLeast, FindingTest, KnownTest, Not
from cdsrules.model.rulebook import Rule

NEVER: Final[Clauses] = ((),)
"""One is wanted of a group without any: nothing that becomes known brings it about."""


def opening(case: Case, rule: Rule) -> Clauses:
    """Return what has to become known for a rule to hold: of each group of facts one at least, by their numbers.

    The shortest come first. What is said by another group in fewer words is left out.
    """
    numbers = case.outline.places.numbers
    clauses = [dict.fromkeys([fact for place in clause for fact in numbers[place]]) for clause in opens(case, rule)]
    found: list[Mapping[int, None]] = []
    for clause in sorted(clauses, key=len):
        if not any(one.keys() <= clause.keys() for one in found):
            found.append(clause)
    return tuple([tuple(clause) for clause in found])


def opens(case: Case, rule: Rule, *, want: bool = True) -> Clauses:
    """Return what has to become known for a rule to hold, or to be false: of each group of leaves one at least.

    It need not be enough. Whether an exception withdraws what holds is not looked at, and of several ways to come
    about no more is said than that one of them has to begin.
    """
    ready = case.outline.places.readies[rule.id]
    decided = _of(case, ready.decision, want=want)
    if want or ready.exception is None:
        return decided
    return _joined(1, (decided, _of(case, ready.exception, want=True)))


def _of(case: Case, weighed: Weighed, *, want: bool) -> Clauses:
    condition, parts = weighed.condition, weighed.parts
    match condition:
        case Not():
            return _of(case, parts[0], want=not want)
        case FindingTest(finding):
            carriers = case.program.carriers.get(finding, ())
            spare = len(carriers) - 1 if want else 0
            return _joined(spare, (opens(case, one, want=want) for one in carriers))
        case AllOf() | AnyOf() | AtLeast():
            spare = len(parts) - needed(condition, want=want)
            return _joined(spare, (_of(case, part, want=want) for part in parts))
        case _:
            return _of_leaf(case, weighed, want=want)


def _of_leaf(case: Case, leaf: Weighed, *, want: bool) -> Clauses:
    place = leaf.place
    if place is None or case.held[place] is want:
        return ()
    comes_true = want and isinstance(leaf.condition, KnownTest)
    return ((place,),) if comes_true or case.held[place] is None else NEVER


def _joined(spare: int, parts: Iterable[Clauses]) -> Clauses:
    """Return what has to become known for the parts to come about, but for so many that are to spare.

    No more of them are looked at than it takes to tell that too few can.
    """
    opening: list[Clauses] = []
    for part in parts:
        if part == NEVER:
            spare -= 1
            if spare < 0:
                return NEVER
        elif part:
            opening.append(part)
    if spare <= 0:
        return tuple(dict.fromkeys(chain.from_iterable(opening)))
    if spare >= len(opening):
        return ()
    return (tuple(dict.fromkeys([place for part in opening for place in min(part, key=len)])),)
