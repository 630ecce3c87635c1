"""Why what was not prefetched was not read: in words for who called, and in others for the log.

Who called is told what is in the call itself, what the settings do not allow, and that time ran out. How a server
answered is for the log alone; neither names a client, nor an address that only the caller named.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Final, NamedTuple

LOG: Final = logging.getLogger("cdsrules.service")


class NotRead(NamedTuple):
    """Why something was not read: `told` to who called, and in the log, where `because` is not the same to them."""

    because: str
    told: str


class Fetched(NamedTuple):
    """What was read by prefetch key, and of every other key why not."""

    read: Mapping[str, object]
    unread: Mapping[str, NotRead]


NO_SERVER: Final = NotRead("the call names no fhirServer", "the call names no `fhirServer` to read it from")
NOT_ALLOWED: Final = NotRead(
    "the fhirServer of the call is not in the setting fhir_servers",
    "the `fhirServer` of the call is none that the settings of this service allow (`fhir_servers`)",
)
NO_AUTHORIZATION: Final = NotRead(
    "the call holds no fhirAuthorization", "the call holds no `fhirAuthorization` to read it with"
)
NO_QUERY: Final = NotRead("the call holds no id to ask for", "the call holds no id that a server could be asked for")
TOO_LATE: Final = NotRead(
    "the FHIR server did not answer within fhir_seconds", "the FHIR server did not answer in time (`fhir_seconds`)"
)


def unusable(because: str) -> NotRead:
    """Return that a server answered nothing of use, or not at all; who called reads why in no answer."""
    return NotRead(f"the FHIR server {because}", "the FHIR server gave no answer that can be used")
