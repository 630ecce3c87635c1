"""Functions from syntax trees: made without running anything, and able to call nothing but what they are given."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from types import CodeType, FunctionType


def only_function(module: ast.Module, bound: Mapping[str, object]) -> Callable[..., object]:
    """Return the one function of a module, without running it and without built-ins.

    `bound` is what its names mean that are not its own. What stands in the function need not
    say where in a text it stands.

    >>> only_function(ast.parse("def double(x): return times(x, 2)"), {"times": int.__mul__})(21)
    42
    """
    for one in module.body:
        if isinstance(one, ast.FunctionDef):
            _place(one.body)
    constants = compile(module, "<conditions>", "exec").co_consts
    code = next(one for one in constants if isinstance(one, CodeType))
    return FunctionType(code, {"__builtins__": {}, **bound})


def _place(statements: Sequence[ast.AST]) -> None:
    """Say of every part that says no place that it stands on the first line: the compiler wants one.

    As `ast.fix_missing_locations`, which took half of the time that making rules ready took: a
    part may stand in several wholes, and here each is looked at once.
    """
    waiting = [*statements]
    while waiting:
        node = waiting.pop()
        fields = vars(node)
        if "lineno" in fields:
            continue
        for part in fields.values():
            if isinstance(part, ast.expr):
                waiting.append(part)
            elif isinstance(part, list):
                waiting += part
        fields["lineno"], fields["col_offset"] = 1, 0
