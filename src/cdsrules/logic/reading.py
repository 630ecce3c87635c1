"""Where conditions read facts from, and what a leaf asks of them.

Every leaf comes down to tests of single facts: `done: X` asks whether a date is there,
`proposed: X, with: {gradual: true}` asks two yes-or-no facts. All evaluators, the type
check and the words build on that one reduction.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Protocol, TypeAlias, assert_never

from cdsrules.logic.operators.operands import NEVER_WORD
from cdsrules.model.condition import (
    AllOf,
    AnyOf,
    AtLeast,
    Condition,
    Declined,
    Done,
    FactKey,
    FactTest,
    FindingTest,
    KnownTest,
    Leaf,
    Not,
    Proposed,
    Value,
    declined_key,
    done_key,
    proposed_key,
)
from cdsrules.model.facts import Measured


class Facts(Protocol):
    """The facts about one client on one day; every key a condition may read has an answer."""

    def get(self, key: FactKey, /) -> Measured:
        """Return the fact's value, or why it is unknown."""
        ...


class Reading(NamedTuple):
    """A fact that a leaf read, and what was found."""

    key: FactKey
    measured: Measured


Question: TypeAlias = FactTest | KnownTest | FindingTest
"""What a leaf comes down to; a leaf is true when all its questions are."""


def _event(key: FactKey, leaf: Done | Declined) -> tuple[FactTest, ...]:
    tests = []
    if leaf.within is not None:
        tests.append(FactTest(key, "within", leaf.within, leaf.at))
    if leaf.after is not None:
        tests.append(FactTest(key, "after", leaf.after, leaf.at))
    return tuple(tests) or (FactTest(key, "is_not", Value(NEVER_WORD), leaf.at),)


def questions(leaf: Leaf) -> tuple[Question, ...]:
    """Return what the leaf asks, one fact at a time; it is true when all of them are.

    >>> [(str(one.fact), one.operator) for one in questions(Done("consultation"))]
    [('action.consultation.done_on', 'is_not')]
    """
    match leaf:
        case FactTest() | KnownTest() | FindingTest():
            return (leaf,)
        case Done():
            return _event(done_key(leaf.action), leaf)
        case Declined():
            return _event(declined_key(leaf.action), leaf)
        case Proposed(action, attributes):
            asked = ((None, True), *attributes)
            return tuple(FactTest(proposed_key(action, name), "is", Value(wanted), leaf.at) for name, wanted in asked)
        case _:
            assert_never(leaf)


def first_read(condition: Condition) -> Iterator[FactKey]:
    """Yield the facts that whoever decides the condition part by part comes to in any case.

    >>> from cdsrules.model.condition import AllOf, Not
    >>> [str(fact) for fact in first_read(AllOf((Not(Done("consultation")), Done("reassessment"))))]
    ['action.consultation.done_on']
    """
    match condition:
        case AllOf(parts) | AnyOf(parts):
            yield from (fact for part in parts[:1] for fact in first_read(part))
        case AtLeast(_, parts):  # all of them are counted
            yield from (fact for part in parts for fact in first_read(part))
        case Not(part):
            yield from first_read(part)
        case _:
            first = questions(condition)[0]
            if not isinstance(first, FindingTest):
                yield first.fact
