"""Parts of syntax that stand nowhere in a text, for functions that are made and not written.

The compiler wants to know of every part where it stands. Said once of each class, it need not be said of each of the
ten thousand parts that the shipped rules come to.
"""

from __future__ import annotations

import ast
from typing import TypeVar

Part = TypeVar("Part", bound=ast.AST)


def _anywhere(part: type[Part]) -> type[Part]:
    """Return the class of a part that says it stands at the beginning."""
    return type(part.__name__, (part,), {"lineno": 1, "col_offset": 0})


LOAD = ast.Load()
STORE = ast.Store()
Assign = _anywhere(ast.Assign)
BinOp = _anywhere(ast.BinOp)
BoolOp = _anywhere(ast.BoolOp)
Call = _anywhere(ast.Call)
Compare = _anywhere(ast.Compare)
Constant = _anywhere(ast.Constant)
IfExp = _anywhere(ast.IfExp)
Name = _anywhere(ast.Name)
Return = _anywhere(ast.Return)
Subscript = _anywhere(ast.Subscript)
Tuple = _anywhere(ast.Tuple)
