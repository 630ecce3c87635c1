"""Codes for plugins, and for the records of hosts that they read."""

from __future__ import annotations

from typing import Final

from cdsrules.loading.codes.record import Code, Within

_HEAD: Final = "from cdsrules.plugins import hookimpl, measure\n\n"
_DIAGNOSTICS: Final = "from cdsrules import Diagnostic, Severity\nfrom cdsrules.plugins import hookimpl\n\n"
_BUNDLE: Final = """\
{
  "resourceType": "Bundle",
  "timestamp": "2026-06-15T09:00:00Z",
  "entry": [
    {"resource": {"resourceType": "Patient", "id": "anna"}},
    {"resource": {"resourceType": "Encounter", "id": "e1", "status": "finished", "class": {"code": "AMB"},
      "subject": {"reference": "Patient/anna"}, "period": {"start": "2026-03-02"}}}
  ]
}
"""
_PLACES: Final = """\
@hookimpl
def cdsrules_measures():
    return [
        measure(
            "NAME",
            "number",
            lambda client, day: 3,
            words="the free places",
            meaning="How many places are free.",
            ask="the free places of the practice",
        )
    ]
"""
_CHECK: Final = """\
def no_draft_stands_beside_the_active(library):
    for book in library.rulebooks:
        if book.status != "draft":
            yield Diagnostic("CODE", f"{book.id} is in force.", "Nothing to do.", severity=Severity.NOTE)


@hookimpl
def cdsrules_checks():
    return [no_draft_stands_beside_the_active]
"""

CODES: Final = (
    Code(
        code="CDS300",
        title="A FHIR record of which no client can be made",
        means="The record is FHIR, and it does not say what every client needs: who it is, since when the treatment "
        "runs, and as of which day the record was put together.",
        matters="Guidance for the wrong person, or for the wrong day, is worse than none.",
        write="Send one Patient, an Appointment, Encounter or CarePlan that tells when the treatment began, and a "
        "Bundle with its `timestamp`; or name the day with `--as-of` on the command line, `as_of=` in Python.",
        bad=_BUNDLE.replace('  "timestamp": "2026-06-15T09:00:00Z",\n', ""),
        good=_BUNDLE,
        within=Within.RECORD,
    ),
    Code(
        code="CDS301",
        title="A record that nobody can read",
        means="What was handed over is no client document, and no plugin reads records of its kind; or the plugin that "
        "does says why it cannot read this one.",
        matters="Nothing is guessed from a record that nobody understands.",
        write="Hand over a client document, or let a plugin read the record in `cdsrules_client_from_record`.",
        bad='"anna"',
        good=_BUNDLE,
        within=Within.RECORD,
    ),
    Code(
        code="CDS302",
        title="A plugin that could not be started",
        means="An installed plugin cannot be imported, or has a function that is called like a hook and does not fit "
        "one: another name, an argument that the hook does not have, or no `@hookimpl` above it.",
        matters="What the plugin adds is not there: its rulebooks, its facts, its cautions.",
        write="Correct what the message names; docs/plugins.md has every hook with its arguments. "
        "CDSRULES_PLUGINS leaves a plugin out.",
        bad=_HEAD + "@hookimpl\ndef cdsrules_guidance_ready(guidence):\n    print(guidence.client_id)\n",
        good=_HEAD + "@hookimpl\ndef cdsrules_guidance_ready(guidance):\n    print(guidance.client_id)\n",
        within=Within.PLUGIN,
    ),
    Code(
        code="CDS303",
        title="A plugin that failed",
        means="A plugin raised an error, took too long, gave something else than its hook asks for, or changed what it "
        "was given.",
        matters="What it would have added is left out, and nothing else: guidance says so, every time.",
        write="Correct the plugin. With CDSRULES_TRACE_PLUGINS=1 every call is told, without client data.",
        bad=_HEAD + "@hookimpl\ndef cdsrules_rulebooks():\n    return 7\n",
        good=_HEAD + "@hookimpl\ndef cdsrules_rulebooks():\n    return []\n",
        within=Within.PLUGIN,
    ),
    Code(
        code="CDS304",
        title="A fact of a plugin that cannot be added",
        means="The fact bears a name that belongs to cdsrules or to another plugin, names no choices, or says "
        "something that may not be printed.",
        matters="A rule that reads it would read something else, or a clinician would.",
        write="Begin the name with the plugin's own, and a dot: `practice.free_places`.",
        bad=_HEAD + _PLACES.replace("NAME", "treatment.free_places"),
        good=_HEAD + _PLACES.replace("NAME", "practice.free_places"),
        within=Within.PLUGIN,
    ),
    Code(
        code="CDS305",
        title="A finding of a plugin's check that cannot be shown",
        means="A check of a plugin returned a diagnostic under a code of cdsrules, without a message, or made of "
        "something else than text.",
        matters="A code of cdsrules means what its page says, and nothing else.",
        write="Give it a code of the plugin's own: capitals, then figures, like `PRACTICE001`.",
        bad=_DIAGNOSTICS + _CHECK.replace("CODE", "CDS040"),
        good=_DIAGNOSTICS + _CHECK.replace("CODE", "PRACTICE001"),
        within=Within.PLUGIN,
    ),
)
