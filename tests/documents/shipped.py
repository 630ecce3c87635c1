"""The shipped rulebooks with their cases, for counts."""

from __future__ import annotations

from functools import cache

from cdsrules.cli.basis import basis
from cdsrules.documents.entries import Basis


@cache
def shipped_basis() -> Basis:
    return basis(())
