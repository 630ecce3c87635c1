"""What a coded answer counts, and what is said of one about suicide or self-harm that cannot be read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cdsrules.adapters.fhir.code_systems import LOINC, in_system
from cdsrules.adapters.fhir.notices import Notice, to_look_at
from cdsrules.adapters.fhir.own_words import of_its_day
from cdsrules.adapters.fhir.settings import FhirSettings
from cdsrules.adapters.fhir.walk import Node
from cdsrules.model.vocabulary import Instrument

# LOINC, answer list LL358-3: not at all, several days, more than half the days, nearly every day. It is that of the
# questions of PHQ-9 and GAD-7; elsewhere the same codes may count something else.
_DAYS: Final = {"LA6568-5": 0, "LA6569-3": 1, "LA6570-1": 2, "LA6571-9": 3}
_LOINC: Final = {name: points for code, points in _DAYS.items() for name in in_system(LOINC, code)}
_SHIPPED: Final[Mapping[str, Mapping[str, int]]] = {"phq-9": _LOINC, "gad-7": _LOINC}


def points_of(instrument: Instrument, settings: FhirSettings) -> Mapping[str, int]:
    """Return what the codes of answers count in an instrument: those of its publisher, and over them the site's."""
    shipped = _SHIPPED.get(instrument.id)
    if shipped is None:
        return settings.answers
    return {**shipped, **settings.answers} if settings.answers else shipped


def unread_answer(resource: Node, instrument: Instrument, item: int, reason: str, settings: FhirSettings) -> Notice:
    """Return a notice on the answer to a question on suicide or self-harm: it is there, and nobody here can read it."""
    answer = f"the answer{of_its_day(resource, settings.zone)} to {instrument.name} item {item}"
    return to_look_at(resource, f"{answer}, which asks about suicide or self-harm", reason, foremost=True)
