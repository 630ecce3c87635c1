"""What is wrong with a client document, for the tests of reading it."""

from __future__ import annotations

from datetime import date

from cdsrules.diagnostics import Diagnostic
from cdsrules.errors import ClientError
from cdsrules.loading.client_document import parse_client
from tests.client_documents import document
from tests.vocabulary_for_tests import VOCABULARY


def problems(given_document: object, as_of: date | None = None) -> tuple[Diagnostic, ...]:
    """Everything that is wrong with a document."""
    try:
        parse_client(given_document, VOCABULARY, as_of)  # type: ignore[arg-type]
    except ClientError as error:
        return error.diagnostics
    return ()


def the_problem(**sections: object) -> tuple[str, str, str, str]:
    """The one problem of a document with these sections: path, code, message, advice."""
    [found] = problems(document(**sections))
    return found.path or "", found.code, found.message, found.advice
