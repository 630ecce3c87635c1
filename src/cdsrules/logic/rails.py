"""Truth on two rails as syntax: an expression for "is true" and one for "is false".

Neither holds where the truth is unknown. Combining by strong Kleene is then ordinary
`and`, `or` and swapping the rails, with nothing left to look up while deciding.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from operator import itemgetter
from typing import NamedTuple, TypeAlias

from cdsrules.logic import syntax
from cdsrules.logic.values import misfit


class TwoRails(NamedTuple):
    """The expressions that tell when a condition is true and when it is false."""

    true: ast.expr
    false: ast.expr


def _joined(joint: type[ast.And | ast.Or], rails: Sequence[ast.expr]) -> ast.expr:
    if len(rails) == 1:
        return rails[0]
    if not rails:
        return syntax.Constant(joint is ast.And)
    return syntax.BoolOp(op=joint(), values=list(rails))


def both(parts: Sequence[TwoRails]) -> TwoRails:
    """Return the rails of "all of these"; of none it is true."""
    return TwoRails(
        _joined(ast.And, [part.true for part in parts]),
        _joined(ast.Or, [part.false for part in parts]),
    )


def either(parts: Sequence[TwoRails]) -> TwoRails:
    """Return the rails of "one of these"; of none it is false."""
    return opposite(both([opposite(part) for part in parts]))


def opposite(part: TwoRails) -> TwoRails:
    """Return the rails of "not this"."""
    return TwoRails(part.false, part.true)


def _count_reaches(rails: Sequence[ast.expr], count: int) -> ast.expr:
    total: ast.expr = syntax.Constant(0)
    for rail in rails:
        total = syntax.BinOp(left=total, op=ast.Add(), right=rail)
    return syntax.Compare(left=total, ops=[ast.GtE()], comparators=[syntax.Constant(count)])


def counted(count: int, parts: Sequence[TwoRails]) -> TwoRails:
    """Return the rails of "at least `count` of these"; false when too few are left for it."""
    return TwoRails(
        _count_reaches([part.true for part in parts], count),
        _count_reaches([part.false for part in parts], len(parts) - count + 1),
    )


Filling: TypeAlias = Callable[[Mapping[str, ast.expr]], ast.expr]
"""Expressions by name in; what the names stand in comes out, with the expressions in place of the names."""


@cache
def _template(source: str) -> Filling:
    """Return what fills a comparison that an operator writes; there are a few dozen, for thousands of tests."""
    return _filling(ast.parse(source, mode="eval").body)


def _filling(node: ast.expr) -> Filling:
    match node:
        case ast.Name(name):
            return itemgetter(name)
        case ast.Constant(value):
            return lambda _: syntax.Constant(value)
        case ast.BoolOp(op, values):
            parts = [_filling(one) for one in values]
            return lambda names: syntax.BoolOp(op=op, values=[part(names) for part in parts])
        case ast.Compare(left, ops, comparators):
            first, others = _filling(left), [_filling(one) for one in comparators]
            return lambda names: syntax.Compare(
                left=first(names), ops=ops, comparators=[other(names) for other in others]
            )
        case ast.Call(func, args):
            called, arguments = _filling(func), [_filling(one) for one in args]
            return lambda names: syntax.Call(func=called(names), args=[one(names) for one in arguments], keywords=[])
        case _:
            raise misfit(ast.unparse(node), "a comparison of values")


def filled(true: str, false: str, names: Mapping[str, ast.expr]) -> TwoRails:
    """Return two rails written as comparisons, with expressions in place of their names."""
    return TwoRails(_template(true)(names), _template(false)(names))


def when_true(rails: TwoRails) -> ast.expr:
    """Return the expression that yields true, and None otherwise."""
    return syntax.IfExp(test=rails.true, body=syntax.Constant(True), orelse=syntax.Constant(None))


def verdict(rails: TwoRails, withdrawn: ast.expr | None = None) -> ast.expr:
    """Return the expression that yields true, false, or None where neither rail holds.

    Where `withdrawn` holds it is false as well. Whether it is false is asked first: nine rules in ten are, and then
    nothing else is looked at. That takes a sixth off deciding the shipped rules.
    """
    false = rails.false if withdrawn is None else syntax.BoolOp(op=ast.Or(), values=[rails.false, withdrawn])
    unsettled = syntax.IfExp(test=rails.true, body=syntax.Constant(True), orelse=syntax.Constant(None))
    return syntax.IfExp(test=false, body=syntax.Constant(False), orelse=unsettled)
