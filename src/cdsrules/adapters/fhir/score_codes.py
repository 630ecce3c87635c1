"""What the codes of Observations measure, by the vocabulary and by the site."""

from __future__ import annotations

from collections.abc import Mapping

from cdsrules.adapters.fhir.code_systems import LOINC, in_system, same_as
from cdsrules.adapters.fhir.settings import FhirSettings
from cdsrules.frozen import frozen
from cdsrules.model.vocabulary import Vocabulary


@frozen
class Codes:
    """What the codes of Observations measure: an instrument, and the item where it is one answer.

    `without_system` are those of the questions on suicide where the record does not say of which system they are.
    """

    meaning: Mapping[str, tuple[str, int | None]]
    panels: Mapping[str, str]
    without_system: Mapping[str, tuple[str, int]]


def codes_of(vocabulary: Vocabulary, settings: FhirSettings) -> Codes:
    """Return the verified LOINC codes of the vocabulary with those of the site, which come first."""
    meaning: dict[str, tuple[str, int | None]] = {}
    panels: dict[str, str] = {}
    without_system: dict[str, tuple[str, int]] = {}
    for instrument in vocabulary.instruments.values():
        if instrument.loinc_total:
            meaning |= dict.fromkeys(in_system(LOINC, instrument.loinc_total), (instrument.id, None))
        if instrument.loinc_panel:
            panels |= dict.fromkeys(in_system(LOINC, instrument.loinc_panel), instrument.id)
        for number, code in (instrument.loinc_items or {}).items():
            meaning |= dict.fromkeys(in_system(LOINC, code), (instrument.id, number))
            if number in instrument.risk_items:
                without_system[f"|{code}"] = (instrument.id, number)
    for code, target in settings.measures.items():
        name, _, item = target.partition("#")
        meant = (name, int(item) if item else None)
        meaning |= {one: meant for one in same_as(code) if one == code or one not in settings.measures}
    return Codes(meaning, panels, without_system)
