"""A whole test run: how the cases came out, and whatever else was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from cdsrules.logic.words import Lexicon
from cdsrules.testing.reports.cases import Ran, case_document
from cdsrules.testing.reports.coverage import Covered, below, coverage_document
from cdsrules.testing.reports.mutation import ByRulebook, mutation_document, scores_below


@dataclass(frozen=True)
class TestRun:
    """What came of a test run; None stands for what was not asked for.

    `fail_under` is the share in per cent that each of the shares should reach.
    """

    __test__ = False  # pytest takes what is called so for tests

    ran: tuple[Ran, ...]
    lexicon: Lexicon
    covered: Covered | None = None
    slips: ByRulebook | None = None
    fail_under: float | None = None

    @cached_property
    def below(self) -> tuple[str, ...]:
        """The shares that are below what they should be, a clause each."""
        if self.fail_under is None:
            return ()
        return (*below(self.covered or {}, self.fail_under), *scores_below(self.slips or {}, self.fail_under))


def run_document(run: TestRun) -> dict[str, object]:
    """Return a test run as JSON values; what was not asked for is not there."""
    document: dict[str, object] = {"cases": case_document(run.ran)}
    if run.covered is not None:
        document["coverage"] = coverage_document(run.covered, run.lexicon)
    if run.slips is not None:
        document["mutation"] = mutation_document(run.slips)
    if run.fail_under is not None:
        document["fail_under"] = {"percent": run.fail_under, "below": list(run.below)}
    return document
