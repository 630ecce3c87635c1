"""Codes for cases that were proposed and wait for somebody to say that they are right."""

from __future__ import annotations

from typing import Final

from cdsrules.diagnostics import Severity
from cdsrules.loading.codes.record import Code, Within

_PROPOSED: Final = """\
rulebook: stalled-progress
as_of: 2026-06-15
clients:
  anna:
    story: Anna has come weekly since November.
    state: {treatment: {started_on: 2025-11-10}}
cases:
  - case: nothing is measured
    proposed: true
    client: anna
    expect: {unknown: [stalled]}
"""
_SIGNED: Final = _PROPOSED.replace(
    "proposed: true\n", "proposed: true\n    reviewed_by: Lead for adult psychotherapy\n    reviewed_on: 2026-06-15\n"
)

CODES: Final = (
    Code(
        code="CDS230",
        title="A proposed case that nobody has reviewed",
        means="The case was written by `cdsrules test --propose`, and nobody has put a name and a day to it.",
        matters="A proposal expects what the rules do now. Only somebody who knows the work can say whether that is "
        "what they should do; until then it defends nothing, and is counted apart.",
        write="Read the story and what is expected. If it is right, write `reviewed_by` and `reviewed_on`. If it is "
        "not, the rule is wrong: change the rule, or what is expected, and then sign.",
        bad=_PROPOSED,
        good=_SIGNED,
        within=Within.CASES,
        severity=Severity.WARNING,
    ),
    Code(
        code="CDS231",
        title="A review that is not whole",
        means="A case names a reviewer without a day or a day without a reviewer, or is reviewed and was never "
        "proposed.",
        matters="Who answers for a case, and since when, has to be readable years later.",
        write="Write `proposed: true`, `reviewed_by` and `reviewed_on` together, or none of them.",
        bad=_SIGNED.replace("    reviewed_on: 2026-06-15\n", ""),
        good=_SIGNED,
        within=Within.CASES,
    ),
)
