"""Cases evaluated, and held against what they expect: the one way in which cases are run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cdsrules.advisor import Advisor
from cdsrules.errors import EngineDisagreement
from cdsrules.model.guidance import Guidance
from cdsrules.testing.cases import Case, CaseFile
from cdsrules.testing.difference import Difference
from cdsrules.testing.differences import differences
from cdsrules.testing.exemptions import Leave, skipped, with_known_gap
from cdsrules.testing.ran import Filed, Ran
from cdsrules.testing.said import rules_that_hold
from cdsrules.testing.why import why


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


def run_filed(one: Filed, advisor: Advisor, today: date) -> Ran:
    """Return how a case came out, explained where it did not; `today` is the day on which exemptions are looked at.

    The advisor is one that raises where the two engines do not agree. Raises `ClientError` as `run_case` does.
    """
    file, rulebook, case = one
    if case.skip is not None:
        leave = skipped(case.skip, today)
        return Ran(file, rulebook, case, problem=leave.problem, left_alone=leave.note)
    try:
        outcome = run_case(case, advisor)
    except EngineDisagreement as error:
        return Ran(file, rulebook, case, problem=f"The two engines did not agree: {error}.")
    found = outcome.differences
    if case.known_gap is not None:
        leave = with_known_gap(case.known_gap, found, today)
    else:
        leave = Leave() if case.is_signed else Leave(note=_proposed(found))
    whys = why(case, found, advisor) if found and leave.note is None else {}
    return Ran(file, rulebook, case, found, whys, leave.problem, leave.note, rules_that_hold(outcome.guidance))


def _proposed(found: Sequence[Difference]) -> str:
    """Return why a case that was proposed is left alone until somebody has said that it is right."""
    now = "the rules no longer do what it expects" if found else "it expects what the rules do now"
    return f"proposed, and not reviewed yet: {now}"
