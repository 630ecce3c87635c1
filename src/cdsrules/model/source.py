"""Documents that rules, parameters and definitions rest on, and how well they stand."""

from __future__ import annotations

from enum import StrEnum

from cdsrules.frozen import frozen


class Grade(StrEnum):
    """How well a source stands: from a trial or guideline to a local default."""

    GUIDELINE = "guideline"
    TRIAL = "trial"
    META_ANALYSIS = "meta-analysis"
    COHORT = "cohort"
    CONSENSUS = "consensus"
    LOCAL = "local"


@frozen
class Source:
    """A document that a rule rests on; `verified` is false for what was not checked."""

    id: str
    title: str
    grade: Grade
    publisher: str | None = None
    year: int | None = None
    citation: str | None = None
    url: str | None = None
    verified: bool = True
