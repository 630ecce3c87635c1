"""The rulebooks that were named and the cases beside them: what documents are made from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cdsrules.cli import options

if TYPE_CHECKING:
    from cdsrules.advisor import Advisor
    from cdsrules.documents.entries import Basis
    from cdsrules.testing.cases import CaseFile

paths = click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH…]")


def advisor_and_cases(named: Sequence[Path]) -> tuple[Advisor, tuple[CaseFile, ...]]:
    """Return the rulebooks under the paths beside the shipped ones, and the cases of both.

    Raises `RulebookError` and `CasesError` with everything that is wrong.
    """
    from cdsrules.errors import CasesError
    from cdsrules.loading.files import find_case_files
    from cdsrules.testing.cases import read_cases

    advisor = options.advisor(options.rules_of(named), "reference")
    shipped = find_case_files()
    given = find_case_files(named) if named else shipped
    problems = (*shipped.problems, *given.problems)
    if problems:
        raise CasesError(tuple(dict.fromkeys(problems)))
    files = {file.text: file for file in (*given.files, *shipped.files)}
    in_order = sorted(files.values(), key=lambda file: (not file.is_shipped, file.name))
    return advisor, tuple(read_cases(file.text, file.name, advisor.library) for file in in_order)


def basis(named: Sequence[Path]) -> Basis:
    """Return what the documents are made from; raises as `advisor_and_cases` does."""
    from cdsrules.documents.entries import Basis

    advisor, files = advisor_and_cases(named)
    return Basis(advisor.program, files)
