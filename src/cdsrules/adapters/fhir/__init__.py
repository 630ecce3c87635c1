"""FHIR R4 records into client states, and guidance into FHIR resources."""

from cdsrules.adapters.fhir.hooks import as_record
from cdsrules.adapters.fhir.notices import Notice
from cdsrules.adapters.fhir.reading import FhirError, FhirReading, client_from_fhir
from cdsrules.adapters.fhir.set_aside import SetAside
from cdsrules.adapters.fhir.settings import FhirSettings, SettingsError, check_settings
from cdsrules.adapters.fhir.writing import guidance_to_fhir

__all__ = [
    "FhirError",
    "FhirReading",
    "FhirSettings",
    "Notice",
    "SetAside",
    "SettingsError",
    "as_record",
    "check_settings",
    "client_from_fhir",
    "guidance_to_fhir",
]
