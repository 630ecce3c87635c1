"""The rulebooks that were named and the cases beside them: what documents are made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cdsrules.cli import options

if TYPE_CHECKING:
    from cdsrules.advisor import Advisor
    from cdsrules.documents.entries import Basis
    from cdsrules.loading.sources import SourceFile
    from cdsrules.testing.cases import CaseFile


def advisor_and_cases(named: Sequence[Path]) -> tuple[Advisor, tuple[CaseFile, ...]]:
    """Return the rulebooks under the paths beside the shipped ones, and the cases of both.

    Raises `RulebookError` and `CasesError` with everything that is wrong.
    """
    from cdsrules.testing.cases import read_cases

    advisor = options.advisor(options.rules_of(named), "reference")
    files = _case_files(named)
    return advisor, tuple(read_cases(file.text, file.name, advisor.library) for file in files)


def basis(named: Sequence[Path]) -> Basis:
    """Return what the documents are made from; raises as `advisor_and_cases` does."""
    from cdsrules.documents.entries import Basis
    from cdsrules.loading.sources import content_hash

    advisor, files = advisor_and_cases(named)
    return Basis(advisor.program, files, content_hash(_case_files(named)))


def outcomes(made_from: Basis) -> Mapping[str, bool]:
    """Return for each case, by its id, whether it comes out as expected, on both engines where both are there."""
    from cdsrules.advisor import Advisor
    from cdsrules.plugins.session import measuring_plugins
    from cdsrules.testing.runner import run_case
    from cdsrules.testing.shown import case_id

    # Plugins take part by their rulebooks and facts alone: none shall hear of a client who is made up.
    quiet = measuring_plugins()
    with Advisor(made_from.library, on_disagreement="raise", plugins=quiet) as advisor:
        return {
            case_id(file, case): run_case(case, advisor).as_expected for file in made_from.files for case in file.cases
        }


def _case_files(named: Sequence[Path]) -> Sequence[SourceFile]:
    """Return the files of cases, shipped ones first; one with the bytes of a shipped file is that file."""
    from cdsrules.errors import CasesError
    from cdsrules.loading.files import find_case_files

    shipped = find_case_files()
    given = find_case_files(named) if named else shipped
    problems = (*shipped.problems, *given.problems)
    if problems:
        raise CasesError(tuple(dict.fromkeys(problems)))
    files = {file.text: file for file in (*given.files, *shipped.files)}
    return sorted(files.values(), key=lambda file: (not file.is_shipped, file.key or file.name))
