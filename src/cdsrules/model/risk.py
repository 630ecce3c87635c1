"""What is on file about risk: flags, assessments, and what the local procedure asked for.

Every record begins with its day, as those of `cdsrules.model.records` do.
"""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

from cdsrules.model.facts import Evidence
from cdsrules.model.saying import say_word

RISK_KINDS: Final = (
    "ideation",
    "plan",
    "intent",
    "attempt",
    "psychosis",
    "mania",
    "harm_to_others",
    "safeguarding",
    "self_neglect",
    "eating_disorder_instability",
    "intoxication",
    "withdrawal",
)
# Disclosures of suicidality: what a missed session or silence afterwards makes urgent (CLINICAL S03).
DISCLOSURES: Final = frozenset({"ideation", "plan", "intent", "attempt"})
# More than thoughts: urgent (CLINICAL S02).
ACUTE: Final = frozenset({"plan", "intent", "attempt"})
# For a physician or psychiatrist to look at (CLINICAL S05, S07).
MEDICAL: Final = frozenset(
    {"psychosis", "mania", "self_neglect", "eating_disorder_instability", "intoxication", "withdrawal"}
)
# Not for an assessment to close: the local procedure decides (CLINICAL S06).
CLOSED_BY_PROCEDURE: Final = frozenset({"harm_to_others", "safeguarding"})


class RiskFlag(NamedTuple):
    """A sign of risk that someone flagged."""

    on: date
    kind: str
    place: int

    @property
    def evidence(self) -> Evidence:
        """The kind of risk."""
        return Evidence(f"$.risk.flags[{self.place}]", f"{say_word(self.kind)} flagged", self.on)


class RiskAssessment(NamedTuple):
    """A risk assessment: of the kinds it `covers`, or of all that an assessment can close.

    `covers_same_day`: it was made after what was flagged or endorsed on the same day.
    """

    on: date
    covers_same_day: bool
    covers: frozenset[str] | None
    place: int

    @property
    def evidence(self) -> Evidence:
        """That risk was assessed."""
        return Evidence(f"$.risk.assessments[{self.place}]", "risk assessed", self.on)


class RiskResponse(NamedTuple):
    """What the local procedure asks for was done about these kinds of risk."""

    on: date
    kinds: frozenset[str]
    place: int

    @property
    def evidence(self) -> Evidence:
        """What was answered."""
        kinds = " and ".join(say_word(kind) for kind in sorted(self.kinds))
        return Evidence(f"$.risk.responses[{self.place}]", f"local procedure followed: {kinds}", self.on)


class Risk(NamedTuple):
    """What is on file about risk; empty lists say nothing, only an assessment does."""

    flags: tuple[RiskFlag, ...] = ()
    assessments: tuple[RiskAssessment, ...] = ()
    responses: tuple[RiskResponse, ...] = ()
