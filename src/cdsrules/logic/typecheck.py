"""Whether a condition asks something that its facts can answer.

The check takes the condition as loaded: parameters have their values, and every fact and
operator is one that exists. Leaves about names that nothing bears are passed over, since
the loader has named them already.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cdsrules.diagnostics import Position
from cdsrules.frozen import frozen
from cdsrules.logic.contradictions import contradictions
from cdsrules.logic.operand_check import check_operand
from cdsrules.logic.operators import OPERATORS, Operator
from cdsrules.logic.problem_types import (
    CountOutOfReach,
    EmptyGroup,
    NotPositive,
    OverForbidden,
    OverMissing,
    OverWrongUnit,
    Problem,
    WrongOperator,
)
from cdsrules.logic.reading import questions
from cdsrules.model.condition import (
    AllOf,
    AnyOf,
    AtLeast,
    Condition,
    FactKey,
    FactTest,
    FindingTest,
    Leaf,
    Not,
    walk,
)
from cdsrules.model.facts import FactCatalogue


def check(
    condition: Condition,
    catalogue: FactCatalogue,
    operators: Mapping[str, Operator] = OPERATORS,
) -> tuple[Problem, ...]:
    """Return everything the condition asks that its facts cannot answer, in the order written.

    Contradictions are looked for when nothing else is wrong.

    >>> from cdsrules.model.condition import Value
    >>> from cdsrules.model.facts import FactSpec, Kind
    >>> lasting = FactSpec("treatment.duration", Kind.ELAPSED, "", "", "", "")
    >>> test = FactTest(FactKey("treatment.duration"), "at_least", Value(6))
    >>> [type(one).__name__ for one in check(test, {lasting.name: lasting})]
    ['WrongOperand']
    """
    checker = _Checker(catalogue, operators)
    found = [problem for node in walk(condition) for problem in checker.node(node)]
    return tuple(dict.fromkeys(found)) or tuple(contradictions(condition, catalogue, operators))


@frozen
class _Checker:
    catalogue: FactCatalogue
    operators: Mapping[str, Operator]

    def node(self, node: Condition) -> Iterator[Problem]:
        """Yield the problems of one node, without those of its parts."""
        match node:
            case AllOf(parts) | AnyOf(parts) if not parts:
                yield EmptyGroup(node.at)
            case AtLeast(count, parts) if not parts or not 1 <= count <= len(parts):
                yield CountOutOfReach(node.at, count, len(parts)) if parts else EmptyGroup(node.at)
            case AllOf() | AnyOf() | AtLeast() | Not():
                pass
            case _:
                yield from self._leaf(node)

    def _leaf(self, leaf: Leaf) -> Iterator[Problem]:
        for question in questions(leaf):
            if isinstance(question, FindingTest) or question.fact.name not in self.catalogue:
                continue
            yield from self._window(question.fact, leaf.at)
            if isinstance(question, FactTest):
                yield from self._test(question)

    def _window(self, key: FactKey, at: Position | None) -> Iterator[Problem]:
        spec = self.catalogue[key.name]
        if key.over is None:
            if spec.over == "required":
                yield OverMissing(at, key)
        elif spec.over == "never":
            yield OverForbidden(at, key)
        elif spec.over_unit != "any" and key.over.is_calendar is not (spec.over_unit == "calendar"):
            yield OverWrongUnit(at, key)
        elif key.over.amount < 1:
            yield NotPositive(at, key, key.over)

    def _test(self, test: FactTest) -> Iterator[Problem]:
        operator = self.operators.get(test.operator)
        if operator is None:
            return
        if self.catalogue[test.fact.name].kind in operator.forms:
            yield from check_operand(test, operator.shape, self.catalogue)
        else:
            yield WrongOperator(test.at, test.fact, test.operator)
