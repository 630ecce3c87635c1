"""Codes for files of obligations: what rules owe to clients."""

from __future__ import annotations

from typing import Final

from cdsrules.loading.codes.record import Code, Within

_OBLIGATION: Final = """\
obligations:
  - obligation: stalled-gets-a-step
    title: Whoever is stalled is advised something
    every: {finding: stalled}
    gets: {recommendation: any}
    source: G01
    why: To be told that nothing moves, and nothing more, helps nobody.
"""
_SECOND: Final = """\
  - obligation: stalled-gets-a-step
    title: Whoever is stalled is advised to consult
    every: {finding: stalled}
    gets: {recommendation: [consultation]}
    source: G01
    why: A colleague may see what is hard to see from inside.
"""
_SCREEN: Final = """\
screens:
  - screen: danger-to-others
    title: Harm to others and safeguarding
    asks: [risk.harm_to_others.open, risk.safeguarding.open]
    serious: {fact: risk.harm_to_others.open, is: true}
    gets: {safety_item: any, risk_line: any}
    source: S06
    why: A sign must not pass in silence.
"""

CODES: Final = (
    Code(
        code="CDS240",
        title="Two obligations or screens of one name",
        means="Two obligations, or two screens, are called the same, or one is called as one that comes with cdsrules.",
        matters="A report could not say which of them is not kept; and those that come with cdsrules are always looked "
        "into, so none of them is replaced.",
        write="Give each a name that says what is owed.",
        bad=f"{_OBLIGATION}{_SECOND}".replace("stalled-gets", "who-stalls-gets"),
        good=f"{_OBLIGATION}{_SECOND.replace('gets-a-step', 'gets-a-colleague')}".replace(
            "stalled-gets", "who-stalls-gets"
        ),
        within=Within.OBLIGATIONS,
    ),
    Code(
        code="CDS241",
        title="Nothing is owed",
        means="What a client is to get, `gets`, is there and names nothing.",
        matters="Nothing could be missing, and the obligation would look as if it asked for something.",
        write="Write what has to be there, such as `recommendation: any` or `safety_item: any`.",
        bad=_OBLIGATION.replace("stalled-gets", "who-stalls-gets").replace("{recommendation: any}", "{}"),
        good=_OBLIGATION.replace("stalled-gets", "who-stalls-gets"),
        within=Within.OBLIGATIONS,
    ),
    Code(
        code="CDS242",
        title="Something owed that no rule brings about",
        means="An obligation or a screen asks for an action that no active rule recommends or cautions against, or for "
        "a finding that no active rule finds.",
        matters="Every client would miss it, by a slip of spelling or because the rule is not written yet.",
        write="Check the spelling, or write the rule first.",
        bad=_OBLIGATION.replace("stalled-gets", "who-stalls-gets").replace(
            "recommendation: any", "recommendation: [consultaton]"
        ),
        good=_OBLIGATION.replace("stalled-gets", "who-stalls-gets").replace(
            "recommendation: any", "recommendation: [consultation]"
        ),
        within=Within.OBLIGATIONS,
    ),
    Code(
        code="CDS243",
        title="A file of obligations that declares nothing",
        means="There is neither an obligation nor a screen in the file.",
        matters="The file looks as if it asked something of the rules beside it, and asks nothing.",
        write="Write an obligation or a screen, or delete the file.",
        bad="obligations: []\n",
        good=_OBLIGATION.replace("stalled-gets", "who-stalls-gets"),
        within=Within.OBLIGATIONS,
    ),
    Code(
        code="CDS244",
        title="A screen that cannot be gone through",
        means="A screen asks for no fact, for one without a small number of values, or for so many that their "
        "combinations are too many.",
        matters="Only what is gone through whole shows that nothing stays silent.",
        write="Ask for a few facts that are a yes or no, a word of several, or a number that rules compare with "
        "something; make two screens of a large one.",
        bad=_SCREEN.replace("danger-to", "concern-for").replace("risk.safeguarding.open", "treatment.started_on"),
        good=_SCREEN.replace("danger-to", "concern-for"),
        within=Within.OBLIGATIONS,
    ),
)
