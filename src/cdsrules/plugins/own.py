"""What cdsrules itself offers over its hooks, as a plugin would.

Where the first answer counts it is asked last, so that a host can do otherwise; where every answer
counts it comes first. It takes part always, so that it stands in no list of plugins.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from cdsrules.measures.catalogue import own_facts
from cdsrules.plugins.hookspecs import hookimpl

if TYPE_CHECKING:
    from datetime import date

    from cdsrules.measures.declare import Fact
    from cdsrules.model.vocabulary import Vocabulary
    from cdsrules.plugins.offers import FromRecord

# What reads records stands above this and is seldom needed: it is found by its name when it is, like any plugin.
_READS_RECORDS: Final = "cdsrules.adapters.fhir.hooks"


@hookimpl
def cdsrules_measures(vocabulary: Vocabulary) -> tuple[Fact, ...]:
    """Return the facts of cdsrules."""
    return own_facts(vocabulary)


def client_from_record(record: object, vocabulary: Vocabulary, as_of: date | None) -> FromRecord | None:
    """Return the client of a FHIR record as of a day; None for a record of another kind. Raises `ClientError`."""
    plugin = import_module(_READS_RECORDS).FhirRecords(vocabulary, as_of)
    read: FromRecord | None = plugin.cdsrules_client_from_record(record)
    return read
