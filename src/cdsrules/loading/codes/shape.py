"""Codes about the shape of rule files: which keys there are and what sort of value each takes."""

from __future__ import annotations

from typing import Final

from cdsrules.loading.codes.frame import RULEBOOK
from cdsrules.loading.codes.record import Code, Within

_REVIEW_DUE: Final = """\
- id: review-due
  finds: review_due
  when: {fact: plan.reviewed_on, older_than: 90 days}
"""

CODES: Final = (
    Code(
        "CDS022",
        "Neither a rulebook nor a vocabulary file",
        means="A rule file says in one of its keys what it is: `rulebook: its-id`, `vocabulary: actions`, "
        "`vocabulary: instruments` or `vocabulary: requirements`. This one does not.",
        matters="It is not known how to read it.",
        write="Add the key, or move the file out of the folder of rules.",
        bad="title: An example\nrules: []\n",
        good=RULEBOOK,
        within=Within.RULEBOOK,
    ),
    Code(
        "CDS023",
        "A key is missing",
        means="Something that has to be said is not said.",
        matters="A rulebook without a date of review, or a rule without a condition, cannot be used responsibly.",
        write="Add the key; the message shows how it is written.",
        bad=RULEBOOK.replace("review_by: 2027-11-01\n", ""),
        good=RULEBOOK,
        within=Within.RULEBOOK,
    ),
    Code(
        "CDS024",
        "A key that is not known",
        means="The key has no meaning at this place.",
        matters="What stands behind it would be ignored, and a misspelt `unless` would be an exception that never "
        "counts.",
        write="Correct the spelling or delete it. Notes belong into comments, after `#`.",
        bad=_REVIEW_DUE.replace("when:", "whne: {finding: stalled}\n  when:"),
        good=_REVIEW_DUE,
    ),
    Code(
        "CDS025",
        "Another sort of value is expected",
        means="Here stands, say, a text where a list belongs, or a number where a text belongs.",
        matters='Nothing is guessed from another sort of value: the number 12 and the text "12" are two things.',
        write="Write it as the message shows. Without quotes, 12 is a number and `true` is yes; all else is text.",
        bad=_REVIEW_DUE + "  requirement: G01\n",
        good=_REVIEW_DUE + "  requirement: [G01]\n",
    ),
    Code(
        "CDS026",
        "Not one of the words that may stand here",
        means="The key takes one of a few words, and this is none of them.",
        matters="A status or tier that is not known would leave open how far the rule takes part.",
        write="Write one of the words that the message lists.",
        bad=_REVIEW_DUE + "  status: drft\n",
        good=_REVIEW_DUE + "  status: draft\n",
    ),
    Code(
        "CDS027",
        "An id that cannot be used",
        means="Ids have lower-case letters and digits, joined by hyphens, underscores or dots, up to 80 characters.",
        matters="Ids stand in records, links and file names, where spaces and capitals get lost.",
        write="Write it like `review-due`; the `title` may say it in any words.",
        bad=_REVIEW_DUE.replace("review-due", "Review due!"),
        good=_REVIEW_DUE,
    ),
    Code(
        "CDS028",
        "Not a date",
        means="Dates are written year-month-day, and have to be in the calendar.",
        matters="03/04/2027 is two days, depending on who reads it.",
        write="Write it like `2027-11-01`.",
        bad=RULEBOOK.replace("2027-11-01", "01/11/2027"),
        good=RULEBOOK,
        within=Within.RULEBOOK,
    ),
    Code(
        "CDS029",
        "Not a duration",
        means="A duration is a whole number of days, weeks, months, years or sessions, up to a hundred years.",
        matters="It is not known how long is meant.",
        write="Write it like `60 days`, `6 months` or `3 sessions`; for half a year write `6 months`.",
        bad=_REVIEW_DUE.replace("90 days", "three months"),
        good=_REVIEW_DUE.replace("90 days", "3 months"),
    ),
    Code(
        "CDS030",
        "Not a version",
        means="A version is three whole numbers with points between them.",
        matters="Guidance names the version of every rulebook it rests on.",
        write="Write it like `1.0.0`; raise the last number with every change.",
        bad=RULEBOOK.replace("version: 1.0.0", "version: 1.0"),
        good=RULEBOOK,
        within=Within.RULEBOOK,
    ),
    Code(
        "CDS031",
        "Nothing where something belongs",
        means="A key is followed by nothing, by an empty text, or by an empty list where items belong.",
        matters="An empty `all` would hold for every client, an empty `any` for none.",
        write="Write the value, or delete the key if it need not be there.",
        bad=_REVIEW_DUE.replace("{fact: plan.reviewed_on, older_than: 90 days}", "{any: []}"),
        good=_REVIEW_DUE,
    ),
    Code(
        "CDS032",
        "A rule that does not say what it does, or says two things",
        means="A rule has exactly one of `finds`, `recommends` and `cautions`.",
        matters="Each rule can be reviewed, tested and switched off on its own.",
        write="Add what is missing; split a rule that does two things.",
        bad=_REVIEW_DUE.replace("  finds: review_due\n", ""),
        good=_REVIEW_DUE,
    ),
    Code(
        "CDS033",
        "A number out of bounds",
        means="The number has to be whole, or within the bounds that the message names.",
        matters="A count of 0 would always hold; a year like 22 would be printed as the year 22.",
        write="Write a number within the bounds.",
        bad=_REVIEW_DUE.replace(
            "{fact: plan.reviewed_on, older_than: 90 days}", "{at_least: {count: 0, of: [{finding: stalled}]}}"
        ),
        good=_REVIEW_DUE.replace(
            "{fact: plan.reviewed_on, older_than: 90 days}", "{at_least: {count: 1, of: [{finding: stalled}]}}"
        ),
    ),
    Code(
        "CDS034",
        "A source called local",
        means="`local` is what a parameter cites when no source gives its value. No source may bear that name.",
        matters="A local choice would be printed as if a document stood behind it.",
        write="Give the source another id, such as `local_protocol`.",
        bad=RULEBOOK.replace("  guide:", "  local: {title: Our protocol, grade: local}\n  guide:"),
        good=RULEBOOK,
        within=Within.RULEBOOK,
    ),
    Code(
        "CDS035",
        "Not a condition",
        means="A condition begins with `all`, `any`, `not`, `at_least`, `fact`, `finding`, `known`, `done`, "
        "`declined`, `settled` or `proposed`. This does not.",
        matters="It is not known when the rule holds.",
        write="Write a finding as `{finding: stalled}`, a fact with what it has to be, a list behind `all:` or `any:`.",
        bad=_REVIEW_DUE.replace("{fact: plan.reviewed_on, older_than: 90 days}", "stalled"),
        good=_REVIEW_DUE.replace("{fact: plan.reviewed_on, older_than: 90 days}", "{finding: stalled}"),
    ),
    Code(
        "CDS036",
        "Two conditions in one",
        means="One group of keys begins two conditions.",
        matters="It does not say whether both have to hold or one.",
        write="Make each an item of its own under `all` or `any`.",
        bad=_REVIEW_DUE.replace(
            "{fact: plan.reviewed_on, older_than: 90 days}", "{finding: stalled, done: consultation}"
        ),
        good=_REVIEW_DUE.replace(
            "{fact: plan.reviewed_on, older_than: 90 days}", "{all: [{finding: stalled}, {done: consultation}]}"
        ),
    ),
    Code(
        "CDS037",
        "Two operators for one fact",
        means="A condition on a fact (or a threshold of a definition) has one operator, and here stand two.",
        matters="It does not say whether both have to hold or one.",
        write="Make each a condition of its own under `all`, or use `between`.",
        bad=_REVIEW_DUE.replace(
            "{fact: plan.reviewed_on, older_than: 90 days}", "{fact: measure.phq-9.latest, at_least: 5, at_most: 9}"
        ),
        good=_REVIEW_DUE.replace(
            "{fact: plan.reviewed_on, older_than: 90 days}", "{fact: measure.phq-9.latest, between: [5, 9]}"
        ),
    ),
    Code(
        "CDS038",
        "A fact without an operator",
        means="The fact is named, but not what it has to be.",
        matters="It is not known when the condition holds.",
        write="Add an operator and a value; to ask only whether the fact is known, write `{known: name}`.",
        bad=_REVIEW_DUE.replace(", older_than: 90 days", ""),
        good=_REVIEW_DUE,
    ),
    Code(
        "CDS039",
        "An operator that does not exist",
        means="Beside `fact` may stand `over` and one operator, and this is neither.",
        matters="It is not known what is asked of the fact.",
        write="`cdsrules explain` and the documentation list the operators; the nearest one stands in the message.",
        bad=_REVIEW_DUE.replace("older_than", "older_then"),
        good=_REVIEW_DUE,
    ),
    Code(
        "CDS051",
        "Not allowed by the schema",
        means="The file can be read, but a JSON Schema that it was held against does not allow this.",
        matters="Schemas can ask for more than cdsrules does, such as a note on evidence with every rule; editors go "
        "by them.",
        write="Write what the schema asks for; the message says what that is.",
        bad="rules.yaml has a rule without `evidence`, and your schema requires it of every rule",
        good="rules.yaml has `evidence` with every rule",
        within=Within.FOLDER,
    ),
)
