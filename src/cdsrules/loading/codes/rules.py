"""Codes about rules and rulebooks as wholes."""

from __future__ import annotations

from typing import Final

from cdsrules.diagnostics import Severity
from cdsrules.loading.codes.frame import RULEBOOK
from cdsrules.loading.codes.record import Code, Within

_RECOMMENDS: Final = """\
- id: look-afresh
  recommends: reassessment
  when: {finding: stalled}
  say: {clinician: Consider a reassessment.}
  sources: [guide]
"""
_CAUTIONS: Final = """\
- id: no-talk-yet
  cautions: change_approach
  when: {proposed: change_approach}
  until: [progress_talk]
  say: {clinician: A change of approach is planned. Consider a talk about progress first.}
  sources: [guide]
"""
_OWN: Final = """\
rulebook: shipped-example
version: {}
status: active
title: An example
owner: Clinical lead
review_by: 2027-11-01
parameters:
  {}
rules: []
"""
_NINE: Final = "long_after: {value: 9 months, source: local, why: Our team looks back nine months.}"
_REPLACING: Final = """\
rulebook: shipped-example
version: 1.0.1
status: active
title: An example
owner: Clinical lead
review_by: 2027-11-01
rules:
  - id: {}
    finds: long_treatment
    when: {{fact: treatment.duration, more_than: $long_after}}
"""
_COPIED: Final = """\
rulebook: shipped-example
version: 1.0.1
status: active
title: An example
owner: Clinical lead
review_by: 2027-11-01
rules:
  - id: long-treatment
    finds: long_treatment
    when: {fact: treatment.duration, at_least: $long_after}
"""
_KEPT: Final = """\
  - id: paused
    finds: paused
    when: {fact: treatment.paused, is: true}
"""

