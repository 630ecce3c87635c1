"""Codes about names: what a rule refers to has to be there."""

from __future__ import annotations

from typing import Final

from cdsrules.diagnostics import Severity
from cdsrules.loading.codes.frame import INSTRUMENTS, RULEBOOK
from cdsrules.loading.codes.record import Code, Within

_REVIEW_DUE: Final = """\
- id: review-due
  finds: review_due
  when: {fact: plan.reviewed_on, older_than: 90 days}
"""
_NOTHING: Final = "A condition on a name that nothing bears would never hold, and nobody would notice."
_PRIMARY: Final = "primary_measures:\n  - {problem: depression, instrument: phq-9, definition: manual}\n"

CODES: Final = (
    Code(
        "CDS040",
        "An unknown fact",
        means="No fact has this name.",
        matters=_NOTHING,
        write="Correct the spelling; `cdsrules facts` lists every fact with its meaning.",
        bad=_REVIEW_DUE.replace("plan.reviewed_on", "plan.review_on"),
        good=_REVIEW_DUE,
    ),
    Code(
        "CDS041",
        "An unknown finding",
        means="No rule finds this.",
        matters=_NOTHING,
        write="Correct the spelling, or write a rule with `finds:` and this name.",
        bad="""\
- id: long-stall
  finds: long_stall
  when: {all: [{finding: staled}, {fact: treatment.duration, at_least: 12 months}]}
""",
        good="""\
- id: long-stall
  finds: long_stall
  when: {all: [{finding: stalled}, {fact: treatment.duration, at_least: 12 months}]}
""",
    ),
    Code(
        "CDS042",
        "An unknown action",
        means="No action of the vocabulary has this id.",
        matters="What guidance recommends, and what a record says was done, have to be the same word.",
        write="Correct the spelling, or declare the action in vocabulary/actions.yaml.",
        bad="""\
- id: talked
  finds: talked
  when: {done: progres_talk}
""",
        good="""\
- id: talked
  finds: talked
  when: {done: progress_talk}
""",
    ),
    Code(
        "CDS052",
        "An unknown requirement",
        means="No row of the requirements has this id.",
        matters="Which rules carry a row, and which row none carries, is told by these ids alone.",
        write="Correct the spelling, or add the row to vocabulary/requirements.yaml or to a requirements file of your "
        "own.",
        bad=_REVIEW_DUE + "  requirement: [G7]\n",
        good=_REVIEW_DUE + "  requirement: [G07]\n",
    ),
    Code(
        "CDS043",
        "An unknown parameter",
        means="The rulebook declares no parameter of this name.",
        matters="The threshold would have no value.",
        write="Correct the spelling, or declare it under `parameters` with value, source and why. A parameter "
        "belongs to the "
        "rulebook it is declared in.",
        bad="""\
- id: long-stall
  finds: long_stall
  when: {fact: treatment.duration, at_least: $stall_aftr}
""",
        good="""\
- id: long-stall
  finds: long_stall
  when: {fact: treatment.duration, at_least: $stall_after}
""",
    ),
    Code(
        "CDS044",
        "An unknown instrument",
        means="No instrument of the vocabulary has this id.",
        matters="A default measure or a companion that does not exist would leave every class unknown.",
        write="Correct the spelling, or declare the instrument.",
        bad=INSTRUMENTS + _PRIMARY.replace("phq-9", "phq9"),
        good=INSTRUMENTS + _PRIMARY,
        within=Within.INSTRUMENTS,
    ),
    Code(
        "CDS045",
        "An unknown definition",
        means="The instrument has no definition of this id.",
        matters="Whether a client has changed is told by a named definition only.",
        write="Correct the spelling, or declare the definition under the instrument.",
        bad=INSTRUMENTS + _PRIMARY.replace("manual", "nhs"),
        good=INSTRUMENTS + _PRIMARY,
        within=Within.INSTRUMENTS,
    ),
    Code(
        "CDS046",
        "An unknown source",
        means="The file declares no source of this id.",
        matters="Guidance prints the source of everything it says.",
        write="Correct the spelling, or declare the source under `sources`. A parameter that no source gives cites "
        "`local`.",
        bad=_REVIEW_DUE + "  sources: [giude]\n",
        good=_REVIEW_DUE + "  sources: [guide]\n",
    ),
    Code(
        "CDS047",
        "A proposal does not say this",
        means="The action has no attribute of this name, so a proposal of it cannot say so.",
        matters=_NOTHING,
        write="Use an attribute of the action, or add it to the action's `attributes` (`discussed`, `gradual`).",
        bad="""\
- id: abrupt
  finds: abrupt_change
  when: {proposed: change_approach, with: {gradually: false}}
""",
        good="""\
- id: abrupt
  finds: abrupt_change
  when: {proposed: change_approach, with: {gradual: false}}
""",
    ),
    Code(
        "CDS048",
        "A finding that no active rule finds",
        means="A rule that runs reads a finding, and the rules that find it are drafts, in shadow or retired.",
        matters="The rule could never hold: only active rules feed others; what is in shadow feeds only what is too.",
        write="Make a rule that finds it active, or make the rule that reads it a draft.",
        bad="""\
- id: plateau
  finds: plateau
  status: draft
  when: {fact: treatment.duration, at_least: 12 months}
- id: plateau-reached
  finds: plateau_reached
  when: {finding: plateau}
""",
        good="""\
- id: plateau
  finds: plateau
  when: {fact: treatment.duration, at_least: 12 months}
- id: plateau-reached
  finds: plateau_reached
  when: {finding: plateau}
""",
    ),
    Code(
        "CDS049",
        "A parameter that no rule reads",
        means="The parameter is declared, but no condition and no text of the rulebook uses it.",
        matters="Whoever edits it expects something to change.",
        write="Use it as `$name`, or delete it.",
        bad=RULEBOOK.replace("rules:", "  spare: {value: 8 weeks, source: local, why: Kept for later.}\nrules:"),
        good=RULEBOOK,
        within=Within.RULEBOOK,
        severity=Severity.WARNING,
    ),
    Code(
        "CDS050",
        "A source that nothing cites",
        means="The source is declared, but no rule and no parameter of the rulebook cites it.",
        matters="A reader takes every source for a basis of the advice.",
        write="Cite it under `sources` of a rule, or delete it.",
        bad=RULEBOOK.replace("parameters:", '  spare: {title: "Another guideline", grade: guideline}\nparameters:'),
        good=RULEBOOK,
        within=Within.RULEBOOK,
        severity=Severity.WARNING,
    ),
)
