"""What is wrong with files of cases, before any of them is run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from cdsrules.diagnostics import Diagnostic, Severity, in_order
from cdsrules.errors import CasesError, ClientError
from cdsrules.loading.client_document import parse_client
from cdsrules.loading.sources import SourceFile
from cdsrules.model.rulebook import Library
from cdsrules.model.vocabulary import Vocabulary
from cdsrules.testing.cases import Case, CaseFile, read_and_checked, read_cases


def check_cases(files: Iterable[SourceFile], library: Library) -> tuple[Diagnostic, ...]:
    """Return everything that is wrong with files of cases, their clients included, sorted by place."""
    found: list[Diagnostic] = []
    for file in files:
        try:
            read = read_cases(file.text, file.name, library)
        except CasesError as error:
            found += error.diagnostics
        else:
            found += _client_problems(read, library.vocabulary)
    return in_order(found)


def check_reviews(files: Iterable[SourceFile], library: Library) -> tuple[Diagnostic, ...]:
    """Return a warning for every case that was proposed and that nobody has found right yet, sorted by place."""
    found = (one for file in files for one in read_and_checked(file.text, file.name, library)[1])
    return in_order([one for one in found if one.severity is Severity.WARNING])


def _client_problems(file: CaseFile, vocabulary: Vocabulary) -> Iterator[Diagnostic]:
    """Yield what is wrong with the clients, at the first case that shows it: cases share their clients."""
    told: set[tuple[str, str | None, str]] = set()
    for case in file.cases:
        for problem in _wrong(case, vocabulary):
            known = (case.client, problem.path, problem.message)
            if known not in told:
                told.add(known)
                message = f"Client `{case.client}`, {problem.path} in the document: {problem.message}"
                yield replace(problem, message=message, where=case.at, path=None)


def _wrong(case: Case, vocabulary: Vocabulary) -> tuple[Diagnostic, ...]:
    try:
        parse_client(case.document, vocabulary, case.as_of)
    except ClientError as error:
        return error.diagnostics
    return ()
