"""The vocabulary of the search: truths on two rails, facts that may be unknown, days counted back from the day.

What is true and what is false are two conditions of their own; where neither holds the truth
is unknown. So strong Kleene logic becomes plain logic, as in the compiled evaluator.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

import z3

Term: TypeAlias = "z3.ExprRef"
"""A number, a day or the place of a word, to be found by the search."""
Holds: TypeAlias = "z3.BoolRef"
"""Something that holds or does not."""

YES: Final = z3.BoolVal(True)
NO: Final = z3.BoolVal(False)
NEVER_DAY: Final = -10_000_000
"""Earlier than every day: an event that did not happen."""
NEVER: Final = z3.IntVal(NEVER_DAY)


class Truth(NamedTuple):
    """When a condition is true and when it is false; unknown is neither."""

    true: Holds
    false: Holds

    @property
    def unknown(self) -> Holds:
        """When it is neither."""
        return z3.And(z3.Not(self.true), z3.Not(self.false))


@dataclass(frozen=True, slots=True)
class Symbol:
    """A fact in the search: when it is known, and then its value.

    `value` is a number, a day, the place of a word among `choices`, or a yes; a set has
    `words` instead, each with when it is in the set.
    """

    known: Holds
    value: Term = None
    choices: tuple[str, ...] = ()
    words: Mapping[str, Holds] | None = None


UNKNOWN: Final = Symbol(NO)


def always(truth: Holds) -> Truth:
    """Return the truth of something that is never unknown."""
    return Truth(truth, z3.Not(truth))


def every(truths: Sequence[Truth]) -> Truth:
    """Return the truth of "all of these"."""
    return Truth(both(*(one.true for one in truths)), either(*(one.false for one in truths)))


def some(truths: Sequence[Truth]) -> Truth:
    """Return the truth of "one of these"."""
    return Truth(either(*(one.true for one in truths)), both(*(one.false for one in truths)))


def denied(truth: Truth) -> Truth:
    """Return the truth of "not this"."""
    return Truth(truth.false, truth.true)


def counted(count: int, truths: Sequence[Truth]) -> Truth:
    """Return the truth of "at least so many of these"."""
    return Truth(
        at_least(count, [one.true for one in truths]),
        at_least(len(truths) - count + 1, [one.false for one in truths]),
    )


def at_least(count: int, those: Sequence[Holds]) -> Holds:
    """Return that so many of those hold, or more."""
    if count <= 0:
        return YES
    if count > len(those):
        return NO
    return z3.PbGe([(one, 1) for one in those], count)


def both(*those: Holds) -> Holds:
    """Return that all hold; what always holds is left out."""
    open_ones = [one for one in those if not z3.is_true(one)]
    if any(z3.is_false(one) for one in open_ones):
        return NO
    return z3.And(*open_ones) if len(open_ones) > 1 else open_ones[0] if open_ones else YES


def either(*those: Holds) -> Holds:
    """Return that one holds; what never holds is left out."""
    open_ones = [one for one in those if not z3.is_false(one)]
    if any(z3.is_true(one) for one in open_ones):
        return YES
    return z3.Or(*open_ones) if len(open_ones) > 1 else open_ones[0] if open_ones else NO


def choose(test: Holds, then: Term, otherwise: Term) -> Term:
    """Return one of two by whether something holds."""
    if z3.is_true(test):
        return then
    if z3.is_false(test):
        return otherwise
    return z3.If(test, then, otherwise)


def most(*terms: Term) -> Term:
    """Return the greatest of some numbers, or the latest of some days."""
    found = terms[0]
    for one in terms[1:]:
        found = z3.If(one > found, one, found)
    return found


def least(*terms: Term) -> Term:
    """Return the smallest of some numbers, or the earliest of some days."""
    found = terms[0]
    for one in terms[1:]:
        found = z3.If(one < found, one, found)
    return found


def how_many(those: Sequence[Holds]) -> Term:
    """Return how many of those hold."""
    return z3.Sum([z3.If(one, 1, 0) for one in those]) if those else z3.IntVal(0)


def same(one: Holds, other: Holds) -> Holds:
    """Return that both hold or neither does."""
    return one == other
