"""Cases beside a rulebook: dated clients, what is expected for them, and whether it comes out."""

from cdsrules.testing.cases import Case, CaseFile, read_cases
from cdsrules.testing.checking import check_cases
from cdsrules.testing.expectations import Expectation
from cdsrules.testing.runner import Outcome, run_case, run_cases

__all__ = ["Case", "CaseFile", "Expectation", "Outcome", "check_cases", "read_cases", "run_case", "run_cases"]
