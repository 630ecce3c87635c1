"""Codes for the file of a site: crisis lines, protocol, and who is told."""

from __future__ import annotations

from typing import Final

from cdsrules.loading.codes.record import Code, Within

_SITE: Final = """\
name = "North Street Practice"
protocol = "Page 3 of the crisis folder at the desk."
"""
_LINE: Final = """\
name = "North Street Practice"

[[crisis_lines]]
name = "Night line"
contact = "the number on the card at the desk"
"""
_DUTY: Final = """\
name = "North Street Practice"

[steps.local_duty]
tell = ["the lead for safeguarding"]
"""

CODES: Final = (
    Code(
        "CDS380",
        "The file is no TOML",
        means="The text of the file breaks off, or does not follow the rules of TOML, at this place.",
        matters="Nothing in the file can be read, what comes after this place least of all.",
        write="A key, an equals sign and a value on each line, with texts in double quotes. An editor that knows TOML "
        "shows where a quote or bracket is missing.",
        bad=_SITE.replace('"North', "North"),
        good=_SITE,
        within=Within.SITE,
    ),
    Code(
        "CDS381",
        "A blank that was not filled in",
        means="A text of the site still waits for what is true of this place. It has a bracket of a blank, whole or "
        "half (`<`, `>`, `{`, `}`), a place-holder (`TODO`, `TBD`, `xxx`, `...`, `___`), or neither a letter nor "
        "a digit.",
        matters="It would be shown beside a sign of risk, to somebody who needs the number now.",
        write="The number, name or sentence of your place, without brackets or place-holders; or delete the line.",
        bad=_LINE.replace("the number on the card at the desk", "<the number to call>"),
        good=_LINE,
        within=Within.SITE,
    ),
    Code(
        "CDS382",
        "A step that no safety rule speaks of",
        means="Below `steps` stands the name of an action that no safety rule recommends or cautions against.",
        matters="What the site says of it would never be shown.",
        write="The name of the action as `cdsrules explain` tells it for the rule that is meant.",
        bad=_DUTY.replace("local_duty", "local_dutty"),
        good=_DUTY,
        within=Within.SITE,
    ),
    Code(
        "CDS383",
        "A site that says nothing",
        means="The file names the site and neither a crisis line, nor a protocol, nor anybody who is told.",
        matters="It looks as if the place had set something up for when something must not wait.",
        write="A crisis line, a protocol, or who is told; or no file at all.",
        bad='name = "North Street Practice"\n',
        good=_SITE,
        within=Within.SITE,
    ),
    Code(
        "CDS384",
        "A text too long to be read in haste",
        means="A text of the site has more characters than there is room for beside a sign of risk.",
        matters="What is long is not read, and pushes the next sign of risk out of sight.",
        write="A sentence or two, or where the whole of it stands.",
        bad=_SITE.replace("Page 3 of the crisis folder at the desk.", "Page 3 of the crisis folder. " * 20),
        good=_SITE,
        within=Within.SITE,
    ),
)
