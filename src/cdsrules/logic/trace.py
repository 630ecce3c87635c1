"""The traced evaluator: the truth of every node, what was read, and why it is not known.

This is the reference meaning of a condition. It decides nothing in a running advisor, as
the compiled evaluator does that; explanations are made from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, assert_never

from cdsrules.frozen import frozen
from cdsrules.logic.moment import Moment
from cdsrules.logic.operators import OPERATORS, Operator
from cdsrules.logic.operators.record import Against
from cdsrules.logic.reading import Facts, Question, Reading, questions
from cdsrules.logic.truth import Truth, all_of, any_of, at_least, negate
from cdsrules.model.condition import (
    AllOf,
    AnyOf,
    AtLeast,
    Condition,
    DateOf,
    Declined,
    Done,
    FactTest,
    FindingTest,
    KnownTest,
    LatestOf,
    Leaf,
    Not,
    Operand,
    Proposed,
    Value,
    keys_of,
    reference_key,
)
from cdsrules.model.facts import FactValue, Known, Measured, Reason, Unknown

NO_SESSIONS: Final = Unknown(Reason.NOT_RECORDED, "no list of sessions is on file")
"""Why a window counted in sessions cannot be told."""


@frozen
class Trace:
    """One node of a condition as it was evaluated, and its parts.

    `reads` are the facts that a leaf read, its own first. `because` says why an unknown
    node is unknown; for a finding it is empty, since the rules that carry the finding
    know why.
    """

    node: Condition
    truth: Truth
    reads: tuple[Reading, ...] = ()
    parts: tuple[Trace, ...] = ()
    because: tuple[Unknown, ...] = ()

    @property
    def value(self) -> Measured | None:
        """What the leaf's own fact was; None where the node reads no fact."""
        return self.reads[0].measured if self.reads else None


def leaves(trace: Trace) -> Iterator[Trace]:
    """Yield the leaves of a trace in the order written."""
    if not trace.parts and not isinstance(trace.node, (AllOf, AnyOf, AtLeast)):
        yield trace
    for part in trace.parts:
        yield from leaves(part)


def traced_leaf(node: Leaf, truth: Truth, reads: Iterable[Reading]) -> Trace:
    """Return the trace of a leaf that has been decided."""
    read = tuple(reads)
    because: tuple[Unknown, ...] = ()
    if truth is None and read:
        unknown = [one.measured for one in read if isinstance(one.measured, Unknown)]
        because = tuple(dict.fromkeys(unknown)) or (NO_SESSIONS,)
    return Trace(node, truth, reads=read, because=because)


def _known(measured: Measured) -> FactValue | None:
    return measured.value if isinstance(measured, Known) else None


@frozen
class _Evaluation:
    facts: Facts
    findings: Mapping[str, Truth]
    moment: Moment
    operators: Mapping[str, Operator]

    def against(self, operand: Operand) -> Against:
        match operand:
            case Value(value):
                return value
            case LatestOf() | DateOf():
                return _known(self.facts.get(reference_key(operand)))
            case _:
                return tuple(one.value for one in operand)

    def answer(self, question: Question) -> Truth:
        match question:
            case FindingTest(finding):
                return self.findings[finding]
            case KnownTest(fact):
                return isinstance(self.facts.get(fact), Known)
            case FactTest(fact, operator, operand):
                value = _known(self.facts.get(fact))
                return self.operators[operator].holds(value, self.against(operand), self.moment)
            case _:
                assert_never(question)

    def leaf_truth(self, node: Leaf) -> Truth:
        return all_of([self.answer(question) for question in questions(node)])

    def leaf(self, node: Leaf) -> Trace:
        reads = [Reading(key, self.facts.get(key)) for key in keys_of(node)]
        return traced_leaf(node, self.leaf_truth(node), reads)

    def group(self, node: Condition, truth: Truth, parts: tuple[Trace, ...]) -> Trace:
        open_parts = (part for part in parts if truth is None and part.truth is None)
        because = dict.fromkeys(reason for part in open_parts for reason in part.because)
        return Trace(node, truth, parts=parts, because=tuple(because))

    def parts(self, nodes: Iterable[Condition]) -> tuple[Trace, ...]:
        return tuple(self.node(node) for node in nodes)

    def node(self, node: Condition) -> Trace:
        match node:
            case AllOf():
                parts = self.parts(node.parts)
                return self.group(node, all_of(part.truth for part in parts), parts)
            case AnyOf():
                parts = self.parts(node.parts)
                return self.group(node, any_of(part.truth for part in parts), parts)
            case Not():
                parts = self.parts((node.part,))
                return self.group(node, negate(parts[0].truth), parts)
            case AtLeast():
                parts = self.parts(node.parts)
                truths = (part.truth for part in parts)
                return self.group(node, at_least(node.count, truths), parts)
            case FactTest() | KnownTest() | FindingTest() | Done() | Declined() | Proposed():
                return self.leaf(node)
            case _:
                assert_never(node)


def trace(
    condition: Condition,
    facts: Facts,
    findings: Mapping[str, Truth],
    moment: Moment,
    operators: Mapping[str, Operator] = OPERATORS,
) -> Trace:
    """Return how the condition was decided, node by node.

    `findings` has the truth of every finding that the condition reads.
    """
    return _Evaluation(facts, findings, moment, operators).node(condition)


def leaf_truth(leaf: Leaf, facts: Facts, moment: Moment) -> Truth:
    """Return the truth of a leaf about facts, without its trace."""
    return _Evaluation(facts, {}, moment, OPERATORS).leaf_truth(leaf)
