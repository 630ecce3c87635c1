"""Codes for files of laws: what must hold for every client."""

from __future__ import annotations

from typing import Final

from cdsrules.loading.codes.record import Code, Within

_LAW: Final = """\
laws:
  - law: worse-never-calms
    title: A worse score never makes the guidance less urgent
    change: {worsen_latest_score: any}
    then: {urgency: never_falls}
    source: local
    why: Whoever gets worse must not be spoken of more calmly.
"""
_SECOND: Final = """\
  - law: worse-never-calms
    title: A sign of risk never calms either
    change: {add_risk_flag: any}
    then: {urgency: never_falls}
    source: local
    why: A sign of risk is no reason to be calm.
"""

CODES: Final = (
    Code(
        code="CDS220",
        title="Two laws of one name",
        means="Two laws are called the same, or a law has the name of one that comes with cdsrules.",
        matters="A report could not say which of them was broken; and the laws that come with cdsrules always hold, so "
        "none of them is replaced.",
        write="Give each law a name that says what it guards.",
        bad=f"{_LAW}{_SECOND}",
        good=f"{_LAW}{_SECOND.replace('worse-never-calms', 'risk-never-calms')}",
        within=Within.LAWS,
    ),
    Code(
        code="CDS221",
        title="A change that cannot be made",
        means="A law changes nothing, or several things at once, or what is changed is not said in full.",
        matters="A law compares a client with the same client after one change: only so does a broken law say what "
        "broke it.",
        write="Write one change, with what it is about: `{worsen_latest_score: any}`, `{ask_later: 90 days}`, or a "
        "bare `shuffle_records`.",
        bad=_LAW.replace("{worsen_latest_score: any}", "{worsen_latest_score: any, add_risk_flag: any}"),
        good=_LAW,
        within=Within.LAWS,
    ),
    Code(
        code="CDS222",
        title="A law that asks for nothing",
        means="What has to hold, `then`, is there and names nothing.",
        matters="Nothing could break such a law, and it would look as if it guarded something.",
        write="Write what has to hold, such as `urgency: never_falls` or "
        "`cautions_on: {end_treatment: never_removed}`.",
        bad=_LAW.replace("{urgency: never_falls}", "{}"),
        good=_LAW,
        within=Within.LAWS,
    ),
    Code(
        code="CDS223",
        title="Something that a law cannot change",
        means="A change names an instrument, a kind of risk, an action or a part of the record that is not there, or "
        "that this change is not about.",
        matters="What is not there never changes, so the law would hold by its misspelling.",
        write="Check the spelling; the message offers the nearest name. `any` stands for all of them.",
        bad=_LAW.replace("any", "[phq9]"),
        good=_LAW.replace("any", "[phq-9]"),
        within=Within.LAWS,
    ),
    Code(
        code="CDS224",
        title="A law on what no rule brings about",
        means="A law promises something of a recommendation or a caution on an action that no active rule recommends "
        "or cautions against.",
        matters="Of what never comes anything could be promised; nothing could break this law.",
        write="Name an action that a rule speaks of, or write the rule first.",
        bad=_LAW.replace("{urgency: never_falls}", "{cautions_on: {reach_out: never_removed}}"),
        good=_LAW.replace("{urgency: never_falls}", "{cautions_on: {end_treatment: never_removed}}"),
        within=Within.LAWS,
    ),
    Code(
        code="CDS225",
        title="A file of laws without a law",
        means="The list of laws is there and empty.",
        matters="The file looks as if it guarded something, and guards nothing.",
        write="Write a law, or delete the file.",
        bad="laws: []\n",
        good=_LAW,
        within=Within.LAWS,
    ),
)
