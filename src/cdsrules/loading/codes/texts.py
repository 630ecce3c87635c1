"""Codes about the wording of rules."""

from __future__ import annotations

from typing import Final

from cdsrules.loading.codes.record import Code


def _rule(clinician: str) -> str:
    return f"""\
- id: long-stall
  finds: long_stall
  when: {{fact: treatment.duration, at_least: $stall_after}}
  say: {{clinician: "{clinician}"}}
"""


_BLANK: Final = """\
- id: long-stall
  finds: long_stall
  status: {}
  title: A long stall
  hazard: {{fires_wrongly: "<Write the harm>", fails_to_fire: "The client goes on without help."}}
  when: {{fact: treatment.duration, at_least: $stall_after}}
"""

CODES: Final = (
    Code(
        "CDS080",
        "A number in a text",
        means="A title or a text of `say` holds a digit outside a placeholder.",
        matters="When the rule is edited the text would go on saying the old number.",
        write="Print the number from where it is set: `{$parameter}` or `{fact.name}`. The name of an instrument is "
        "`{measure.phq-9.name}`.",
        bad=_rule("In treatment for more than 6 months."),
        good=_rule("In treatment for more than {$stall_after}."),
    ),
    Code(
        "CDS081",
        "An unknown placeholder",
        means="A text prints a fact, and no fact has this name.",
        matters="The sentence would have a hole where clinicians read.",
        write="Correct the spelling; `cdsrules facts` lists every fact. To print a brace write it twice.",
        bad=_rule("In treatment for {treatment.durration}."),
        good=_rule("In treatment for {treatment.duration}."),
    ),
    Code(
        "CDS082",
        "A placeholder that cannot be read",
        means="Braces do not fit together, or what stands between them is neither a fact nor a parameter.",
        matters="It is not known what to print.",
        write="Write `{fact.name}`, `{fact.name:date}` for the day of the newest record behind it, "
        "`{fact.name:earlier}` for the few records before that one, `{fact.name over 60 days}` or `{$parameter}`; `{{` "
        "and `}}` print braces.",
        bad=_rule("In treatment for {treatment.duration."),
        good=_rule("In treatment for {treatment.duration}."),
    ),
    Code(
        "CDS083",
        "A wording that is never printed",
        means="The text names a class of risk or rules risk out, calls a treatment or a death a success or a failure, "
        "or says of a person what can only be said of an observation. Every text of a rule file is looked at, and the "
        "stories of cases; titles of cited works are not.",
        matters="No scale tells high risk from low, and labels stay with people. Records are read by clients too.",
        write="Say what was observed and when, and what to do.",
        bad=_rule("The client is non-compliant."),
        good=_rule("The client missed sessions."),
    ),
    Code(
        "CDS129",
        "An order, or blame",
        means="The text says that somebody must, has to or should, or whose fault something is. Every text of a rule "
        "file is looked at, and the stories of cases; titles of cited works are not.",
        matters="Guidance offers options and leaves the judgement to clinician and client; blame helps neither.",
        write="Offer it with `consider` or `it may help to`; say what was observed and what could come next.",
        bad=_rule("You should have consulted a colleague."),
        good=_rule("Consider a talk with an experienced colleague."),
    ),
    Code(
        "CDS130",
        "A diagnosis said of somebody",
        means="The text says that the client has or is something that only a diagnosis could say.",
        matters="Scores and flags are no diagnosis, the software makes none, and clients read their records.",
        write="Say what is on record and since when: signs that were recorded, a problem that somebody came with.",
        bad=_rule("The client has a personality disorder."),
        good=_rule("Signs of mania were recorded."),
    ),
    Code(
        "CDS131",
        "The name of a drug, or a dose",
        means="The text names a drug, by its generic name or a brand, or a dose.",
        matters="Only who prescribes can weigh a drug or a dose for this client; a name in a text reads like advice.",
        write="Write `medication`, and who could look at it.",
        bad=_rule("Ask whether lithium could help."),
        good=_rule("Ask whoever prescribes whether medication could help."),
    ),
    Code(
        "CDS134",
        "A blank of a template in what is active",
        means="A text still has a blank that `cdsrules new` wrote, such as `<Write who answers for this rulebook>`, "
        "and the rulebook or the rule is active.",
        matters="Therapists would be shown it, or would rely on a rule for which nobody has said what it rests on.",
        write="What is true here, in place of the blank and its brackets. Until it is known write `status: shadow`: "
        "the rule is run and recorded, and shown to nobody.",
        bad=_BLANK.format("active"),
        good=_BLANK.format("shadow"),
    ),
)
