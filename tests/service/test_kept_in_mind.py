"""What a service says at its start: what nobody would notice later, and nothing that is seen to."""

from __future__ import annotations

from cdsrules.adapters.fhir import FhirSettings
from cdsrules.service.clients_table import Trusted
from cdsrules.service.kept_in_mind import kept_in_mind
from cdsrules.service.settings import ServiceSettings

OWN = "https://clinic.example"
KNOWN = FhirSettings(
    actions={f"{OWN}|seen": "risk_assessment", f"{OWN}|refer": "referral"},
    psychotropic=("http://www.nlm.nih.gov/research/umls/rxnorm|4493",),
)
CLIENTS = (Trusted("https://ehr.example", "https://ehr.example/jwks", ""),)


def said(fhir: FhirSettings = KNOWN, *, keeps: bool = True, approved: bool = True) -> tuple[str, ...]:
    return tuple(kept_in_mind(ServiceSettings(clients=CLIENTS, fhir=fhir), keeps=keeps, approved=approved))


def test_where_all_is_seen_to_nothing_is_said() -> None:
    assert said() == ()


def test_that_nothing_is_kept_is_said_and_then_nobody_has_to_approve() -> None:
    (words,) = said(keeps=False, approved=False)

    assert "nothing that is shown is kept, and feedback on cards is answered with 200 and thrown away" in words


def test_that_nobody_approved_the_rules_is_said_with_what_to_do() -> None:
    (words,) = said(approved=False)

    assert "`cdsrules records --db RECORDS activate --approved-by WHO`" in words


def test_what_no_code_stands_for_is_said_until_the_site_names_one() -> None:
    assessment, referral, medication = said(FhirSettings())

    assert "means risk_assessment" in assessment
    assert "SNOMED CT 103696004 and 3457005" in referral
    assert "by its ATC code alone" in medication
    assert len(said(FhirSettings(actions=KNOWN.actions))) == 1
    assert len(said(FhirSettings(psychotropic=KNOWN.psychotropic))) == 2
