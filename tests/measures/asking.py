"""Asking for one fact of a client made in a line, for the tests of facts."""

from __future__ import annotations

from datetime import date

from cdsrules.loading.client_document import parse_client
from cdsrules.measures.catalogue import Measures
from cdsrules.measures.facts import MeasuredFacts
from cdsrules.model.condition import FactKey
from cdsrules.model.facts import FactValue, Known, Measured, Reason, Unknown
from cdsrules.model.time import Duration
from tests.client_documents import AS_OF, Document, document
from tests.vocabulary_for_tests import VOCABULARY

MEASURES = Measures(VOCABULARY)


def facts_of(given: Document, as_of: str | None = None) -> MeasuredFacts:
    """Return the facts of a document's client, as of its day or another."""
    day = date.fromisoformat(as_of or str(given.get("as_of", AS_OF)))
    return MEASURES.of(parse_client(given, VOCABULARY, day), day)


def duration(text: str) -> Duration:
    """Return `60 days` as a duration."""
    amount, unit = text.split()
    units = {"day": "days", "week": "weeks", "month": "months", "year": "years", "session": "sessions"}
    return Duration(int(amount), units.get(unit, unit))  # type: ignore[arg-type]


def ask(name: str, over: str | None = None, /, **sections: object) -> Measured:
    """Return a fact of a client whose document has these sections."""
    key = FactKey(name, None if over is None else duration(over))
    return facts_of(document(**sections)).get(key)


def value(name: str, over: str | None = None, /, **sections: object) -> FactValue:
    """Return the value of a fact that must be known."""
    found = ask(name, over, **sections)
    assert isinstance(found, Known), found
    return found.value


def why(name: str, over: str | None = None, /, **sections: object) -> Reason:
    """Return why a fact is not known; it must not be."""
    found = ask(name, over, **sections)
    assert isinstance(found, Unknown), found
    assert found.because
    return found.reason


def answer(name: str, over: str | None = None, /, **sections: object) -> FactValue | Reason:
    """Return the value of a fact, or why it is not known."""
    found = ask(name, over, **sections)
    return found.value if isinstance(found, Known) else found.reason
