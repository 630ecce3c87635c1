"""What a leaf asks of facts, as terms: read off the comparisons that the compiled evaluator makes.

Each operator brings its two comparisons along (`logic/operators`). They are taken apart
here as they are there, so that what the search means by an operator is what decides.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, TypeAlias

import z3

from cdsrules.analysis.terms import NEVER_DAY, NO, YES, Holds, Symbol, Term, Truth, always, both, either, every
from cdsrules.logic.moment import Moment
from cdsrules.logic.operators import OPERATORS, Bound, Cutoff
from cdsrules.logic.reading import Question, questions
from cdsrules.logic.values import NEVER_PLAIN, misfit
from cdsrules.model.condition import FactKey, FactTest, FindingTest, KnownTest, Leaf
from cdsrules.model.facts import FactCatalogue, Kind
from cdsrules.model.time import Duration

SymbolOf: TypeAlias = Callable[[FactKey], Symbol]
StartOf: TypeAlias = Callable[[Duration], Symbol]
"""The first day of a window that is counted in sessions."""

_DAYS: Final = frozenset({Kind.DATE, Kind.ELAPSED})
_IN_ORDER: Final[Mapping[type[ast.cmpop], Callable[[Term, Term], Holds]]] = {
    ast.GtE: operator.ge,
    ast.Gt: operator.gt,
    ast.LtE: operator.le,
    ast.Lt: operator.lt,
}


@dataclass(frozen=True, slots=True)
class Ground:
    """What leaves are read against: the facts by name, and where a window counted in sessions begins."""

    symbol: SymbolOf
    window: StartOf
    catalogue: FactCatalogue
    moment: Moment


def leaf_truth(leaf: Leaf, ground: Ground, finding: Callable[[str], Truth]) -> Truth:
    """Return the truth of a leaf."""
    return every([_answer(question, ground, finding) for question in questions(leaf)])


def _answer(question: Question, ground: Ground, finding: Callable[[str], Truth]) -> Truth:
    match question:
        case FindingTest():
            return finding(question.finding)
        case KnownTest():
            return always(ground.symbol(question.fact).known)
        case FactTest():
            return _tested(question, ground)


def _tested(test: FactTest, ground: Ground) -> Truth:
    kind = ground.catalogue[test.fact.name].kind
    form = OPERATORS[test.operator].forms[kind]
    rails = form.rails
    if rails is None:  # an operator without comparisons: nothing is claimed of it
        free = z3.FreshConst(z3.IntSort(), "any")
        return Truth(free > 0, free < 0)
    names = {
        name: _bound(bound, kind, ground) for name, bound in {"value": test.fact, **rails.bind(test.operand)}.items()
    }
    return Truth(_Comparing(names).holds(_parsed(rails.true)), _Comparing(names).holds(_parsed(rails.false)))


@cache
def _parsed(source: str) -> ast.expr:
    return ast.parse(source, mode="eval").body


_Side: TypeAlias = "Symbol | float | int | bool | str | frozenset[object]"


def _bound(bound: Bound, kind: Kind, ground: Ground) -> _Side:
    match bound:
        case FactKey():
            return ground.symbol(bound)
        case Cutoff(find, length) if length.is_calendar:
            return _back(find(ground.moment, length), ground.moment)
        case Cutoff(_, length):
            return ground.window(length)
        case bool() | str() | frozenset():
            return bound
        case _:
            return _back(bound, ground.moment) if kind in _DAYS else bound


def _back(plain: object, moment: Moment) -> int:
    """Return a plain day, counted back from the day asked about."""
    if not isinstance(plain, (int, float)):
        raise misfit(plain, "a day")
    return NEVER_DAY if plain == NEVER_PLAIN else int(plain) - moment.as_of.toordinal()


class _Comparing:
    """The comparisons of one operator over bound names; a comparison with what is not known does not hold."""

    def __init__(self, names: Mapping[str, _Side]) -> None:
        self._names = names

    def holds(self, node: ast.expr) -> Holds:
        match node:
            case ast.BoolOp(op=ast.And()):
                return both(*(self.holds(one) for one in node.values))
            case ast.BoolOp():
                return either(*(self.holds(one) for one in node.values))
            case ast.Compare():
                sides = [node.left, *node.comparators]
                pairs = zip(sides, node.ops, sides[1:], strict=False)
                return both(*(self._compare(left, op, right) for left, op, right in pairs))
            case _:
                raise misfit(ast.unparse(node), "a comparison of values")

    def _side(self, node: ast.expr) -> _Side | None:
        return None if isinstance(node, ast.Constant) else self._names[ast.unparse(node)]

    def _compare(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> Holds:
        one, other = self._side(left), self._side(right)
        known = both(*(side.known for side in (one, other) if isinstance(side, Symbol)))
        if other is None or ast.unparse(left) == ast.unparse(right):  # `value is not None`, `value == value`
            return known
        return NO if z3.is_false(known) else both(known, _compared(one, op, other))


def _compared(one: _Side | None, op: ast.cmpop, other: _Side) -> Holds:
    match op:
        case ast.In() | ast.NotIn():
            found = _in_set(one, other) if isinstance(other, Symbol) else _among(one, other)
            return found if isinstance(op, ast.In) else z3.Not(found)
        case ast.Eq() | ast.Is():
            return _equal(one, other)
        case ast.NotEq() | ast.IsNot():
            return z3.Not(_equal(one, other))
        case _:
            return _IN_ORDER[type(op)](_term(one), _term(other))


def _among(one: _Side | None, members: _Side) -> Holds:
    if not isinstance(members, frozenset):
        raise misfit(members, "a set")
    return either(*(_equal(one, member) for member in sorted(members, key=str)))


def _in_set(one: _Side | None, among: Symbol) -> Holds:
    return (among.words or {}).get(str(one), NO)


def _equal(one: _Side | None, other: object) -> Holds:
    if isinstance(one, Symbol) and isinstance(other, str):
        return one.value == one.choices.index(other) if other in one.choices else NO
    if isinstance(one, Symbol) and isinstance(other, bool):
        return one.value if other else z3.Not(one.value)
    return _term(one) == _term(other)


def _term(side: object) -> Term:
    match side:
        case Symbol():
            return YES if side.value is None else side.value
        case float() if side == NEVER_PLAIN:
            return z3.IntVal(NEVER_DAY)
        case int():
            return z3.IntVal(side)
        case float():
            return z3.RealVal(str(side))
        case _:
            raise misfit(side, "what can be compared")
