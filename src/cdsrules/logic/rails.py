"""Truth on two rails as syntax: an expression for "is true" and one for "is false".

Neither holds where the truth is unknown. Combining by strong Kleene is then ordinary
`and`, `or` and swapping the rails, with nothing left to look up while deciding.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

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


@cache
def _template(source: str) -> ast.expr:
    return ast.parse(source, mode="eval").body


def _filled(node: ast.expr, names: Mapping[str, ast.expr]) -> ast.expr:
    match node:
        case ast.Name():
            return names[node.id]
        case ast.Constant():
            return syntax.Constant(node.value)
        case ast.BoolOp():
            return syntax.BoolOp(op=node.op, values=[_filled(one, names) for one in node.values])
        case ast.Compare():
            others = [_filled(one, names) for one in node.comparators]
            return syntax.Compare(left=_filled(node.left, names), ops=node.ops, comparators=others)
        case ast.Call():
            arguments = [_filled(one, names) for one in node.args]
            return syntax.Call(func=_filled(node.func, names), args=arguments, keywords=[])
        case _:
            raise misfit(ast.unparse(node), "a comparison of values")


def filled(true: str, false: str, names: Mapping[str, ast.expr]) -> TwoRails:
    """Return two rails written as comparisons, with expressions in place of their names."""
    return TwoRails(_filled(_template(true), names), _filled(_template(false), names))


def when_true(rails: TwoRails) -> ast.expr:
    """Return the expression that yields true, and None otherwise."""
    return syntax.IfExp(test=rails.true, body=syntax.Constant(True), orelse=syntax.Constant(None))


def verdict(rails: TwoRails) -> ast.expr:
    """Return the expression that yields true, false, or None where neither rail holds."""
    unsettled = syntax.IfExp(test=rails.false, body=syntax.Constant(False), orelse=syntax.Constant(None))
    return syntax.IfExp(test=rails.true, body=syntax.Constant(True), orelse=unsettled)
