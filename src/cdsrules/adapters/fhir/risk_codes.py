"""Codes that are about risk by the meaning that their own publisher gives them.

Nothing is concluded from them, as no rule speaks of them: what bears one is to be looked at, and cannot be set aside.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from cdsrules.adapters.fhir.code_systems import LOINC, SNOMED_CT, in_system
from cdsrules.model.vocabulary import Vocabulary

OF_RISK: Final = "by its code it is about risk, and nothing is read from it here"
"""Why somebody has to look at what bears such a code."""
ICD_10: Final = "http://hl7.org/fhir/sid/icd-10"
ICD_10_CM: Final = "http://hl7.org/fhir/sid/icd-10-cm"
_BOTH: Final = frozenset({ICD_10, ICD_10_CM})

# Beginnings. WHO, ICD-10: intentional self-harm (X60 to X84), what follows of it (Y87.0), a history of it (Z91.5); in
# ICD-10-CM also homicidal and suicidal ideations (R45.85), suicide attempt (T14.91).
_SELF_HARM: Final = ("X6", "X7", "X80", "X81", "X82", "X83", "X84", "Y870", "Z915", "R4585", "T1491")
_BEGINNINGS: Final = tuple(f"{system}|{code}" for system in (ICD_10, ICD_10_CM) for code in _SELF_HARM)
# SNOMED CT: suicidal thoughts; at increased risk for suicide.
_WHOLE: Final = frozenset(name for code in ("6471006", "225444004") for name in in_system(SNOMED_CT, code))


def is_of_risk(code: str, own: Collection[str] = ()) -> bool:
    """Return whether a code (`system|code`) is known as one of risk; `own` are codes that mean risk besides.

    >>> is_of_risk("http://hl7.org/fhir/sid/icd-10|X70.9"), is_of_risk("http://snomed.info/sct|3457005")
    (True, False)
    """
    return code in own or code in _WHOLE or without_point(code).startswith(_BEGINNINGS)


def risk_items(vocabulary: Vocabulary) -> frozenset[str]:
    """Return the codes of the questions on suicide and self-harm of all instruments."""
    return frozenset(
        name
        for instrument in vocabulary.instruments.values()
        for number, code in (instrument.loinc_items or {}).items()
        if number in instrument.risk_items
        for name in in_system(LOINC, code)
    )


def without_point(code: str) -> str:
    """Return a code of ICD-10 as claims write it, F41.1 as F411; of others, where a point may tell, as it is."""
    system, bar, own = code.partition("|")
    return f"{system}{bar}{own.replace('.', '')}" if system in _BOTH else code
