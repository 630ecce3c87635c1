"""A whole test run: how the cases came out, and whatever else was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from cdsrules.logic.words import Lexicon
from cdsrules.testing.matrix import Confusion
from cdsrules.testing.ran import Ran, failures
from cdsrules.testing.reports.cases import case_document
from cdsrules.testing.reports.coverage import Covered, below, coverage_document
from cdsrules.testing.reports.matrix import matrix_document
from cdsrules.testing.reports.mutation import ByRulebook, mutation_document, scores_below
from cdsrules.testing.reports.trial import Trial, trial_document

SCHEMA_VERSION: Final = "1.0"


@dataclass(frozen=True)
class TestRun:
    """What came of a test run; None stands for what was not asked for.

    `chosen` is how many cases were to be run; fewer were where somebody ended it before.
    `trial` tells of rules in shadow, which the shares count as if they were active.
    `fail_under` is the share in per cent that each of the shares should reach.
    """

    __test__ = False  # pytest takes what is called so for tests

    ran: tuple[Ran, ...]
    chosen: int
    lexicon: Lexicon
    matrix: tuple[Confusion, ...] | None = None
    trial: Trial | None = None
    covered: Covered | None = None
    slips: ByRulebook | None = None
    fail_under: float | None = None

    @property
    def is_whole(self) -> bool:
        """Whether every case that was to be run has been."""
        return len(self.ran) == self.chosen

    @property
    def is_well(self) -> bool:
        """Whether everything was run and is as it should be."""
        return self.is_whole and not failures(self.ran) and not self.below

    @cached_property
    def below(self) -> tuple[str, ...]:
        """The shares that are below what they should be, a clause each."""
        if self.fail_under is None:
            return ()
        return (*below(self.covered or {}, self.fail_under), *scores_below(self.slips or {}, self.fail_under))


def run_document(run: TestRun) -> dict[str, object]:
    """Return a test run as JSON values after `test-run.schema.json`; what was not asked for is not there."""
    document: dict[str, object] = {
        "schema_version": SCHEMA_VERSION,
        "cases": {"chosen": run.chosen, **case_document(run.ran)},
    }
    if run.matrix is not None:
        document["matrix"] = matrix_document(run.matrix)
    if run.trial is not None:
        document["in_shadow"] = trial_document(run.trial)
    if run.covered is not None:
        document["coverage"] = coverage_document(run.covered, run.lexicon)
    if run.slips is not None:
        document["mutation"] = mutation_document(run.slips)
    if run.fail_under is not None:
        document["fail_under"] = {"percent": run.fail_under, "below": list(run.below)}
    return document
