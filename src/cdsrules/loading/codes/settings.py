"""Codes for what settings say of rules."""

from __future__ import annotations

from typing import Final

from cdsrules.loading.codes.record import Code, Within

_EXPECTED: Final = """\
records = "records.db"

[expected]
reassess = {at_least = 2, at_most = 30}
"""

CODES: Final = (
    Code(
        "CDS330",
        "A band for a rule that is none",
        means="In `[expected]` stands a name that no rule bears: neither one that is loaded nor one that the records "
        "tell of.",
        matters="Nothing is held to this band, and the rule that was meant has none: nobody is told when it falls "
        "silent, or speaks all the time.",
        write="The id of the rule, as it stands after `id:` in the rulebook; or delete the line.",
        bad=_EXPECTED.replace("reassess", "reasess"),
        good=_EXPECTED,
        within=Within.SETTINGS,
    ),
)
