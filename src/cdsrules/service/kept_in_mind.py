"""What is said at the start, as nobody would notice it later: whom the service lets in, what it keeps and knows."""

from __future__ import annotations

from collections.abc import Iterator

from cdsrules.adapters.fhir import FhirSettings
from cdsrules.service.approval import NOT_APPROVED
from cdsrules.service.settings import ServiceSettings


def kept_in_mind(settings: ServiceSettings, *, keeps: bool, approved: bool) -> Iterator[str]:
    """Yield each thing to keep in mind, a sentence or two: `keeps` where there are records, `approved` the rules."""
    if settings.is_open:
        yield (
            "No clients are named in the settings: everybody on this machine may call, and nobody else. "
            "Name clients before anyone relies on this."
        )
    if not keeps:
        yield (
            "No `records` are set: nothing that is shown is kept, and feedback on cards is answered with 200 and "
            "thrown away. Name a database in `records` before anyone relies on this."
        )
    elif not approved:
        yield NOT_APPROVED
    yield from _not_known(settings.fhir)


def _not_known(fhir: FhirSettings) -> Iterator[str]:
    """What no code stands for as yet."""
    shipped = FhirSettings()
    if "risk_assessment" not in fhir.actions.values():
        yield (
            "No code of [fhir.actions] means risk_assessment: a sign of risk stays open whatever was assessed. "
            "Name the code that your records have for it."
        )
    referrals = {code for code, action in fhir.actions.items() if action in ("referral", "specialist_referral")}
    if referrals <= shipped.actions.keys():
        known = " and ".join(sorted({code.rpartition("|")[2] for code in referrals}))
        yield (
            f"No code of [fhir.actions] means referral beside SNOMED CT {known}: of a draft with another code nobody "
            "is advised. Name the codes that your orders have."
        )
    if set(fhir.psychotropic) <= set(shipped.psychotropic):
        yield (
            "Medication is known by its ATC code alone: of a draft with another, such as one of RxNorm, nobody is "
            "advised. Name what the codes of psychotropic medication begin with in `psychotropic` of [fhir]."
        )
