"""Cases evaluated, and held against what they expect."""

from __future__ import annotations

from dataclasses import dataclass

from cdsrules.advisor import Advisor
from cdsrules.model.guidance import Guidance
from cdsrules.testing.cases import Case, CaseFile
from cdsrules.testing.difference import Difference
from cdsrules.testing.differences import differences


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came out for a case, and every way in which it is not what was expected."""

    case: Case
    guidance: Guidance
    differences: tuple[Difference, ...]

    @property
    def as_expected(self) -> bool:
        """Whether all of it came out as expected."""
        return not self.differences


def run_cases(file: CaseFile, advisor: Advisor) -> tuple[Outcome, ...]:
    """Return the outcome of every case of a file, in the order written."""
    return tuple(run_case(case, advisor) for case in file.cases)


def run_case(case: Case, advisor: Advisor) -> Outcome:
    """Return the outcome of one case. Raises `ClientError` when its client is not well written."""
    guidance = advisor.evaluate(case.document, as_of=case.as_of)
    return Outcome(case, guidance, tuple(differences(case.expect, guidance)))
