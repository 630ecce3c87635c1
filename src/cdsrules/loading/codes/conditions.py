"""Codes about what a condition asks of a fact."""

from __future__ import annotations

from typing import Final

from cdsrules.loading.codes.record import Code


def _rule(condition: str) -> str:
    return f"- id: example-finding\n  finds: example_finding\n  when: {condition}\n"


CODES: Final = (
    Code(
        "CDS060",
        "An operator that does not fit the fact",
        means="Facts of this kind cannot be asked this: a duration has no `includes`, a yes or no no `at_least`.",
        matters="The condition could neither hold nor fail.",
        write="Use an operator that the message lists for this kind of fact.",
        bad=_rule("{fact: ratings.client.latest, at_least: 2}"),
        good=_rule("{fact: ratings.client.latest, is: worse}"),
    ),
    Code(
        "CDS061",
        "A value that does not fit the fact",
        means="The fact has another kind of value than the one it is held against.",
        matters="The two could never be compared.",
        write="Write a value of the fact's kind: a number, a duration such as `6 months`, a date, `true` or `false`, "
        "or a word.",
        bad=_rule("{fact: treatment.duration, at_least: 6}"),
        good=_rule("{fact: treatment.duration, at_least: 6 months}"),
    ),
    Code(
        "CDS062",
        "A unit that does not fit the fact",
        means="The fact runs by the calendar and is held against a number of sessions.",
        matters="Three sessions may take three weeks or three months.",
        write="Write a duration in days, weeks, months or years.",
        bad=_rule("{fact: treatment.duration, at_least: 3 sessions}"),
        good=_rule("{fact: treatment.sessions_attended, at_least: 3}"),
    ),
    Code(
        "CDS063",
        "A value outside the fact's range",
        means="The fact never reaches this value.",
        matters="The condition would always hold or never, whatever is recorded.",
        write="Write a value within the range that the message names.",
        bad=_rule("{fact: measure.phq-9.latest, at_least: 30}"),
        good=_rule("{fact: measure.phq-9.latest, at_least: 20}"),
    ),
    Code(
        "CDS064",
        "A value between the steps of the fact",
        means="Values of the fact move in steps, and this lies between two of them.",
        matters="Equality would never hold, and a threshold would read as finer than it is.",
        write="Write one of the two values on either side.",
        bad=_rule("{fact: measure.phq-9.latest, at_least: 9.5}"),
        good=_rule("{fact: measure.phq-9.latest, at_least: 10}"),
    ),
    Code(
        "CDS065",
        "A word the fact never has",
        means="The fact is one of a few words, and this is none of them.",
        matters="The condition would never hold, or always.",
        write="Write one of the words that the message lists.",
        bad=_rule("{fact: ratings.client.latest, is: wrose}"),
        good=_rule("{fact: ratings.client.latest, is: worse}"),
    ),
    Code(
        "CDS066",
        "The same value twice",
        means="A list of values names one of them twice.",
        matters="One of the two was probably meant to be another.",
        write="Delete one, or write the value that was meant.",
        bad=_rule("{fact: ratings.client.latest, one_of: [worse, worse]}"),
        good=_rule("{fact: ratings.client.latest, one_of: [same, worse]}"),
    ),
    Code(
        "CDS067",
        "A range upside down",
        means="`between` names the higher value first.",
        matters="Nothing lies between the two.",
        write="Write the lower value first.",
        bad=_rule("{fact: measure.phq-9.latest, between: [9, 5]}"),
        good=_rule("{fact: measure.phq-9.latest, between: [5, 9]}"),
    ),
    Code(
        "CDS068",
        "A duration of nothing",
        means="The window or time is zero days, weeks, months, years or sessions.",
        matters="The condition would hold always or never.",
        write="Write a duration above zero.",
        bad=_rule("{fact: treatment.duration, at_least: 0 months}"),
        good=_rule("{fact: treatment.duration, at_least: 1 month}"),
    ),
    Code(
        "CDS069",
        "Conditions that contradict each other",
        means="Two conditions under one `all` ask of one fact what cannot both be.",
        matters="The rule would never hold.",
        write="Correct one of the two, or put them under `any`.",
        bad=_rule("{all: [{fact: measure.phq-9.latest, at_least: 20}, {fact: measure.phq-9.latest, less_than: 10}]}"),
        good=_rule("{all: [{fact: measure.phq-9.latest, at_least: 10}, {fact: measure.phq-9.latest, less_than: 20}]}"),
    ),
    Code(
        "CDS070",
        "More asked for than there is",
        means="`at_least` asks for more conditions to hold than stand under `of`.",
        matters="The rule would never hold.",
        write="Lower `count`, or add conditions.",
        bad=_rule("{at_least: {count: 3, of: [{finding: stalled}, {done: consultation}]}}"),
        good=_rule("{at_least: {count: 2, of: [{finding: stalled}, {done: consultation}]}}"),
    ),
    Code(
        "CDS071",
        "A window is missing",
        means="The fact is counted over a window, and none is named.",
        matters="Two no-shows in a month and two in three years are not the same.",
        write="Add `over: 60 days` beside the fact, or `{fact.name over 60 days}` in a text.",
        bad=_rule("{fact: attendance.no_shows, at_least: 2}"),
        good=_rule("{fact: attendance.no_shows, over: 60 days, at_least: 2}"),
    ),
    Code(
        "CDS072",
        "A window where none belongs",
        means="The fact is not counted over a window, and one is named.",
        matters="The window would be ignored.",
        write="Delete `over`.",
        bad=_rule("{fact: measure.phq-9.latest, over: 60 days, at_least: 10}"),
        good=_rule("{fact: measure.phq-9.latest, at_least: 10}"),
    ),
    Code(
        "CDS073",
        "A window in the wrong unit",
        means="The fact is counted over a time and the window is a number of sessions, or the other way round.",
        matters="The count would not be the one that is meant.",
        write="Write the window in the unit that the message names.",
        bad=_rule("{fact: measure.phq-9.class, over: 8 sessions, is: reliably_improved}"),
        good=_rule("{fact: measure.phq-9.class, over: 8 weeks, is: reliably_improved}"),
    ),
    Code(
        "CDS074",
        "A fact that is no date",
        means="`after` or `before` is held against a fact that holds no date.",
        matters="The two could never be compared.",
        write="Name a fact with a date (most end in `_on`), an action, or a date.",
        bad=_rule("{fact: plan.reviewed_on, after: {fact: treatment.duration}}"),
        good=_rule("{fact: plan.reviewed_on, after: {fact: treatment.started_on}}"),
    ),
    Code(
        "CDS075",
        "A percentage written as a fraction",
        means="The fact is told in per cent, from 0 to 100, and is held against a number between 0 and 1.",
        matters="Hardly anybody has less than one per cent: the rule would fall silent, or speak to everybody.",
        write="Write the percentage: `70` for seventy in a hundred, without a sign.",
        bad=_rule("{fact: attendance.rate, over: 8 sessions, less_than: 0.7}"),
        good=_rule("{fact: attendance.rate, over: 8 sessions, less_than: 70}"),
    ),
)