CODES: Final = (
    Code(
        "CDS095",
        "The same id twice",
        means="Two rules, rulebooks, actions or instruments bear one id, in one file or in two; or two `[[clients]]` "
        "in the settings of a service bear one `issuer`.",
        matters="Records and explanations name rules by their id; it could not be told which of the two is meant.",
        write="Give one of them another id. A rule of yours replaces a shipped one of its id; two of yours do not "
        "replace "
        "each other.",
        bad=_RECOMMENDS + _RECOMMENDS,
        good=_RECOMMENDS,
    ),
    Code(
        "CDS096",
        "Nothing said about what it rests on",
        means="A recommendation or caution names no source.",
        matters="Whoever is advised has to be able to look up on whose authority.",
        write="Add `sources: [...]`. For a local decision declare a source with `grade: local`.",
        bad=_RECOMMENDS.replace("  sources: [guide]\n", ""),
        good=_RECOMMENDS,
    ),
    Code(
        "CDS097",
        "No words for the clinician",
        means="A recommendation or caution has no `say: {clinician: ...}`.",
        matters="There would be nothing to show.",
        write="Add a sentence that says what to consider, as an option and not as an order.",
        bad=_RECOMMENDS.replace("clinician", "supervisor"),
        good=_RECOMMENDS,
    ),
    Code(
        "CDS098",
        "Past its review",
        means="The day by which the rulebook was to be reviewed has passed.",
        matters="Evidence moves on; whoever relies on the rules should know that nobody has looked at them since.",
        write="Review the rulebook, then set a new `review_by` and raise `version`.",
        bad=RULEBOOK.replace("2027-11-01", "2020-01-01"),
        good=RULEBOOK,
        within=Within.RULEBOOK,
        severity=Severity.WARNING,
    ),
    Code(
        "CDS099",
        "Findings in a circle",
        means="A finding reads another that, over however many steps, reads the first.",
        matters="Neither could ever come first.",
        write="Take one of the readings out, or ask the facts themselves.",
        bad="""\
- id: guarded
  finds: guarded
  when: {finding: withdrawn}
- id: withdrawn
  finds: withdrawn
  when: {finding: guarded}
""",
        good="""\
- id: guarded
  finds: guarded
  when: {finding: withdrawn}
- id: withdrawn
  finds: withdrawn
  when: {fact: attendance.no_shows, over: 60 days, at_least: 2}
""",
    ),
    Code(
        "CDS100",
        "A condition of until that stands in when too",
        means="What lifts the caution is asked for or denied in `when` as well.",
        matters="The caution would fall silent instead of showing what would lift it.",
        write="Keep the condition in `until` alone.",
        bad=_CAUTIONS.replace(
            "{proposed: change_approach}", "{all: [{proposed: change_approach}, {not: {done: progress_talk}}]}"
        ),
        good=_CAUTIONS,
    ),
    Code(
        "CDS101",
        "Until on a rule that is no caution",
        means="`until` lifts a caution, and this rule finds or recommends something.",
        matters="It would be ignored.",
        write="Write into `when` under what condition the rule no longer holds.",
        bad=_RECOMMENDS + "  until: [reassessment]\n",
        good=_RECOMMENDS.replace("{finding: stalled}", "{all: [{finding: stalled}, {not: {done: reassessment}}]}"),
    ),
    Code(
        "CDS102",
        "Priority on a rule that is no recommendation",
        means="`priority` says whether a recommendation is for now or for later; this rule finds something or "
        "cautions.",
        matters="It would be ignored.",
        write="Delete it.",
        bad=_CAUTIONS + "  priority: now\n",
        good=_CAUTIONS,
    ),
    Code(
        "CDS103",
        "A parameter of another kind than the one it replaces",
        means="Your rulebook sets a parameter of a shipped one to another kind of value.",
        matters="The shipped rules that read it could no longer be decided.",
        write="Write a value of the same kind: a duration for a duration, a number for a number.",
        bad="""\
rulebook: shipped-example
version: 1.0.1
status: active
title: An example
owner: Clinical lead
review_by: 2027-11-01
parameters:
  long_after: {value: 12, source: local, why: Our team looks back over a year.}
rules: []
""",
        good="""\
rulebook: shipped-example
version: 1.0.1
status: active
title: An example
owner: Clinical lead
review_by: 2027-11-01
parameters:
  long_after: {value: 12 months, source: local, why: Our team looks back over a year.}
rules: []
""",
        within=Within.RULEBOOK,
    ),
    Code(
        "CDS104",
        "A condition of too many parts",
        means="A condition has more than two hundred parts, however they are nested.",
        matters="Nobody can check it, and explaining it to a clinician would fill pages.",
        write="Parts of it as findings of their own, with names that say what they mean, and read those.",
        bad="when: {any: [...]} with 201 items",
        good="when: {any: [{finding: early_signs}, {finding: late_signs}]}",
        within=Within.FOLDER,
    ),
    Code(
        "CDS105",
        "Findings piled up too high",
        means="A finding rests on a finding that rests on another, and so on, more than ten deep.",
        matters="Nobody can follow so long a chain, and every explanation would have to.",
        write="A condition that reads the facts themselves, somewhere along the chain.",
        bad="eleven findings, each of which reads the next one",
        good="a finding that reads a finding that reads facts",
        within=Within.FOLDER,
    ),
    Code(
        "CDS106",
        "More problems than are listed",
        means="There is more wrong with the files than anybody would read through; the first thousand are listed.",
        matters="So much is rarely a matter of slips: most likely it is no rule file, or the indentation is lost.",
        write="What the first problems ask for; then the rest shows.",
        bad="cdsrules check exports        (a folder of other YAML files)",
        good="cdsrules check clinic-rules",
        within=Within.FOLDER,
    ),
    Code(
        "CDS132",
        "A number of your own that passes for the shipped one",
        means="A parameter has another value than in the shipped rulebook, and the version, or its source and reason, "
        "are those of the shipped one.",
        matters="Guidance names rulebook, version and source: they would vouch for a number that they do not give.",
        write="Give the parameter its source (`local` where none gives it), why and since when, and the rulebook a "
        "version of its own.",
        bad=_OWN.format("1.0.0", _NINE),
        good=_OWN.format("1.0.1", _NINE),
        within=Within.RULEBOOK,
        severity=Severity.NOTE,
    ),
    Code(
        "CDS133",
        "A rule of your own in the place of a shipped one",
        means="A rule has the id of a shipped rule and says something else; the shipped one is not used.",
        matters="That is how a rule is changed, and also what a name chosen by chance would do.",
        write="Nothing, where it is meant. To keep both, give yours an id of its own.",
        bad=_REPLACING.format("long-treatment"),
        good=_REPLACING.format("long-treatment-here"),
        within=Within.RULEBOOK,
        severity=Severity.NOTE,
    ),
    Code(
        "CDS137",
        "A copy that leaves out a shipped rule",
        means="A rulebook with the id of a shipped one has some of its rules word for word, and lacks others.",
        matters="A rule that is deleted from a copy goes on speaking as it is shipped.",
        write="Nothing, where that is meant. To take a rule out of use keep it in the copy, with `status: retired`.",
        bad=_COPIED,
        good=_COPIED + _KEPT,
        within=Within.RULEBOOK,
        severity=Severity.NOTE,
    ),
)
