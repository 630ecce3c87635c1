"""Codes about safety rules, which nothing may switch off or soften."""

from __future__ import annotations

from typing import Final

from cdsrules.diagnostics import Severity
from cdsrules.loading.codes.frame import ACTIONS, INSTRUMENTS
from cdsrules.loading.codes.record import Code, Within

_RULE: Final = """\
- id: silence
  recommends: consultation
  tier: safety
  when: {fact: risk.missed_after_disclosure, is: true}
  say: {clinician: Consider a consultation today.}
  sources: [guide]
"""
_OWN_NUMBERS: Final = """\
      ours:
        title: As our service counts change
        source: manual
        reliable_change: {at_least: 9}
        clinical: {at_least: 10}
"""
_NUMBERS: Final = INSTRUMENTS.replace("reliable_change: {at_least: 6}", "reliable_change: {at_least: 9}")
_ALWAYS: Final = "What a safety rule says must reach the clinician whatever else is configured."

CODES: Final = (
    Code(
        "CDS120",
        "A safety rule cannot be replaced",
        means="Your file bears the id of the safety rulebook, or one of your rules the id of a safety rule.",
        matters=_ALWAYS,
        write="Delete the copy: the shipped one always loads. A rule of your own gets an id of its own and is added.",
        bad=_RULE.replace("id: silence", "id: reach-out"),
        good=_RULE,
    ),
    Code(
        "CDS121",
        "An exception on a safety rule",
        means="A safety rule has `unless`.",
        matters=_ALWAYS + " An exception that is not known would let it through; one that is known would silence it.",
        write="Delete `unless`. What closes the item belongs in the facts: a later risk assessment, a client contact.",
        bad=_RULE + "  unless: {done: consultation}\n",
        good=_RULE,
    ),
    Code(
        "CDS122",
        "A parameter in a safety rule",
        means="A safety rule reads a parameter (`$name`).",
        matters="A threshold that can be edited can be edited away.",
        write="Write the value itself into the rule.",
        bad=_RULE.replace(
            "{fact: risk.missed_after_disclosure, is: true}", "{fact: risk.disclosed_on, within: $recent}"
        ),
        good=_RULE.replace(
            "{fact: risk.missed_after_disclosure, is: true}", "{fact: risk.disclosed_on, within: 60 days}"
        ),
    ),
    Code(
        "CDS123",
        "A safety rule that is not active",
        means="A safety rule, or the rulebook it stands in, is a draft, in shadow or retired.",
        matters=_ALWAYS,
        write="Make it `active`. While you are still writing it, give it another tier.",
        bad=_RULE + "  status: shadow\n",
        good=_RULE + "  status: active\n",
    ),
    Code(
        "CDS124",
        "A safety step that would have to wait",
        means="A safety rule recommends an action that requires others before it.",
        matters="It would be shown as a later step.",
        write="Recommend an action without `requires`.",
        bad=_RULE.replace("recommends: consultation", "recommends: change_approach").replace(
            "a consultation", "a change of approach"
        ),
        good=_RULE,
    ),
    Code(
        "CDS125",
        "A risk item is left out",
        means="Your file replaces a shipped instrument and leaves out an item that asks about suicide or self-harm, "
        "or lets its answers begin higher up.",
        matters="The safety rules would no longer see that item, or take an endorsed one for the lowest answer.",
        write="List the risk items of the shipped instrument under `items: {risk: [...]}`; let answers begin as there.",
        bad=INSTRUMENTS.replace(", risk: [9]", ""),
        good=INSTRUMENTS,
        within=Within.INSTRUMENTS,
    ),
    Code(
        "CDS126",
        "A rule without a safety tier in the safety rulebook",
        means="The safety rulebook holds rules of the tiers `safety` and `deterioration` only.",
        matters="What stands there can be neither snoozed nor replaced; that is kept for what must not be missed.",
        write="Add the tier, or move the rule to another rulebook.",
        bad=_RULE.replace("tier: safety", "tier: review"),
        good=_RULE,
        within=Within.SAFETY,
    ),
    Code(
        "CDS127",
        "A caution against a safety step",
        means="Your rule speaks against an action that a shipped safety rule recommends, such as to assess risk.",
        matters="Proposed by a clinician, that step would be answered with advice to hold off.",
        write="Take the rule out. If it is about how the step is taken, recommend what helps with it instead.",
        bad=_RULE.replace("recommends: consultation", "cautions: reach_out").replace(
            "Consider a consultation today", "Contact with the client can wait"
        ),
        good=_RULE,
    ),
    Code(
        "CDS128",
        "An action that safety rests on is changed",
        means="Your file replaces an action that a shipped safety rule recommends, or takes the mark "
        "`not_while_at_risk` from a shipped action.",
        matters="The safety rules speak in the words of the vocabulary, and its marks say what is held back while a "
        "safety item is open. What can be edited can be edited away.",
        write="Leave these actions as they are shipped, or out of your file: the shipped ones stay in force.",
        bad=ACTIONS.replace("do: reach out to the client today", "do: wait and see"),
        good=ACTIONS,
        within=Within.ACTIONS,
    ),
    Code(
        "CDS135",
        "A shipped definition with other numbers",
        means="Your file has a shipped measure or definition under its own name, with another scale, reliable change, "
        "cut-off, companion or ages; or it leaves a shipped definition out, or puts them in another order.",
        matters="Whether a client has reliably got worse is told by these numbers, and guidance would go on naming the "
        "shipped definition and its source for yours. What can be edited can be edited away.",
        write="Leave these numbers as they are shipped. For others add a definition beside it, with an id, a title and "
        "a source of its own, and name it under `primary_measures` or in the client's record.",
        bad=_NUMBERS,
        good=INSTRUMENTS + _OWN_NUMBERS,
        within=Within.INSTRUMENTS,
    ),
    Code(
        "CDS136",
        "Scores of a shipped measure count for another time",
        means="Your file has a shipped measure with another `valid_for`.",
        matters="How long a score counts is for each service to settle. Safety rests on it too: the shorter it is, "
        "the sooner a worsening is no longer seen; the longer, the longer an old answer stands for today's.",
        write="Nothing, where it is meant; else leave `valid_for` as it is shipped.",
        bad=INSTRUMENTS.replace("valid_for: 6 weeks", "valid_for: 3 weeks"),
        good=INSTRUMENTS,
        within=Within.INSTRUMENTS,
        severity=Severity.NOTE,
    ),
)
