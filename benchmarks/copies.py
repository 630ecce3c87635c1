"""The shipped rulebooks several times over, to see what more rules cost: each copy under names of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cdsrules import Advisor
from cdsrules.loading.files import read_rule_files
from cdsrules.loading.library import load_library
from cdsrules.loading.sources import SourceFile
from cdsrules.measures.catalogue import catalogue

# A rulebook's id, the ids of its rules, and the findings that they make and read.
_NAMES = re.compile(r"(^rulebook: |^ +(?:- )?id: |\b(?:finds|finding): )([a-z0-9_.-]+)", re.MULTILINE)


def copied(times: int) -> tuple[SourceFile, ...]:
    """Return the shipped rule files, and their rulebooks `times` - 1 times more."""
    shipped = read_rule_files([])
    books = [one for one in shipped if one.text.lstrip().startswith(b"rulebook:") or b"\nrulebook:" in one.text]
    return (*shipped, *(_copy(book, number) for number in range(2, times + 1) for book in books))


def _copy(book: SourceFile, number: int) -> SourceFile:
    text = _NAMES.sub(rf"\1\2-copy{number}", book.text.decode("utf-8"))
    return SourceFile(f"copy{number}/{book.name}", text.encode("utf-8"))


def original(name: str) -> str:
    """Return the rule that a rule is a copy of, by its id; of one that is none, itself."""
    return re.sub(r"-copy\d+$", "", name)


def advisor(files: Sequence[SourceFile]) -> Advisor:
    """Return an advisor for these rule files, on the reference engine."""
    return Advisor(load_library(files, catalogue), engine="reference")
