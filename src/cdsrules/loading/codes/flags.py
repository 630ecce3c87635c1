"""Codes for flags of a record that a site sets aside."""

from __future__ import annotations

from typing import Final

from cdsrules.loading.codes.record import Code, Within

_CODE: Final = """\
[fhir.flags]
"https://ehr.example.org/flags|suicidal-thoughts" = "ideation"

[[fhir.flags_set_aside]]
code = "https://ehr.example.org/flags|interpreter"
decided_by = "the clinical lead"
decided_on = 2026-07-01
"""
_CATEGORY: Final = """\
[[fhir.flags_set_aside]]
category = "http://terminology.hl7.org/CodeSystem/flag-category|admin"
decided_by = "the clinical lead"
decided_on = 2026-07-01
"""

CODES: Final = (
    Code(
        "CDS340",
        "A sign of risk that was set aside",
        means="Among the flags that the site sets aside is a code that means risk: by the site's own `flags`, as the "
        "question on suicide or self-harm of an instrument, or as one of the codes of self-harm and suicide that "
        "cdsrules knows.",
        matters="Nobody would be warned of such a flag any more.",
        write="Nothing here. If the code means a sign of risk, say which in `flags`; if your record uses it for "
        "something else, have the record use another.",
        bad=_CODE.replace("|interpreter", "|suicidal-thoughts"),
        good=_CODE,
        within=Within.FHIR,
    ),
    Code(
        "CDS341",
        "A category that may be about risk",
        means="A whole category of flags is set aside that by its own definition may be about risk: behaviour, "
        "clinical data, contact with the patient, or safety.",
        matters="The next flag of this category may be the one that says that somebody is in danger.",
        write="The single codes that you have looked at, each with `code`.",
        bad=_CATEGORY.replace("|admin", "|behavioral"),
        good=_CATEGORY,
        within=Within.FHIR,
    ),
    Code(
        "CDS342",
        "Flags that are told by something else than a code",
        means="An entry of `flags_set_aside` names neither a code nor a category, or both, or a text without the "
        "system that a code belongs to.",
        matters="The words of a flag are written by hand: the same words may stand on a flag that means something "
        "else, and nobody can tell which flags were meant.",
        write='`code = "system|code"`, or `category = "system|code"` for all flags of a category, as the notice on the '
        "flag names them. What has no code is shown each time.",
        bad=_CODE.replace("https://ehr.example.org/flags|interpreter", "Needs an interpreter"),
        good=_CODE,
        within=Within.FHIR,
    ),
)
