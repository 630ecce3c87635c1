"""By which names records call one and the same code system, as HL7 lists them; no other name is guessed."""

from __future__ import annotations

from typing import Final

# HL7, FHIR R4, "Known identifier systems": by its address and by its OID.
LOINC: Final = ("http://loinc.org", "urn:oid:2.16.840.1.113883.6.1")
SNOMED_CT: Final = ("http://snomed.info/sct", "urn:oid:2.16.840.1.113883.6.96")


def in_system(names: tuple[str, ...], code: str) -> tuple[str, ...]:
    """Return a code as `system|code`, under each name of its system.

    >>> in_system(LOINC, "44260-8")
    ('http://loinc.org|44260-8', 'urn:oid:2.16.840.1.113883.6.1|44260-8')
    """
    return tuple(f"{name}|{code}" for name in names)


def same_as(code: str) -> tuple[str, ...]:
    """Return a code (`system|code`) under each name of its system; as it is where none else is known."""
    system, _, own = code.partition("|")
    names = next((names for names in (LOINC, SNOMED_CT) if system in names), None)
    return (code,) if names is None else in_system(names, own)
